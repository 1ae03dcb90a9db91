import pg, { type PoolClient, type QueryConfig } from 'pg';

/** What the driver's connection offers for messages of the extended protocol; the types of `pg` leave it out. */
interface Wire {
  stream: { cork(): void; uncork(): void };
  parse(message: { text: string }): void;
  bind(message: object): void;
  execute(message: object): void;
}

/** The driver's own query, of which the types of `pg` show the least part. */
const Base = pg.Query as unknown as new (
  config: object,
  callback: (error: Error | null, result: unknown) => void,
) => {
  submit(connection: Wire): Error | null;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: Wire): void;
};

/**
 * A statement with the settings of its transaction before it, in one packet up to one Sync. PostgreSQL runs what stands
 * before a Sync in one implicit transaction (documentation, "Extended Query", "Pipelining"), so that settings local to
 * the transaction hold for the statement, and for nothing after it.
 */
class OneTripQuery extends Base {
  private opening = true;

  constructor(
    private readonly settings: string,
    config: QueryConfig,
    callback: (error: Error | null, result: unknown) => void,
  ) {
    super({ ...config, queryMode: 'extended' }, callback);
  }

  override submit(connection: Wire): Error | null {
    connection.stream.cork();
    try {
      connection.parse({ text: this.settings });
      connection.bind({});
      connection.execute({});
      return super.submit(connection);
    } finally {
      connection.stream.uncork();
    }
  }

  override handleDataRow(message: unknown): void {
    if (!this.opening) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, connection: Wire): void {
    if (!this.opening) super.handleCommandComplete(message, connection);
    this.opening = false;
  }
}

/** A client for a single statement, which a `Tx` asks as it would ask any other. */
export function oneTrip(client: PoolClient, settings: string): PoolClient {
  let asked = false;
  const query = (config: string | QueryConfig, values?: unknown[]): Promise<unknown> => {
    if (asked) throw new Error('readOne takes one statement: use read for several that belong together.');
    asked = true;
    const named = typeof config === 'string' ? { text: config, values: values ?? [] } : config;
    return new Promise((resolve, reject) => {
      const done = (error: Error | null, result: unknown) => (error ? reject(error) : resolve(result));
      client.query(new OneTripQuery(settings, named, done) as never);
    });
  };
  return { query } as unknown as PoolClient;
}
