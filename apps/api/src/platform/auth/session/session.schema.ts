import { z } from 'zod';

export const signIn = z
  .strictObject({
    ulb: z.string().trim().toLowerCase().min(1).max(40),
    login: z.string().trim().toLowerCase().min(1).max(64),
    password: z.string().min(1).max(1_000),
    totp: z
      .string()
      .trim()
      .regex(/^\d{6}$/, 'six digits')
      .optional(),
  })
  .meta({ id: 'SignIn' });
export type SignIn = z.output<typeof signIn>;

export const ulbView = z
  .object({
    code: z.string(),
    name: z.string(),
    nameLocal: z.string().nullable(),
    languages: z.array(z.string()),
    /** West, south, east, north in degrees; null before there are wards. */
    bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]).nullable(),
  })
  .meta({ id: 'Ulb' });

export const sessionView = z
  .object({
    ulb: ulbView,
    user: z.object({
      id: z.uuid(),
      login: z.string(),
      name: z.string(),
      role: z.string(),
      wardNumbers: z.array(z.string()).nullable(),
    }),
    permissions: z.array(z.string()),
    csrfToken: z.string().nullable(),
  })
  .meta({ id: 'Session' });
export type SessionView = z.output<typeof sessionView>;
