import type { Readable, Writable } from 'node:stream';

/**
 * Writes all of `source` into `target` and ends it, no faster than it takes. Where `target` fails the source is still read
 * to its end, to nowhere: a COPY that is left half read would block its connection for ever. Throws what failed first.
 */
export async function pour(source: Readable, target: Writable): Promise<void> {
  let failure: Error | null = null;
  // The event may come after the callback of the write that failed: whichever is first tells.
  const note = (error?: Error | null): void => {
    failure ??= error ?? null;
  };
  target.on('error', note);
  const told = (resolve: () => void) => (error?: Error | null) => {
    note(error);
    resolve();
  };
  try {
    for await (const chunk of source) {
      if (failure) continue;
      await new Promise<void>((resolve) => target.write(chunk, told(resolve)));
    }
  } catch (error) {
    target.destroy();
    throw error;
  }
  await new Promise<void>((resolve) => (failure ? resolve() : target.end(told(resolve))));
  if (failure) throw failure as Error;
}
