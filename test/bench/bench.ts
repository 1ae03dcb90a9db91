/** One figure: what was measured against what, and what it may at most (or must at least) be. */
export interface Figure {
  what: string;
  /** With its unit. */
  measured: string;
  against: string;
  ratio: number | null;
  goal: string;
  /** Null where there is no goal. */
  met: boolean | null;
}

export interface Bench {
  name: string;
  /** What is measured and how, in one or two sentences. */
  how: string;
  run(log: (line: string) => void): Promise<Figure[]>;
}

/** Seconds that `work` takes. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** A figure whose ratio may be at most `most`. */
export function atMost(
  what: string,
  measured: [number, string],
  against: [number, string],
  most: number,
): Figure {
  const ratio = measured[0] / against[0];
  return {
    what,
    measured: show(measured),
    against: show(against),
    ratio,
    goal: `at most ${most}x`,
    met: ratio <= most,
  };
}

/** A figure whose ratio must be at least `least`. */
export function atLeast(
  what: string,
  measured: [number, string],
  against: [number, string],
  least: number,
): Figure {
  const ratio = measured[0] / against[0];
  return {
    what,
    measured: show(measured),
    against: show(against),
    ratio,
    goal: `at least ${least}x`,
    met: ratio >= least,
  };
}

/** A figure to know, with no goal. */
export function plain(what: string, measured: [number, string], against = ''): Figure {
  return { what, measured: show(measured), against, ratio: null, goal: '', met: null };
}

function show([value, unit]: [number, string]): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${unit}`;
}
