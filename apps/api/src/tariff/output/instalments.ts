import type { Column, Program } from '../program.js';
import { add, compare, decimal, formatDecimal, ONE } from '../language/decimal.js';
import { isYearlyDay } from '../language/call.js';
import { checkRound, roundSql, sqlNumber } from '../language/rounding.js';
import { FormulaFault } from '../file/fault.js';
import type { TariffFile } from '../file/read.js';
import type { AssessmentFile } from '../file/schema.js';
import { guarded, mustBeMinorUnits, PARTS } from '../program.js';

/** Checks that the instalments are numbered from 1, fall due on real days and share out exactly the whole. */
export function checkInstalments(file: TariffFile, declared: AssessmentFile): void {
  let sum = decimal('0');
  declared.instalments.forEach((part, i) => {
    const [month, day] = part.due.split('-').map(Number);
    if (Number(part.n) !== i + 1) {
      file.fault(
        ['instalments', i, 'n'],
        'value',
        part.n,
        `The instalment should be ${i + 1}.`,
        'Number them from 1.',
      );
    }
    if (!isYearlyDay(month!, day!)) {
      const message = `"${part.due}" is no day of every year.`;
      file.fault(['instalments', i, 'due'], 'value', part.due, message, 'Write month-day.');
    }
    if (compare(decimal(part.share), decimal('0')) <= 0) {
      const message = 'A share must be more than 0.';
      file.fault(['instalments', i, 'share'], 'shares', part.share, message, 'Correct or remove it.');
    }
    sum = add(sum, decimal(part.share));
  });
  if (compare(sum, ONE) !== 0) {
    const shown = formatDecimal(sum);
    file.fault(
      ['instalments'],
      'shares',
      shown,
      `The shares add up to ${shown}, not 1.`,
      'Correct the shares.',
    );
  }
  declared.heads.forEach(({ name, per }, i) => {
    const parts = PARTS[per];
    if (parts === 1 || parts === declared.instalments.length) return;
    const message = `"${name}" is demanded per ${per}, but ${declared.instalments.length} instalments are declared.`;
    const remedy = `Declare ${parts} instalments, or demand it per year.`;
    file.fault(['heads', i, 'per'], 'shares', per, message, remedy);
  });
  guarded(file, ['instalment_rounding', 'to'], () => {
    const { to, mode } = declared.instalment_rounding;
    checkRound({ to, mode });
    mustBeMinorUnits({ to, mode });
    if (mode !== 'half_even') return;
    throw new FormulaFault('value', mode, 'Instalments are not rounded half_even.', 'Use down or half_up.');
  });
}

/** The column of one instalment of one head, in currency units. */
export function instalmentColumn(head: string, n: string): string {
  return `i_${head}_${n}`;
}

/**
 * Shares a head out: every instalment but one is its rounded share, never more than what is left; that one,
 * the first or the last, carries the remainder. So the parts always sum to the head, and none is negative.
 */
export function instalmentColumns(program: Program): Column[] {
  const { instalments, instalment_rounding: rule } = program.file;
  const ordered = rule.remainder === 'last' ? instalments : [...instalments].reverse();
  return program.heads.flatMap((head) => {
    const whole = head.symbol.sql;
    const name = head.declaration.name;
    if (head.declaration.per !== 'year') {
      return instalments.map((part) => ({ name: instalmentColumn(name, part.n), sql: head.part.sql }));
    }
    const before: string[] = [];
    return ordered.map((part, i) => {
      const left = [whole, ...before].join(' - ');
      const share = roundSql(`${whole} * ${sqlNumber(part.share)}`, { to: rule.to, mode: rule.mode });
      const column = instalmentColumn(name, part.n);
      const capped = rule.mode === 'down' ? share : `least(${share}, ${left})`;
      before.push(column);
      return { name: column, sql: i === ordered.length - 1 ? left : capped };
    });
  });
}
