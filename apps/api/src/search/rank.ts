/** How many letters must change to make one text of the other. */
export function distance(a: string, b: string): number {
  const [from, to] = [[...a], [...b]];
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (const [i, letter] of from.entries()) {
    const next = [i + 1];
    for (const [j, other] of to.entries()) {
      const change = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/**
 * How much of what was typed stands in what is written, 0 to 1: each typed word is held against the written word most
 * like it. `written` may hold a name in two scripts; words of the other script simply do not resemble.
 */
export function likeness(typed: string, written: string): number {
  const words = wordsOf(written);
  const scores = wordsOf(typed).map((word) => Math.max(0, ...words.map((other) => alike(word, other))));
  return scores.length ? scores.reduce((sum, score) => sum + score, 0) / scores.length : 0;
}

function alike(typed: string, other: string): number {
  // A word half typed is like the beginning of the whole one.
  const begun = other.startsWith(typed) ? 0.9 : 0;
  return Math.max(begun, 1 - distance(typed, other) / Math.max(typed.length, other.length));
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .normalize('NFC')
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter(Boolean);
}
