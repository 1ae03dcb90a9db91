/** Whole rows in PostgreSQL's COPY format, ready to be sent on. */
export interface RowBatch {
  chunks: Buffer[];
  rows: number;
  format: 'text' | 'binary';
}

/** A file that is being read row by row. */
export interface RowSource {
  /** Names of the stream's columns in order, geometry and feature number under their own names. Known once open. */
  readonly columns: string[];
  /** Reads up to the first rows. False where the file has none. */
  open(): Promise<boolean>;
  /** Batches of about `rows` rows, none above `bytes` unless one row alone is. */
  batches(rows: number, bytes: number): AsyncGenerator<RowBatch>;
  /** How many layers the file turned out to hold; known when all is read. */
  readonly layers: number;
  /** Resolves when the reader ended well; rejects with a Problem that repeats what it said. Call after reading. */
  finished(): Promise<void>;
  /** Ends the reader early. */
  stop(): void;
}

/** Reads one batch ahead, so that the next is made ready while the server is busy with the last. */
export async function* ahead<T>(source: AsyncIterator<T>): AsyncGenerator<T> {
  let next = source.next();
  // Whoever asks for it is told; until then the rejection must not count as unhandled.
  next.catch(() => undefined);
  for (let found = await next; !found.done; found = await next) {
    next = source.next();
    next.catch(() => undefined);
    yield found.value;
  }
}
