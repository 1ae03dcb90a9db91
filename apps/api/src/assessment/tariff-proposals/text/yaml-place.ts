import { isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { YamlPath } from './yaml-value.js';

/**
 * Tells which value of a file stands at a line and column (from 1), as the path that an edit would name: the deepest
 * one that covers the place. Where nothing does, the root.
 */
export function placesOf(text: string): (line: number, column: number) => YamlPath {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { schema: 'failsafe', prettyErrors: false, lineCounter });
  return (line, column) => {
    const start = lineCounter.lineStarts[line - 1];
    return start === undefined ? [] : pathTo(document.contents as Node | null, start + column - 1);
  };
}

function pathTo(root: Node | null, offset: number): YamlPath {
  const path: (string | number)[] = [];
  let node: unknown = root;
  for (;;) {
    const step = stepInto(node, offset);
    if (!step) return path;
    path.push(step.name);
    node = step.node;
  }
}

function stepInto(node: unknown, offset: number): { name: string | number; node: unknown } | null {
  if (isMap(node)) {
    const pair = node.items.findLast((each) => isPair(each) && (startOf(each.key) ?? Infinity) <= offset);
    if (!pair || !isScalar(pair.key) || offset > (endOf(pair.value) ?? endOf(pair.key) ?? -1)) return null;
    return { name: String(pair.key.value), node: pair.value };
  }
  if (!isSeq(node)) return null;
  const index = node.items.findLastIndex((each) => (startOf(each) ?? Infinity) <= offset);
  return index < 0 || offset > (endOf(node.items[index]) ?? -1)
    ? null
    : { name: index, node: node.items[index] };
}

const startOf = (node: unknown): number | undefined => (node as Node | null)?.range?.[0];
const endOf = (node: unknown): number | undefined => (node as Node | null)?.range?.[1];
