import type { Principal } from './principal.js';

interface Entry {
  principal: Principal;
  untilMs: number;
}

/** Callers seen within the last seconds. Bounded: beyond its size the one seen first goes first. */
export class PrincipalCache {
  private readonly entries = new Map<string, Entry>();

  /** `clockMs` only ever goes forward; its zero does not matter. */
  constructor(
    private readonly holdMs: number,
    private readonly most: number,
    private readonly clockMs: () => number,
  ) {}

  get(key: string): Principal | null {
    const entry = this.entries.get(key);
    if (!entry) return null;
    if (entry.untilMs > this.clockMs()) return entry.principal;
    this.entries.delete(key);
    return null;
  }

  /** Holds for the cache's time, or for `leftMs` where the session ends sooner. */
  set(key: string, principal: Principal, leftMs: number): void {
    this.entries.delete(key);
    const oldest = this.entries.size >= this.most ? this.entries.keys().next() : null;
    if (oldest && !oldest.done) this.entries.delete(oldest.value);
    this.entries.set(key, { principal, untilMs: this.clockMs() + Math.min(this.holdMs, leftMs) });
  }

  /** Drops every entry that `matches`. */
  drop(matches: (principal: Principal) => boolean): void {
    for (const [key, entry] of this.entries) if (matches(entry.principal)) this.entries.delete(key);
  }

  get size(): number {
    return this.entries.size;
  }
}
