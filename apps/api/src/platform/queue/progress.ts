import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import { Config } from '../config.js';

/**
 * Tells watchers that a row has changed, across processes. It carries no data: a watcher reads the row again, so a lost
 * message costs at most one interval.
 */
@Injectable()
export class Progress implements OnApplicationShutdown {
  private publisher: Redis | null = null;
  private subscriber: Redis | null = null;
  private readonly waiting = new Map<string, Set<() => void>>();

  constructor(private readonly config: Config) {}

  async ring(ulbId: number, topic: string): Promise<void> {
    this.publisher ??= this.connect();
    await this.publisher.publish(this.channel(ulbId, topic), '').catch(() => undefined);
  }

  /** Yields at once, then after each ring and at least every `everyMs`, until `signal` aborts. */
  async *watch(ulbId: number, topic: string, everyMs: number, signal: AbortSignal): AsyncGenerator<void> {
    const channel = this.channel(ulbId, topic);
    let wake: () => void = () => undefined;
    const listener = () => wake();
    await this.subscribe(channel, listener);
    signal.addEventListener('abort', listener);
    try {
      while (!signal.aborted) {
        let timer: NodeJS.Timeout | undefined;
        const next = new Promise<void>((resolve) => {
          wake = resolve;
          timer = setTimeout(resolve, everyMs);
        });
        yield;
        if (!signal.aborted) await next;
        clearTimeout(timer);
      }
    } finally {
      signal.removeEventListener('abort', listener);
      await this.unsubscribe(channel, listener);
    }
  }

  private async subscribe(channel: string, listener: () => void): Promise<void> {
    if (!this.subscriber) {
      this.subscriber = this.connect();
      this.subscriber.on('message', (name: string) => this.waiting.get(name)?.forEach((wake) => wake()));
    }
    const listeners = this.waiting.get(channel) ?? new Set();
    this.waiting.set(channel, listeners.add(listener));
    if (listeners.size === 1) await this.subscriber.subscribe(channel).catch(() => undefined);
  }

  private async unsubscribe(channel: string, listener: () => void): Promise<void> {
    const listeners = this.waiting.get(channel);
    listeners?.delete(listener);
    if (listeners?.size) return;
    this.waiting.delete(channel);
    await this.subscriber?.unsubscribe(channel).catch(() => undefined);
  }

  /** A watcher must not wait for Redis: commands fail at once while it is away, and the interval serves. */
  private connect(): Redis {
    const redis = new Redis(this.config.redisUrl, { enableOfflineQueue: true, maxRetriesPerRequest: 1 });
    redis.on('error', () => undefined);
    return redis;
  }

  private channel(ulbId: number, topic: string): string {
    return `jarib:${new URL(this.config.appUrl).pathname.slice(1)}:${ulbId}:${topic}`;
  }

  async onApplicationShutdown(): Promise<void> {
    this.publisher?.disconnect();
    this.subscriber?.disconnect();
  }
}
