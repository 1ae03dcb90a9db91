import type { MigrationInterface, QueryRunner } from 'typeorm';
import { leanLayer } from './support/lean-layer.js';

/** The layers that stood when it was found that half of what each new row paid for was asked for twice. */
const tables = ['zones', 'wards', 'parcels', 'buildings', 'poles', 'streetlights', 'road_nodes', 'roads'];

/** Takes from each layer what another key or index already gives. */
export class LeanLayers1795305605000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of tables.flatMap(leanLayer)) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error(
      'Migrations are forward only: restore a backup, or write a migration that mends this one.',
    );
  }
}
