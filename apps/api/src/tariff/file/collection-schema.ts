import { z } from 'zod';
import {
  caseGiven,
  caseHeader,
  decimalText,
  financialYear,
  formula,
  header,
  inputs,
  label,
  MOST_NAMES,
  name,
  openEnded,
  round,
  table,
  text,
} from './schema.js';

/** Shape of a collection file: what becomes of a demand once it stands. All scalars arrive as text. */

const day = z.iso.date();
const account = z.string().regex(/^[A-Za-z0-9_.-]{1,40}$/, 'Expected an account code');
const instalmentNo = z.string().regex(/^[1-9]\d?$/, 'Expected a number from 1');

const described = { label, reference: text.optional(), note: text.optional() };

export const rebate = z.strictObject({
  name,
  on: z.array(name).min(1),
  /** `last`: what the rebates before it left of the head; `head`: the head itself. */
  base: z.enum(['last', 'head']).default('last'),
  /** Reckoned once on the year's demand of a head, or on each instalment of it. */
  per: z.enum(['year', 'instalment']).default('year'),
  given: z.enum(['demand', 'payment']),
  formula,
  when: formula.optional(),
  round: round.optional(),
  /** Where it is booked; else the head's own account is reduced. */
  account: account.optional(),
  /** On which day it is taken back, if the condition then holds, and how much of it. */
  lapses: z
    .strictObject({ on: formula, when: formula.optional(), formula: formula.default('rebate') })
    .optional(),
  ...described,
});

export const charge = z.strictObject({
  name,
  /** The heads whose overdue amounts it is reckoned on, together. */
  on: z.array(name).min(1),
  /** Reckoned on each instalment of each year, or on the whole of a year. */
  per: z.enum(['instalment', 'year']).default('instalment'),
  formula,
  when: formula.optional(),
  /** What the charge on one instalment (or year) never exceeds in all. */
  cap: formula.optional(),
  round: round.optional(),
  account,
  ...described,
});

const turn = z.union([
  z.enum(['cost', 'charges', 'arrears_oldest_first']),
  z.strictObject({ instalment: instalmentNo }),
]);

export const appropriation = z.strictObject({
  order: z.array(turn).min(1).max(20),
  /** Heads of one turn and instalment: one after the other in the order of the assessment, or in proportion. */
  across_heads: z.enum(['rank', 'pro_rata']),
  reference: text.optional(),
  note: text.optional(),
});

export const amnesty = z.strictObject({
  name,
  between: z.tuple([day, day]),
  /** The charges that it forgives. */
  waive: z.array(name).min(1),
  formula,
  when: formula.optional(),
  round: round.optional(),
  ...described,
});

const amounts = z.record(name, z.string()).default({});
/** `head`, `head.2` (instalment), `head.2018-19`, `head.2018-19.2`; also charges, `cost` and `advance`. */
const parts = z.record(
  z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,39}(?:\.\d{4}-\d{2})?(?:\.\d{1,2})?$/, 'Expected head, head.2 or head.2018-19'),
  decimalText,
);

const collectionCase = z.strictObject({
  ...caseHeader,
  given: caseGiven.extend({
    /** Dues that do not come from the property of the case, such as arrears of earlier years. */
    demand: z
      .array(
        z.strictObject({
          fy: financialYear,
          head: name,
          instalment: instalmentNo,
          due: day,
          amount: decimalText,
          served: day.optional(),
        }),
      )
      .default([]),
    /** When the bill of an instalment of the year was served. */
    served: z.array(z.strictObject({ instalment: instalmentNo, on: day })).default([]),
    costs: z.array(z.strictObject({ on: day, amount: decimalText })).default([]),
    payments: z.array(z.strictObject({ on: day, amount: decimalText })).default([]),
  }),
  expect: z.strictObject({
    amounts,
    rebates: z.record(name, decimalText).default({}),
    net: decimalText.optional(),
    lapsed: z.record(name, decimalText).default({}),
    /** What has been charged up to the day of the case. */
    charges: z.record(name, decimalText).default({}),
    waived: z.record(name, decimalText).default({}),
    /** What each payment cleared, in the order of the payments. */
    cleared: z.array(parts).optional(),
    /** What is owed on the day of the case, part by part and in all. */
    outstanding: parts.optional(),
    balance: decimalText.optional(),
  }),
});

export const collectionFile = z.strictObject({
  ...header,
  kind: z.literal('collection'),
  in_force: z.strictObject({ from: day, to: openEnded(day).optional() }),
  inputs: inputs.default({ property: {}, unit: {}, owner: {} }),
  tables: z.record(name, table).default({}),
  rebates: z.array(rebate).max(MOST_NAMES).default([]),
  charges: z.array(charge).max(MOST_NAMES).default([]),
  appropriation: appropriation.optional(),
  amnesties: z.array(amnesty).max(MOST_NAMES).default([]),
  cases: z.array(collectionCase).default([]),
});

export type RebateDeclaration = z.infer<typeof rebate>;
export type ChargeDeclaration = z.infer<typeof charge>;
export type AppropriationDeclaration = z.infer<typeof appropriation>;
export type AmnestyDeclaration = z.infer<typeof amnesty>;
export type CollectionFile = z.infer<typeof collectionFile>;
export type CollectionCase = CollectionFile['cases'][number];
