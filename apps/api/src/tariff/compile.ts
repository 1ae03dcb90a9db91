import { createHash } from 'node:crypto';
import type { Label } from '../core/label.js';
import { Builder } from './build.js';
import { checkCases, type Place } from './check-cases.js';
import { checkUse } from './check-use.js';
import { checkShape } from './file/check-shape.js';
import { describeFault, type TariffFault } from './file/fault.js';
import { TariffFile } from './file/read.js';
import { assessmentFile, type AssessmentCase, type RoundRule } from './file/schema.js';
import { loadParser } from './language/formula.js';
import { chunkSelectSql } from './output/chunk.js';
import { explainSql } from './output/explain.js';
import { checkInstalments } from './output/instalments.js';
import type { Program } from './program.js';

export { describeFault, type TariffFault };

/** An assessment tariff that passed every check, and the SQL it became. */
export interface CompiledTariff {
  /** Of the file's text. */
  sha256: string;
  /** The taxing body, `in-dl/mcd`. */
  body: string;
  title: Label;
  status: 'notified' | 'sample';
  law: string;
  currency: string;
  /** Start years: 2026 means 2026-27; null: until replaced. */
  appliesFromFy: number;
  appliesToFy: number | null;
  heads: { name: string; label: Label; account: string; reference?: string }[];
  instalments: { n: number; dueMonth: number; dueDay: number }[];
  steps: {
    level: 'unit' | 'property' | 'head';
    name: string;
    label: Label;
    reference?: string;
    formula: string;
    round?: RoundRule;
  }[];
  exemptions: { name: string; label: Label; reference?: string; formula: string; heads: readonly string[] }[];
  /**
   * One SELECT with one row per active property of the chunk: property_id uuid, ward_number text, missing
   * text[] (NULL when complete; names such as `unit.structure`, `unit.use=garage`, `no_units`), exempt
   * boolean, inputs json, steps json (NULL when something is missing), head_paise bigint[] (one per head, in
   * order), amounts_paise bigint[] (head-major by instalment; the parts of a head sum to it), total_paise
   * bigint (the last three NULL when something is missing). Parameters: $1 ulb_id int, $2 first year of the
   * FY int, $3 effective_on date, $4 and $5 first and last property uuid (both included), $6 ward numbers
   * text[] or NULL. It may be wrapped: `WITH calc AS MATERIALIZED (...)`.
   */
  chunkSelectSql: string;
  /**
   * One row {explanation json} for one property, none when there is no such active property: every value, the
   * table rows used, rounding, heads, instalments. Parameters: $1 ulb_id int, $2 first year of the FY, $3
   * effective_on date, $4 property uuid.
   */
  explainSql: string;
  /** The file's own examples; see `case.ts`. */
  cases: readonly AssessmentCase[];
  casePlaces: readonly Place[];
  /** The checked parts, for compiling a collection file against them. */
  program: Program;
}

export type Result = { ok: true; tariff: CompiledTariff } | { ok: false; faults: TariffFault[] };

/**
 * Compiles the text of an assessment file. Never throws on bad input: everything that is wrong comes back as
 * faults with file, line, column, value, kind, message and remedy, in the order of the file. The cases are
 * not run here (that takes a database): see `case.ts`.
 */
export async function compileTariff(yamlText: string, fileName: string): Promise<Result> {
  await loadParser();
  const file = new TariffFile(fileName, yamlText);
  const tariff = compile(file);
  if (tariff && file.faults.length === 0) return { ok: true, tariff };
  return { ok: false, faults: [...file.faults].sort((a, b) => a.line - b.line || a.column - b.column) };
}

function compile(file: TariffFile): CompiledTariff | null {
  if (!file.read()) return null;
  const declared = checkShape(file, assessmentFile);
  if (!declared) return null;
  const { from, to } = declared.applies_to;
  if (to !== undefined && to !== null && to < from) {
    file.fault(
      ['applies_to', 'to'],
      'value',
      String(to),
      'The years end before they begin.',
      'Swap from and to.',
    );
  }
  checkInstalments(file, declared);
  const builder = new Builder(file, declared);
  const program = builder.build();
  if (!program) return null;
  checkUse(file, program);
  checkCases(file, declared.cases, program.inputs, declared.applies_to);
  checkExpected(file, program);
  return file.faults.length > 0 ? null : describe(file, program);
}

/** A case may expect property steps, heads, `missing` and `exempt`. */
function checkExpected(file: TariffFile, program: Program): void {
  const steps = program.steps
    .filter((step) => step.level === 'property')
    .map((step) => step.declaration.name);
  const known = [...steps, ...program.heads.map((head) => head.declaration.name), 'missing', 'exempt'];
  program.file.cases.forEach((one, i) => {
    const names = Object.keys(one.expect);
    if (names.length === 0) {
      file.fault(
        ['cases', i, 'expect'],
        'value',
        one.name,
        'The case expects nothing.',
        'Say what must come out.',
      );
    }
    for (const name of names.filter((candidate) => !known.includes(candidate))) {
      const message = `"${name}" is no property step and no head.`;
      file.fault(
        ['cases', i, 'expect', name],
        'unknown_name',
        name,
        message,
        `Use one of: ${known.join(', ')}.`,
      );
    }
  });
}

function describe(file: TariffFile, program: Program): CompiledTariff {
  const { file: declared } = program;
  return {
    sha256: createHash('sha256').update(file.text).digest('hex'),
    body: declared.tariff,
    title: declared.title,
    status: declared.status,
    law: declared.law,
    currency: declared.units.currency,
    appliesFromFy: declared.applies_to.from,
    appliesToFy: declared.applies_to.to ?? null,
    heads: declared.heads.map(({ name, label, account, reference }) => ({ name, label, account, reference })),
    instalments: declared.instalments.map((part) => ({
      n: Number(part.n),
      dueMonth: Number(part.due.slice(0, 2)),
      dueDay: Number(part.due.slice(3)),
    })),
    steps: [
      ...program.steps.map(({ level, declaration }) => ({ level, ...pick(declaration) })),
      ...program.heads.map(({ declaration }) => ({ level: 'head' as const, ...pick(declaration) })),
    ],
    exemptions: program.exemptions.map(({ declaration, heads }) => {
      const { name, label, reference, when } = declaration;
      return { name, label, reference, formula: when, heads };
    }),
    chunkSelectSql: chunkSelectSql(program),
    explainSql: explainSql(program),
    cases: declared.cases,
    casePlaces: declared.cases.map((_, i) => file.place(['cases', i])),
    program,
  };
}

function pick(step: { name: string; label: Label; reference?: string; formula: string; round?: RoundRule }) {
  const { name, label, reference, formula, round } = step;
  return { name, label, reference, formula, round };
}
