import { randomFillSync } from 'node:crypto';

/**
 * A UUID of version 7 (RFC 9562, 5.7) for the instant `unixMs`: time first, so that rows made together lie together.
 * `random` (10 bytes) is given where a result must be repeatable.
 */
export function uuidV7(unixMs: number, random: Uint8Array = randomFillSync(new Uint8Array(10))): string {
  const time = Math.trunc(unixMs).toString(16).padStart(12, '0');
  const hex = Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const variant = ((parseInt(hex[3] ?? '0', 16) & 0x3) | 0x8).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(0, 3)}-${variant}${hex.slice(4, 7)}-${hex.slice(7, 19)}`;
}

const uuidShape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function isUuid(value: string): boolean {
  return uuidShape.test(value);
}

/**
 * The integer by which a vector tile names a feature: the low 52 bits of its UUID, which JavaScript holds exactly.
 * The database computes the same in its function `tile_id`.
 */
export function tileId(uuid: string): number {
  return parseInt(uuid.slice(22, 23) + uuid.slice(24), 16);
}
