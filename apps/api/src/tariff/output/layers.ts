import type { Column } from '../program.js';

/**
 * Stacks columns on a base query so that each is computed once: a column that reads another stands in a
 * higher layer. OFFSET 0 keeps PostgreSQL from merging the layers, which would copy every expression into
 * each of its uses. An order is said anew in each layer: only so does the planner know in the last one that
 * the rows still stand in it.
 */
export function layered(base: string, columns: readonly Column[], order = ''): string {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const heights = new Map<string, number>();
  const heightOf = (column: Column): number => {
    const known = heights.get(column.name);
    if (known !== undefined) return known;
    const below = namesIn(column.sql).flatMap((name) => {
      const other = name === column.name ? undefined : byName.get(name);
      return other ? [heightOf(other)] : [];
    });
    const height = Math.max(0, ...below) + 1;
    heights.set(column.name, height);
    return height;
  };
  const layers: Column[][] = [];
  for (const column of columns) (layers[heightOf(column) - 1] ??= []).push(column);
  return layers.reduce((sql, layer, i) => {
    const added = layer.map((column) => `${column.sql} AS ${column.name}`).join(',\n  ');
    return `SELECT l${i}.*,\n  ${added}\nFROM (${sql} OFFSET 0) l${i}${order && ` ORDER BY ${order}`}`;
  }, base);
}

/** The identifiers in an expression; texts between quotes are none. */
function namesIn(sql: string): string[] {
  return [...new Set(sql.replaceAll(/'(?:[^']|'')*'/g, "''").match(/[a-z_][a-z0-9_]*/g) ?? [])];
}

/** The names of all columns that an expression rests on, however deep. */
export function reach(sqls: readonly string[], columns: readonly Column[]): Set<string> {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const seen = new Set<string>();
  const visit = (sql: string): void => {
    for (const name of namesIn(sql)) {
      if (seen.has(name)) continue;
      seen.add(name);
      const column = byName.get(name);
      if (column) visit(column.sql);
    }
  };
  sqls.forEach(visit);
  return seen;
}
