import { describe, expect, it } from '@jest/globals';
import { CopyReader } from './copy-rows.js';

const rows = ['one\ta\\\nb', 'two\tends in a backslash \\\\', 'three\t\\\\\\\n.', '\\N\t'];
const dump = `SET x = OFF;\nBEGIN;\nCOPY "public"."rows" ("wkb", "na""me", "b, c") FROM STDIN;\n${rows.join('\n')}\n\\.\nCOMMIT;\n`;

async function* cut(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string, size: number, batch: number) {
  const reader = new CopyReader(cut(text, size));
  const head = await reader.readHead();
  const batches: { rows: number; text: string }[] = [];
  for await (const { rows: count, chunks } of reader.batches(batch, 1_000_000)) {
    batches.push({ rows: count, text: Buffer.concat(chunks).toString() });
  }
  return { head, batches, heads: reader.heads };
}

describe('a dump cut into rows', () => {
  it('names the columns as the file has them', async () => {
    expect((await read(dump, 1_000, 10)).head?.columns).toEqual(['wkb', 'na"me', 'b, c']);
  });

  it('keeps a line feed inside a value in its row, wherever the stream is cut', async () => {
    const whole = { rows: 4, text: `${rows.join('\n')}\n` };
    for (let size = 1; size < dump.length + 1; size += 1) {
      expect((await read(dump, size, 10)).batches).toEqual([whole]);
    }
  });

  it('gives whole rows in batches and loses none', async () => {
    const { batches, heads } = await read(dump, 7, 3);
    expect(batches.map((batch) => batch.rows)).toEqual([3, 1]);
    expect(batches.map((batch) => batch.text).join('')).toBe(`${rows.join('\n')}\n`);
    expect(heads).toBe(1);
  });

  it('notices a second block of rows, and a dump that has none', async () => {
    expect((await read(dump + dump, 11, 10)).heads).toBe(2);
    expect((await read('SET x = OFF;\n', 5, 10)).head).toBeNull();
  });
});
