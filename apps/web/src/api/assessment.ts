import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { ApiError, request } from './client.js';
import type { Explanation } from './explanation.js';
import type { Run, RunException, Tariff, TaxMap } from './types.js';

export function useTariffs() {
  return useQuery({
    queryKey: ['tariffs'],
    queryFn: ({ signal }) => request<Tariff[]>('GET', '/api/tariffs', { signal }),
    staleTime: 60_000,
  });
}

export function useRuns() {
  return useQuery({
    queryKey: ['runs'],
    queryFn: ({ signal }) => request<Run[]>('GET', '/api/assessment-runs', { signal }),
    staleTime: 5_000,
  });
}

export interface RunRequest {
  fy: string;
  wardNumbers?: string[];
}

export function useStartRun() {
  const queries = useQueryClient();
  return useMutation<Run, ApiError, RunRequest>({
    mutationFn: (body) => request<Run>('POST', '/api/assessment-runs', { body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['runs'] }),
  });
}

export function useCancelRun() {
  const queries = useQueryClient();
  return useMutation<unknown, ApiError, string>({
    mutationFn: (id) => request('POST', `/api/assessment-runs/${id}/cancel`, { body: {} }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['runs'] }),
  });
}

/** True while a worker has something to do for it. */
export const isOpen = (run: Pick<Run, 'status' | 'error'>): boolean =>
  ['pending', 'running', 'publishing'].includes(run.status) && !run.error;

/** True while no other run of its year can be started. */
export const isUnsettled = (run: Pick<Run, 'status'>): boolean =>
  ['pending', 'running', 'computed', 'publishing'].includes(run.status);

const changedByRun = [
  'runs',
  'property',
  'roll',
  'parcel-properties',
  'explanation',
  'past-assessments',
  'tax-map',
];

/**
 * A run as it goes on. Follows the server's events while it is open, and refreshes what it changed when it
 * ends.
 */
export function useRunProgress(run: Run | undefined): Run | undefined {
  const queries = useQueryClient();
  const [latest, setLatest] = useState<Run>();
  const followed = run && isOpen(run) ? run.id : null;
  useEffect(() => {
    if (!followed) return;
    const events = new EventSource(`/api/assessment-runs/${followed}/events`);
    events.addEventListener('progress', (event) => {
      const next = JSON.parse((event as MessageEvent<string>).data) as Run;
      setLatest(next);
      if (isOpen(next)) return;
      events.close();
      for (const key of changedByRun) {
        void queries.invalidateQueries({ queryKey: [key] });
      }
    });
    return () => events.close();
  }, [followed, queries]);
  return run && latest?.id === run.id && isOpen(run) ? { ...run, ...latest } : run;
}

export function useRunExceptions(runId: string | null) {
  return useInfiniteQuery({
    queryKey: ['exceptions', runId],
    enabled: runId !== null,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      request<{ items: RunException[]; next: string | null }>(
        'GET',
        `/api/assessment-runs/${runId}/exceptions`,
        {
          query: { after: pageParam, limit: 100 },
          signal,
        },
      ),
    getNextPageParam: (page) => page.next,
  });
}

const mapMissing = (error: Error): boolean => error instanceof ApiError && error.kind === 'map-missing';

/**
 * Breaks and counts of tax per m2 for a year such as `2026-27`; null asks nothing. The map is drawn just
 * after a run has ended: it is asked for again until it is the one of `newestRun`, for half a minute at
 * most.
 */
export function useTaxMap(fy: string | null, newestRun: string | null) {
  return useQuery({
    queryKey: ['tax-map', fy, newestRun],
    enabled: fy !== null,
    queryFn: ({ signal }) => request<TaxMap>('GET', '/api/assessment-map', { query: { fy }, signal }),
    staleTime: 30_000,
    retry: (failures, error) => failures < (mapMissing(error) ? 20 : 2),
    retryDelay: 1_500,
    refetchInterval: ({ state }) =>
      state.data && newestRun && state.data.runId !== newestRun && state.dataUpdateCount < 20 ? 1_500 : false,
  });
}

export function useExplanation(propertyId: string, fy: string | null) {
  return useQuery({
    queryKey: ['explanation', propertyId, fy],
    enabled: fy !== null,
    queryFn: ({ signal }) =>
      request<Explanation>('GET', `/api/properties/${propertyId}/explanation`, { query: { fy }, signal }),
    staleTime: 60_000,
  });
}
