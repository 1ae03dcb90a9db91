import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { address, type ApiError, request } from './client.js';

export const findingKinds = [
  'no_account',
  'area',
  'extra_floor',
  'changed_use',
  'vacant_built',
  'vacant_untaxed',
  'demolished',
] as const;
export type FindingKind = (typeof findingKinds)[number];
export const findingStates = [
  'found',
  'verified',
  'noticed',
  'objected',
  'demanded',
  'paid',
  'dismissed',
] as const;
export type FindingState = (typeof findingStates)[number];

export interface DiscoveryRun {
  id: string;
  fy: string;
  status: 'pending' | 'running' | 'done' | 'failed' | 'cancelled';
  wardNumbers: string[] | null;
  tariffSha256: string | null;
  counts: {
    footprints: Record<string, number>;
    properties: Record<string, number>;
    findings: Record<string, number>;
    changes: { added: number; seen: number; keptClosed: number; lapsed: number };
  };
  error: string | null;
  createdByLogin: string;
  createdAt: string;
  steps: { done: number; total: number };
}

export interface FindingRow {
  id: string;
  kind: FindingKind;
  state: FindingState;
  wardNumber: string;
  number: string | null;
  parcelNo: string | null;
  propertyId: string | null;
  buildingTileId: string | null;
  parcelTileId: string | null;
  measuredM2: string | null;
  declaredM2: string | null;
  adoptedM2: string | null;
  estimatePaise: string | null;
  fy: string;
}

export interface Evidence {
  footprints: {
    id: string;
    tileId: string;
    number: string | null;
    areaM2: string;
    floors: number | null;
    use: string | null;
  }[];
  accounts: {
    propertyId: string;
    number: string;
    adoptedM2: string | null;
    uses: string[];
    floors: number | null;
  }[];
  footprintCount: number;
  accountCount: number;
  footprintM2: string | null;
  measuredM2: string | null;
  measuredOnRollFloorsM2: string | null;
  surveyedM2: string | null;
  declaredM2: string | null;
  adoptedM2: string | null;
  excessM2: string | null;
  toleranceM2: string | null;
  mapFloors: number | null;
  floorsFrom: 'storeys' | 'height' | null;
  rollFloors: number | null;
  mapUse: string | null;
  rollUses: string[] | null;
  overlap: string | null;
  parcelNo: string | null;
  landM2: string | null;
  upperFloorPercent: number;
}

export interface FindingCard extends FindingRow {
  bbox: [number, number, number, number];
  center: [number, number];
  evidence: Evidence;
  estimate: {
    beforePaise: string | null;
    afterPaise: string | null;
    missing: string[] | null;
    assumed: Record<string, string | boolean> | null;
    tariffStatus: 'sample' | 'notified' | null;
  };
  noticedOn: string | null;
  objectionsUntil: string | null;
  demandedPaise: string | null;
  paidPaise: string | null;
  endedReason: string | null;
  previousId: string | null;
  nextStates: FindingState[];
  events: { eventNo: number; to: string; note: string | null; byLogin: string; at: string }[];
  tasks: {
    id: string;
    assignedTo: string;
    dueOn: string;
    state: string;
    outcome: string | null;
    report: string | null;
  }[];
}

export interface Stages {
  stages: { stage: FindingState; count: number; paise: string }[];
  withoutEstimate: number;
}
export interface Funnel {
  total: Stages;
  wards: (Stages & { wardNumber: string })[];
  kinds: (Stages & { kind: FindingKind })[];
}

export interface FindingFilter {
  kind?: string | null;
  state?: string | null;
  ward?: string | null;
  on?: string | null;
}

const isOpen = (run: DiscoveryRun | undefined): boolean =>
  run?.status === 'pending' || run?.status === 'running';
export { isOpen as isDiscoveryOpen };

/** Runs, the newest first; asked again while one is open. */
export function useDiscoveryRuns() {
  return useQuery({
    queryKey: ['discovery-runs'],
    queryFn: ({ signal }) => request<DiscoveryRun[]>('GET', '/api/discovery-runs', { signal }),
    staleTime: 5_000,
    refetchInterval: ({ state }) => (isOpen(state.data?.[0]) ? 1_000 : false),
  });
}

