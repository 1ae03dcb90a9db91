import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type {
  Edit,
  YamlPath,
  YamlValue,
} from '../../../api/src/assessment/tariff-proposals/text/yaml-value.js';
import type { ApiError } from './client.js';
import { request } from './client.js';
import type { Explanation } from './explanation.js';
import type { Label, Tariff } from './types.js';

export type { Edit, YamlPath, YamlValue };

/** An installed file, with its time and whether that is over, holds today, or is to come. */
export interface InstalledTariff extends Tariff {
  law: string;
  inForceFrom: string | null;
  inForceTo: string | null;
  standing: 'past' | 'now' | 'future' | 'never';
  installedBy: string;
}

export type ProposalStatus = 'draft' | 'submitted' | 'returned' | 'approved' | 'discarded';

export interface ProposalHead {
  id: string;
  kind: 'assessment' | 'collection';
  purpose: string;
  title: Partial<Label>;
  from: string | null;
  to: string | null;
  status: ProposalStatus;
  version: number;
  /** The person who looks had a hand in it, and so may not decide upon it. */
  mine: boolean;
  createdByLogin: string;
  createdAt: string;
  changedByLogin: string;
  changedAt: string;
  submittedByLogin: string | null;
  submittedAt: string | null;
  decidedByLogin: string | null;
  decidedAt: string | null;
  reason: string | null;
  installedSha256: string | null;
}

export interface Proposal extends ProposalHead {
  source: string;
  /** The text as data: every scalar a text. Null where the text is no YAML. */
  content: YamlValue | null;
  against: { sha256: string; title: Label; from: string; to: string | null } | null;
}

export interface Fault {
  line: number;
  column: number;
  path: YamlPath;
  value: string;
  kind: string;
  message: string;
  remedy: string;
}

export interface CheckedCase {
  name: string;
  kind: 'published' | 'computed';
  passed: boolean;
  expectations: { name: string; expected: string; computed: string | null; passed: boolean }[];
}

export interface ProposalCheck {
  version: number;
  faults: Fault[];
  cases: CheckedCase[];
  published: { passed: number; failed: number };
  computed: { passed: number; failed: number };
  outlook: {
    from: string | null;
    to: string | null;
    ends: { sha256: string; title: Label; last: string | null } | null;
    refusal: { kind: string; detail: string } | null;
  };
}

export interface Change {
  section: string;
  name: string | null;
  row: string | null;
  field: string | null;
  kind: 'added' | 'removed' | 'changed';
  before: string | null;
  after: string | null;
  path: YamlPath;
}

export interface Comparison {
  version: number;
  against: { title: Label; from: string; to: string | null; status: string } | null;
  changes: Change[];
}

interface Difference {
  inForcePaise: string | null;
  proposedPaise: string | null;
  differencePaise: string | null;
}

type Told = NonNullable<Explanation['explanation']> & {
  tariff: { title: Label; law: string; status: 'sample' | 'notified' };
};

export interface Example {
  of: string;
  fy: string;
  proposed: Told;
  inForce: Told | null;
  heads: ({ name: string; label: Label } & Difference)[];
  total: Difference;
}

export type ExampleOf = { case: string } | { property: string };

const path = (id: string, act = ''): string => `/api/tariff-proposals/${id}${act}`;

export function useInstalledTariffs() {
  return useQuery({
    queryKey: ['tariffs', 'installed'],
    queryFn: ({ signal }) => request<InstalledTariff[]>('GET', '/api/tariffs', { signal }),
    staleTime: 10_000,
  });
}

export function useProposals() {
  return useQuery({
    queryKey: ['proposals'],
    queryFn: ({ signal }) => request<ProposalHead[]>('GET', '/api/tariff-proposals', { signal }),
    staleTime: 5_000,
  });
}

export function useProposal(id: string) {
  return useQuery({
    queryKey: ['proposal', id],
    queryFn: ({ signal }) => request<Proposal>('GET', path(id), { signal }),
    staleTime: 0,
  });
}

export function useCreateProposal() {
  const queries = useQueryClient();
  return useMutation<
    Proposal,
    ApiError,
    { purpose: string } & ({ sha256: string; from?: string } | { text: string })
  >({
    mutationFn: (body) => request<Proposal>('POST', '/api/tariff-proposals', { body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['proposals'] }),
  });
}

/** Saves edits of the version that was seen; a 409 tells both versions. */
export function saveEdits(id: string, version: number, edits: Edit[]): Promise<Proposal> {
  return request<Proposal>('PATCH', path(id), { body: { edits }, headers: { 'if-match': `"${version}"` } });
}

export function saveText(id: string, version: number, text: string): Promise<Proposal> {
  return request<Proposal>('PUT', path(id, '/text'), {
    body: { text },
    headers: { 'if-match': `"${version}"` },
  });
}

/** The check of one version; null asks nothing. The last one stays on the screen until the next has come. */
export function useProposalCheck(id: string, version: number | null) {
  return useQuery({
    queryKey: ['proposal-check', id, version],
    enabled: version !== null,
    queryFn: ({ signal }) => request<ProposalCheck>('POST', path(id, '/check'), { body: {}, signal }),
    placeholderData: (before) => before,
    staleTime: 30_000,
  });
}

export function useComparison(id: string, version: number | null) {
  return useQuery({
    queryKey: ['proposal-compare', id, version],
    enabled: version !== null,
    queryFn: ({ signal }) => request<Comparison>('GET', path(id, '/compare'), { signal }),
    placeholderData: (before) => before,
    staleTime: 30_000,
  });
}

export function useExample(id: string, version: number | null, of: ExampleOf | null) {
  return useQuery({
    queryKey: ['proposal-example', id, version, of],
    enabled: version !== null && of !== null,
    queryFn: ({ signal }) => request<Example>('POST', path(id, '/example'), { body: of, signal }),
    placeholderData: (before) => before,
    staleTime: 30_000,
  });
}

export type ProposalAct =
  | { act: 'submit' | 'approve'; version: number }
  | { act: 'return'; version: number; reason: string }
  | { act: 'recall' | 'discard' };

export function useProposalAct(id: string) {
  const queries = useQueryClient();
  return useMutation<Proposal, ApiError, ProposalAct>({
    mutationFn: (asked) => {
      if (asked.act === 'discard') return request<Proposal>('DELETE', path(id));
      const headers: Record<string, string> = 'version' in asked ? { 'if-match': `"${asked.version}"` } : {};
      const body = asked.act === 'return' ? { reason: asked.reason } : {};
      return request<Proposal>('POST', path(id, `/${asked.act}`), { body, headers });
    },
    onSuccess: (proposal) => {
      queries.setQueryData(['proposal', id], proposal);
      for (const key of ['proposals', 'tariffs', 'proposal-check'])
        void queries.invalidateQueries({ queryKey: [key] });
    },
  });
}
