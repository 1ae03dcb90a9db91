import { Problem } from '../../../core/problem.js';

/**
 * Counts tries from each address within a minute. In memory: the lock of an account is what holds across
 * processes.
 */
export class AddressLimit {
  private minute = 0;
  private readonly tries = new Map<string, number>();

  constructor(private readonly most: number) {}

  /** Throws `too-many-tries` where `address` has used up the tries of this minute. */
  take(address: string, at: Date): void {
    const minute = Math.floor(at.getTime() / 60_000);
    // A flood from ever new addresses would fill memory within the minute; then all begin anew.
    if (minute !== this.minute || this.tries.size > 100_000) this.tries.clear();
    this.minute = minute;
    const count = (this.tries.get(address) ?? 0) + 1;
    this.tries.set(address, count);
    if (count <= this.most) return;
    const retryAfterS = 60 - (Math.floor(at.getTime() / 1000) % 60);
    const detail = `More than ${this.most} sign-ins were tried from your address in a minute. Wait a minute.`;
    throw new Problem(429, 'too-many-tries', detail, [], { retryAfterS });
  }
}
