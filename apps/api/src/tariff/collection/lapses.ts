import type { Builder } from '../build.js';
import { FormulaFault, type FilePath } from '../file/fault.js';
import type { TariffFile } from '../file/read.js';
import { guarded, type CompiledRebate } from '../program.js';
import { dueAmount, dueCondition, duesScope, onDues } from './given.js';

/** A rebate that is taken back on a day of the year, or after it, if its condition then holds. */
export interface CompiledLapse {
  readonly rebate: string;
  readonly head: string;
  /** The account that the rebate was booked to, and that takes it back. */
  readonly account: string;
  /** The day, a date reading `c_fy` (int: first calendar year of the demand) only. */
  readonly onSql: string;
  /**
   * Whether it lapses, and how much of it: read `c_fy` and, as numeric in currency units and of the head and year
   * alone, `c_rebate` what was given, `c_demand` what was demanded before any rebate, `c_paid` what was paid up to
   * the day before, `c_balance` what is still owed. The amount lies between 0 and `c_rebate`.
   */
  readonly whenSql: string;
  readonly amountSql: string;
}

/** Compiles what the rebates say under `lapses`; faults are reported to the file. */
export function compileLapses(
  file: TariffFile,
  rebates: readonly CompiledRebate[],
  indexOf: (rebate: CompiledRebate) => number,
  builder: Builder,
): CompiledLapse[] {
  const first = rebates.filter((one, i) => {
    return rebates.findIndex((other) => other.head === one.head && indexOf(other) === indexOf(one)) === i;
  });
  return first.flatMap((rebate) => {
    const { lapses, name, round } = rebate.declaration;
    if (!lapses) return [];
    const path: FilePath = ['rebates', indexOf(rebate), 'lapses'];
    const scope = duesScope(builder, ['rebate', 'demand', 'paid', 'balance']);
    const onSql = guarded(file, [...path, 'on'], () => {
      const value = onDues(lapses.on, duesScope(builder, []));
      if (value.type.kind === 'date') return value.sql;
      throw new FormulaFault('type', lapses.on, 'It is not a date.', 'Write e.g. fy_end + 1.');
    });
    const whenSql = dueCondition(file, [...path, 'when'], lapses.when, scope);
    const amount = dueAmount(file, path, { name, formula: lapses.formula, round }, scope);
    if (!onSql || !whenSql || !amount) return [];
    const amountSql = `least(greatest(${amount}, 0::numeric), c_rebate)`;
    return [{ rebate: name, head: rebate.head, account: rebate.account, onSql, whenSql, amountSql }];
  });
}
