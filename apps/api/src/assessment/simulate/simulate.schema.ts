import { z } from 'zod';
import { isDay } from '../../core/period.js';
import { limits } from '../../platform/limits.js';
import { financialYear } from '../assessment.schema.js';

/** One value of a rate table, by its place in the file: the row counts from 0. */
export const valueChange = z.strictObject({
  table: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/),
  row: z.number().int().min(0).max(10_000),
  /** A plain decimal, or a code where the table gives codes. */
  value: z.string().min(1).max(60),
});
export type ValueChange = z.output<typeof valueChange>;

/** An installed file, a proposal or a text of one's own, each with or without single values changed. */
const side = z
  .strictObject({
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional(),
    proposalId: z.uuid().optional(),
    text: z.string().min(1).max(limits.tariffFileBytes).optional(),
    changes: z.array(valueChange).max(limits.simulationChanges).default([]),
  })
  .refine(
    ({ sha256, proposalId, text }) =>
      [sha256, proposalId, text].filter((each) => each !== undefined).length <= 1,
    'Give one of them: the digest of an installed file, a proposal, or a text',
  );
export type Side = z.output<typeof side>;

export const newSimulation = z.strictObject({
  fy: financialYear,
  wardNumbers: z.array(z.string().min(1).max(40)).min(1).max(1_000).nullish(),
  effectiveOn: z.string().refine(isDay, 'Expected a day such as 2026-04-01').optional(),
  /** Absent: the tariff in force in that year. */
  present: side.optional(),
  proposed: side,
});
export type NewSimulation = z.output<typeof newSimulation>;

export const digest = z.string().regex(/^[0-9a-f]{64}$/, 'Expected the digest of a tariff file');
export const language = z.object({ lang: z.enum(['en', 'hi', 'mr']).default('en') });
export type Language = z.output<typeof language>['lang'];
