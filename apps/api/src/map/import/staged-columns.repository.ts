import { Problem } from '../../core/problem.js';
import { limits } from '../../platform/limits.js';
import type { SqlValue } from '../../platform/database/tx.js';
import type { Layer, LayerColumn } from '../layer.js';
import { FID, keyColumns, sourcesOf, unitFactors, type ColumnMapping, type Mapping } from './mapping.js';
import type { Outcome } from './report.js';

/**
 * One thing that a row may have wrong, by its position in the list from 1: that number is what a row
 * stores.
 */
export interface Fault {
  rule: string;
  outcome: Outcome;
  /** The layer's column. */
  column: string | null;
  message: string;
  /** SQL of the value at fault, over the staging table `s`. */
  valueSql: string;
}

export interface StagedColumn {
  column: LayerColumn;
  /** Type of the column in the table of checked rows. */
  type: string;
  /** SQL of the text in the file, over `s`. */
  rawSql: string;
  /** SQL of the value, over `r` (raw texts). NULL where it is absent or at fault. */
  valueSql: string;
}

/** What the mapping and the file's columns make of the layer's columns, as SQL with bound values. */
export interface StagedColumns {
  columns: StagedColumn[];
  keySql: string;
  faults: Fault[];
  /** Conditions of the faults in the same order, over `r` (raw) and `v` (values). */
  conditions: string[];
  values: SqlValue[];
}

export const columnTypes: Record<LayerColumn['type'], string> = {
  text: 'text',
  integer: 'int',
  numeric: 'numeric',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamptz',
  uuid: 'uuid',
};

/** SQL patterns of texts that are values of a type. Anything else is reported, and never reaches a cast. */
const shapes: Partial<Record<LayerColumn['type'], string>> = {
  integer: '^[+-]?[0-9]{1,9}([.]0*)?$',
  numeric: '^[+-]?([0-9]{1,15}([.][0-9]{0,20})?|[.][0-9]{1,20})([eE][+-]?[0-9]{1,2})?$',
  boolean: '^(t|f|true|false|y|n|yes|no|1|0)$',
  timestamp: '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T?([01][0-9]|2[0-3]):[0-5][0-9]',
  uuid: '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$',
};

/** Where year, month and day stand in a text of each format. */
const dateFormats: Record<string, [pattern: string, year: string, month: string, day: string]> = {
  'YYYY-MM-DD': ['^([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})', '1', '2', '3'],
  'DD-MM-YYYY': ['^([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})$', '3', '2', '1'],
  'DD/MM/YYYY': ['^([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})$', '3', '2', '1'],
  'MM/DD/YYYY': ['^([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})$', '3', '1', '2'],
  YYYYMMDD: ['^([0-9]{4})([0-9]{2})([0-9]{2})$', '1', '2', '3'],
  YYYY: ['^([0-9]{4})$', '1', '', ''],
};

/**
 * Builds the SQL of one file's rows. Identifiers come from the layer; everything of the mapping is a bound
 * value.
 */
export class ColumnCompiler {
  private readonly faults: Fault[] = [];
  private readonly conditions: string[] = [];
  readonly values: SqlValue[];

  constructor(
    private readonly fileColumns: readonly string[],
    firstValues: SqlValue[],
  ) {
    this.values = [...firstValues];
  }

  compile(layer: Layer, mapping: Mapping): StagedColumns {
    this.checkSources(keyColumns(mapping).map((source) => ({ where: '/key', source })));
    this.fault('ST_NDims(s.geom) > 2', {
      rule: 'height-dropped',
      outcome: 'repaired',
      column: null,
      valueSql: 'GeometryType(s.geom)',
      message: 'the layer is flat: heights are left out',
    });
    const columns = this.columns(layer.name, layer.columns, mapping.columns);
    const keys = keyColumns(mapping).map((name) => this.source(name));
    const keySql = keys.length === 1 ? keys[0]! : `concat_ws('|', ${keys.join(', ')})`;
    return {
      ...this.result(columns),
      keySql: mapping.keyPrefix ? `${this.bind(mapping.keyPrefix)}::text || ${keySql}` : keySql,
    };
  }

