import type { Readable, Writable } from 'node:stream';

/**
 * Writes all of `source` into `target` and ends it, no faster than it takes. Where `target` fails the source is still read
 * to its end, to nowhere: a COPY that is left half read would block its connection for ever. Throws what failed first.
 */
export async function pour(source: Readable, target: Writable): Promise<void> {
  let failure: Error | null = null;
  target.on('error', (error) => (failure ??= error));
  try {
    for await (const chunk of source) {
      if (failure) continue;
      await new Promise<void>((resolve) => target.write(chunk, () => resolve()));
    }
  } catch (error) {
    target.destroy();
    throw error;
  }
  await new Promise<void>((resolve) => (failure ? resolve() : target.end(() => resolve())));
  if (failure) throw failure as Error;
}
