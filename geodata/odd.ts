import { Buffer } from 'node:buffer';
import { crc32, deflateRawSync } from 'node:zlib';

/** Odd files that are too large to be kept: made when a test asks for them. */

/**
 * A zip archive of one entry, `name`, that unpacks to `unpackedBytes` zeros: a thousand times its own size.
 * Its headers say so truthfully, or, with `declaredBytes`, lie about it as a hostile archive does.
 */
export function zipBomb(name: string, unpackedBytes: number, declaredBytes = unpackedBytes): Buffer {
  const content = Buffer.alloc(unpackedBytes);
  const packed = deflateRawSync(content, { level: 9 });
  const fileName = Buffer.from(name, 'utf8');
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(8, 4);
  common.writeUInt32LE(crc32(content), 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(declaredBytes, 18);
  common.writeUInt16LE(fileName.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, fileName, packed]);
  // The directory repeats the header after the version of the maker, and adds comment, disk, attributes and
  // offset.
  const entry = Buffer.concat([
    Buffer.from('PK\x01\x02\x14\x00', 'latin1'),
    common,
    Buffer.alloc(14),
    fileName,
  ]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, entry, end]);
}

/**
 * A GeoJSON FeatureCollection of one valid polygon whose ring has `vertices` points (a coastline among house
 * plots).
 */
export function hugeRing(vertices: number, centre: [lon: number, lat: number] = [78.7, 23.8]): string {
  const points: string[] = [];
  for (let i = 0; i < vertices; i += 1) {
    const angle = (2 * Math.PI * i) / vertices;
    const radius = 0.01 * (1 + 0.1 * Math.sin(angle * 50));
    const lon = centre[0] + radius * Math.cos(angle);
    const lat = centre[1] + radius * Math.sin(angle);
    points.push(`[${lon.toFixed(9)},${lat.toFixed(9)}]`);
  }
  const ring = `[${points.join(',')},${points[0]}]`;
  const geometry = `{"type":"Polygon","coordinates":[${ring}]}`;
  const feature = `{"type":"Feature","properties":{"parcel_no":"HUGE-1"},"geometry":${geometry}}`;
  return `{"type":"FeatureCollection","features":[${feature}]}`;
}
