import type { Node, Pair, YAMLMap, YAMLSeq } from 'yaml';
import type { YamlValue } from './yaml-value.js';
import { writeFlow, writeItem, writeScalar } from './yaml-write.js';

/** Characters `from` (included) to `to` (excluded) of the text become `text`. */
export interface Splice {
  from: number;
  to: number;
  text: string;
}

/** A line of brackets that grows longer than this breaks before its new item. */
const widest = 116;

const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;

/** Behind the line break of the line at `at`; the text's end where there is none. */
function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

/** Where a node's own characters end, without the space behind them that its range may hold. */
function endOf(text: string, node: Node | null | undefined, least: number): number {
  let end = node?.range?.[1] ?? least;
  while (end > least && /\s/.test(text[end - 1] ?? '')) end -= 1;
  return end;
}

function afterLine(text: string, at: number, line: string): Splice {
  const end = lineEnd(text, at);
  const before = end > 0 && text[end - 1] !== '\n' ? '\n' : '';
  return { from: end, to: end, text: `${before}${line}\n` };
}

const nodesOf = (list: YAMLSeq) => list.items as (Node | undefined)[];

/** The dash of a list's item, or null where something else stands before it. */
function dashOf(text: string, item: Node | undefined): { at: number; indent: string } | null {
  if (!item?.range) return null;
  const start = lineStart(text, item.range[0]);
  const match = /^( *)- */.exec(text.slice(start, item.range[0]));
  return match ? { at: start, indent: match[1] ?? '' } : null;
}

/** A new item of a list, before the one at `index`. */
export function insertItem(text: string, list: YAMLSeq, index: number, value: YamlValue): Splice | null {
  const items = nodesOf(list);
  const [from, to] = list.range ?? [0, 0];
  if (items.length === 0)
    return { from, to, text: list.flow ? `[${writeFlow(value)}]` : ` [${writeFlow(value)}]` };
  if (list.flow) return insertFlow(text, items, index, writeFlow(value));
  const dash = dashOf(text, items[0]);
  if (!dash) return null;
  const line = writeItem(value, dash.indent);
  // Behind the one before, not before the one behind: the comment above that one is its own.
  if (index === 0) return { from: dash.at, to: dash.at, text: `${line}\n` };
  const before = items[index - 1];
  return before?.range ? afterLine(text, endOf(text, before, before.range[0]), line) : null;
}

function insertFlow(
  text: string,
  items: readonly (Node | undefined)[],
  index: number,
  item: string,
): Splice | null {
  const next = items[index]?.range;
  if (next) return { from: next[0], to: next[0], text: `${item}, ` };
  const last = items.at(-1)?.range;
  if (!last) return null;
  const start = lineStart(text, last[1]);
  const indent = /^ */.exec(text.slice(start))?.[0] ?? '';
  // A line that begins with the list's own key is followed by deeper ones.
  const deeper = /^ *["'[{]/.test(text.slice(start)) ? indent : `${indent}  `;
  const wide = lineEnd(text, last[1]) - start + item.length + 2 > widest;
  return { from: last[1], to: last[1], text: wide ? `,\n${deeper}${item}` : `, ${item}` };
}

/** Takes an item out of a list, with the comma or the line that was its own. */
export function removeItem(text: string, list: YAMLSeq, index: number): Splice | null {
  const items = nodesOf(list);
  const item = items[index];
  if (!item?.range) return null;
  if (list.flow)
    return removeFlow(
      items.map((each) => each?.range ?? null),
      index,
    );
  const dash = dashOf(text, item);
  if (!dash || items.length === 1) return null;
  return { from: dash.at, to: lineEnd(text, endOf(text, item, item.range[0])), text: '' };
}

type Span = readonly [from: number, to: number, ...rest: number[]] | null;

function removeFlow(spans: readonly Span[], index: number): Splice | null {
  const [own, next, before] = [spans[index], spans[index + 1], spans[index - 1]];
  if (!own) return null;
  if (next) return { from: own[0], to: next[0], text: '' };
  return before ? { from: before[1], to: own[1], text: '' } : { from: own[0], to: own[1], text: '' };
}

const keyOf = (pair: Pair | undefined) => (pair?.key as Node | undefined)?.range ?? null;

/** A new key of a map, behind its last. */
export function insertPair(text: string, map: YAMLMap, key: string, value: YamlValue): Splice | null {
  const pair = `${writeScalar(key)}: ${writeFlow(value)}`;
  const last = map.items.at(-1) as Pair | undefined;
  const place = keyOf(last);
  const [from, to] = map.range ?? [0, 0];
  if (!place) return { from, to, text: `{${pair}}` };
  const end = endOf(text, last?.value as Node | null, place[1]);
  if (map.flow) return { from: end, to: end, text: `, ${pair}` };
  const first = keyOf(map.items[0] as Pair);
  const indent = first ? first[0] - lineStart(text, first[0]) : 0;
  return afterLine(text, end, ' '.repeat(indent) + pair);
}

/** Takes a key and its value out of a map. */
export function removePair(text: string, map: YAMLMap, pair: Pair): Splice | null {
  const pairs = map.items as Pair[];
  const index = pairs.indexOf(pair);
  const spans = pairs.map((each): Span => {
    const key = keyOf(each);
    return key ? [key[0], endOf(text, each.value as Node | null, key[1])] : null;
  });
  const own = spans[index];
  if (!own || pairs.length === 1) return null;
  if (map.flow) return removeFlow(spans, index);
  const start = lineStart(text, own[0]);
  const next = spans[index + 1];
  if (text.slice(start, own[0]).trim() === '') return { from: start, to: lineEnd(text, own[1]), text: '' };
  return next ? { from: own[0], to: next[0], text: '' } : null;
}
