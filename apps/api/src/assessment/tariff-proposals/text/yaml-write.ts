import type { YamlValue } from './yaml-value.js';

/** Letters first, then only signs that mean nothing to YAML, inside brackets or out. */
const plainSafe = /^[\p{L}\p{N}._+/][\p{L}\p{N}\p{M}._+/%()-]*(?: [\p{L}\p{N}\p{M}._+/%()-]+)*$/u;
const widest = 116;

/** How a scalar was written, so that its successor is written alike. */
export type ScalarStyle = 'plain' | 'double' | 'single';

/** One text as a scalar on one line. */
export function writeScalar(value: string, style: ScalarStyle = 'plain'): string {
  if (style === 'plain' && plainSafe.test(value)) return value;
  // JSON's strings are YAML's double-quoted ones.
  if (style === 'single' && !/[\n\r\t]/.test(value)) return `'${value.replaceAll("'", "''")}'`;
  return JSON.stringify(value);
}

/** Any value on one line: `[A, {to: 1}]`. */
export function writeFlow(value: YamlValue): string {
  if (typeof value === 'string') return writeScalar(value);
  if (Array.isArray(value)) return `[${value.map(writeFlow).join(', ')}]`;
  const pairs = Object.entries(value).map(([key, held]) => `${writeScalar(key)}: ${writeFlow(held)}`);
  return `{${pairs.join(', ')}}`;
}

/** A text folded under `>-`, its lines at `indent`; null where folding would change it. */
export function writeFolded(value: string, indent: string): string | null {
  if (value === '' || /\n|\s{2}|^\s|\s$/.test(value)) return null;
  const lines: string[] = [];
  for (const word of value.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && indent.length + last.length + 1 + word.length <= widest)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return `>-\n${lines.map((line) => indent + line).join('\n')}`;
}

/** One item of a list that stands with dashes, dash included; a map gets a line for each of its keys. */
export function writeItem(value: YamlValue, indent: string): string {
  if (typeof value === 'string' || Array.isArray(value)) return `${indent}- ${writeFlow(value)}`;
  const pairs = Object.entries(value).map(([key, held]) => `${writeScalar(key)}: ${writeFlow(held)}`);
  return `${indent}- ${pairs.join(`\n${indent}  `)}`;
}
