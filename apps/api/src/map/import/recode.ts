import { TextDecoder } from 'node:util';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Problem } from '../../core/problem.js';
import type { SourceFile } from './source-file.js';

/** Kinds whose text is in the encoding of whoever wrote it; the others state it, or GDAL is told. */
const textKinds = new Set(['geojson', 'ndjson', 'csv', 'kml', 'dxf']);

/** The file in UTF-8: a temporary copy when another encoding is declared. `release` removes the copy. */
export async function recoded(
  file: SourceFile,
  encoding: string | undefined,
): Promise<{ file: SourceFile; release: () => Promise<void> }> {
  if (!encoding || /^utf-?8$/i.test(encoding) || !textKinds.has(file.kind) || file.gdalPath !== file.path) {
    return { file, release: () => Promise.resolve() };
  }
  const decoder = decoderOf(encoding);
  const folder = await mkdtemp(join(tmpdir(), 'jarib-import-'));
  const path = join(folder, file.name);
  const release = () => rm(folder, { recursive: true, force: true });
  try {
    await pipeline(createReadStream(file.path), decode(decoder), createWriteStream(path));
  } catch (error) {
    await release();
    if (error instanceof TypeError) {
      throw new Problem(
        422,
        'encoding-wrong',
        `${file.name} is not in ${encoding}: it holds bytes that are none of it.`,
      );
    }
    throw error;
  }
  return { file: { ...file, path, gdalPath: path }, release };
}

function decoderOf(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch {
    throw new Problem(
      422,
      'encoding-unknown',
      `"${encoding}" is no encoding. Known are utf-8, windows-1252, utf-16le ...`,
    );
  }
}

function decode(decoder: TextDecoder): (source: AsyncIterable<Buffer>) => AsyncGenerator<Buffer> {
  return async function* (source) {
    for await (const chunk of source) yield Buffer.from(decoder.decode(chunk, { stream: true }), 'utf8');
    yield Buffer.from(decoder.decode(), 'utf8');
  };
}
