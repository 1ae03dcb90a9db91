import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { z } from 'zod';
import { Config } from '../../platform/config.js';
import type { Tx } from '../../platform/database/tx.js';
import { Log } from '../../platform/log.js';
import type { Box3857 } from './tile-grid.js';
import { TilesRepository } from './tiles.repository.js';

const channel = 'jarib_tiles';
const changeSchema = z.object({
  ulbId: z.number().int(),
  layer: z.string(),
  bbox3857: z.tuple([z.number(), z.number(), z.number(), z.number()]).nullable(),
});

/** A change of a layer: its ground in EPSG:3857, or null for the whole layer. */
export type LayerChange = z.infer<typeof changeSchema>;

/** Told of each change; null where changes may have been missed, so that all must be taken as changed. */
type Listener = (change: LayerChange | null, connected: boolean) => void;

const retryAfterMs = 1_000;

/**
 * Carries changes of layers from the transaction that made them to every process that keeps tiles. PostgreSQL delivers
 * the word with the commit and not at all with a roll-back. The listening connection is one of its own, outside the pool.
 */
@Injectable()
export class TileInvalidation implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly listeners: Listener[] = [];
  private client: pg.Client | null = null;
  private retry: NodeJS.Timeout | null = null;
  private stopped = false;

  constructor(
    private readonly config: Config,
    private readonly log: Log,
    private readonly repository: TilesRepository,
  ) {}

  /**
   * Says within `tx` that the layer changes there: once for the ground before and once for the ground after. The box is in
   * EPSG:3857, null for the whole layer. Takes effect when `tx` commits.
   */
  async changed(tx: Tx, layer: string, bbox3857: Box3857 | null): Promise<void> {
    const change: LayerChange = { ulbId: tx.ctx.ulbId, layer, bbox3857 };
    await this.repository.notify(tx, channel, JSON.stringify(change));
  }

  onChange(listener: Listener): void {
    this.listeners.push(listener);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.listen();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    if (this.retry) clearTimeout(this.retry);
    await this.client?.end().catch(() => undefined);
  }

  private async listen(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.config.appUrl,
      application_name: 'jarib-tiles',
      keepAlive: true,
    });
    client.on('notification', (message) => this.receive(message.payload ?? ''));
    client.on('error', () => undefined); // `end` follows
    client.on('end', () => this.lost(client));
    this.client = client;
    try {
      await client.connect();
      await client.query(`LISTEN ${channel}`);
      this.tell(null, true);
    } catch (error) {
      this.log.warn(
        { err: error as Error },
        'no connection for changes of tiles: nothing is kept until there is',
      );
      await client.end().catch(() => undefined);
      this.lost(client);
    }
  }

  private lost(client: pg.Client): void {
    if (this.stopped || this.client !== client) return;
    this.client = null;
    this.tell(null, false);
    this.retry = setTimeout(() => void this.listen(), retryAfterMs);
  }

  private receive(payload: string): void {
    let change: LayerChange | null = null;
    try {
      change = changeSchema.parse(JSON.parse(payload));
    } catch (error) {
      this.log.error(
        { err: error as Error },
        'a change of tiles could not be read: all are taken as changed',
      );
    }
    this.tell(change, true);
  }

  private tell(change: LayerChange | null, connected: boolean): void {
    for (const listener of this.listeners) listener(change, connected);
  }
}
