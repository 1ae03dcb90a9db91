import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ApiError, request } from './client.js';
import type { Decimal } from './types.js';

/** Something that holds from a day on, or until before another. */
interface Dated {
  from: string | null;
  to: string | null;
}
export interface FileUnit extends Dated {
  unitNo: number;
  floor: string | null;
  use: string | null;
  structure: string | null;
  occupancy: string | null;
  yearBuilt: number | null;
  areaM2: Decimal | null;
  declaredAreaM2: Decimal | null;
  measuredAreaM2: Decimal | null;
}
/** Names and mobile masked. */
export interface FileOwner extends Dated {
  ownerNo: number;
  name: string;
  nameLocal: string | null;
  mobile: string | null;
  share: string;
  class: string;
}
export interface PropertyFile {
  propertyId: string;
  version: number;
  property: {
    number: string;
    status: 'active' | 'retired';
    wardNumber: string | null;
    zoneNumber: string | null;
    locality: string | null;
    address: string | null;
    landAreaM2: Decimal | null;
    noParcelReason: string | null;
  };
  units: FileUnit[];
  owners: FileOwner[];
  parcelIds: string[];
  ownersHidden: boolean;
  /** Changes that wait, and the reader's own drafts. */
  open: { id: string; kind: ChangeKind; status: ChangeStatus; madeByLogin: string; since: string }[];
}

export type ChangeKind = 'create' | 'alter' | 'return' | 'retire';
export type ChangeStatus = 'draft' | 'submitted' | 'approved' | 'returned' | 'withdrawn';
/** One act on a property, such as `{do: 'add-unit', use: 'residential'}`. */
export type Operation = { do: string } & Record<string, unknown>;

export interface DifferenceLine extends Dated {
  noun: 'property' | 'land' | 'unit' | 'owner';
  no: number | null;
  change: 'added' | 'altered' | 'ended';
  field: string;
  before: unknown;
  after: unknown;
}
export interface Fault {
  where: string;
  value?: unknown;
  message: string;
}
export interface Checked {
  faults: Fault[];
  warnings: Fault[];
  lines: DifferenceLine[];
  changedSince: DifferenceLine[] | null;
}
export interface Change {
  id: string;
  propertyId: string;
  batchId: string | null;
  kind: ChangeKind;
  status: ChangeStatus;
  number: string | null;
  wardNumber: string | null;
  effectiveOn: string;
  document: string | null;
  reason: string;
  acts: Record<string, number>;
  madeByLogin: string;
  madeAt: string;
  submittedAt: string | null;
  decidedByLogin: string | null;
  decidedAt: string | null;
  decisionReason: string | null;
  mine: boolean;
}
export interface ChangeDetail extends Change, Checked {
  operations: Operation[];
  ownersHidden: boolean;
  /** Why this person may not decide; null where he may. */
  hindrance: 'not-submitted' | 'own' | 'permission' | 'ward' | 'batch' | 'changed' | 'faulty' | null;
}
export interface ChangeBody {
  propertyId: string;
  baseVersion: number;
  effectiveOn: string;
  document: string | null;
  reason: string;
  operations: Operation[];
}
export interface RollCodes {
  floor: string[];
  use: string[];
  structure: string[];
  occupancy: string[];
  class: string[];
  zone: string[];
  byLaw: string[];
  wards: { number: string; zoneNumber: string | null }[];
}
export interface Version {
  version: number;
  recordedAt: string;
  changeId: string | null;
  madeByLogin: string | null;
  approvedByLogin: string | null;
  effectiveOn: string | null;
  paper: string | null;
  reason: string | null;
  lines: DifferenceLine[];
}
export interface BatchLine {
  row: number;
  column: string | null;
  value: string | null;
  message: string;
  remedy: string;
  outcome: 'refused' | 'warning';
  number: string | null;
}
export interface BatchCounts {
  rows: number;
  accepted: number;
  unchanged: number;
  refused: number;
  changes: number;
}
export interface BatchReport {
  id: string;
  file: string;
  result: 'dry-run' | 'submitted' | 'unchanged' | 'refused' | 'already';
  counts: BatchCounts;
  lines: BatchLine[];
}
export interface Batch extends Omit<BatchReport, 'result'> {
  status: 'submitted' | 'approved' | 'returned';
  madeByLogin: string;
  madeAt: string;
  mine: boolean;
}

export function usePropertyFile(id: string | null) {
  return useQuery({
    queryKey: ['property-file', id],
    enabled: id !== null,
    queryFn: ({ signal }) => request<PropertyFile>('GET', `/api/properties/${id}/file`, { signal }),
  });
}

export function usePropertyHistory(id: string) {
  return useQuery({
    queryKey: ['property-history', id],
    queryFn: ({ signal }) =>
      request<{ items: Version[]; ownersHidden: boolean }>('GET', `/api/properties/${id}/history`, {
        signal,
      }),
  });
}

/** Codes that a clerk chooses from. They change with the law, not within a day. */
export function useRollCodes() {
  return useQuery({
    queryKey: ['roll-codes'],
    staleTime: 600_000,
    queryFn: ({ signal }) => request<RollCodes>('GET', '/api/roll-codes', { signal }),
  });
}

export function useNextNumber(ward: string | null) {
  return useQuery({
    queryKey: ['next-number', ward],
    enabled: Boolean(ward),
    queryFn: ({ signal }) =>
      request<{ number: string | null }>('GET', '/api/roll-codes/next-number', { query: { ward }, signal }),
  });
}

