import type { SqlValue, Tx } from '../../platform/database/tx.js';

/**
 * Compiled SQL refers to a common list of bound values by number, and one statement uses some of them;
 * PostgreSQL wants
 * exactly those that a statement uses. Renumbers them from $1 in the order of first use.
 */
export function onlyUsed(sql: string, values: readonly SqlValue[]): { sql: string; values: SqlValue[] } {
  const numbers = new Map<number, number>();
  const text = sql.replace(/\$(\d+)/g, (_, digits: string) => {
    const old = Number(digits);
    if (!numbers.has(old)) numbers.set(old, numbers.size + 1);
    return `$${numbers.get(old)}`;
  });
  return { sql: text, values: [...numbers.keys()].map((old) => values[old - 1] ?? null) };
}

export async function runWith(tx: Tx, sql: string, values: readonly SqlValue[]): Promise<number> {
  const used = onlyUsed(sql, values);
  return tx.run(used.sql, used.values);
}

export async function rowsWith<Row extends object>(
  tx: Tx,
  sql: string,
  values: readonly SqlValue[],
): Promise<Row[]> {
  const used = onlyUsed(sql, values);
  return tx.rows<Row>(used.sql, used.values);
}
