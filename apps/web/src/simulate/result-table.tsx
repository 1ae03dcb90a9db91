import { IconArrowsSort, IconSortAscending, IconSortDescending } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';

export interface Column<T> {
  name: string;
  cell: (row: T) => ReactNode;
  /** Words stand left, figures right. */
  words?: boolean;
  /** Draws the figure also as a bar, as long as it is against the largest of its column; the head sorts by it. */
  bar?: (row: T) => bigint;
}

interface Props<T> {
  label: string;
  columns: Column<T>[];
  rows: T[];
  keyOf: (row: T) => string;
}

type Order = 'given' | 'most' | 'least';
const next: Record<Order, Order> = { given: 'most', most: 'least', least: 'given' };
const icons = { given: IconArrowsSort, most: IconSortDescending, least: IconSortAscending };

/** A dense table of figures. The head of the column with bars puts the rows in the order of their change, and back. */
export function ResultTable<T>({ label, columns, rows, keyOf }: Props<T>) {
  const [order, setOrder] = useState<Order>('given');
  const by = columns.find(({ bar }) => bar)?.bar;
  const shown = by ? ordered(rows, by, order) : rows;
  const Icon = icons[order];
  return (
    <table className="result-table" aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ name, words, bar }) => (
            <th key={name} scope="col" className={words ? undefined : 'amount'}>
              {bar && rows.length > 2 ? (
                <button type="button" className="result-sort" onClick={() => setOrder(next[order])}>
                  {name} <Icon size={14} aria-hidden="true" />
                </button>
              ) : (
                name
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {shown.map((row) => (
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

function ordered<T>(rows: T[], by: (row: T) => bigint, order: Order): T[] {
  if (order === 'given') return rows;
  const sign = order === 'most' ? -1 : 1;
  return [...rows].sort((a, b) => (by(a) === by(b) ? 0 : by(a) < by(b) ? -sign : sign));
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
