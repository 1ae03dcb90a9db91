/** What a tariff file holds: texts (every number too), lists and maps. */
export type YamlValue = string | YamlValue[] | { [key: string]: YamlValue };

/** Keys and indexes from the root of the file. */
export type YamlPath = readonly (string | number)[];

/**
 * One change of one value. `insert` puts the value before the list's item at the last index of the path, or at its end
 * where the index is the list's length; `set` of a key that a map does not have yet adds it.
 */
export type Edit =
  | { op: 'set'; path: YamlPath; value: YamlValue }
  | { op: 'insert'; path: YamlPath; value: YamlValue }
  | { op: 'remove'; path: YamlPath };

/** The edit names a place that the file does not have. */
export class EditFault extends Error {
  constructor(
    readonly path: YamlPath,
    message: string,
  ) {
    super(message);
  }
}

const isList = (value: unknown): value is YamlValue[] => Array.isArray(value);
const isMap = (value: unknown): value is { [key: string]: YamlValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value at a path, or undefined. */
export function valueAt(data: unknown, path: YamlPath): YamlValue | undefined {
  let value = data;
  for (const step of path) {
    if (isList(value) && typeof step === 'number') value = value[step];
    else if (isMap(value) && typeof step === 'string' && Object.hasOwn(value, step)) value = value[step];
    else return undefined;
  }
  return value as YamlValue | undefined;
}

/** A copy of the data with the edit made: what the edited text must read as. Throws EditFault. */
export function editData(data: YamlValue, edit: Edit): YamlValue {
  const copy = structuredClone(data);
  const parent = valueAt(copy, edit.path.slice(0, -1));
  const last = edit.path.at(-1);
  if (isMap(parent) && typeof last === 'string' && edit.op !== 'insert') {
    if (edit.op === 'set') parent[last] = edit.value;
    else if (Object.hasOwn(parent, last)) delete parent[last];
    else throw missing(edit.path);
    return copy;
  }
  if (!isList(parent) || typeof last !== 'number') throw missing(edit.path);
  const end = edit.op === 'insert' ? parent.length : parent.length - 1;
  if (last < 0 || last > end) throw missing(edit.path);
  if (edit.op === 'insert') parent.splice(last, 0, edit.value);
  else if (edit.op === 'remove') parent.splice(last, 1);
  else parent[last] = edit.value;
  return copy;
}

function missing(path: YamlPath): EditFault {
  return new EditFault(path, `The file has no place ${path.join(' / ')}.`);
}