  /** The columns that a mapping fills, or a Problem where it names one that the table or the file lacks. */
  columns(
    owner: string,
    all: readonly LayerColumn[],
    mappings: Record<string, ColumnMapping>,
  ): StagedColumn[] {
    this.checkTargets(owner, all, mappings);
    this.checkSources(
      Object.entries(mappings).flatMap(([name, column]) =>
        column.optional
          ? []
          : sourcesOf(column).map((source) => ({ where: `/columns/${name}/from`, source })),
      ),
    );
    return all.flatMap((column) => {
      const mapping = mappings[column.name];
      if (!mapping && column.required) {
        throw new Problem(
          422,
          'mapping-incomplete',
          `The mapping fills nothing into ${column.name}, which is required.`,
        );
      }
      return mapping ? [this.column(column, mapping)] : [];
    });
  }

  /** Faults, conditions and values of all columns compiled so far. */
  result(columns: StagedColumn[]): Omit<StagedColumns, 'keySql'> {
    return { columns, faults: this.faults, conditions: this.conditions, values: this.values };
  }

  bind(value: SqlValue): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  fault(condition: string, fault: Fault): void {
    this.conditions.push(condition);
    this.faults.push(fault);
  }

  /**
   * The text of a column of the file; staging columns bear numbers, so that no name of a file becomes SQL.
   */
  source(name: string): string {
    if (name === FID) return 's.fid';
    return `nullif(btrim(s.c${this.fileColumns.indexOf(name) + 1}), '')`;
  }

  private checkTargets(
    owner: string,
    all: readonly LayerColumn[],
    mappings: Record<string, ColumnMapping>,
  ): void {
    const own = new Set(all.filter((column) => !column.generated).map((column) => column.name));
    const stray = Object.keys(mappings).filter((name) => !own.has(name));
    if (stray.length === 0) return;
    throw new Problem(
      422,
      'mapping-column-unknown',
      `${owner} has no column ${stray.join(', ')}. It has: ${[...own].join(', ')}.`,
      stray.map((name) => ({ where: `/columns/${name}`, message: 'no such column in the layer' })),
    );
  }

  /** Throws where the file lacks a column that is named. */
  checkSources(named: { where: string; source: string }[]): void {
    const missing = named.filter(({ source }) => source !== FID && !this.fileColumns.includes(source));
    if (missing.length === 0) return;
    throw new Problem(
      422,
      'file-column-missing',
      `The file lacks the column ${missing.map((m) => m.source).join(', ')}. ` +
        `It has: ${this.fileColumns.slice(0, 60).join(', ') || 'none'}.`,
      missing.map(({ where, source }) => ({ where, value: source, message: 'no such column in the file' })),
    );
  }

  private column(column: LayerColumn, mapping: ColumnMapping): StagedColumn {
    const present = sourcesOf(mapping).filter((name) => name === FID || this.fileColumns.includes(name));
    const parts = present.map((name) => this.source(name));
    const joined =
      mapping.constant !== undefined ? `${this.bind(mapping.constant)}::text` : this.join(parts, mapping);
    const given = this.transform(joined, mapping);
    const raw = mapping.none?.length
      ? `(CASE WHEN ${given} = ANY (${this.bind(mapping.none)}::text[]) THEN NULL ELSE ${given} END)`
      : given;
    const r = `r.${column.name}`;
    const cleaned = this.withoutNonKeys(column, mapping, r, raw);
    const coded = this.coded(column, mapping, cleaned, raw);
    const typed = this.typed(column, mapping, coded, raw);
    const valueSql =
      mapping.default === undefined ? typed : this.defaulted(column, typed, r, mapping.default);
    this.commonFaults(column, mapping, raw);
    return { column, type: columnTypes[column.type], rawSql: raw, valueSql };
  }

