import type { LoggerService } from '@nestjs/common';
import type { Log } from '../log.js';

/** The framework's own lines, of which only warnings and errors are worth keeping. */
export class NestLogger implements LoggerService {
  constructor(private readonly sink: Log) {}

  log(): void {}

  warn(message: unknown, ...rest: unknown[]): void {
    this.sink.warn({ from: contextOf(rest) }, text(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    const err = message instanceof Error ? { err: message } : {};
    this.sink.error({ from: contextOf(rest), ...err }, text(message));
  }
}

function contextOf(rest: unknown[]): string | undefined {
  return rest.filter((value) => typeof value === 'string').at(-1);
}

function text(message: unknown): string {
  return message instanceof Error ? message.message : String(message);
}