export function useChanges(status: ChangeStatus) {
  return useQuery({
    queryKey: ['changes', status],
    queryFn: ({ signal }) =>
      request<{ items: Change[]; next: string | null; total: number }>('GET', '/api/property-changes', {
        query: {
          status,
          limit: 200,
          mine: status === 'submitted' || status === 'approved' ? undefined : true,
        },
        signal,
      }),
    refetchInterval: 30_000,
  });
}

export function useChange(id: string | null) {
  return useQuery({
    queryKey: ['change', id],
    enabled: id !== null,
    queryFn: ({ signal }) => request<ChangeDetail>('GET', `/api/property-changes/${id}`, { signal }),
  });
}

/** What a change would do and what stands against it, asked while it is typed. */
export function useCheck(body: ChangeBody | null) {
  return useQuery<Checked, ApiError>({
    queryKey: ['change-check', body],
    enabled: body !== null,
    retry: false,
    gcTime: 10_000,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => request<Checked>('POST', '/api/property-changes/check', { body, signal }),
  });
}

/** What a decision or a change touches is read anew. */
function useRefresh() {
  const queries = useQueryClient();
  const touched = [
    'changes',
    'change',
    'batches',
    'property',
    'property-file',
    'property-history',
    'next-number',
  ];
  const lists = ['roll', 'parcel-properties', 'roll-codes'];
  return () =>
    Promise.all([...touched, ...lists].map((key) => queries.invalidateQueries({ queryKey: [key] })));
}

export function useSaveChange() {
  const refresh = useRefresh();
  return useMutation<ChangeDetail, ApiError, { id: string; body: ChangeBody; submit: boolean }>({
    mutationFn: ({ id, body, submit }) =>
      request('PUT', `/api/property-changes/${id}`, { body: { ...body, submit } }),
    onSuccess: refresh,
  });
}

/** Approves, returns or withdraws a change. */
export function useDecide() {
  const refresh = useRefresh();
  return useMutation<
    Change,
    ApiError,
    { id: string; verb: 'approve' | 'return' | 'withdraw'; reason?: string }
  >({
    mutationFn: ({ id, verb, reason }) =>
      request('POST', `/api/property-changes/${id}/${verb}`, { body: reason ? { reason } : {} }),
    onSuccess: refresh,
  });
}

/** The persons that a change names, unmasked; the reason goes into the audit log. */
export function useRevealChange(id: string) {
  return useMutation<{ operations: Operation[] }, ApiError, string>({
    mutationFn: (reason) => request('POST', `/api/property-changes/${id}/reveal`, { body: { reason } }),
  });
}

export function useBatches() {
  return useQuery({
    queryKey: ['batches'],
    queryFn: ({ signal }) => request<Batch[]>('GET', '/api/property-change-batches', { signal }),
  });
}

export interface BatchFile {
  file: string;
  text: string;
  effectiveOn: string;
  reason?: string;
  document?: string;
  dryRun: boolean;
}
export function useLoadBatch() {
  const refresh = useRefresh();
  return useMutation<BatchReport, ApiError, BatchFile>({
    mutationFn: (body) => request('POST', '/api/property-change-batches', { body }),
    onSuccess: (_, { dryRun }) => (dryRun ? undefined : refresh()),
  });
}

export function useDecideBatch() {
  const refresh = useRefresh();
  return useMutation<unknown, ApiError, { id: string; verb: 'approve' | 'return'; reason?: string }>({
    mutationFn: ({ id, verb, reason }) =>
      request('POST', `/api/property-change-batches/${id}/${verb}`, { body: reason ? { reason } : {} }),
    onSuccess: refresh,
  });
}

export interface DeclaredUnit {
  unitNo: number | null;
  floor: string | null;
  use: string;
  occupancy: string | null;
  declaredAreaM2: string;
}
export interface Finding {
  kind: string;
  unitNo: number | null;
  declared: string | null;
  against: string | null;
  percent: string | null;
  beyond: boolean;
  note: string | null;
}
export interface OwnersReturn {
  id: string;
  propertyId: string;
  number: string;
  fy: string;
  status: 'filed' | 'accepted' | 'rejected' | 'revised';
  units: DeclaredUnit[];
  findings: Finding[];
  tolerancePercent: number;
  filedByLogin: string;
  filedAt: string;
  decisionReason: string | null;
}
export interface Filing {
  propertyId: string;
  fy: string;
  document: string | null;
  units: DeclaredUnit[];
}

export function useReturns(propertyId: string) {
  return useQuery({
    queryKey: ['returns', propertyId],
    queryFn: ({ signal }) =>
      request<OwnersReturn[]>('GET', '/api/property-returns', { query: { propertyId }, signal }),
  });
}

/** Those of all properties that nobody has decided yet. */
export function useFiledReturns() {
  return useQuery({
    queryKey: ['returns', 'filed'],
    queryFn: ({ signal }) =>
      request<OwnersReturn[]>('GET', '/api/property-returns', { query: { status: 'filed' }, signal }),
  });
}

export function useFileReturn() {
  const queries = useQueryClient();
  return useMutation<OwnersReturn, ApiError, { id: string; body: Filing }>({
    mutationFn: ({ id, body }) => request('PUT', `/api/property-returns/${id}`, { body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['returns'] }),
  });
}

export interface ReturnDecision {
  id: string;
  verb: 'accept' | 'reject';
  reason: string;
  changeId: string;
  adopt: number[];
  adoptNew: boolean;
}
export function useDecideReturn() {
  const queries = useQueryClient();
  const refresh = useRefresh();
  return useMutation<OwnersReturn, ApiError, ReturnDecision>({
    mutationFn: ({ id, verb, reason, ...given }) =>
      request('POST', `/api/property-returns/${id}/${verb}`, {
        body: verb === 'accept' ? { reason, ...given } : { reason },
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['returns'] });
      await refresh();
    },
  });
}
