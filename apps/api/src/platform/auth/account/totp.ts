import { Secret, TOTP } from 'otpauth';

const periodS = 30;

/** A new secret in base32, as authenticator apps take it. */
export function makeTotpSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/** What is shown as a QR code to the account's owner. */
export function totpAddress(secret: string, ulbCode: string, login: string): string {
  return totpOf(secret, `${login}@${ulbCode}`).toString();
}

/**
 * The time step (RFC 6238) for which `code` is right, or null: wrong, older or newer than one step, or not
 * after `lastStep`, the step of the last sign-in, since a code is good for one.
 */
export function totpStep(secret: string, code: string, at: Date, lastStep: number | null): number | null {
  const delta = totpOf(secret).validate({ token: code, timestamp: at.getTime(), window: 1 });
  if (delta === null) return null;
  const step = Math.floor(at.getTime() / 1000 / periodS) + delta;
  return lastStep !== null && step <= lastStep ? null : step;
}

function totpOf(secret: string, label = 'account'): TOTP {
  return new TOTP({ issuer: 'Jarib', label, secret: Secret.fromBase32(secret), digits: 6, period: periodS });
}
