import type { ExplanationService } from '../assessment/explanation/explanation.service.js';
import type { Label } from '../core/label.js';
import { formatPaise } from '../core/money.js';

type Explained = Awaited<ReturnType<ExplanationService['explain']>>;
type Language = keyof Label;

interface Value {
  name: string;
  value: string | null;
}
interface Step extends Value {
  label?: Label;
  reference?: string;
  note?: string;
  head?: string;
  formula: string;
  operands: Value[];
  lookups: { table: string; reference?: string; note?: string | null; keys: Value[]; value: string | null }[];
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
  tariff: { title: Label; law: string; status: string; note?: string | null };
  units: Row[] | null;
  steps: Step[];
  heads: Step[];
  instalments: { n: number; due: string; totalPaise: string }[];
  /** Absent where no collection file is in force. */
  rebates?: (Step & { given: 'demand' | 'payment' })[];
}

/** The explanation as a clerk would say it: unit by unit, step by step, down to table row and section of the Act. */
export function explanationLines(explained: Explained, language: Language): string[] {
  const tree = explained.explanation as unknown as Tree;
  const { title, law, status, note } = tree.tariff;
  return [
    `${tree.property.number}, ward ${tree.property.wardNumber ?? '-'}, ${explained.fy}: ${formatPaise(BigInt(explained.totalPaise))}`,
    `${title[language]}${status === 'sample' ? ' (sample, not notified)' : ''}; ${law}`,
    ...noteLines(note, '  '),
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
    ...rebateLines(tree, explained, language),
    ...(explained.reproduces
      ? []
      : ['The roll has changed since: these are the facts that the demand rests on until the next run.']),
  ];
}

/** Rebates that the demand came with: in the words of the law where the roll still gives them, else as they were kept. */
function rebateLines(tree: Tree, explained: Explained, language: Language): string[] {
  const told = tree.rebates?.filter(({ given, paise }) => given === 'demand' && paise && paise !== '0');
  if (told?.length) return ['Rebates:', ...told.flatMap((rebate) => stepLines(rebate, language))];
  if (!explained.rebates.length) return [];
  return [
    'Rebates:',
    ...explained.rebates.map(
      ({ name, head, paise }) => `  ${name} on ${head}: ${formatPaise(BigInt(paise))}`,
    ),
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
    ...step.lookups.flatMap((one) => {
      const keys = one.keys.map(({ name, value }) => `${name} ${value}`).join(', ');
      const row = `    ${one.table}(${keys}) = ${one.value}${one.reference ? ` [${one.reference}]` : ''}`;
      return [row, ...noteLines(one.note, '      ')];
    }),
    ...noteLines(step.note, '    '),
  ];
}

function noteLines(note: string | null | undefined, indent: string): string[] {
  return note ? [`${indent}note: ${note}`] : [];
}
