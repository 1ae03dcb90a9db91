import { receivables } from './ledger.repository.js';

/**
 * Common table expression `charge`: what one amount of a computed array stands for, by its position (head by head, in
 * each the instalments in order). `first` is the number of the first of its four bound arrays: heads text[],
 * instalments smallint[], income accounts text[], due dates date[].
 */
export function chargeSql(first: number): string {
  return `charge AS MATERIALIZED (SELECT * FROM unnest($${first}::text[], $${first + 1}::smallint[],
    $${first + 2}::text[], $${first + 3}::date[]) WITH ORDINALITY
    AS c(head, instalment, account, due_on, position) ORDER BY head COLLATE "C", instalment)`;
}

const columns = `(ulb_id, property_id, fy, head, instalment, kind, entry_no, debit_account, credit_account,
  amount_paise, due_on, posted_on, source_id)`;

/**
 * Posts the first demand of each property of the relation `source` (property_id, amounts_paise bigint[]), inside the
 * statement that computes them. The other texts are bound parameters, as in `$7`. Property by property, in the order of
 * the key: the index then grows at its end, which is twice as fast as head by head.
 */
export function demandInsertSql(
  source: string,
  at: { ulbId: string; fy: string; postedOn: string; runId: string },
): string {
  return `INSERT INTO postings ${columns}
    SELECT ${at.ulbId}, s.property_id, ${at.fy}, c.head, c.instalment, 'demand', 1, '${receivables}', c.account,
      s.amounts_paise[c.position], c.due_on, ${at.postedOn}, ${at.runId}
    FROM ${source} s CROSS JOIN LATERAL
      (SELECT * FROM charge c WHERE s.amounts_paise[c.position] > 0 OFFSET 0) AS c`;
}

/**
 * Posts differences: the relation `source` has property_id, entry_no, head, instalment, account, due_on and
 * amount_paise, which is a demand above zero, a credit below, and nothing at zero.
 */
export function differenceInsertSql(
  source: string,
  at: { ulbId: string; fy: string; postedOn: string; runId: string },
): string {
  return `INSERT INTO postings ${columns}
    SELECT ${at.ulbId}, property_id, ${at.fy}, head, instalment,
      CASE WHEN amount_paise > 0 THEN 'demand' ELSE 'credit' END, entry_no,
      CASE WHEN amount_paise > 0 THEN '${receivables}' ELSE account END,
      CASE WHEN amount_paise > 0 THEN account ELSE '${receivables}' END,
      abs(amount_paise), due_on, ${at.postedOn}, ${at.runId}
    FROM ${source} WHERE amount_paise <> 0`;
}
