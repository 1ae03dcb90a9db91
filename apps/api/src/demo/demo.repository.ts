import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { from as copyFrom } from 'pg-copy-streams';
import { townColumns, type TownChunk, type TownTable } from '../../../../geodata/tables.js';
import type { Tx } from '../platform/database/tx.js';

const tables = Object.keys(townColumns) as TownTable[];
const staged = (table: TownTable) => `demo_${table}`;

/**
 * Puts a generated town into the tables of all nouns. PostgreSQL refuses COPY into a table with row-level
 * security, so rows are copied into temporary tables and inserted from there: the policies check the demo
 * town as they check any other writer, and no owner's or superuser's connection is needed (a managed
 * database has none that passes FORCE). It stands in no noun's module because it fills an empty municipality
 * in one statement a table.
 */
export const demoRepository = {
  async isEmpty(tx: Tx): Promise<boolean> {
    const row = await tx.one<{ is_empty: boolean }>(
      'SELECT NOT EXISTS (SELECT FROM properties WHERE ulb_id = $1) AS is_empty',
      [tx.ctx.ulbId],
    );
    return row.is_empty;
  },

  /** Temporary tables with the columns of the stream; they go with the transaction. */
  async stage(tx: Tx): Promise<void> {
    for (const table of tables) {
      const columns = townColumns[table].join(', ');
      await tx.run(
        `CREATE TEMPORARY TABLE ${staged(table)} ON COMMIT DROP AS
         SELECT ${columns} FROM ${table} WITH NO DATA`,
      );
    }
  },

  /** One chunk, which holds whole rows of one table. */
  async copy(tx: Tx, { table, bytes }: TownChunk): Promise<void> {
    const sink = tx.driver.query(
      copyFrom(`COPY ${staged(table)} (${townColumns[table].join(', ')}) FROM STDIN`),
    );
    await pipeline(Readable.from([bytes], { objectMode: false }), sink);
  },

  /** Moves all rows into the real tables, in the order of their foreign keys. Returns rows by table. */
  async insert(tx: Tx): Promise<Record<TownTable, number>> {
    const rows: Partial<Record<TownTable, number>> = {};
    for (const table of tables) {
      const columns = townColumns[table].join(', ');
      const twice = table === 'accounts' ? ' ON CONFLICT DO NOTHING' : '';
      rows[table] = await tx.run(
        `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM ${staged(table)}${twice}`,
      );
    }
    return rows as Record<TownTable, number>;
  },

  /** Only a table's owner may: `tx` is one of the owner's connection. */
  async analyze(tx: Tx): Promise<void> {
    await tx.run(`ANALYZE ${tables.join(', ')}`);
  },
};
