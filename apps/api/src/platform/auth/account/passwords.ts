import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { randomBytes } from 'node:crypto';
import { Problem } from '../../../core/problem.js';
import { limits } from '../../limits.js';

/** Argon2id with 19 MiB, two passes, one lane: OWASP's first choice for sign-in. */
const cost = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * Hashing and checking of passwords, a few at once: a flood of sign-ins must not take all memory and threads.
 */
@Injectable()
export class Passwords {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  /** Checked where there is no account, so that its absence takes as long as a wrong password. */
  private readonly nobody = hash(randomBytes(16), cost);

  async hash(password: string): Promise<string> {
    return this.inTurn(() => hash(password.normalize('NFKC'), cost));
  }

  /** `null` stands for an account that does not exist: false, after the same work. */
  async verify(passwordHash: string | null, password: string): Promise<boolean> {
    const expected = passwordHash ?? (await this.nobody);
    const right = await this.inTurn(() => verify(expected, password.normalize('NFKC')));
    return right && passwordHash !== null;
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= limits.passwordChecks) {
      if (this.waiting.length >= limits.passwordChecksWaiting) {
        const detail = 'Too many people are signing in at this moment. Try again in a few seconds.';
        throw new Problem(429, 'too-many-sign-ins', detail, [], { retryAfterS: 5 });
      }
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else this.running += 1;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }
}
