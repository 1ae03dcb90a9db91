import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ApiError, request } from './client.js';
import type { Label, Run } from './types.js';

/** The figures of a run as they were typed: they must be its own. */
export interface PublishFigures {
  assessments: number;
  totalPaise: string;
}

function useRunAct<Body extends object>(act: 'publish' | 'withdraw' | 'resume') {
  const queries = useQueryClient();
  return useMutation<Run, ApiError, { id: string; body: Body }>({
    mutationFn: ({ id, body }) => request<Run>('POST', `/api/assessment-runs/${id}/${act}`, { body }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['runs'] }),
  });
}

export const usePublishRun = () => useRunAct<PublishFigures>('publish');
export const useWithdrawRun = () => useRunAct<{ reason: string }>('withdraw');
export const useResumeRun = () => useRunAct<Record<string, never>>('resume');

export interface RevisionRequest {
  fy: string;
  effectiveOn?: string;
  reason: string;
  order?: string;
}

/** Assesses one property anew; what comes of it is a run that waits to be published. */
export function useReassess(propertyId: string) {
  const queries = useQueryClient();
  return useMutation<Run, ApiError, RevisionRequest>({
    mutationFn: (body) => request<Run>('POST', `/api/properties/${propertyId}/reassess`, { body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['runs'] }),
  });
}

export interface PastAssessment {
  fy: string;
  assessmentNo: number;
  effectiveOn: string;
  exempt: boolean;
  totalPaise: string;
  tariff: { sha256: string; title: Label; status: 'sample' | 'notified' };
  run: {
    id: string;
    status: Run['status'];
    createdByLogin: string;
    computedAt: string | null;
    publishedByLogin: string | null;
    publishedAt: string | null;
  };
  revision: { reason: string; orderRef: string | null } | null;
  /** What is owed for its year. */
  current: boolean;
}

/** All assessments that a property ever had, the newest first. */
export function usePastAssessments(propertyId: string) {
  return useQuery({
    queryKey: ['past-assessments', propertyId],
    queryFn: ({ signal }) =>
      request<PastAssessment[]>('GET', `/api/properties/${propertyId}/assessments`, { signal }),
    staleTime: 30_000,
  });
}

export interface Replay {
  reproduces: boolean;
  differences: { what: string; kept: string | null; replayed: string | null }[];
  roll: { reproduces: boolean } | null;
}

/** Computes a past assessment again, on the server, from what was kept with it. */
export function useReplay(propertyId: string) {
  return useMutation<Replay, ApiError, { fy: string; no: number }>({
    mutationFn: ({ fy, no }) =>
      request<Replay>('GET', `/api/properties/${propertyId}/assessments/${fy}/${no}/replay`),
  });
}
