import { z } from 'zod';
import { permissions } from '../permissions.js';

export const newToken = z
  .strictObject({
    name: z.string().trim().min(1).max(100),
    /** Absent: reading the map, which is what QGIS needs. */
    permissions: z.array(z.enum(permissions)).min(1).max(permissions.length).optional(),
    /** The last day it works, in UTC. Absent: a year from now. */
    expiresOn: z.iso.date().optional(),
  })
  .meta({ id: 'NewToken' });
export type NewToken = z.output<typeof newToken>;

export const tokenMade = z.object({ id: z.string(), token: z.string() }).meta({ id: 'TokenMade' });

export const tokenView = z
  .object({
    id: z.string(),
    name: z.string(),
    permissions: z.array(z.string()),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Token' });
export type TokenView = z.output<typeof tokenView>;

export const tokenId = z.string().regex(/^[0-9a-f]{64}$/, 'the id of GET /api/tokens');
