import type { PoolClient } from 'pg';
import type { EntityManager } from 'typeorm';

/** Who acts, where and when: the first thing every transaction is told. */
export interface Context {
  actor: Actor;
  /** The municipality whose rows exist for this transaction; 0 sees none. */
  ulbId: number;
  now: Date;
}

export interface Actor {
  /** Null for the system itself (sweeper, migration) and for the public. */
  id: string | null;
  login: string;
  permissions: ReadonlySet<string>;
  /** Null: the whole municipality. */
  wardNumbers: readonly string[] | null;
}

/** Who does what nobody asked for: sweeping, chaining, looking up who knocks. It may do nothing by permission. */
export const systemActor: Actor = { id: null, login: 'system', permissions: new Set(), wardNumbers: null };

export type SqlValue =
  string | number | bigint | boolean | null | Date | Buffer | readonly SqlValue[] | object;

/**
 * One open transaction, made only by `Database`. A repository method takes it as its first argument, so that no SQL
 * runs outside a transaction and without a municipality.
 */
export class Tx {
  constructor(
    readonly ctx: Context,
    private readonly client: PoolClient,
    /** For entities: simple reads and writes. Present in a writing transaction only. */
    private readonly entityManager: EntityManager | null,
  ) {}

  get manager(): EntityManager {
    if (!this.entityManager)
      throw new Error('A reading transaction has no entity manager: use rows(), or database.write.');
    return this.entityManager;
  }

  /** The rows of one statement; values are bound, never written into the text. bigint and numeric come as text. */
  async rows<Row extends object>(sql: string, values: readonly SqlValue[] = []): Promise<Row[]> {
    const result = await this.client.query<Row & Record<string, unknown>>(sql, values as unknown[]);
    return result.rows;
  }

  /** The one row of a statement that has exactly one; more or none is a fault of the caller. */
  async one<Row extends object>(sql: string, values: readonly SqlValue[] = []): Promise<Row> {
    const rows = await this.rows<Row>(sql, values);
    if (rows.length !== 1 || !rows[0])
      throw new Error(`Expected one row, got ${rows.length}: ${sql.slice(0, 200)}`);
    return rows[0];
  }

  /** The first row, or null. */
  async maybe<Row extends object>(sql: string, values: readonly SqlValue[] = []): Promise<Row | null> {
    return (await this.rows<Row>(sql, values))[0] ?? null;
  }

  /** How many rows the statement touched. */
  async run(sql: string, values: readonly SqlValue[] = []): Promise<number> {
    return (await this.client.query(sql, values as unknown[])).rowCount ?? 0;
  }

  /**
   * The first column of the first row, which is a bytea. It comes as hexadecimal text: the driver's own binary mode reads
   * every value as UTF-8 first and breaks it.
   */
  async bytes(sql: string, values: readonly SqlValue[] = []): Promise<Buffer | null> {
    const query = { text: sql, values: values as unknown[], rowMode: 'array' as const };
    const result = await this.client.query<unknown[]>(query);
    return (result.rows[0]?.[0] as Buffer | null | undefined) ?? null;
  }

  /** The driver's own client, for COPY and cursors in `platform` and the import; nothing else asks for it. */
  get driver(): PoolClient {
    return this.client;
  }
}
