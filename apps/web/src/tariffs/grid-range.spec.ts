import { describe, expect, test } from '@jest/globals';
import { inRange, moved, plainFigure, rangeOf, readBlock, writeBlock } from './grid-range.js';

describe('a block from a spreadsheet', () => {
  test('is rows by lines and cells by tabs, and the last line break makes no row', () => {
    expect(readBlock('A\t12\r\nB\t13\r\n')).toEqual([
      ['A', '12'],
      ['B', '13'],
    ]);
  });

  test('keeps a cell in quotes whole, with its line breaks, tabs and doubled quotes', () => {
    expect(readBlock('"a\nb"\t"say ""x"""\n\tempty before')).toEqual([
      ['a\nb', 'say "x"'],
      ['', 'empty before'],
    ]);
  });

  test('written out reads back as itself', () => {
    const rows = [
      ['A, B', '1'],
      ['say "x"', 'two\nlines'],
    ];
    expect(readBlock(writeBlock(rows))).toEqual(rows);
  });

  test.each([
    ['1,200.50', '1200.50'],
    ['₹ 12,34,567', '1234567'],
    ['12', '12'],
    ['A, B', 'A, B'],
    ['1960..1970', '1960..1970'],
    ['residential', 'residential'],
  ])('writes %s as %s', (copied, written) => expect(plainFigure(copied)).toBe(written));
});

describe('the keys of a table', () => {
  test.each([
    ['ArrowDown', { row: 1, column: 1 }],
    ['Enter', { row: 1, column: 1 }],
    ['ArrowUp', { row: 0, column: 1 }],
    ['Home', { row: 0, column: 0 }],
    ['Tab', { row: 0, column: 2 }],
    ['PageDown', { row: 2, column: 1 }],
  ])('%s stays within it', (key, place) => expect(moved({ row: 0, column: 1 }, key, 3, 3)).toEqual(place));

  test('Tab goes on in the next row, and back to the end of the one before', () => {
    expect(moved({ row: 0, column: 2 }, 'Tab', 3, 3)).toEqual({ row: 1, column: 0 });
    expect(moved({ row: 1, column: 0 }, 'Shift+Tab', 3, 3)).toEqual({ row: 0, column: 2 });
    expect(moved({ row: 2, column: 2 }, 'Tab', 3, 3)).toEqual({ row: 2, column: 2 });
  });

  test('a rectangle is the same from whichever corner it was drawn', () => {
    const range = rangeOf({ row: 3, column: 2 }, { row: 1, column: 0 });
    expect(range).toEqual(rangeOf({ row: 1, column: 0 }, { row: 3, column: 2 }));
    expect([inRange(range, 2, 1), inRange(range, 0, 1), inRange(range, 2, 3)]).toEqual([true, false, false]);
  });
});
