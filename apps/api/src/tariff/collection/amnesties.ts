import type { Builder } from '../build.js';
import type { AmnestyDeclaration } from '../file/collection-schema.js';
import type { TariffFile } from '../file/read.js';
import { isCharge } from './appropriation.js';
import { PAID } from './dues.js';
import { dueAmount, dueCondition, duesScope, mustBeKnownNames, mustBeUnique } from './given.js';

/** Charges forgiven to who pays within some days. */
export interface CompiledAmnesty {
  readonly declaration: AmnestyDeclaration;
  /** Both read the columns `c_*` of what the property owes and pays. */
  readonly amountSql: string;
  readonly whenSql: string;
}

/** Compiles the amnesties of a collection file; faults are reported to the file. */
export function compileAmnesties(
  file: TariffFile,
  declared: readonly AmnestyDeclaration[],
  charges: readonly string[],
  builder: Builder,
): CompiledAmnesty[] {
  mustBeUnique(
    file,
    'amnesties',
    declared.map(({ name }) => name),
  );
  return declared.flatMap((declaration, i) => {
    const path = ['amnesties', i];
    const [from, to] = declaration.between;
    if (to < from)
      file.fault([...path, 'between', 1], 'value', to, 'It ends before it begins.', 'Swap them.');
    mustBeKnownNames(file, [...path, 'waive'], declaration.waive, {
      what: 'charge of this file',
      names: charges,
    });
    const scope = duesScope(builder, ['dues', 'principal', 'charges', 'payment', 'as_of']);
    const conditions = duesScope(builder, ['dues', 'principal', 'charges', 'payment', 'as_of', 'settles']);
    const amountSql = dueAmount(file, path, declaration, scope);
    const whenSql = dueCondition(file, [...path, 'when'], declaration.when, conditions);
    return amountSql && whenSql ? [{ declaration, amountSql, whenSql }] : [];
  });
}

/**
 * What one amnesty forgives on the payments of the relation `payment`, of the relation `dues` as it stands on that
 * day: the rows of `dues` with `waived`, the oldest charges first. `dues` is all that is owed, `principal` the demand
 * in it, `charges` what the amnesty may forgive; `settles` says that the payment covers the rest.
 */
export function amnestySql({ declaration, amountSql, whenSql }: CompiledAmnesty): string {
  const [from, to] = declaration.between;
  const upTo = `sum(d.outstanding) OVER (PARTITION BY d.property_id ORDER BY d.due_on, d.fy, d.instalment, d.head)`;
  const mine = isCharge(declaration.waive);
  return `SELECT * FROM (
SELECT d.*, greatest(0::numeric, least(d.outstanding, d.forgiven - (${upTo} - d.outstanding))) AS waived
FROM (SELECT d.*, w.waived AS forgiven FROM dues d FULL JOIN (
  SELECT property_id, waived FROM (
    SELECT b.*, (c_payment >= c_dues - waived) AS c_settles FROM (
      SELECT a.*, least(greatest(${amountSql}, 0::numeric), c_charges) AS waived FROM (
        SELECT d.property_id, sum(d.outstanding) AS c_dues, d.paid AS c_payment, d.paid_on AS c_as_of,
          coalesce(sum(d.outstanding) FILTER (WHERE kind = 'demand'), 0) AS c_principal,
          coalesce(sum(d.outstanding) FILTER (WHERE ${mine}), 0) AS c_charges,
          (extract(year FROM d.paid_on - interval '3 months'))::int AS c_fy
        FROM (${PAID}) d WHERE property_id IS NOT NULL
          AND paid_on BETWEEN '${from}' AND '${to}' GROUP BY d.property_id, d.paid, d.paid_on OFFSET 0) a OFFSET 0) b OFFSET 0) c
  WHERE ${whenSql}) w USING (property_id) OFFSET 0) d WHERE forgiven IS NOT NULL AND ${mine}) f WHERE waived > 0`;
}
