import { z } from 'zod';

const languages = ['en', 'hi', 'mr'] as const;

/** A municipality to be made. */
export const newUlb = z.strictObject({
  code: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,39}$/, '2 to 40 small letters, digits or hyphens, beginning with a letter')
    .refine((code) => !code.endsWith('-'), 'must not end in a hyphen'),
  name: z.string().trim().min(1).max(200),
  nameLocal: z.string().trim().min(1).max(200).nullish(),
  /** WGS 84 / UTM: the zone in which metres are measured. */
  utmSrid: z
    .number()
    .int()
    .refine(
      isUtm,
      'a UTM zone on WGS 84: 32601 to 32660 in the north, 32701 to 32760 in the south; India 32642 to 32647',
    ),
  languages: z
    .array(z.enum(languages))
    .min(1)
    .refine((list) => new Set(list).size === list.length, 'each language once')
    .default([...languages]),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'three capital letters of ISO 4217, such as INR')
    .default('INR'),
  areaUnit: z.enum(['m2', 'ft2', 'yd2']).default('m2'),
});
export type NewUlb = z.input<typeof newUlb>;

export const wardAt = z.object({
  lon: z.coerce.number().min(-180).max(180),
  lat: z.coerce.number().min(-90).max(90),
  /** The day on which the ward is asked for; absent: today. */
  on: z.iso.date().optional(),
});
export type WardAt = z.output<typeof wardAt>;

export const wardView = z
  .object({
    number: z.string(),
    name: z.string().nullable(),
    nameLocal: z.string().nullable(),
    effective: z.object({ from: z.iso.date().nullable(), to: z.iso.date().nullable() }),
  })
  .meta({ id: 'Ward' });
export type WardView = z.output<typeof wardView>;

function isUtm(srid: number): boolean {
  return (srid >= 32_601 && srid <= 32_660) || (srid >= 32_701 && srid <= 32_760);
}
