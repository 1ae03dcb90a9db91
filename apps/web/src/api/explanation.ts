import type { Label } from './types.js';

/** How one property's tax came about, as the tariff told it. Numbers are exact decimals as text. */

export type Value = string | boolean | null;
export interface Named {
  name: string;
  value: Value;
}

export interface Lookup {
  table: string;
  reference: string | null;
  note: string | null;
  keys: Named[];
  row: unknown;
  value: Value;
}

export interface Reckoned {
  name: string;
  label: Label | null;
  reference: string | null;
  note: string | null;
  formula: string;
  operands: Named[];
  lookups: Lookup[];
  beforeRounding: Value;
  round: { to: string; mode: 'half_up' | 'half_even' | 'up' | 'down' } | null;
  value: Value;
}

export interface Input {
  name: string;
  label: Label | null;
  value: Value;
  stored: string | null;
}

export interface Term {
  of: string;
  value: Value;
  counted: boolean | null;
  lookups: Lookup[];
}

export interface ExplainedRow {
  no: number;
  missing: string[] | null;
  inputs: Input[];
  steps: Reckoned[];
  terms: Term[];
}

export interface Head extends Reckoned {
  account: string;
  exemptedBy: string | null;
  paise: string | null;
}

export interface Exemption extends Omit<Reckoned, 'value'> {
  value: boolean | null;
  heads: string[];
}

export interface Rebate extends Reckoned {
  head: string;
  given: 'demand' | 'payment';
  paise: string | null;
}

export interface Explanation {
  propertyId: string;
  fy: string;
  assessmentNo: number;
  runId: string;
  effectiveOn: string;
  exempt: boolean;
  totalPaise: string;
  tariff: { sha256: string; title: Label; status: 'sample' | 'notified'; law: string };
  /** What rebates took off the demand, as it was kept. */
  rebates?: { name: string; head: string; paise: string }[];
  /** False where the roll has changed since: the steps are those of the facts that the demand rests on. */
  reproduces: boolean;
  explanation: {
    tariff: { units: { area: 'm2' | 'ft2' | 'yd2' }; note: string | null };
    missing: string[] | null;
    inputs: Input[];
    units: ExplainedRow[] | null;
    owners: ExplainedRow[] | null;
    steps: Reckoned[];
    exemptions: Exemption[];
    heads: Head[];
    instalments: {
      n: number;
      due: string;
      share: string;
      paise: Record<string, string>;
      totalPaise: string | null;
    }[];
    totalPaise: string | null;
    /** Absent where no collection file was in force. */
    rebates?: Rebate[];
  } | null;
}
