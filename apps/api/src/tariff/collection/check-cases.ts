import type { CompiledTariff } from '../compile.js';
import type { CollectionCase, CollectionFile } from '../file/collection-schema.js';
import type { FilePath } from '../file/fault.js';
import type { TariffFile } from '../file/read.js';
import { mustBeKnownNames } from './given.js';

/** Checks that the cases of a collection file give and expect only what the files declare. */
export function checkCollectionCases(
  file: TariffFile,
  declared: CollectionFile,
  tariff: CompiledTariff,
): void {
  const heads = tariff.heads.map(({ name }) => name);
  const charges = declared.charges.map(({ name }) => name);
  const steps = tariff.steps.filter(({ level }) => level === 'property').map(({ name }) => name);
  const rebates = { what: 'rebate of this file', names: declared.rebates.map(({ name }) => name) };
  const owed = { what: 'head, charge, cost or advance', names: [...heads, ...charges, 'cost', 'advance'] };
  declared.cases.forEach((one, i) => {
    const path: FilePath = ['cases', i];
    const { given, expect } = one;
    const check = (
      key: string,
      names: readonly string[],
      known: { what: string; names: readonly string[] },
    ) => mustBeKnownNames(file, [...path, 'expect', key], names, known);
    check('amounts', Object.keys(expect.amounts), {
      what: 'property step or head',
      names: [...steps, ...heads],
    });
    check('rebates', Object.keys(expect.rebates), rebates);
    check('lapsed', Object.keys(expect.lapsed), rebates);
    check('charges', Object.keys(expect.charges), { what: 'charge of this file', names: charges });
    const amnesties = { what: 'amnesty of this file', names: declared.amnesties.map(({ name }) => name) };
    check('waived', Object.keys(expect.waived), amnesties);
    for (const parts of [...(expect.cleared ?? []), expect.outstanding ?? {}]) {
      check(
        'cleared',
        Object.keys(parts).map((key) => key.split('.')[0]!),
        owed,
      );
    }
    given.demand.forEach((due, n) => {
      mustBeKnownNames(file, [...path, 'given', 'demand', n, 'head'], [due.head], {
        what: 'head',
        names: heads,
      });
    });
    checkPayments(file, path, one, declared);
  });
}

function checkPayments(
  file: TariffFile,
  path: FilePath,
  one: CollectionCase,
  declared: CollectionFile,
): void {
  const { given, expect } = one;
  if (given.payments.length > 0 && !declared.appropriation) {
    const message = 'Nothing says in which order a payment clears what is owed.';
    const remedy = 'Add "appropriation" to the file.';
    file.fault([...path, 'given', 'payments'], 'missing_reference', one.name, message, remedy);
  }
  if (expect.cleared && expect.cleared.length !== given.payments.length) {
    const message = `${given.payments.length} payments are given, ${expect.cleared.length} expected to clear something.`;
    file.fault(
      [...path, 'expect', 'cleared'],
      'value',
      one.name,
      message,
      'Expect one entry for each payment.',
    );
  }
  const said = Object.values(expect).some((value) => {
    return value !== undefined && (typeof value !== 'object' || Object.keys(value).length > 0);
  });
  if (said) return;
  file.fault([...path, 'expect'], 'value', one.name, 'The case expects nothing.', 'Say what must come out.');
}
