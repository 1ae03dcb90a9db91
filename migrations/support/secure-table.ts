/**
 * The statements that close a table to other municipalities: forced row-level security on `ulb_id`, and only the named
 * privileges for the application's role, which neither owns the table nor may bypass its policies.
 * `privileges` is a SQL list such as `SELECT, INSERT`.
 */
export function secureTable(table: string, privileges: string): string[] {
  return [
    `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`,
    `ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`,
    // Written out instead of calling current_ulb(): the planner folds this into the index condition.
    `CREATE POLICY own_ulb ON ${table} TO PUBLIC
       USING (ulb_id = nullif(current_setting('jarib.ulb_id', true), '')::int)
       WITH CHECK (ulb_id = nullif(current_setting('jarib.ulb_id', true), '')::int)`,
    `GRANT ${privileges} ON ${table} TO jarib_app`,
  ];
}
