import type { Builder } from '../build.js';
import type { ChargeDeclaration } from '../file/collection-schema.js';
import { FormulaFault } from '../file/fault.js';
import type { TariffFile } from '../file/read.js';
import { guarded, mustBeMoney } from '../program.js';
import { listSql } from './dues.js';
import { dueAmount, dueCondition, duesScope, mustBeKnownNames, mustBeUnique, onDues } from './given.js';

/** A charge on overdue dues: interest, surcharge, fine. */
export interface CompiledCharge {
  readonly declaration: ChargeDeclaration;
  /** What it has grown to on the day `c_as_of`; reads the columns `c_*` of its dues. */
  readonly amountSql: string;
  readonly capSql: string | null;
}

/** Compiles the charges of a collection file; faults are reported to the file. */
export function compileCharges(
  file: TariffFile,
  declared: readonly ChargeDeclaration[],
  heads: readonly string[],
  builder: Builder,
): CompiledCharge[] {
  mustBeUnique(
    file,
    'charges',
    declared.map(({ name }) => name),
  );
  return declared.flatMap((declaration, i) => {
    const path = ['charges', i];
    if (heads.includes(declaration.name) || ['cost', 'advance'].includes(declaration.name)) {
      const message = `"${declaration.name}" already names something that is owed.`;
      file.fault([...path, 'name'], 'duplicate_key', declaration.name, message, 'Rename the charge.');
    }
    mustBeKnownNames(file, [...path, 'on'], declaration.on, { what: 'head of the assessment', names: heads });
    const scope = duesScope(builder, ['overdue', 'demand', 'due', 'as_of', 'instalment', 'served_on']);
    const amount = dueAmount(file, path, declaration, scope);
    const when = dueCondition(file, [...path, 'when'], declaration.when, scope);
    const { cap } = declaration;
    const capSql =
      cap === undefined
        ? null
        : guarded(file, [...path, 'cap'], () => {
            const value = onDues(cap, scope);
            mustBeMoney(value.type, cap);
            if (value.type.kind === 'number') return value.sql;
            throw new FormulaFault('type', cap, 'A cap is an amount.', 'Write a number.');
          });
    if (!amount || !when || (cap !== undefined && !capSql)) return [];
    return [{ declaration, amountSql: `(CASE WHEN ${when} THEN ${amount} ELSE 0::numeric END)`, capSql }];
  });
}

/**
 * What the charges grow by from the day `from` to the day `to` (SQL dates) on the relation `dues` as it stands: rows
 * (property_id, charge, fy, instalment, due_on, added numeric), only those that grow. A charge is its formula on the
 * day less its formula on the day before the time began, so that it grows on the amount that was overdue in between
 * and a part payment never changes what had accrued. It grows at all only after the due day; `cap` bounds what the
 * charge on one instalment has come to in all.
 */
export function chargesSql(charges: readonly CompiledCharge[], from: string, to: string): string {
  if (charges.length === 0) {
    // Both days are named, so that the statement has its parameters also where nothing is charged.
    return `SELECT NULL::uuid AS property_id, NULL::text AS charge, NULL::int AS fy, NULL::int AS instalment,
  NULL::date AS due_on, NULL::numeric AS added WHERE false AND ${from} < ${to}`;
  }
  return charges.map((charge) => chargeSql(charge, from, to)).join('\nUNION ALL\n');
}

function chargeSql({ declaration, amountSql, capSql }: CompiledCharge, from: string, to: string): string {
  const { name, per, on } = declaration;
  const [instalment, due] = per === 'year' ? ['0', 'min(due_on)'] : ['instalment', 'due_on'];
  const groups = per === 'year' ? 'property_id, fy' : 'property_id, fy, instalment, due_on';
  const overdue = `SELECT property_id, fy AS c_fy, ${instalment} AS c_instalment, ${due} AS c_due,
  sum(outstanding) AS c_overdue, sum(amount) AS c_demand, max(served_on) AS c_served_on
FROM dues WHERE kind = 'demand' AND head IN ${listSql(on)} AND due_on < ${to} AND outstanding > 0 GROUP BY ${groups}`;
  // The earliest due day of a year changes when that instalment is paid, so a charge of the year is one whatever
  // its day.
  const samePart = per === 'year' ? '' : ' AND h.due_on = s.c_due';
  const charged = `SELECT property_id, fy, instalment, ${per === 'year' ? 'NULL::date AS due_on' : 'due_on'},
  sum(amount) AS amount FROM dues WHERE kind = 'charge' AND head = '${name}'
GROUP BY property_id, fy, instalment${per === 'year' ? '' : ', due_on'}`;
  const keys = 'property_id, c_fy, c_instalment, c_due';
  const cap = capSql ? `, max(${capSql}) FILTER (WHERE c_sign = 1) AS cap` : '';
  const grown = `SELECT ${keys}, sum(c_sign * ${amountSql}) AS grown${cap} FROM (
  SELECT o.*, d.c_as_of, d.c_sign FROM (${overdue}) o
  CROSS JOIN (VALUES (${to}, 1), (${from}, -1)) d(c_as_of, c_sign) WHERE d.c_as_of > o.c_due OFFSET 0) a GROUP BY ${keys}`;
  const added = capSql ? 'least(s.grown, s.cap - coalesce(s.charged, 0))' : 's.grown';
  // A loop over what was charged would read all of it for each due: see `PAID`.
  const source = capSql
    ? `SELECT s.*, h.amount AS charged FROM (${grown}) s FULL JOIN (${charged}) h ON h.property_id = s.property_id
  AND h.fy = s.c_fy AND h.instalment = s.c_instalment${samePart} OFFSET 0`
    : grown;
  return `SELECT s.property_id, '${name}' AS charge, s.c_fy AS fy, s.c_instalment AS instalment, s.c_due AS due_on,
  ${added} AS added FROM (${source}) s WHERE c_fy IS NOT NULL AND ${added} > 0`;
}
