import { z } from 'zod';
import { parseDecimal } from '../language/decimal.js';

/** Shape of the parts that both kinds of tariff file share. All scalars arrive as text (see `read.ts`). */

const MOST_ROWS = 2000;
const MOST_CODES = 2000;
/** PostgreSQL takes at most 100 arguments in a call; the lists of names stay well below it. */
export const MOST_NAMES = 60;
const NAME_RULE = 'a name: small letters, digits and _, starting with a letter, at most 40 characters';

export const name = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, `Expected ${NAME_RULE}`);
export const code = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}\p{M}_.:+ -]{0,59}$/u, 'Expected a code: letters, digits and _ . : + -');
export const decimalText = z
  .string()
  .refine((text) => parseDecimal(text) !== null, 'Expected a plain decimal such as 12 or 0.25')
  .meta({ pattern: String.raw`^[+-]?\d{1,30}(\.\d{1,20})?$` });
export const yes = z.literal('true', 'Expected true');
export const text = z.string().trim().min(1, 'Expected a text').max(2000);

/** The same words in the three languages of the screen and the bill. */
export const label = z.strictObject({ en: text, hi: text, mr: text });

export const financialYear = z
  .string()
  .refine(
    (fy) => /^\d{4}-\d{2}$/.test(fy) && (Number(fy.slice(0, 4)) + 1) % 100 === Number(fy.slice(5)),
    'Expected a financial year such as 2019-20',
  )
  .meta({ pattern: String.raw`^\d{4}-\d{2}$` })
  .transform((fy) => Number(fy.slice(0, 4)));

/** `null`, an empty value or nothing means "until replaced". */
export function openEnded<T extends z.ZodType>(inner: T) {
  return z.union([z.enum(['', 'null', '~']).transform(() => null), inner]);
}

const INPUT_TYPES = ['code', 'area', 'money', 'number', 'fraction', 'year', 'boolean', 'date'] as const;

export const input = z
  .strictObject({
    code: z.array(code).min(1).max(MOST_CODES).optional(),
    area: yes.optional(),
    money: yes.optional(),
    number: yes.optional(),
    fraction: yes.optional(),
    year: yes.optional(),
    boolean: yes.optional(),
    date: yes.optional(),
    /** Of a number: what it measures, in the words of a table's unit, such as money/area. */
    unit: z.string().optional(),
    optional: yes.optional(),
    /**
     * An optional input that is needed all the same where this condition on other inputs of its level holds.
     */
    needed_when: z.string().optional(),
    default: z.string().optional(),
    min: decimalText.optional(),
    max: decimalText.optional(),
    label: label.optional(),
  })
  .refine((decl) => INPUT_TYPES.filter((type) => decl[type] !== undefined).length === 1, {
    message: `Expected exactly one of ${INPUT_TYPES.join(', ')}`,
  });

const inputsOfLevel = z
  .record(name, input)
  .refine((all) => Object.keys(all).length <= MOST_NAMES, `Expected at most ${MOST_NAMES} inputs`)
  .default({});

/** What `previous(x)` remembers: steps of the level, with the type that they have. */
export const carried = z
  .strictObject({ property: inputsOfLevel, unit: inputsOfLevel })
  .default({ property: {}, unit: {} });

export const inputs = z.strictObject({ property: inputsOfLevel, unit: inputsOfLevel, owner: inputsOfLevel });

export const table = z.strictObject({
  key: z.record(
    z.string().regex(/^(?:(?:unit|property|owner)\.)?[a-z][a-z0-9_]{0,39}$/),
    z.enum(['exact', 'range']),
  ),
  bounds: z.enum(['lower_inclusive', 'upper_inclusive']).optional(),
  kind: z.enum(['whole', 'marginal']).default('whole'),
  unit: z.string().optional(),
  gives: z.strictObject({ code: z.array(code).min(1).max(MOST_CODES) }).optional(),
  reference: text.optional(),
  note: text.optional(),
  rows: z
    .array(z.array(z.union([z.string(), z.array(z.string()).min(1)])).min(2))
    .min(1)
    .max(MOST_ROWS),
});

export const round = z.strictObject({
  to: decimalText,
  mode: z.enum(['half_up', 'half_even', 'up', 'down']),
});

export const formula = z.string();

