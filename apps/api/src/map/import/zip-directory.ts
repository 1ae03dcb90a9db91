import type { FileHandle } from 'node:fs/promises';
import { Problem } from '../../core/problem.js';
import { limits } from '../../platform/limits.js';

export interface ZipEntry {
  name: string;
  packedBytes: number;
  unpackedBytes: number;
}

const END = 0x06054b50;
const ENTRY = 0x02014b50;
/** A directory of the entries allowed, with names of any sane length. */
const directoryBytesMost = 4 * 1_048_576;

/**
 * Reads the central directory of a zip archive (APPNOTE 4.3.12, 4.3.16), which stands at its end; unpacks
 * nothing.
 */
export async function readZipDirectory(handle: FileHandle, size: number): Promise<ZipEntry[]> {
  const tail = Buffer.alloc(Math.min(size, 65_557));
  await handle.read(tail, 0, tail.length, size - tail.length);
  let end = tail.length - 22;
  while (end >= 0 && tail.readUInt32LE(end) !== END) end -= 1;
  if (end < 0) throw broken('it has no directory');
  const entries = tail.readUInt16LE(end + 10);
  const bytes = tail.readUInt32LE(end + 12);
  const offset = tail.readUInt32LE(end + 16);
  // Zip64 writes these marks; nothing that may be uploaded needs it.
  if (entries === 0xffff || bytes === 0xffffffff || offset === 0xffffffff) throw broken('zip64 is not read');
  if (bytes > directoryBytesMost || offset + bytes > size) throw broken('its directory does not fit');
  const directory = Buffer.alloc(bytes);
  await handle.read(directory, 0, bytes, offset);
  return readEntries(directory, entries);
}

function readEntries(directory: Buffer, expected: number): ZipEntry[] {
  const entries: ZipEntry[] = [];
  let at = 0;
  while (at + 46 <= directory.length && entries.length <= limits.archiveEntries) {
    if (directory.readUInt32LE(at) !== ENTRY) throw broken('its directory is damaged');
    const nameBytes = directory.readUInt16LE(at + 28);
    const name = directory.subarray(at + 46, at + 46 + nameBytes).toString('utf8');
    const packedBytes = directory.readUInt32LE(at + 20);
    const unpackedBytes = directory.readUInt32LE(at + 24);
    if (!name.endsWith('/')) entries.push({ name, packedBytes, unpackedBytes });
    at += 46 + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  if (expected > 0 && entries.length === 0) throw broken('its directory is empty');
  return entries;
}

function broken(why: string): Problem {
  return new Problem(422, 'archive-damaged', `The archive cannot be read: ${why}.`);
}
