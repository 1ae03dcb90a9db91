import pg from 'pg';
import { caseParameters, caseSql } from '../case.js';
import { describeFault } from '../compile.js';
import { caseGiven } from '../file/schema.js';
import { compileMinimal, type MinimalTariff } from './minimal-tariff.js';

/** What PostgreSQL makes of a tariff for one property; amounts in paise as text. */
export interface Outcome {
  missing: string[] | null;
  exempt: boolean;
  head_paise: string[] | null;
  amounts_paise: string[] | null;
  steps: Record<string, string> | null;
}

export type Facts = Record<string, string>;

export interface Given {
  fy?: string;
  as_of?: string;
  property?: Facts;
  units?: Facts[];
  owners?: Facts[];
  previous?: { property?: Facts; units?: Facts[] };
}

/** A table that makes a plain number so many rupees, for demands must be money: `x * coin(fy)`. */
export const COIN =
  'coin: {key: {fy: range}, bounds: lower_inclusive, unit: money, reference: t, rows: [["..", 1]]}';

/** Evaluates minimal tariffs on PostgreSQL, each for one given property. */
export class Evaluator {
  readonly client = new pg.Client({ connectionString: process.env['DATABASE_URL'] });

  async assess(parts: MinimalTariff, given: Given): Promise<Outcome> {
    const result = await compileMinimal(parts);
    if (!result.ok) throw new Error(result.faults.map(describeFault).join('\n'));
    const parameters = caseParameters(result.tariff, caseGiven.parse(given));
    const { rows } = await this.client.query<Outcome>(caseSql(result.tariff), parameters);
    if (rows.length !== 1) throw new Error(`${rows.length} rows`);
    return rows[0]!;
  }

  /** The demands of the heads in rupees. */
  async heads(parts: MinimalTariff, given: Given): Promise<number[]> {
    const { missing, head_paise: paise } = await this.assess(parts, given);
    if (missing) throw new Error(`missing: ${missing.join(', ')}`);
    return paise!.map((one) => Number(one) / 100);
  }
}
