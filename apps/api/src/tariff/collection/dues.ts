/**
 * What is owed, as every statement of this folder reads it: a relation `dues` that the caller puts in front as a
 * CTE. One row per property, kind (`demand`, `charge` or `cost`), financial year, head (or the name of the charge),
 * instalment and due day; amounts in currency units, `outstanding` what is left of `amount`; `served_on` the day on
 * which its bill was served, NULL before.
 */
export const DUES_COLUMNS = `property_id uuid, kind text, fy int, head text, instalment int, due_on date,
  amount numeric, outstanding numeric, served_on date`;

/** What is paid: a relation `payment`, one row per property. */
export const PAYMENT_COLUMNS = 'property_id uuid, paid_on date, amount numeric';

/** Names of the file as an SQL list; they hold small letters, digits and _ only. */
export function listSql(names: readonly string[]): string {
  return `(${names.map((name) => `'${name}'`).join(', ')})`;
}

/**
 * The dues beside the payment of their property, `paid` being NULL where there is none. FULL JOIN is never done as a
 * loop, which the planner would choose for tables of which it may not read the statistics; OFFSET 0 keeps it one.
 */
export const PAID = `SELECT d.*, p.amount AS paid, p.paid_on
FROM dues d FULL JOIN payment p USING (property_id) OFFSET 0`;
