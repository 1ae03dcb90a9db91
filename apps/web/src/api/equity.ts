import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ApiError, request } from './client.js';
import type { Label } from './types.js';

export type Verdict = 'good' | 'low' | 'high';

export interface Study {
  sales: number;
  trimmed: number;
  median: string;
  mean: string;
  weightedMean: string;
  cod: string;
  codVerdict: Verdict;
  prd: string;
  prdVerdict: Verdict;
  prb: string | null;
  prbT: string | null;
  prbVerdict: Verdict | null;
  medianLow: string | null;
  medianHigh: string | null;
  confidence: string | null;
}

export interface EquityReport {
  fy: string;
  basis: string;
  bases: { name: string; label: Label }[];
  tariffStatus: 'sample' | 'notified';
  from: string;
  until: string;
  counts: {
    registered: number;
    inPeriod: number;
    notArmsLength: number;
    compared: number;
    withoutValue: number;
    earlierSales: number;
  };
  overall: Study | null;
  byWard: (Study & { key: string })[];
  byUse: (Study & { key: string })[];
  byPrice: (Study & { key: string })[];
  priceBoundsPaise: string[];
  histogram: { from: number; sales: number }[];
}

export interface SalesReport {
  result: string;
  counts: {
    read: number;
    accepted: number;
    rejected: number;
    created: number;
    changed: number;
    unchanged: number;
  };
  lines: { row: number; column: string | null; value: string | null; message: string }[];
}

export function useEquity(fy: string, basis: string | null) {
  return useQuery({
    queryKey: ['equity', fy, basis],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => request<EquityReport>('GET', '/api/equity', { query: { fy, basis }, signal }),
    staleTime: 30_000,
  });
}

export function useBringSales() {
  const queries = useQueryClient();
  return useMutation<SalesReport, ApiError, { fileName: string; text: string; dryRun: boolean }>({
    mutationFn: (body) => request<SalesReport>('POST', '/api/sales/imports', { body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['equity'] }),
  });
}
