import { formatFinancialYear } from '../../core/period.js';
import type { Comparison } from './compare/result.js';
import type { KeptSide, SimulationRow, SimulationStatus } from './simulate.repository.js';

export interface SideView extends Omit<KeptSide, 'text' | 'fy'> {
  /** The financial year under which it was reckoned; another than asked where the file does not apply to that one. */
  fy: string;
  installed: boolean;
}

/** A simulation as it is shown. Money is whole paise, written as text. */
export interface SimulationView {
  id: string;
  fy: string;
  effectiveOn: string;
  wardNumbers: string[] | null;
  status: SimulationStatus;
  present: SideView;
  proposed: SideView;
  properties: number;
  chunks: { done: number; total: number };
  /** Null until done; in a list only `whole`. */
  result: Comparison | null;
  error: string | null;
  createdByLogin: string;
  createdAt: string;
  finishedAt: string | null;
}

export function viewOf(row: SimulationRow): SimulationView {
  return {
    id: row.id,
    fy: formatFinancialYear(row.fy),
    effectiveOn: row.effective_on,
    wardNumbers: row.ward_numbers,
    status: row.status,
    present: sideOf(row.present),
    proposed: sideOf(row.proposed),
    properties: row.properties,
    chunks: { done: row.chunks_done, total: row.chunks_total },
    result: row.result,
    error: row.error,
    createdByLogin: row.created_by_login,
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}

function sideOf({ text, fy, ...side }: KeptSide): SideView {
  return { ...side, fy: formatFinancialYear(fy), installed: text === null };
}
