import { createHash, randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What a request shows to prove who it comes from. */
export interface Credential {
  kind: 'session' | 'token';
  ulbCode: string;
  /** SHA-256 of the secret, in hex: all that is ever kept or looked up. */
  hash: string;
  /** The user name sent beside an API token as Basic password: it must be the token's own. */
  login: string | null;
}

export const sessionCookie = 'jarib_session';
/** The code of the municipality stands before the secret, so that it is known before any row is looked up. */
const value = /^([a-z][a-z0-9-]{1,39})\.([A-Za-z0-9_-]{43})$/;
const cookie = new RegExp(`(?:^|;\\s*)${sessionCookie}=([^;]+)`);

/** A new secret: what its owner gets (once), and the hash that is kept. */
export function makeSecret(ulbCode: string): { secret: string; hash: string } {
  const random = randomBytes(32).toString('base64url');
  return { secret: `${ulbCode}.${random}`, hash: sha256(random) };
}

/**
 * The credential of a request, or null. An Authorization header counts before a cookie: it was sent on
 * purpose.
 */
export function credentialOf(headers: IncomingHttpHeaders): Credential | null {
  const { authorization } = headers;
  if (authorization) return ofAuthorization(authorization);
  const found = headers.cookie && cookie.exec(headers.cookie);
  return found ? parse('session', found[1] ?? '', null) : null;
}

function ofAuthorization(header: string): Credential | null {
  const [scheme = '', text = ''] = header.split(' ', 2);
  if (scheme.toLowerCase() === 'bearer') return parse('token', text, null);
  if (scheme.toLowerCase() !== 'basic') return null;
  const pair = Buffer.from(text, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon < 0 ? null : parse('token', pair.slice(colon + 1), pair.slice(0, colon).toLowerCase());
}

function parse(kind: Credential['kind'], text: string, login: string | null): Credential | null {
  const parts = value.exec(text);
  return parts ? { kind, ulbCode: parts[1] ?? '', hash: sha256(parts[2] ?? ''), login } : null;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
