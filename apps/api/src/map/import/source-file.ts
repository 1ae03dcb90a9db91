import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { Problem } from '../../core/problem.js';
import { limits } from '../../platform/limits.js';
import { readZipDirectory, type ZipEntry } from './zip-directory.js';

/** GDAL's driver for each kind of file that is read; no other driver is ever offered a file. */
export const drivers = {
  geojson: 'GeoJSON',
  ndjson: 'GeoJSONSeq',
  geopackage: 'GPKG',
  shapefile: 'ESRI Shapefile',
  flatgeobuf: 'FlatGeobuf',
  kml: 'KML',
  kmz: 'LIBKML',
  dxf: 'DXF',
  csv: 'CSV',
} as const;

export type FileKind = keyof typeof drivers;

export interface SourceFile {
  path: string;
  name: string;
  kind: FileKind;
  bytes: number;
  sha256: string;
  /** What GDAL opens: the file, or a path inside the archive. */
  gdalPath: string;
}

/**
 * Looks at a file before anything opens it: size, kind by content, and for archives the directory alone, so
 * that a bomb
 * is refused without unpacking a byte. Throws a Problem that says what is wrong with the file.
 */
export async function inspectFile(path: string): Promise<SourceFile> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) throw new Problem(404, 'file-missing', `There is no file ${basename(path)}.`);
  if (found.size === 0) throw refuse('file-empty', `${basename(path)} is empty.`);
  if (found.size > limits.uploadBytes) {
    throw new Problem(
      413,
      'file-too-large',
      `${basename(path)} has ${found.size} bytes; at most ${limits.uploadBytes} are read. Split the file.`,
    );
  }
  const handle = await open(path, 'r');
  try {
    const { kind, inside } = await recognise(handle, path, found.size);
    const gdalPath = inside === null ? path : `/vsizip/{${path}}${inside ? `/${inside}` : ''}`;
    return { path, name: basename(path), kind, bytes: found.size, sha256: await digest(path), gdalPath };
  } finally {
    await handle.close();
  }
}

async function recognise(
  handle: FileHandle,
  path: string,
  size: number,
): Promise<{ kind: FileKind; inside: string | null }> {
  const head = Buffer.alloc(Math.min(size, 65_536));
  await handle.read(head, 0, head.length, 0);
  if (head.subarray(0, 4).toString('latin1') === 'PK\x03\x04') return recogniseZip(handle, path, size);
  if (head.subarray(0, 15).toString('latin1') === 'SQLite format 3')
    return { kind: 'geopackage', inside: null };
  if (head.subarray(0, 3).toString('latin1') === 'fgb') return { kind: 'flatgeobuf', inside: null };
  const text = head
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart();
  if (text.startsWith('{') || text.startsWith('\x1e')) {
    const lines = text.split('\n', 2);
    const sequence = text.startsWith('\x1e') || /^\.(ndjson|geojsonl|geojsons|jsonl)$/i.test(extname(path));
    return { kind: sequence || isWhole(lines[0] ?? '', lines[1]) ? 'ndjson' : 'geojson', inside: null };
  }
  if (/<kml[\s>]/i.test(text.slice(0, 2_000))) return { kind: 'kml', inside: null };
  if (/^(0|999)\s*\r?\n/.test(text) && /\bSECTION\b/.test(text)) return { kind: 'dxf', inside: null };
  if (/^\.(csv|tsv|txt)$/i.test(extname(path))) return { kind: 'csv', inside: null };
  const known = 'GeoJSON, NDJSON, GeoPackage, Shapefile (zip), FlatGeobuf, KML, KMZ, DXF, CSV';
  throw refuse('file-unknown', `${basename(path)} is none of the kinds that are read: ${known}.`);
}

/** True where the first line is a feature by itself and another one follows. */
function isWhole(first: string, second: string | undefined): boolean {
  if (!second?.trimStart().startsWith('{')) return false;
  try {
    return (JSON.parse(first) as { type?: string }).type === 'Feature';
  } catch {
    return false;
  }
}

async function recogniseZip(
  handle: FileHandle,
  path: string,
  size: number,
): Promise<{ kind: FileKind; inside: string }> {
  const entries = await readZipDirectory(handle, size);
  guardArchive(entries, basename(path), size);
  const named = (pattern: RegExp): ZipEntry[] => entries.filter((entry) => pattern.test(entry.name));
  const shapes = named(/\.shp$/i);
  const one = shapes.length ? shapes : named(/\.(geojson|json|gpkg|fgb|kml|dxf|csv)$/i);
  const only = one[0];
  if (!only) throw refuse('archive-empty', `${basename(path)} holds no file of a kind that is read.`);
  if (one.length > 1) {
    const names = one
      .slice(0, 10)
      .map((entry) => entry.name)
      .join(', ');
    throw refuse('archive-several', `${basename(path)} holds several files: ${names}. Send one at a time.`);
  }
  const kinds: Record<string, FileKind> = {
    shp: 'shapefile',
    geojson: 'geojson',
    json: 'geojson',
    gpkg: 'geopackage',
    fgb: 'flatgeobuf',
    kml: 'kml',
    dxf: 'dxf',
    csv: 'csv',
  };
  return { kind: kinds[extname(only.name).slice(1).toLowerCase()] ?? 'csv', inside: only.name };
}

/** Refuses an archive by what its directory says. GDAL never writes more than the directory promises. */
function guardArchive(entries: ZipEntry[], name: string, size: number): void {
  const unpacked = entries.reduce((sum, entry) => sum + entry.unpackedBytes, 0);
  const bomb = (why: string) => new Problem(413, 'archive-bomb', `${name} is refused unopened: ${why}.`);
  if (entries.length > limits.archiveEntries) {
    throw bomb(`${entries.length} files inside, at most ${limits.archiveEntries} are allowed`);
  }
  if (unpacked > limits.archiveUnpackedBytes) {
    throw bomb(`it unpacks to ${unpacked} bytes, at most ${limits.archiveUnpackedBytes} are allowed`);
  }
  if (unpacked > size * limits.archiveRatio) {
    throw bomb(
      `it unpacks to ${Math.round(unpacked / size)} times its size, at most ${limits.archiveRatio} is
        allowed`,
    );
  }
  const nested = entries.find((entry) => /\.(zip|gz|7z|rar|tar|kmz)$/i.test(entry.name));
  if (nested) throw bomb(`archive ${nested.name.slice(0, 100)} inside an archive`);
  const odd = entries.find((entry) => /(^|[/\\])\.\.([/\\]|$)|^[/\\]|[{}\0]/.test(entry.name));
  if (odd) throw bomb(`a file inside is named ${JSON.stringify(odd.name.slice(0, 100))}`);
}

async function digest(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

function refuse(kind: string, detail: string): Problem {
  return new Problem(422, kind, detail);
}
