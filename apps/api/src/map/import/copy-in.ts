import type { Connection, PoolClient, Submittable } from 'pg';

/** What the driver's connection offers for COPY; the types of `pg` leave it out. */
interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
  stream: NodeJS.WritableStream & { writableNeedDrain: boolean };
}

/**
 * `COPY ... FROM STDIN` as a query of the driver: it takes the chunks of a source, no faster than the
 * server reads.
 */
class CopyIn implements Submittable {
  readonly callback = (): void => undefined;

  constructor(
    private readonly text: string,
    private readonly chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
    private readonly done: (error: Error | null) => void,
  ) {}

  private failure: Error | null = null;

  submit(connection: Connection): void {
    (connection as unknown as CopyConnection).query(this.text);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    void this.send(connection).catch((error: Error) => {
      this.failure = error;
      connection.sendCopyFail('the source failed');
    });
  }

  handleCommandComplete(): void {
    // Success is told by ReadyForQuery, which follows.
  }

  handleError(error: Error): void {
    this.failure ??= error;
    this.finish();
  }

  handleReadyForQuery(): void {
    this.finish();
  }

  private finished = false;

  /** An error ends the query for the driver too: it tells of one of the two, never of both. */
  private finish(): void {
    if (this.finished) return;
    this.finished = true;
    this.done(this.failure);
  }

  private async send(connection: CopyConnection): Promise<void> {
    for await (const chunk of this.chunks) {
      if (this.failure) return;
      connection.sendCopyFromChunk(chunk);
      if (connection.stream.writableNeedDrain) {
        await new Promise<void>((resolve) => connection.stream.once('drain', resolve));
      }
    }
    if (!this.failure) connection.endCopyFrom();
  }
}

/** Sends the chunks into `COPY ... FROM STDIN`. Rejects with the server's or the source's error. */
export function copyIn(
  client: PoolClient,
  text: string,
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(new CopyIn(text, chunks, (error) => (error ? reject(error) : resolve())));
  });
}
