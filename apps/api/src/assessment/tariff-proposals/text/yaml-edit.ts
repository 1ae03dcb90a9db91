import {
  isCollection,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type Document,
  type Node,
  type Pair,
} from 'yaml';
import { insertItem, insertPair, removeItem, removePair, type Splice } from './yaml-splice.js';
import { type Edit, EditFault, editData, type YamlPath, type YamlValue } from './yaml-value.js';
import { type ScalarStyle, writeFlow, writeFolded, writeItem, writeScalar } from './yaml-write.js';

/** The file as data, every scalar a text; null where it is no YAML. */
export function readYaml(text: string): YamlValue | null {
  const document = parse(text);
  if (document.errors.length > 0 || !document.contents) return null;
  try {
    return document.toJS({ maxAliasCount: 0 }) as YamlValue;
  } catch {
    return null;
  }
}

/**
 * Makes the edits in the text and leaves all else as it was written: comments, quotes, folds, columns. What came out
 * is read again and compared with what was meant; where a splice would not give it, the library writes the whole file
 * anew, which keeps comments but not every line break. Throws EditFault for a place that does not exist.
 */
export function editYaml(text: string, edits: readonly Edit[]): string {
  let edited = text;
  let data = readYaml(text);
  if (data === null) throw new EditFault([], 'The file is not readable as YAML. Mend its text first.');
  for (let at = 0; at < edits.length;) {
    const batch = leaves(edits, at);
    at += batch.length;
    for (const edit of batch) data = editData(data, edit);
    edited = editOnce(edited, batch, data);
  }
  return edited;
}

/** A run of settings that can be spliced from one reading: none of them moves what the next one names. */
function leaves(edits: readonly Edit[], from: number): Edit[] {
  const first = edits[from];
  if (first?.op !== 'set') return first ? [first] : [];
  const batch: Edit[] = [];
  const seen = new Set<string>();
  for (const edit of edits.slice(from)) {
    const key = JSON.stringify(edit.path);
    if (edit.op !== 'set' || typeof edit.value !== 'string' || seen.has(key)) break;
    seen.add(key);
    batch.push(edit);
  }
  return batch.length ? batch : [first];
}

function editOnce(text: string, batch: readonly Edit[], meant: YamlValue): string {
  const document = parse(text);
  const splices = batch.map((edit) => spliceOf(text, document, edit));
  if (splices.every((splice) => splice !== null)) {
    const edited = [...splices]
      .sort((a, b) => b.from - a.from)
      .reduce((whole, { from, to, text: put }) => whole.slice(0, from) + put + whole.slice(to), text);
    if (readsAs(edited, meant)) return edited;
  }
  return rewritten(document, batch, meant);
}

function rewritten(document: Document, batch: readonly Edit[], meant: YamlValue): string {
  for (const edit of batch) {
    if (edit.op === 'remove') document.deleteIn(edit.path);
    else if (edit.op === 'set') document.setIn(edit.path, document.createNode(edit.value));
    else {
      const list = document.getIn(edit.path.slice(0, -1));
      if (isSeq(list)) list.items.splice(Number(edit.path.at(-1)), 0, document.createNode(edit.value));
    }
  }
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: false });
  if (!readsAs(text, meant)) {
    throw new EditFault(
      batch[0]?.path ?? [],
      'The value cannot be written there. Edit the text of the file.',
    );
  }
  return text;
}

/** Keys stand in one order in both, so that equal data has equal JSON. */
const readsAs = (text: string, meant: YamlValue): boolean =>
  JSON.stringify(readYaml(text)) === JSON.stringify(meant);

function parse(text: string) {
  return parseDocument(text, { schema: 'failsafe', prettyErrors: false });
}

function spliceOf(text: string, document: Document, edit: Edit): Splice | null {
  const parent = nodeAt(document.contents as Node | null, edit.path.slice(0, -1));
  const last = edit.path.at(-1);
  if (isMap(parent) && typeof last === 'string') {
    const pair = parent.items.find(({ key }) => isScalar(key) && key.value === last) as Pair | undefined;
    if (edit.op === 'remove') return pair ? removePair(text, parent, pair) : null;
    if (edit.op !== 'set') return null;
    return pair
      ? replaced(text, pair.value as Node | null, edit.value)
      : insertPair(text, parent, last, edit.value);
  }
  if (!isSeq(parent) || typeof last !== 'number') return null;
  if (edit.op === 'insert') return insertItem(text, parent, last, edit.value);
  if (edit.op === 'remove') return removeItem(text, parent, last);
  return replaced(text, parent.items[last] as Node | undefined, edit.value);
}

function nodeAt(root: Node | null, path: YamlPath): Node | null {
  let node: unknown = root;
  for (const step of path) {
    if (isMap(node)) node = node.items.find(({ key }) => isScalar(key) && key.value === step)?.value;
    else if (isSeq(node) && typeof step === 'number') node = node.items[step];
    else return null;
  }
  return (node as Node | undefined) ?? null;
}

const styles: Record<string, ScalarStyle> = { QUOTE_DOUBLE: 'double', QUOTE_SINGLE: 'single' };

/** The value's own characters replaced, in the style in which they stood. */
function replaced(text: string, node: Node | null | undefined, value: YamlValue): Splice | null {
  if (!node?.range) return null;
  const [from, to] = node.range;
  const old = text.slice(from, to);
  const ending = old.endsWith('\n') ? '\n' : '';
  if (isScalar(node) && typeof value === 'string') {
    if (node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL') {
      const indent = /\n( +)\S/.exec(old)?.[1] ?? '  ';
      return { from, to, text: (writeFolded(value, indent) ?? writeScalar(value, 'double')) + ending };
    }
    const gap = from === to && !/\s/.test(text[from - 1] ?? ' ') ? ' ' : '';
    return { from, to, text: gap + writeScalar(value, styles[node.type ?? ''] ?? 'plain') };
  }
  if (isCollection(node) && !node.flow && Array.isArray(value) && isSeq(node) && value.length > 0) {
    const indent = ' '.repeat(from - (text.lastIndexOf('\n', from - 1) + 1));
    return {
      from,
      to,
      text:
        value
          .map((item) => writeItem(item, indent))
          .join('\n')
          .trimStart() + ending,
    };
  }
  return { from, to, text: writeFlow(value) + ending };
}
