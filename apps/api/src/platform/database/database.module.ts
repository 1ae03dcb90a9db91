import { type DynamicModule, Global, Module } from '@nestjs/common';
import { DataSource, type EntitySchema } from 'typeorm';
import type { Config } from '../config.js';
import { appDataSource } from './data-source.js';
import { Database } from './database.js';

/** The application's pool and `Database`, for all modules. `entities` comes from the list of modules in app.module. */
@Global()
@Module({})
export class DatabaseModule {
  static with(config: Config, entities: ((new () => object) | EntitySchema)[]): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        { provide: DataSource, useFactory: () => appDataSource(config, entities).initialize() },
        Database,
      ],
      exports: [Database, DataSource],
    };
  }
}
