import { z } from 'zod';
import { isDay, parseFinancialYear } from '../../core/period.js';
import { limits } from '../../platform/limits.js';
import { sha256 } from '../tariff-files/tariff-files.controller.js';
import type { Edit, YamlValue } from './text/yaml-value.js';

const purpose = z.string().trim().min(1, 'Say what the proposal is for').max(500);
const source = z.string().min(1).max(limits.tariffFileBytes);

/** A draft begins with the text of an installed file, from the year or day named, or with a text of its own. */
export const newProposal = z.union([
  z.strictObject({
    purpose,
    sha256,
    from: z
      .string()
      .refine((text) => isDay(text) || parseFinancialYear(text) !== null, 'Expected 2027-28, or 2027-04-01')
      .optional(),
  }),
  z.strictObject({ purpose, text: source }),
]);
export type NewProposal = z.output<typeof newProposal>;

const path = z
  .array(z.union([z.string().max(200), z.number().int().min(0).max(100_000)]))
  .min(1)
  .max(12);

/** Texts, lists and maps, as a tariff file holds them: a number is sent as the text that is to be written. */
const value = z
  .unknown()
  .refine((given): given is YamlValue => isValue(given, 8), 'Expected texts, lists and maps of them');

function isValue(given: unknown, depth: number): given is YamlValue {
  if (typeof given === 'string') return given.length <= 20_000;
  if (typeof given !== 'object' || given === null || depth === 0) return false;
  return Object.values(given).every((each) => isValue(each, depth - 1));
}

export const edits = z.strictObject({
  edits: z
    .array(
      z.union([
        z.strictObject({ op: z.enum(['set', 'insert']), path, value }),
        z.strictObject({ op: z.literal('remove'), path }),
      ]),
    )
    .min(1)
    .max(limits.tariffEdits),
});
export type Edits = Omit<z.output<typeof edits>, 'edits'> & { edits: Edit[] };

export const wholeText = z.strictObject({ text: source });
export const decision = z.strictObject({ reason: z.string().trim().min(1, 'Say why').max(2_000) });

export const exampleOf = z.union([
  z.strictObject({ case: z.string().min(1).max(2_000) }),
  z.strictObject({ property: z.string().trim().min(1).max(100) }),
]);
export type ExampleOf = z.output<typeof exampleOf>;

export const id = z.uuid();
