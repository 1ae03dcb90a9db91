import { describe, expect, it } from '@jest/globals';
import { copyCell, csvRecords, type CsvRecord } from './csv-records.js';

async function* cut(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string | Buffer, size = 5): Promise<CsvRecord[]> {
  const records: CsvRecord[] = [];
  for await (const record of csvRecords(cut(Buffer.from(text), size), ',')) records.push(record);
  return records;
}

describe('records of a CSV file', () => {
  it.each([
    ['plain cells', 'a,b\n', ['a', 'b']],
    ['quotes with a comma and doubled quotes', '"a, ""b""",c\n', ['a, "b"', 'c']],
    ['empty cells, also at the end', ',"",\n', ['', '', '']],
    ['carriage returns and no line feed at the end', 'a,b\r', ['a', 'b']],
    ['a mark of UTF-8 and other scripts', '\ufeffनगर,b\n', ['नगर', 'b']],
  ])('reads %s', async (_, text, cells) => {
    expect(await read(text)).toEqual([{ line: 1, cells }]);
  });

  it('numbers records by the line on which they begin, over empty lines and line feeds in quotes', async () => {
    expect(await read('a\n\n"b\nc"\nd\n')).toEqual([
      { line: 1, cells: ['a'] },
      { line: 3, cells: ['b\nc'] },
      { line: 5, cells: ['d'] },
    ]);
  });

  it('tells a quote that is never closed, and reads on with the next line', async () => {
    const lines = Array.from({ length: 120 }, (_, index) => `row ${index + 2}`);
    const records = await read(`"open\n${lines.join('\n')}\n`, 64);
    expect(records[0]).toMatchObject({ line: 1, fault: 'bad-quotes' });
    expect(records.slice(1)).toEqual(lines.map((text, index) => ({ line: index + 2, cells: [text] })));
  });

  it('tells text beside quotes and bytes that are not UTF-8, each for its own line', async () => {
    const bytes = Buffer.concat([Buffer.from('"a"b,c\n'), Buffer.from([0xe9, 0x0a]), Buffer.from('d\n')]);
    const records = await read(bytes);
    expect(records.map((record) => ('fault' in record ? record.fault : record.cells))).toEqual([
      'bad-quotes',
      'bad-encoding',
      ['d'],
    ]);
  });

  it('writes a cell as COPY reads it', () => {
    expect(['', 'a\tb', 'c\\d', 'e\nf\r', 'g\0h'].map(copyCell)).toEqual([
      '\\N',
      'a\\tb',
      'c\\\\d',
      'e\\nf\\r',
      'gh',
    ]);
  });
});