function useRefresh() {
  const queries = useQueryClient();
  return () => {
    for (const key of ['discovery-runs', 'findings', 'finding', 'funnel']) {
      void queries.invalidateQueries({ queryKey: [key] });
    }
  };
}
export { useRefresh as useDiscoveryRefresh };

export function useStartDiscovery() {
  const refresh = useRefresh();
  return useMutation<DiscoveryRun, ApiError, { wardNumbers?: string[] }>({
    mutationFn: (body) => request<DiscoveryRun>('POST', '/api/discovery-runs', { body }),
    onSettled: refresh,
  });
}

export function useCancelDiscovery() {
  const refresh = useRefresh();
  return useMutation<unknown, ApiError, string>({
    mutationFn: (id) => request('POST', `/api/discovery-runs/${id}/cancel`, { body: {} }),
    onSettled: refresh,
  });
}

interface FindingPage {
  items: FindingRow[];
  next: string | null;
  total: number;
  estimatePaise: string;
}

/** Findings page by page, the dearest first; null asks nothing. */
export function useFindings(filter: FindingFilter | null) {
  return useInfiniteQuery({
    queryKey: ['findings', filter],
    enabled: filter !== null,
    initialPageParam: '',
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) =>
      request<FindingPage>('GET', '/api/findings', {
        query: { ...filter, after: pageParam, limit: 100 },
        signal,
      }),
    getNextPageParam: (page) => page.next,
    staleTime: 15_000,
  });
}

export function useFinding(id: string | null) {
  return useQuery({
    queryKey: ['finding', id],
    enabled: id !== null,
    queryFn: ({ signal }) => request<FindingCard>('GET', `/api/findings/${id}`, { signal }),
    staleTime: 15_000,
  });
}

/** The first finding about a feature that was clicked; null asks nothing. */
export function useFindingOn(feature: string | null) {
  return useQuery({
    queryKey: ['findings', 'on', feature],
    enabled: feature !== null,
    queryFn: ({ signal }) =>
      request<FindingPage>('GET', '/api/findings', { query: { on: feature, limit: 1 }, signal }),
    staleTime: 15_000,
  });
}

export function useFunnel() {
  return useQuery({
    queryKey: ['funnel'],
    queryFn: ({ signal }) => request<Funnel>('GET', '/api/findings-funnel', { signal }),
    staleTime: 15_000,
  });
}

export interface Step {
  to: FindingState;
  note: string;
  amountPaise?: string;
}

export function useStep(id: string) {
  const refresh = useRefresh();
  return useMutation<FindingCard, ApiError, Step>({
    mutationFn: (body) =>
      request<FindingCard>('POST', `/api/findings/${id}/${body.to === 'verified' ? 'verify' : 'state'}`, {
        body,
      }),
    onSettled: refresh,
  });
}

export function useSurveyTask(findingId: string) {
  const refresh = useRefresh();
  return useMutation<unknown, ApiError, { assignedTo: string; dueOn: string }>({
    mutationFn: (task) =>
      request('POST', '/api/survey-tasks', { body: { ...task, findingIds: [findingId] } }),
    onSettled: refresh,
  });
}

/** Address of the tiles of findings; `drawn` changes it when what they show has changed. */
export function findingTileAddress(drawn: number): string {
  return address('/api/findings-tiles/{z}/{y}/{x}', { drawn });
}

/** Tolerances, each a number in the unit that its name says. */
export type DiscoverySettings = Record<
  | 'areaPercent'
  | 'areaMinM2'
  | 'upperFloorPercent'
  | 'footprintMinM2'
  | 'overlapPercent'
  | 'positionM'
  | 'floorHeightM'
  | 'objectionDays',
  number
>;
interface KeptSettings {
  settings: DiscoverySettings;
  changedBy: string | null;
  changedAt: string | null;
}

export function useDiscoverySettings() {
  return useQuery({
    queryKey: ['discovery-settings'],
    queryFn: ({ signal }) => request<KeptSettings>('GET', '/api/discovery-settings', { signal }),
    staleTime: 60_000,
  });
}

export function useSaveSettings() {
  const queries = useQueryClient();
  return useMutation<KeptSettings, ApiError, DiscoverySettings>({
    mutationFn: (body) => request<KeptSettings>('PUT', '/api/discovery-settings', { body }),
    onSuccess: (kept) => queries.setQueryData(['discovery-settings'], kept),
  });
}
