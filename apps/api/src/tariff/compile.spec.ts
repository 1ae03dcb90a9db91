import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { compileTariff } from './compile.js';
import { compileCollection } from './rebates.js';
import { checkSequence } from './sequence.js';
import { compileMinimal, faultsOf, head, minimalTariff, step } from './testing/minimal-tariff.js';

describe('A tariff file', () => {
  it('compiles when nothing is wrong', async () => {
    expect(await compileMinimal()).toMatchObject({
      ok: true,
      tariff: { body: 'in-mp/test', appliesFromFy: 2020 },
    });
  });

  it('is refused when it is not of its time', async () => {
    const text = minimalTariff();
    const broken: [string, string][] = [
      ['', 'value'],
      ['- a list', 'value'],
      ['a: [', 'syntax'],
      ['tariff: x\ntariff: y', 'duplicate_key'],
      [`${text}\n---\n${text}`, 'syntax'],
      [text.replace('law: "Test"', 'law: &l Test').replace('status: sample', 'status: *l'), 'syntax'],
      [text.replace('law: "Test"', 'law: !!binary Test'), 'syntax'],
      [text.replace('law: "Test"', ''), 'value'],
      [text.replace('hi: x, ', ''), 'value'],
      ['['.repeat(100_000), 'syntax'],
      ['x'.repeat(1_000_001), 'too_large'],
      [`__proto__: {x: 1}\n${text}`, 'unknown_key'],
    ];
    for (const [yaml, kind] of broken) {
      const result = await compileTariff(yaml, 'broken.yaml');
      expect(result).toMatchObject({ ok: false });
      if (!result.ok) expect(result.faults.map((fault) => fault.kind)).toContain(kind);
    }
  });

  it('reports every faulty formula at once, and none that only rests on a faulty one', async () => {
    const faults = await faultsOf({
      propertySteps: [step('a', 'unknown_one'), step('b', 'a + 1')],
      heads: [head('tax', 'b'), head('cess', 'unknown_two')],
    });
    expect(faults.map((fault) => fault.value)).toEqual(['unknown_one', 'unknown_two']);
  });

  it('names the line of the offending scalar', async () => {
    const parts = { propertySteps: [step('idle', '1')] };
    const [fault] = await faultsOf(parts);
    expect(minimalTariff(parts).split('\n')[fault!.line - 1]).toContain('name: idle');
  });

  it('does not depend on the way numbers are written in YAML', async () => {
    const table =
      'price: {key: {fy: range}, bounds: lower_inclusive, unit: money/area, reference: t, rows: [["..", 0.10]]}';
    const result = await compileMinimal({ tables: [table] });
    expect(result.ok && result.tariff.chunkSelectSql).toContain('0.1::numeric');
  });
});

describe('A collection file', () => {
  const delhi = 'tariffs/in-dl/mcd';
  const text = readFileSync(`${delhi}/collection/2019-04-01.yaml`, 'utf8');
  const assessment = readFileSync(`${delhi}/assessment/2019-20.yaml`, 'utf8');

  async function kinds(change: (text: string) => string): Promise<string[]> {
    const tariff = await compileTariff(assessment, 'a.yaml');
    if (!tariff.ok) throw new Error('the assessment does not compile');
    const result = await compileCollection(change(text), 'c.yaml', tariff.tariff);
    return result.ok ? [] : result.faults.map((fault) => `${fault.kind} ${fault.value}`);
  }

  it.each<[string, string, string, string]>([
    ['of another body', 'tariff: in-dl/mcd', 'tariff: in-dl/ndmc', 'sequence in-dl/ndmc'],
    ['with a head that the assessment has not', 'on: [property_tax]', 'on: [water]', 'unknown_name water'],
    [
      'whose rebate on demand asks for the payment',
      'when: "cghs"',
      'when: "cghs and paid_in_full"',
      'unknown_name paid_in_full',
    ],
    ['whose input is declared otherwise', 'area: {area: true', 'area: {number: true', 'type area'],
    ['whose rebate is no money', 'formula: "0.20 * base"', 'formula: "base * base"', 'unit base * base'],
    ['whose rebate is not rounded', '    round: {to: 1, mode: half_up}\n', '', 'value concession'],
    ['that ends before it begins', 'to: 2022-03-31', 'to: 2018-03-31', 'value 2018-03-31'],
    [
      'that uses an undeclared name',
      'formula: "0.15 * base"',
      'formula: "0.15 * bases"',
      'unknown_name bases',
    ],
  ])('is refused %s', async (_, from, to, fault) => {
    expect(text).toContain(from);
    expect(await kinds((yaml) => yaml.replace(from, to))).toContain(fault);
  });

  it('leaves the assessment as it was', async () => {
    const tariff = await compileTariff(assessment, 'a.yaml');
    if (!tariff.ok) throw new Error('the assessment does not compile');
    const before = tariff.tariff.program.names.aggregates.length;
    await compileCollection(text, 'c.yaml', tariff.tariff);
    expect(tariff.tariff.program.names.aggregates).toHaveLength(before);
    expect(tariff.tariff.chunkSelectSql).not.toContain('owners');
  });
});

describe('The files of one body', () => {
  const file = (name: string, from: number, to: number | null) => ({ name, from, to });

  it('may join without a gap', () => {
    expect(checkSequence([file('b', 2022, null), file('a', 2019, 2021)])).toEqual([]);
  });

  it.each<[string, Parameters<typeof checkSequence>[0], string]>([
    ['overlap', [file('a', 2019, 2022), file('b', 2022, null)], 'b'],
    ['leave a gap', [file('a', 2019, 2020), file('b', 2022, null)], 'b'],
    ['follow one without an end', [file('a', 2019, null), file('b', 2022, null)], 'b'],
  ])('may not %s', (_, files, at) => {
    expect(checkSequence(files)).toMatchObject([{ file: at, kind: 'sequence' }]);
  });
});
