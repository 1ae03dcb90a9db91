import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Config } from './config.js';
import { Log } from './log.js';

/** What every module may ask for: the configuration and the log. */
@Global()
@Module({})
export class PlatformModule {
  static with(config: Config): DynamicModule {
    return {
      module: PlatformModule,
      providers: [{ provide: Config, useValue: config }, Log],
      exports: [Config, Log],
    };
  }
}