  private join(parts: string[], mapping: ColumnMapping): string {
    if (parts.length === 0) return 'NULL::text';
    if (parts.length === 1) return parts[0]!;
    return `nullif(concat_ws(${this.bind(mapping.join ?? ' ')}::text, ${parts.join(', ')}), '')`;
  }

  private transform(sql: string, mapping: ColumnMapping): string {
    return (mapping.transform ?? []).reduce((inner, step) => {
      if (step === 'upper') return `upper(${inner})`;
      if (step === 'lower') return `lower(${inner})`;
      return `replace(${inner}, ',', '')`;
    }, sql);
  }

  private withoutNonKeys(column: LayerColumn, mapping: ColumnMapping, r: string, raw: string): string {
    if (!mapping.nonKeys?.length) return r;
    const exact = mapping.nonKeys.filter((value) => !value.endsWith('*'));
    const begins = mapping.nonKeys.filter((value) => value.endsWith('*'));
    const patterns = begins.map((value) => `${value.slice(0, -1).replace(/[\\%_]/g, '\\$&')}%`);
    const none = `(${r} = ANY (${this.bind(exact)}::text[]) OR ${r} LIKE ANY
      (${this.bind(patterns)}::text[]))`;
    this.fault(none, {
      rule: 'non-key',
      outcome: 'warned',
      column: column.name,
      valueSql: raw,
      message: `stands for "no number": ${column.name} is left empty`,
    });
    return `(CASE WHEN ${none} THEN NULL ELSE ${r} END)`;
  }

  private coded(column: LayerColumn, mapping: ColumnMapping, sql: string, raw: string): string {
    if (!mapping.codes && !column.codes) return sql;
    const coded = mapping.codes
      ? `(${this.bind(JSON.stringify(mapping.codes))}::jsonb ->> ${sql})`
      : `(CASE WHEN ${sql} = ANY (${this.bind(Object.keys(column.codes ?? {}))}::text[]) THEN ${sql} END)`;
    const own = column.codes;
    const wrong = own && Object.values(mapping.codes ?? {}).find((code) => !Object.hasOwn(own, code));
    if (wrong) {
      const known = Object.keys(own).join(', ');
      throw new Problem(
        422,
        'mapping-code-unknown',
        `${column.name} has no code "${wrong}". It has: ${known}.`,
      );
    }
    this.fault(`(${sql} IS NOT NULL AND ${coded} IS NULL)`, {
      rule: 'unknown-code',
      outcome: column.required ? 'rejected' : 'warned',
      column: column.name,
      valueSql: raw,
      message: column.required
        ? `is no code of ${column.name}, which is required`
        : `is no code of ${column.name}, which is left empty`,
    });
    return coded;
  }

  private typed(column: LayerColumn, mapping: ColumnMapping, sql: string, raw: string): string {
    if (column.type === 'text') return sql;
    if (column.type === 'date') return this.date(column, mapping, sql, raw);
    const shape = shapes[column.type];
    const text = column.type === 'boolean' || column.type === 'uuid' ? `lower(${sql})` : sql;
    this.fault(`(${sql} IS NOT NULL AND ${text} !~ '${shape}')`, {
      rule: column.type === 'integer' || column.type === 'numeric' ? 'not-a-number' : 'wrong-type',
      outcome: 'rejected',
      column: column.name,
      valueSql: raw,
      message: `is no ${column.type} for ${column.name}`,
    });
    const cast = column.type === 'integer' ? 'numeric::int' : columnTypes[column.type];
    const value = `(CASE WHEN ${text} ~ '${shape}' THEN ${text}::${cast} END)`;
    if (column.type !== 'integer' && column.type !== 'numeric') return value;
    return this.bounded(column, mapping, value, raw);
  }

