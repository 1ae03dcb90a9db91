import type { TariffFile } from './file/read.js';
import { FormulaFault, type FilePath } from './file/fault.js';
import type { InputDeclaration } from './file/schema.js';
import { parseFormula } from './language/formula.js';

interface Names {
  readonly inputs: { readonly property: Record<string, InputDeclaration> };
  readonly tables: Record<string, unknown>;
  readonly steps?: { readonly property: readonly { readonly name: string }[] };
  readonly heads?: readonly { readonly name: string }[];
}

/**
 * Refuses names that no formula could use, because SQL reads them as words of its own: `full`, `end`, `left`. Names of
 * units and owners can be written with a dot (`unit.group`), where SQL takes every word as a name.
 */
export function checkWords(file: TariffFile, declared: Names): void {
  const check = (path: FilePath, name: string, call = false) => {
    if (call ? isFunction(name) : isColumn(name)) return;
    const message = `"${name}" is a word of SQL, so that no formula can use it as a name.`;
    file.fault(path, 'value', name, message, `Choose another, such as ${name}_value.`);
  };
  for (const name of Object.keys(declared.inputs.property)) check(['inputs', 'property', name], name);
  for (const name of Object.keys(declared.tables)) check(['tables', name], name, true);
  declared.steps?.property.forEach(({ name }, i) => check(['steps', 'property', i, 'name'], name));
  declared.heads?.forEach(({ name }, i) => check(['heads', i, 'name'], name));
}

function isColumn(name: string): boolean {
  const node = parsed(name);
  return node?.type === 'ColumnRef' && saysOnly(node.fields['fields'], name);
}

function isFunction(name: string): boolean {
  const node = parsed(`${name}(1)`);
  return node?.type === 'FuncCall' && saysOnly(node.fields['funcname'], name);
}

function parsed(text: string) {
  try {
    return parseFormula(text);
  } catch (error) {
    if (error instanceof FormulaFault) return null;
    throw error;
  }
}

function saysOnly(parts: unknown, name: string): boolean {
  return JSON.stringify(parts) === JSON.stringify([{ String: { sval: name } }]);
}
