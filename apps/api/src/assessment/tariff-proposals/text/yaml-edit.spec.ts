import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { editYaml, readYaml } from './yaml-edit.js';
import { type Edit, editData, type YamlPath, type YamlValue } from './yaml-value.js';

const demo = readFileSync('tariffs/in-mp/demo/assessment/2026-27.yaml', 'utf8');
const delhi = readFileSync('tariffs/in-dl/mcd/assessment/2019-20.yaml', 'utf8');

/** The lines that differ, as a reviewer of the file would see them. */
function changed(before: string, edits: Edit[]): { gone: string[]; come: string[] } {
  const after = editYaml(before, edits);
  const [old, now] = [before.split('\n'), after.split('\n')];
  return { gone: old.filter((line) => !now.includes(line)), come: now.filter((line) => !old.includes(line)) };
}

describe('an edit of a tariff file', () => {
  it('of one cell changes that line and no other', () => {
    const edit: Edit = { op: 'set', path: ['tables', 'letting_rate', 'rows', 2, 2], value: '90' };
    expect(changed(demo, [edit])).toEqual({
      gone: ['      - [C, residential, 80]'],
      come: ['      - [C, residential, 90]'],
    });
  });

  it('keeps the quotes of what it replaces', () => {
    const edit: Edit = { op: 'set', path: ['tables', 'tax_rate', 'rows', 0, 0], value: '..25000' };
    expect(changed(demo, [edit]).come).toEqual([
      '    rows: [["..25000", 6], ["20000..50000", 8], ["50000..", 10]]',
    ]);
  });

  it('of a folded formula folds the new one', () => {
    const edit: Edit = {
      op: 'set',
      path: ['steps', 'unit', 0, 'formula'],
      value: 'area * letting_rate(zone, use)',
    };
    const after = editYaml(demo, [edit]);
    expect(after).toContain('      formula: >-\n        area * letting_rate(zone, use)\n      round:');
  });

  it('that adds a row to a list with dashes writes it as the others are written', () => {
    const path = ['tables', 'letting_rate', 'rows', 24];
    const row = ['D', ['government', 'vacant'], '7'];
    expect(changed(demo, [{ op: 'insert', path, value: row }])).toEqual({
      gone: [],
      come: ['      - [D, [government, vacant], 7]'],
    });
  });

  it('that adds a row to a list in brackets stays in the brackets', () => {
    const path = ['tables', 'structure_factor', 'rows', 1];
    expect(changed(demo, [{ op: 'insert', path, value: ['stone', '0.9'] }]).come).toEqual([
      '    rows: [[pucca, 1], [stone, 0.9], [semi_pucca, 0.75], [kutcha, 0.5], [none, 1]]',
    ]);
  });

  it('that takes a row out leaves the others', () => {
    expect(changed(demo, [{ op: 'remove', path: ['tables', 'letting_rate', 'rows', 0] }])).toEqual({
      gone: ['      - [A, residential, 130]'],
      come: [],
    });
    expect(changed(demo, [{ op: 'remove', path: ['tables', 'occupancy_factor', 'rows', 2] }]).come).toEqual([
      '    rows: [[self, 0.8], [tenant, 1]]',
    ]);
  });

  it('that gives a step its first note puts a line below the step', () => {
    const edit: Edit = {
      op: 'set',
      path: ['steps', 'unit', 0, 'note'],
      value: 'Order 114: open land as before',
    };
    expect(changed(demo, [edit])).toEqual({
      gone: [],
      come: ['      note: "Order 114: open land as before"'],
    });
  });

  it('that removes the first key of an item with a dash keeps the dash', () => {
    const after = editYaml(demo, [{ op: 'remove', path: ['heads', 0, 'name'] }]);
    expect(after).toContain('  - formula: "annual_letting_value * tax_rate(annual_letting_value) / 100"');
  });

  it('keeps comments, also the one above the item behind a new one', () => {
    const text = 'rows:\n  - [A, 1] # the first\n  # of the second\n  - [B, 2]\nnext: x\n';
    expect(editYaml(text, [{ op: 'insert', path: ['rows', 1], value: ['C', '3'] }])).toBe(
      'rows:\n  - [A, 1] # the first\n  - [C, 3]\n  # of the second\n  - [B, 2]\nnext: x\n',
    );
    expect(editYaml(text, [{ op: 'set', path: ['rows', 0, 1], value: '5' }])).toContain('[A, 5] # the first');
  });

  it('to a place that the file does not have is refused', () => {
    expect(() => editYaml(demo, [{ op: 'set', path: ['tables', 'no', 'rows', 0, 0], value: '1' }])).toThrow(
      'tables / no / rows',
    );
    expect(() => editYaml(demo, [{ op: 'remove', path: ['heads', 9] }])).toThrow('heads / 9');
  });

  it('that empties a table still reads as an empty table', () => {
    const text = 'rows:\n  - [A, 1]\nnext: x\n';
    const after = editYaml(text, [{ op: 'remove', path: ['rows', 0] }]);
    expect(readYaml(after)).toEqual({ rows: [], next: 'x' });
  });

  it('of any value of a real file, to any text, reads as what was meant', () => {
    for (const file of [demo, delhi]) {
      const data = readYaml(file) as YamlValue;
      const paths = leavesOf(data);
      const anyText = fc.oneof(
        fc.string({ unit: 'binary', maxLength: 20 }),
        fc.constantFrom('#', '- a', '*', '', ' ', 'a: b', '12', "'", '[x', 'a\nb'),
      );
      fc.assert(
        fc.property(fc.constantFrom(...paths), anyText, (path, value) => {
          const edit: Edit = { op: 'set', path, value };
          expect(readYaml(editYaml(file, [edit]))).toEqual(editData(data, edit));
        }),
        { numRuns: 60 },
      );
    }
  });

  it('of five hundred cells at once takes less than a second', () => {
    const edits = leavesOf(readYaml(delhi) as YamlValue).slice(0, 500);
    const begun = performance.now();
    const after = editYaml(
      delhi,
      edits.map((path): Edit => ({ op: 'set', path, value: 'x' })),
    );
    expect(performance.now() - begun).toBeLessThan(1_000);
    expect(after).not.toBe(delhi);
  });
});

function leavesOf(value: YamlValue, path: YamlPath = []): YamlPath[] {
  if (typeof value === 'string') return [path];
  if (Array.isArray(value)) return value.flatMap((held, i) => leavesOf(held, [...path, i]));
  return Object.entries(value).flatMap(([key, held]) => leavesOf(held, [...path, key]));
}
