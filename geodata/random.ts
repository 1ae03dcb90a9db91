/**
 * Random numbers that are the same on every machine for the same seed: sfc32, whose state is four 32-bit
 * words. `Math.random` cannot be seeded, and a town must be the same town each time.
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private d = 1;

  /** `seeds` are whole numbers; a second one makes an independent stream, such as one for each ward. */
  constructor(...seeds: number[]) {
    const word = (salt: number) => seeds.reduce((hash, seed) => mix(hash ^ Math.trunc(seed)), mix(salt));
    this.a = word(0x9e3779b9);
    this.b = word(0x243f6a88);
    this.c = word(0xb7e15162);
    for (let warmUp = 0; warmUp < 12; warmUp += 1) this.word();
  }

  /** The next 32 bits as a whole number from 0. */
  word(): number {
    const sum = (((this.a + this.b) | 0) + this.d) | 0;
    this.d = (this.d + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    return sum >>> 0;
  }

  /** From 0 inclusive to 1 exclusive. */
  next(): number {
    return this.word() / 4_294_967_296;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)] as T;
  }

  /** Prefers the beginning of the list: the common names stand first. */
  pickEarly<T>(list: readonly T[]): T {
    const skewed = this.next();
    return list[Math.floor(skewed * skewed * list.length)] as T;
  }
}

/** The finaliser of murmur3: each bit of the input moves half of the bits of the result. */
function mix(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) + 0x6d2b79f5;
}
