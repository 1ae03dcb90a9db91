import { Injectable } from '@nestjs/common';
import { type Logger, pino } from 'pino';
import { Config } from './config.js';

/** Structured log lines on standard output. What is personal never gets here: callers log ids, not records. */
@Injectable()
export class Log {
  private readonly logger: Logger;

  constructor(config: Config) {
    this.logger = pino({
      level: config.logLevel,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ['password', 'token', 'authorization', 'cookie', '*.password', '*.token'],
      serializers: {
        err: (error: Error) => ({ name: error.name, message: error.message, stack: error.stack }),
      },
    });
  }

  debug(fields: object, message: string): void {
    this.logger.debug(fields, message);
  }

  info(fields: object, message: string): void {
    this.logger.info(fields, message);
  }

  warn(fields: object, message: string): void {
    this.logger.warn(fields, message);
  }

  error(fields: object, message: string): void {
    this.logger.error(fields, message);
  }
}
