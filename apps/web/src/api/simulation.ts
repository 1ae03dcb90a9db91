import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Comparison } from '../../../api/src/assessment/simulate/compare/result.js';
import { address, type ApiError, request } from './client.js';

type Label = { en: string; hi: string; mr: string };

export interface ValueChange {
  table: string;
  row: number;
  value: string;
}

export interface SimulationSide {
  sha256: string;
  title: Label;
  status: 'notified' | 'sample';
  body: string;
  fy: string;
  baseSha256: string | null;
  proposalId?: string | null;
  changes: ValueChange[];
  installed: boolean;
}

export interface Simulation {
  id: string;
  fy: string;
  effectiveOn: string;
  wardNumbers: string[] | null;
  status: 'pending' | 'running' | 'done' | 'failed' | 'cancelled';
  present: SimulationSide;
  proposed: SimulationSide;
  properties: number;
  chunks: { done: number; total: number };
  result: Comparison | null;
  error: string | null;
  createdByLogin: string;
  createdAt: string;
}

/** What is asked. A side is a digest or `proposal:` with its id; null is the tariff in force in that year. */
export interface Question {
  fy: string;
  wardNumbers: string[];
  present: string | null;
  proposed: string | null;
  changes: ValueChange[];
}

export interface ValueTable {
  name: string;
  reference: string;
  note: string | null;
  unit: string | null;
  gives: string[] | null;
  keys: { name: string; label: Label | null }[];
  rows: { cells: (string | string[])[]; value: string }[];
}

export interface TariffValues {
  sha256: string;
  title: Label;
  status: 'notified' | 'sample';
  tables: ValueTable[];
}

export interface ChangeLegend {
  simulationId: string;
  parcels: number[];
  notComparable: number;
  wards: number[];
}

/** The id of the proposal that a side names; null for a digest. */
export const proposalOf = (side: string | null): string | null =>
  side?.startsWith('proposal:') ? side.slice('proposal:'.length) : null;

/** The rate tables of a side; null asks nothing. */
export function useTariffValues(side: string | null) {
  return useQuery({
    queryKey: ['tariff-values', side],
    enabled: side !== null,
    staleTime: proposalOf(side) ? 0 : Infinity,
    retry: false,
    queryFn: ({ signal }) => {
      const proposalId = proposalOf(side);
      const path = proposalId ? `proposals/${proposalId}/tables` : `tables/${side}`;
      return request<TariffValues>('GET', `/api/simulations/${path}`, { signal });
    },
  });
}

/**
 * The answer to a question. A new question stops the one before, on the server too; until it is answered the old answer
 * stays. Where a worker answers, its progress is followed. Null asks nothing.
 */
export function useSimulation(question: Question | null) {
  const asked = useQuery({
    queryKey: ['simulation', question],
    enabled: question !== null,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 60_000,
    queryFn: ({ signal }) =>
      request<Simulation>('POST', '/api/simulations', { body: bodyOf(question!), signal }),
  });
  const open = asked.data && !asked.isPlaceholderData && isReckoning(asked.data) ? asked.data.id : null;
  const followed = useKeptSimulation(open, 700);
  const latest = open && followed.data?.id === open ? followed.data : asked.data;
  return { ...asked, data: latest };
}

export const isReckoning = ({ status }: Simulation): boolean => status === 'pending' || status === 'running';

/** A simulation that is kept, by its id; asked for again while it is being reckoned. */
export function useKeptSimulation(id: string | null, everyMs = 1_500) {
  const queries = useQueryClient();
  const kept = useQuery({
    queryKey: ['kept-simulation', id],
    enabled: id !== null,
    retry: false,
    queryFn: ({ signal }) => request<Simulation>('GET', `/api/simulations/${id}`, { signal }),
    refetchInterval: ({ state }) => (state.data && isReckoning(state.data) ? everyMs : false),
  });
  const ended = kept.data?.status;
  useEffect(() => {
    if (ended === 'done') void queries.invalidateQueries({ queryKey: ['simulations'] });
  }, [ended, queries]);
  return kept;
}

export function useCancelSimulation() {
  const queries = useQueryClient();
  return useMutation<unknown, ApiError, string>({
    mutationFn: (id) => request('POST', `/api/simulations/${id}/cancel`, { body: {} }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['kept-simulation'] }),
  });
}

/** Counts of parcels and wards by class of change; the server draws the map for it. */
export function useChangeLegend(id: string | null) {
  return useQuery({
    queryKey: ['change-legend', id],
    enabled: id !== null,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: Infinity,
    queryFn: ({ signal }) => request<ChangeLegend>('GET', `/api/simulations/${id}/map`, { signal }),
  });
}

/** Address of the tiles of a simulation's map. */
export const changeTileAddress = (id: string): string => `/api/simulations/${id}/map/tiles/{z}/{y}/{x}`;

/** Address of the workbook, for a link that saves it. */
export const workbookAddress = (id: string, language: string): string =>
  address(`/api/simulations/${id}/workbook`, { lang: language });

function bodyOf({ fy, wardNumbers, present, proposed, changes }: Question) {
  return {
    fy,
    ...(wardNumbers.length ? { wardNumbers } : {}),
    ...(present ? { present: named(present) } : {}),
    proposed: { ...(proposed ? named(proposed) : {}), changes },
  };
}

function named(side: string) {
  const proposalId = proposalOf(side);
  return proposalId ? { proposalId } : { sha256: side };
}

/** The text of the proposed side, from which a proposal is made. */
export const readProposedText = (id: string): Promise<{ text: string }> =>
  request('GET', `/api/simulations/${id}/proposed`);
