import { loadModule, parseSync } from 'libpg-query';
import { FormulaFault } from '../file/fault.js';

/** The longest formula of the known tariffs has some 600 characters. */
export const LONGEST_FORMULA = 4000;
/** Deeper trees are refused: no law nests forty brackets, and the walk must not exhaust the stack. */
export const DEEPEST_FORMULA = 60;

/** A node of PostgreSQL's own syntax tree: one key, its type, whose value holds the fields. */
export interface Node {
  readonly type: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The parser is a WebAssembly module that must be loaded once before `parseFormula`. */
export async function loadParser(): Promise<void> {
  await loadModule();
}

function refuse(value: string, message: string, remedy: string, offset?: number): never {
  throw new FormulaFault('formula_not_allowed', value, message, remedy, offset);
}

const SELECT = 'SELECT ';

/**
 * Parses one scalar expression. Everything but `SELECT <one expression>` is refused here: an empty formula, a
 * second statement, FROM, WHERE, an alias, DISTINCT. What stands inside the expression is judged node by node
 * in `expression.ts`.
 */
export function parseFormula(text: string): Node {
  if (text.trim() === '') refuse(text, 'The formula is empty.', 'Write an expression.');
  if (text.length > LONGEST_FORMULA) {
    throw new FormulaFault(
      'too_large',
      `${text.length} characters`,
      `A formula has at most ${LONGEST_FORMULA} characters.`,
      'Split it into steps.',
    );
  }
  const control = /\p{Cc}/u.exec(text.replaceAll(/[\n\t]/g, ' '));
  if (control)
    refuse('control character', 'The formula holds a character that cannot be seen.', 'Remove it.');
  if (/--|\/\*/.test(text)) {
    refuse(text, 'A comment hides part of the formula ("1 --2" would be 1).', 'Put remarks under "note".');
  }
  const statement = onlyStatement(text);
  const target = onlyTarget(statement, text);
  return asNode(target);
}

function onlyStatement(text: string): Readonly<Record<string, unknown>> {
  let parsed: ReturnType<typeof parseSync>;
  try {
    parsed = parseSync(SELECT + text);
  } catch (error) {
    const details = (error as { sqlDetails?: { cursorPosition?: number } }).sqlDetails;
    const offset = details?.cursorPosition === undefined ? undefined : details.cursorPosition - SELECT.length;
    const message = `PostgreSQL cannot read the formula: ${(error as Error).message}.`;
    return refuse(text, message, 'Write one SQL expression.', offset);
  }
  const statements = parsed.stmts ?? [];
  if (statements.length !== 1)
    refuse(text, 'The formula holds more than one statement.', 'Write one expression.');
  const statement = asNode(statements[0]!.stmt);
  if (statement.type !== 'SelectStmt') refuse(text, 'The formula is a statement.', 'Write one expression.');
  return statement.fields;
}

function onlyTarget(select: Readonly<Record<string, unknown>>, text: string): unknown {
  const plain =
    Object.keys(select).every((key) => ['targetList', 'limitOption', 'op'].includes(key)) &&
    select['limitOption'] === 'LIMIT_OPTION_DEFAULT' &&
    select['op'] === 'SETOP_NONE';
  if (!plain)
    refuse(text, 'The formula is a query (FROM, WHERE, DISTINCT ...).', 'Use declared names and tables.');
  const targets = (select['targetList'] ?? []) as unknown[];
  if (targets.length !== 1)
    refuse(text, `The formula has ${targets.length} values.`, 'Write one expression.');
  const target = asNode(targets[0]);
  const extra = Object.keys(target.fields).filter((key) => key !== 'val' && key !== 'location');
  if (target.type !== 'ResTarget' || extra.length > 0)
    refuse(text, 'The formula has an alias.', 'Remove "as ...".');
  return target.fields['val'];
}

/**
 * Reads `{Type: fields}`; refuses anything else, so that an unforeseen shape of the parser cannot slip
 * through.
 */
export function asNode(value: unknown): Node {
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    const [first] = entries;
    if (entries.length === 1 && first && typeof first[1] === 'object' && first[1] !== null) {
      return { type: first[0], fields: first[1] as Record<string, unknown> };
    }
  }
  return refuse(
    JSON.stringify(value) ?? '',
    'This part of the formula is not understood.',
    'Write it more simply.',
  );
}

/** The byte offset of a node inside the formula. */
export function offsetOf(node: Node): number | undefined {
  const location = node.fields['location'];
  return typeof location === 'number' ? location - SELECT.length : undefined;
}

/** Refuses a node that carries any field besides those named; `location` is always allowed. */
export function onlyFields(node: Node, allowed: readonly string[], what: string): void {
  const extra = Object.keys(node.fields).filter((key) => key !== 'location' && !allowed.includes(key));
  if (extra.length > 0) {
    const message = `${what} may not be written with ${extra.join(', ')}.`;
    refuse(what, message, 'Use only what the tariff language allows.', offsetOf(node));
  }
}

/** The one-part name of a function or an operator; `pg_catalog.sum` and `operator(x.+)` are refused. */
export function simpleName(parts: unknown, node: Node): string {
  const list = (Array.isArray(parts) ? parts : []).map((part) => asNode(part).fields['sval']);
  if (list.length !== 1 || typeof list[0] !== 'string') {
    const shown = list.join('.');
    refuse(shown, `"${shown}" names a schema.`, 'Use the plain name of an allowed function.', offsetOf(node));
  }
  return list[0];
}
