import { isAlias, isMap, isNode, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml';
import type { FaultKind, FilePath, TariffFault } from './fault.js';

/**
 * Longer files are refused before they are parsed. The longest real tariff (Delhi) has some 20,000
 * characters.
 */
const LONGEST_FILE = 1_000_000;
const LONGEST_VALUE_SHOWN = 80;
/** A file so broken needs no longer list. */
const MOST_FAULTS = 100;

/** A tariff file as read: every scalar is text, so that no number ever passes through a float. */
export class TariffFile {
  readonly faults: TariffFault[] = [];
  data: unknown = null;
  private readonly lines = new LineCounter();
  private document: Document | null = null;

  constructor(
    readonly name: string,
    readonly text: string,
  ) {}

  /** Reads the YAML; false when it is so broken that nothing further can be checked. */
  read(): boolean {
    if (this.text.length > LONGEST_FILE) {
      this.faultAt(0, 'too_large', String(this.text.length), 'The file is too long.', 'Split it by years.');
      return false;
    }
    try {
      return this.parse();
    } catch (error) {
      this.faultAt(0, 'syntax', '', `The file cannot be read: ${String(error)}.`, 'Simplify its nesting.');
      return false;
    }
  }

  /** Reports a fault at a place of the file; `offset` counts characters into a one-line scalar. */
  fault(path: FilePath, kind: FaultKind, value: string, message: string, remedy: string, offset = 0): void {
    this.faultAt(this.positionOf(path, offset), kind, value, message, remedy);
  }

  /** Line and column, from 1, of a place in the file. */
  place(path: FilePath): { line: number; column: number } {
    const { line, col } = this.lines.linePos(this.positionOf(path, 0));
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  private parse(): boolean {
    const document = parseDocument(this.text, {
      schema: 'failsafe',
      uniqueKeys: true,
      lineCounter: this.lines,
      prettyErrors: false,
    });
    this.document = document;
    for (const error of [...document.errors, ...document.warnings].slice(0, MOST_FAULTS)) {
      const duplicate = error.code === 'DUPLICATE_KEY';
      const [kind, remedy]: [FaultKind, string] = duplicate
        ? ['duplicate_key', 'Keep one of the two.']
        : ['syntax', 'Correct the YAML.'];
      const value = /^[^:\n]{0,80}/.exec(this.text.slice(error.pos[0]))![0];
      this.faultAt(error.pos[0], kind, value, `${error.message}.`.replace(/\.\.$/, '.'), remedy);
    }
    visit(document, (_, node) => {
      if (isNode(node) && node.tag !== undefined) {
        const message = 'A YAML tag is not allowed.';
        this.faultAt(node.range?.[0] ?? 0, 'syntax', node.tag, message, 'Write the plain value.');
      }
      if (!isAlias(node)) return;
      const message = 'A YAML alias is not allowed: the reader must see each figure where it applies.';
      this.faultAt(node.range?.[0] ?? 0, 'syntax', `*${node.source}`, message, 'Write the value out.');
    });
    if (this.faults.length > 0) return false;
    this.data = document.toJS();
    return true;
  }

  private faultAt(position: number, kind: FaultKind, value: string, message: string, remedy: string): void {
    const { line, col } =
      this.lines.lineStarts.length > 0 ? this.lines.linePos(position) : { line: 1, col: 1 };
    const shown = value.length > LONGEST_VALUE_SHOWN ? `${value.slice(0, LONGEST_VALUE_SHOWN)}...` : value;
    const place = { file: this.name, line: Math.max(line, 1), column: Math.max(col, 1) };
    this.faults.push({ ...place, value: shown, kind, message, remedy });
  }

  /** The start of the deepest node on the path that exists; of an unknown key, the key itself. */
  private positionOf(path: FilePath, offset: number): number {
    for (let length = path.length; length > 0; length -= 1) {
      const node: unknown = this.document?.getIn(path.slice(0, length), true);
      if (isScalar(node) || (node && typeof node === 'object' && 'range' in node)) {
        const range = (node as { range?: [number, number, number] | null }).range;
        if (range) return range[0] + (length === path.length ? this.innerOffset(node, range, offset) : 0);
      }
    }
    return this.document && isMap(this.document.contents) ? (this.document.contents.range?.[0] ?? 0) : 0;
  }

  private innerOffset(node: unknown, range: readonly [number, number, number], offset: number): number {
    if (offset === 0 || !isScalar(node)) return 0;
    const source = this.text.slice(range[0], range[1]);
    const quote = /^["']/.test(source) ? 1 : 0;
    return source.slice(quote).startsWith(String(node.value)) ? offset + quote : 0;
  }
}
