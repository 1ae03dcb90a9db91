import type { ReactNode } from 'react';

export interface Column<T> {
  name: string;
  cell: (row: T) => ReactNode;
  /** Words stand left, figures right. */
  words?: boolean;
  /** Draws the figure also as a bar, as long as it is against the largest of its column. */
  bar?: (row: T) => bigint;
}

interface Props<T> {
  label: string;
  columns: Column<T>[];
  rows: T[];
  keyOf: (row: T) => string;
}

/** A dense table of figures whose head stays in sight. */
export function ResultTable<T>({ label, columns, rows, keyOf }: Props<T>) {
  return (
    <table className="result-table" aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ name, words }) => (
            <th key={name} scope="col" className={words ? undefined : 'amount'}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map(({ name, cell, words, bar }) => (
              <td key={name} className={words ? undefined : 'amount number'}>
                {bar ? <Bar value={bar(row)} most={largest(rows, bar)} /> : null}
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const size = (value: bigint): bigint => (value < 0n ? -value : value);

function largest<T>(rows: T[], bar: (row: T) => bigint): bigint {
  return rows.map((row) => size(bar(row))).reduce((most, each) => (each > most ? each : most), 1n);
}

function Bar({ value, most }: { value: bigint; most: bigint }) {
  const width = Number((size(value) * 100n) / most);
  return (
    <span
      className="result-bar"
      data-falls={value < 0n}
      style={{ width: `${width * 0.56}px` }}
      aria-hidden="true"
    />
  );
}
