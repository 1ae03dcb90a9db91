import type { AssessmentService } from '../assessment/assessment.service.js';
import type { Label } from '../core/label.js';
import { formatPaise } from '../core/money.js';

type Explained = Awaited<ReturnType<AssessmentService['explain']>>;
type Language = keyof Label;

interface Value {
  name: string;
  value: string | null;
}
interface Step extends Value {
  label?: Label;
  reference?: string;
  note?: string;
  formula: string;
  operands: Value[];
  lookups: { table: string; reference?: string; keys: Value[]; value: string | null }[];
  paise?: string;
  exemptedBy?: string | null;
}
interface Row {
  no: number;
  inputs: Value[];
  steps: Step[];
}
interface Tree {
  property: { number: string; wardNumber: string | null };
  tariff: { title: Label; law: string; status: string };
  units: Row[] | null;
  steps: Step[];
  heads: Step[];
  instalments: { n: number; due: string; totalPaise: string }[];
}

/** The explanation as a clerk would say it: unit by unit, step by step, down to table row and section of the Act. */
export function explanationLines(explained: Explained, language: Language): string[] {
  const tree = explained.explanation as unknown as Tree;
  const { title, law, status } = tree.tariff;
  return [
    `${tree.property.number}, ward ${tree.property.wardNumber ?? '-'}, ${explained.fy}: ${formatPaise(BigInt(explained.totalPaise))}`,
    `${title[language]}${status === 'sample' ? ' (sample, not notified)' : ''}; ${law}`,
    ...(tree.units ?? []).flatMap((unit) => [
      `Unit ${unit.no}: ${unit.inputs.map(({ name, value }) => `${name} ${value ?? '-'}`).join(', ')}`,
      ...unit.steps.flatMap((step) => stepLines(step, language)),
    ]),
    ...tree.steps.flatMap((step) => stepLines(step, language)),
    'Demand:',
    ...tree.heads.flatMap((head) => stepLines(head, language)),
    ...tree.instalments.map(
      ({ n, due, totalPaise }) => `  instalment ${n}, due ${due}: ${formatPaise(BigInt(totalPaise))}`,
    ),
    ...(explained.reproduces
      ? []
      : ['The roll has changed since: the demand rests on the stored inputs until the next run.']),
  ];
}

function stepLines(step: Step, language: Language): string[] {
  const reference = step.reference ? ` [${step.reference}]` : '';
  const known = step.operands.filter(({ value }) => value !== null);
  const operands = known.length
    ? ` with ${known.map(({ name, value }) => `${name} = ${value}`).join(', ')}`
    : '';
  const amount = step.paise === undefined ? (step.value ?? '-') : formatPaise(BigInt(step.paise));
  const exempted = step.exemptedBy ? ` (exempt: ${step.exemptedBy})` : '';
  return [
    `  ${step.label?.[language] ?? step.name} = ${amount}${exempted}: ${step.formula}${operands}${reference}`,
    ...step.lookups.map((one) => {
      const keys = one.keys.map(({ name, value }) => `${name} ${value}`).join(', ');
      return `    ${one.table}(${keys}) = ${one.value}${one.reference ? ` [${one.reference}]` : ''}`;
    }),
    ...(step.note ? [`    note: ${step.note}`] : []),
  ];
}