export const step = z.strictObject({
  name,
  formula,
  round: round.optional(),
  domain: z.strictObject({ min: decimalText.optional(), max: decimalText.optional() }).optional(),
  shown: yes.optional(),
  label,
  reference: text.optional(),
  note: text.optional(),
});

export const exemption = z.strictObject({
  name,
  when: formula,
  on: z.array(name).min(1).optional(),
  label,
  reference: text.optional(),
  note: text.optional(),
});

export const head = z.strictObject({
  name,
  formula,
  /** What the formula gives: the year's demand, or that of each half or quarter. */
  per: z.enum(['year', 'half_year', 'quarter']).default('year'),
  round: round.optional(),
  label,
  account: z.string().regex(/^[A-Za-z0-9_.-]{1,40}$/, 'Expected an account code'),
  reference: text.optional(),
  note: text.optional(),
});

export const instalment = z.strictObject({
  n: z.string().regex(/^[1-9]\d?$/, 'Expected a number from 1'),
  due: z.string().regex(/^\d{2}-\d{2}$/, 'Expected month and day such as 06-30'),
  share: decimalText,
});

export const facts = z.record(name, z.string());

export const caseGiven = z.strictObject({
  fy: financialYear.optional(),
  /** The day that is assessed, else the first of the year. */
  as_of: z.iso.date().optional(),
  property: facts.default({}),
  units: z.array(facts).default([]),
  owners: z.array(facts).default([]),
  /** Values of carried steps in the last published assessment of an earlier year; units in order. */
  previous: z.strictObject({ property: facts.default({}), units: z.array(facts).default([]) }).optional(),
  payment: z
    .strictObject({ on: z.iso.date(), in_full: z.enum(['true', 'false']).default('true') })
    .optional(),
});

export const caseHeader = {
  name: text,
  kind: z.enum(['published', 'computed']),
  source: text.optional(),
  note: text.optional(),
  given: caseGiven,
};

const caseShape = z.strictObject({
  ...caseHeader,
  /**
   * Property steps and heads by name in currency units (a list: a head by instalment); or `missing`, or `exempt`.
   */
  expect: z.record(name, z.union([z.string(), z.array(z.string())])),
});

export const header = {
  tariff: z
    .string()
    .regex(/^[a-z]{2}-[a-z0-9]{2,3}\/[a-z0-9-]{1,40}$/, 'Expected country-state/body such as in-dl/mcd'),
  title: label,
  law: text,
  status: z.enum(['notified', 'sample']),
  note: text.optional(),
};

export const assessmentFile = z.strictObject({
  ...header,
  kind: z.literal('assessment'),
  applies_to: z.strictObject({ from: financialYear, to: openEnded(financialYear).optional() }),
  units: z.strictObject({
    currency: z.string().regex(/^[A-Z]{3}$/, 'Expected a currency such as INR'),
    area: z.enum(['m2', 'ft2', 'yd2']),
    m2_per_area: decimalText.optional(),
    quotient_scale: z
      .string()
      .regex(/^(?:[4-9]|1\d|20)$/, 'Expected 4 to 20')
      .default('16'),
  }),
  inputs,
  carried,
  without_units: z.enum(['exception', 'assess']).default('exception'),
  tables: z.record(name, table).default({}),
  steps: z.strictObject({
    unit: z.array(step).max(MOST_NAMES).default([]),
    property: z.array(step).max(MOST_NAMES).default([]),
  }),
  exemptions: z.array(exemption).max(MOST_NAMES).default([]),
  heads: z.array(head).min(1).max(MOST_NAMES),
  instalments: z.array(instalment).min(1).max(12),
  instalment_rounding: z
    .strictObject({ to: decimalText, mode: round.shape.mode, remainder: z.enum(['first', 'last']) })
    .default({ to: '0.01', mode: 'down', remainder: 'last' }),
  cases: z.array(caseShape).default([]),
});

export type Label = z.infer<typeof label>;
export type InputDeclaration = z.infer<typeof input>;
export type TableDeclaration = z.infer<typeof table>;
export type RoundRule = z.infer<typeof round>;
export type StepDeclaration = z.infer<typeof step>;
export type HeadDeclaration = z.infer<typeof head>;
export type ExemptionDeclaration = z.infer<typeof exemption>;
export type CaseGiven = z.infer<typeof caseGiven>;
export type AssessmentFile = z.infer<typeof assessmentFile>;
export type AssessmentCase = AssessmentFile['cases'][number];
