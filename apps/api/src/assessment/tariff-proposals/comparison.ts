import type { YamlPath, YamlValue } from './text/yaml-value.js';

/** One thing that a proposal changes. */
export interface Change {
  /** The part of the file: `tables`, `steps.unit`, `heads`, `cases`, or the file itself. */
  section: string;
  /** The table, step, head or case; null in the file's own head. */
  name: string | null;
  /** The keys of a table's row. */
  row: string | null;
  /** What of it: `formula`, `round`, `value`; null where the whole of it came or went. */
  field: string | null;
  kind: 'added' | 'removed' | 'changed';
  before: string | null;
  after: string | null;
  /** Where it stands in the proposal, or where it stood. */
  path: YamlPath;
}

type Data = { [key: string]: YamlValue };

const asMap = (value: YamlValue | undefined): Data =>
  typeof value === 'object' && !Array.isArray(value) ? value : {};
const asList = (value: YamlValue | undefined): YamlValue[] => (Array.isArray(value) ? value : []);

/** Lists whose items have names, and where their names stand. */
const named: [section: string, path: string[], name: string][] = [
  ['steps.unit', ['steps', 'unit'], 'name'],
  ['steps.property', ['steps', 'property'], 'name'],
  ['exemptions', ['exemptions'], 'name'],
  ['heads', ['heads'], 'name'],
  ['instalments', ['instalments'], 'n'],
  ['rebates', ['rebates'], 'name'],
  ['charges', ['charges'], 'name'],
  ['amnesties', ['amnesties'], 'name'],
  ['cases', ['cases'], 'name'],
];
const maps = ['tables', 'inputs.property', 'inputs.unit', 'inputs.owner'];

/**
 * What the file `after` changes of `before`, part by part in the order of a tariff: the head of the file, inputs,
 * tables row by row, steps, heads, cases. Order and layout are no change.
 */
export function compareFiles(before: YamlValue, after: YamlValue): Change[] {
  const [old, now] = [asMap(before), asMap(after)];
  const handled = new Set(['tables', 'inputs', 'steps', ...named.map(([, path]) => path[0])]);
  const keys = [...new Set([...Object.keys(now), ...Object.keys(old)])].filter((key) => !handled.has(key));
  return [
    ...fields('file', null, [], only(old, keys), only(now, keys)),
    ...maps.flatMap((section) => {
      const path = section.split('.');
      return compareNamed(section, path, entriesOf(at(old, path), path), entriesOf(at(now, path), path));
    }),
    ...named.flatMap(([section, path, key]) =>
      compareNamed(section, path, itemsOf(at(old, path), path, key), itemsOf(at(now, path), path, key)),
    ),
  ];
}

const only = (data: Data, keys: string[]): Data =>
  Object.fromEntries(keys.flatMap((key) => (data[key] === undefined ? [] : [[key, data[key]]])));

const at = (data: Data, path: string[]): YamlValue | undefined =>
  path.reduce<YamlValue | undefined>((value, key) => asMap(value)[key], data);

type Parts = Map<string, { value: YamlValue; path: YamlPath }>;

function entriesOf(value: YamlValue | undefined, path: YamlPath): Parts {
  return new Map(
    Object.entries(asMap(value)).map(([key, held]) => [key, { value: held, path: [...path, key] }]),
  );
}

function itemsOf(value: YamlValue | undefined, path: YamlPath, key: string): Parts {
  return new Map(
    asList(value).map((item, index) => [
      written(asMap(item)[key] ?? String(index + 1)),
      { value: item, path: [...path, index] },
    ]),
  );
}

function compareNamed(section: string, path: YamlPath, old: Parts, now: Parts): Change[] {
  const names = [...new Set([...now.keys(), ...old.keys()])];
  return names.flatMap((name): Change[] => {
    const [was, is] = [old.get(name), now.get(name)];
    const base = { section, name, row: null, field: null };
    if (!was && is) return [{ ...base, kind: 'added', before: null, after: brief(is.value), path: is.path }];
    if (was && !is) return [{ ...base, kind: 'removed', before: brief(was.value), after: null, path }];
    if (!was || !is) return [];
    const [a, b] = [asMap(was.value), asMap(is.value)];
    if (section !== 'tables') return fields(section, name, is.path, a, b);
    const rows = compareRows(name, is.path, asList(a['rows']), asList(b['rows']));
    return [...fields(section, name, is.path, without(a, 'rows'), without(b, 'rows')), ...rows];
  });
}

