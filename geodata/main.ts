import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { TownTable } from './tables.js';
import { townColumns } from './tables.js';
import { demoTown, generateTown } from './town.js';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '7' },
    properties: { type: 'string', default: '2000' },
    ulb: { type: 'string', default: '1' },
    today: { type: 'string', default: '2026-04-01' },
    out: { type: 'string', default: '-' },
  },
});

/**
 * Appends to `<out>/<table>.copy`; `-` is standard output, `none` nowhere, which measures the generator
 * alone.
 */
class Sink {
  private readonly files = new Map<TownTable, number>();

  constructor(private readonly out: string) {
    if (out !== '-' && out !== 'none') mkdirSync(out, { recursive: true });
  }

  write(table: TownTable, bytes: Buffer): void {
    if (this.out === 'none') return;
    if (this.out === '-') {
      writeAll(1, Buffer.from(`-- ${table} (${townColumns[table].join(', ')}): ${bytes.length} bytes\n`));
      return writeAll(1, bytes);
    }
    const file = this.files.get(table) ?? openSync(join(this.out, `${table}.copy`), 'w');
    this.files.set(table, file);
    writeAll(file, bytes);
  }

  close(): void {
    for (const file of this.files.values()) closeSync(file);
  }
}

/** A pipe may take less than it is given. */
function writeAll(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

const sink = new Sink(values.out);
const options = {
  seed: Number(values.seed),
  properties: Number(values.properties),
  ulbId: Number(values.ulb),
  today: values.today,
  origin: demoTown.origin,
};
const startedNs = process.hrtime.bigint();
const town = generateTown(options);
let bytes = 0;
for (let next = town.next(); ; next = town.next()) {
  if (next.done) {
    const seconds = Number(process.hrtime.bigint() - startedNs) / 1e9;
    const rate = Math.round(options.properties / seconds);
    process.stderr.write(`${JSON.stringify(next.value)}\n`);
    process.stderr.write(`${(bytes / 1e6).toFixed(1)} MB in ${seconds.toFixed(2)} s: ${rate} properties/s\n`);
    break;
  }
  bytes += next.value.bytes.length;
  sink.write(next.value.table, next.value.bytes);
}
sink.close();
