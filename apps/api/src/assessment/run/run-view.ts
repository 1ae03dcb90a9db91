import { formatFinancialYear } from '../../core/period.js';
import type { RunRow } from '../assessment.repository.js';

/** A run as it is shown. Money is whole paise, written as text. */
export interface RunView {
  id: string;
  fy: string;
  status: RunRow['status'];
  wardNumbers: string[] | null;
  effectiveOn: string;
  tariffSha256: string;
  properties: number;
  assessed: number;
  exempt: number;
  exceptions: number;
  unchanged: number;
  /** Of the assessments that the run made. */
  totalPaise: string;
  /** By how much publication changes, or has changed, what is demanded. */
  netPaise: string;
  /** What rebates on demand take off the run's assessments. */
  rebatePaise: string;
  createdAt: string;
  startedAt: string | null;
  /** When the last chunk was computed, or the run was broken off. */
  finishedAt: string | null;
  createdByLogin: string;
  error: string | null;
  chunks: { done: number; posted: number; total: number };
  /** Who published it, when that was asked for, and when the last demand was posted. */
  publication: { byLogin: string; askedAt: string; publishedAt: string | null } | null;
  withdrawal: { byLogin: string; at: string; reason: string } | null;
  /** Set where the run revises one property. */
  revision: { propertyId: string; number: string | null; reason: string; orderRef: string | null } | null;
}

export interface RunProgress extends RunView {
  ratePerSecond: number | null;
  secondsLeft: number | null;
}

export function viewOf(run: RunRow): RunView {
  return {
    id: run.id,
    fy: formatFinancialYear(run.fy),
    status: run.status,
    wardNumbers: run.ward_numbers,
    effectiveOn: run.effective_on,
    tariffSha256: run.tariff_sha256,
    properties: run.properties,
    assessed: run.assessed,
    exempt: run.exempt,
    exceptions: run.exceptions,
    unchanged: run.unchanged,
    totalPaise: run.total_paise,
    netPaise: run.net_paise,
    rebatePaise: run.rebate_paise,
    createdAt: run.created_at.toISOString(),
    startedAt: run.started_at?.toISOString() ?? null,
    finishedAt: run.finished_at?.toISOString() ?? null,
    createdByLogin: run.created_by_login,
    error: run.error,
    chunks: { done: run.chunks_done, posted: run.chunks_posted, total: run.chunks_total },
    publication: publicationOf(run),
    withdrawal: withdrawalOf(run),
    revision: revisionOf(run),
  };
}

function publicationOf(run: RunRow): RunView['publication'] {
  if (!run.published_by_login || !run.publish_asked_at) return null;
  return {
    byLogin: run.published_by_login,
    askedAt: run.publish_asked_at.toISOString(),
    publishedAt: run.published_at?.toISOString() ?? null,
  };
}

function withdrawalOf(run: RunRow): RunView['withdrawal'] {
  if (!run.withdrawn_by_login || !run.withdrawn_at) return null;
  return {
    byLogin: run.withdrawn_by_login,
    at: run.withdrawn_at.toISOString(),
    reason: run.withdrawn_reason ?? '',
  };
}

function revisionOf(run: RunRow): RunView['revision'] {
  if (!run.property_id) return null;
  return {
    propertyId: run.property_id,
    number: run.property_number,
    reason: run.reason ?? '',
    orderRef: run.order_ref,
  };
}

/** Properties per second since the run began, and the seconds that the rest takes at that rate. */
export function rateOf(run: RunRow, at: Date): { ratePerSecond: number | null; secondsLeft: number | null } {
  if (!run.started_at || !run.properties_done) return { ratePerSecond: null, secondsLeft: null };
  const seconds = ((run.finished_at ?? at).getTime() - run.started_at.getTime()) / 1_000;
  if (seconds <= 0) return { ratePerSecond: null, secondsLeft: null };
  const rate = run.properties_done / seconds;
  const left = run.status === 'running' ? Math.ceil((run.properties - run.properties_done) / rate) : 0;
  return { ratePerSecond: Math.round(rate), secondsLeft: left };
}