const without = (data: Data, key: string): Data =>
  Object.fromEntries(Object.entries(data).filter(([each]) => each !== key));

/** Keys of one thing, and one level below where both are maps of texts (a rounding, a label, a case's expectations). */
function fields(section: string, name: string | null, path: YamlPath, old: Data, now: Data): Change[] {
  const keys = [...new Set([...Object.keys(now), ...Object.keys(old)])];
  return keys.flatMap((field): Change[] => {
    const [was, is] = [old[field], now[field]];
    if (JSON.stringify(was) === JSON.stringify(is)) return [];
    const place = [...path, field];
    const base = { section, name, row: null, field, path: place };
    if (was === undefined) return [{ ...base, kind: 'added', before: null, after: written(is) }];
    if (is === undefined) return [{ ...base, kind: 'removed', before: written(was), after: null, path }];
    if (field === 'expect') {
      const inner = fields(section, name, place, asMap(was), asMap(is));
      return inner.map((change) => ({ ...change, field: `expect ${change.field ?? ''}` }));
    }
    const [before, after] = times.includes(field) ? [timeOf(was), timeOf(is)] : [written(was), written(is)];
    return [{ ...base, kind: 'changed', before, after }];
  });
}

const times = ['applies_to', 'in_force'];

/** `2026-27`, or with an end `2026-27 – 2028-29`. */
function timeOf(value: YamlValue): string {
  const [from, to] = [written(asMap(value)['from']), written(asMap(value)['to'])];
  return to === '' || to === 'null' || to === '~' ? from : `${from} – ${to}`;
}

/** Rows are told apart by their keys; two of the same keys (a fault anyway) by their order. */
function compareRows(name: string, path: YamlPath, old: YamlValue[], now: YamlValue[]): Change[] {
  const [was, is] = [rowsOf(old), rowsOf(now)];
  const changes: Change[] = [];
  for (const [keys, { value, index }] of is) {
    const before = was.get(keys)?.value ?? null;
    const base = { section: 'tables', name, row: keys.split('\u0000')[0] ?? '' };
    if (before === value) continue;
    const kind = before === null ? 'added' : 'changed';
    changes.push({ ...base, field: 'value', kind, before, after: value, path: [...path, 'rows', index] });
  }
  for (const [keys, { value }] of was) {
    if (is.has(keys)) continue;
    const row = keys.split('\u0000')[0] ?? '';
    const base = { section: 'tables', name, row, field: 'value' };
    changes.push({ ...base, kind: 'removed', before: value, after: null, path: [...path, 'rows'] });
  }
  return changes;
}

function rowsOf(rows: YamlValue[]): Map<string, { value: string; index: number }> {
  const found = new Map<string, { value: string; index: number }>();
  rows.forEach((row, index) => {
    const cells = asList(row);
    const keys = cells.slice(0, -1).map(written).join(' · ');
    const value = written(cells.at(-1));
    found.set(found.has(keys) ? `${keys}\u0000${index}` : keys, { value, index });
  });
  return found;
}

/** A value as a person would read it aloud. */
export function written(value: YamlValue | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  if (Array.isArray(value))
    return value.map((each) => (typeof each === 'string' ? each : `[${written(each)}]`)).join(', ');
  return Object.entries(value)
    .map(([key, held]) => `${key}: ${typeof held === 'string' ? held : `{${written(held)}}`}`)
    .join(', ');
}

/** The telling part of something that came or went as a whole. */
function brief(value: YamlValue): string {
  const data = asMap(value);
  const rows = asList(data['rows']);
  if (rows.length)
    return rows
      .map((row) => written(row))
      .join('; ')
      .slice(0, 300);
  const telling = data['formula'] ?? data['when'] ?? data['expect'] ?? value;
  return written(telling).slice(0, 300);
}
