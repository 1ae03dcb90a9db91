import type { Context } from '../../platform/database/tx.js';
import type { ProposalRow } from './tariff-proposals.repository.js';
import { readYaml } from './text/yaml-edit.js';
import { valueAt, type YamlValue } from './text/yaml-value.js';

const textAt = (data: YamlValue | null, path: string[]): string | null => {
  const value = valueAt(data, path);
  return typeof value === 'string' && value !== '' ? value : null;
};

/** The title that a text gives itself, in as many languages as it does. */
export function titleOf(source: string): Record<string, string> {
  const title = valueAt(readYaml(source), ['title']);
  const entries = typeof title === 'object' && !Array.isArray(title) ? Object.entries(title) : [];
  return Object.fromEntries(entries.filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}

/** First and last year or day that a text states; null for none, and for a last of `null`. */
export function timeIn(source: string): { from: string | null; to: string | null } {
  const data = readYaml(source);
  const key = textAt(data, ['kind']) === 'collection' ? 'in_force' : 'applies_to';
  const to = textAt(data, [key, 'to']);
  return { from: textAt(data, [key, 'from']), to: to === 'null' || to === '~' ? null : to };
}

/** A proposal as it is listed. */
export function view(row: ProposalRow, { actor }: Context) {
  return {
    id: row.id,
    kind: row.kind,
    purpose: row.purpose,
    title: titleOf(row.source),
    ...timeIn(row.source),
    status: row.status,
    version: row.version,
    /** The person who asks had a hand in it, and so may not decide upon it. */
    mine: actor.id !== null && row.makers.includes(actor.id),
    createdByLogin: row.created_by_login,
    createdAt: row.created_at.toISOString(),
    changedByLogin: row.changed_by_login,
    changedAt: row.changed_at.toISOString(),
    submittedByLogin: row.submitted_by_login,
    submittedAt: row.submitted_at?.toISOString() ?? null,
    decidedByLogin: row.decided_by_login,
    decidedAt: row.decided_at?.toISOString() ?? null,
    reason: row.reason,
    installedSha256: row.installed_sha256,
  };
}
