/** Turns a formula and the values it was reckoned with into the line that a clerk writes: `60 × 12 ÷ 100`. */

interface Named {
  name: string;
  value: string | boolean | null;
}
interface Lookup {
  table: string;
  value: string | boolean | null;
}
interface Reckoned {
  formula: string;
  operands: Named[];
  lookups: Lookup[];
}

const squeezed = (text: string): string => text.replace(/\s+/g, '').toLowerCase();

/** `12,34,567.5` from `1234567.5`: Indian grouping without touching the decimals. */
export function grouped(decimal: string): string {
  const match = /^(-?)(\d+)(\.\d+)?$/.exec(decimal);
  if (!match) return decimal;
  const [, sign = '', whole = '', fraction = ''] = match;
  const head = whole.slice(0, -3).replace(/\B(?=(\d{2})+$)/g, ',');
  return `${sign}${head ? `${head},` : ''}${whole.slice(-3)}${fraction}`;
}

/** Where the bracket that opens at `open` closes, or -1. */
function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    if (text[at] === ')') depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

/**
 * The formula with figures in the place of names, or null where it holds more than plain arithmetic (a
 * choice between cases, a comparison): that is better shown as the law wrote it, with its figures beside.
 */
export function reckoning({ formula, operands, lookups }: Reckoned): string | null {
  const byName = new Map(operands.map(({ name, value }) => [squeezed(name), value]));
  const rows = [...lookups];
  const parts: string[] = [];
  let at = 0;
  while (at < formula.length) {
    const rest = formula.slice(at);
    const name = /^[a-z_][a-z0-9_.]*/i.exec(rest)?.[0];
    if (!name) {
      const number = /^\d+(\.\d+)?/.exec(rest)?.[0];
      parts.push(number ? grouped(number) : (signs[rest.charAt(0)] ?? rest.charAt(0)));
      at += number?.length ?? 1;
      continue;
    }
    const called = /^\s*\(/.exec(rest.slice(name.length));
    const end = called ? closing(formula, at + name.length + called[0].length - 1) : -1;
    const whole = called ? formula.slice(at, end + 1) : name;
    const row = called ? rows.findIndex(({ table }) => table === name) : -1;
    const value = row >= 0 ? rows.splice(row, 1)[0]?.value : byName.get(squeezed(whole));
    if (typeof value !== 'string' || !/^-?\d+(\.\d+)?$/.test(value)) return null;
    parts.push(grouped(value));
    at += whole.length;
  }
  const text = parts.join('').replace(/\s+/g, ' ').trim();
  return /[<>=a-z]/i.test(text) ? null : text;
}

const signs: Record<string, string> = { '*': '×', '/': '÷', '-': '−' };

/** True where the line says more than the result itself does. */
export function saysMore(line: string | null, result: string): boolean {
  return line !== null && line !== grouped(result) && /[×÷+−]/.test(line);
}