  /** Exact unit conversion, then the bounds of the column. */
  private bounded(column: LayerColumn, mapping: ColumnMapping, value: string, raw: string): string {
    const scaled = mapping.unit ? `(${value} * ${unitFactors[mapping.unit]})` : value;
    const known = mapping.negativeIsNone ? `(CASE WHEN ${scaled} >= 0 THEN ${scaled} END)` : scaled;
    if (mapping.negativeIsNone) {
      this.fault(`coalesce(${scaled} < 0, false)`, {
        rule: 'negative',
        outcome: 'warned',
        column: column.name,
        valueSql: raw,
        message: `is taken for "not known": ${column.name} is left empty`,
      });
    }
    const bounds = [
      ...(column.min === undefined ? [] : [`${known} < ${this.bind(column.min)}::numeric`]),
      ...(column.max === undefined ? [] : [`${known} > ${this.bind(column.max)}::numeric`]),
    ];
    if (bounds.length) {
      this.fault(`coalesce(${bounds.join(' OR ')}, false)`, {
        rule: 'out-of-range',
        outcome: 'rejected',
        column: column.name,
        valueSql: raw,
        message: `${column.name} lies between ${column.min ?? '...'} and ${column.max ?? '...'}`,
      });
    }
    return column.type === 'integer' ? `(${known})::int` : known;
  }

  private date(column: LayerColumn, mapping: ColumnMapping, sql: string, raw: string): string {
    const [pattern, year, month, day] = dateFormats[mapping.date ?? 'YYYY-MM-DD']!;
    const part = (which: string) =>
      which ? `substring(${sql} FROM '${only(pattern, Number(which))}')::int` : '1';
    const [y, m, d] = [part(year), part(month), part(day)];
    // A day that does not exist, such as 31 February, would make the cast fail and with it the whole file.
    const exists = `(${sql} ~ '${pattern}' AND ${y} BETWEEN 1800 AND 2200 AND ${m} BETWEEN 1 AND 12
      AND ${d} BETWEEN 1 AND
      extract(day FROM make_date(${y}, least(greatest(${m}, 1), 12), 1) + interval '1 month - 1 day'))`;
    const value = `(CASE WHEN ${sql} ~ '${pattern}' THEN CASE WHEN ${exists}
      THEN make_date(${y}, ${m}, ${d}) END END)`;
    this.fault(`(${sql} IS NOT NULL AND ${value} IS NULL)`, {
      rule: 'not-a-date',
      outcome: 'rejected',
      column: column.name,
      valueSql: raw,
      message: `is no date of the form ${mapping.date ?? 'YYYY-MM-DD'}`,
    });
    return value;
  }

  private defaulted(column: LayerColumn, typed: string, r: string, value: string): string {
    return `(CASE WHEN ${r} IS NULL THEN ${this.bind(value)}::text::${columnTypes[column.type]}
      ELSE ${typed} END)`;
  }

  private commonFaults(column: LayerColumn, mapping: ColumnMapping, raw: string): void {
    const most = column.type === 'text' && column.max ? column.max : limits.importCellLength;
    if (mapping.constant === undefined) {
      this.fault(`length(r.${column.name}) > ${most}`, {
        rule: 'too-long',
        outcome: 'rejected',
        column: column.name,
        valueSql: raw,
        message: `is longer than ${most} characters`,
      });
    }
    if (column.required) {
      this.fault(`(v.${column.name} IS NULL AND r.${column.name} IS NULL)`, {
        rule: 'missing',
        outcome: 'rejected',
        column: column.name,
        valueSql: raw,
        message: `${column.name} is required and the file has no value`,
      });
    }
  }
}

/** The pattern with only its n-th group capturing, which is the one that `substring` returns. */
function only(pattern: string, n: number): string {
  let group = 0;
  return pattern.replace(/\((?!\?)/g, () => (++group === n ? '(' : '(?:'));
}
