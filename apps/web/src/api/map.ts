import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { address, request } from './client.js';
import type { Box, Feature, Layer, Place, SearchHit, Session } from './types.js';

/** The layers that this person may read. */
export function useLayers() {
  return useQuery({
    queryKey: ['layers'],
    queryFn: ({ signal }) => request<Layer[]>('GET', '/api/layers', { signal }),
    staleTime: 300_000,
  });
}

/**
 * Address of a layer's vector tiles with the places of zoom, row and column left open for the map to fill.
 */
export function tileAddress(ulb: string, layer: string): string {
  return `/ogc/${encodeURIComponent(ulb)}/collections/${layer}/tiles/WebMercatorQuad/{z}/{y}/{x}`;
}

/** Wards with their outlines: few, and the map needs them whole to place one label in each. */
export function useWards(ulb: string) {
  return useQuery({
    queryKey: ['wards', ulb],
    queryFn: ({ signal }) =>
      request<GeoJSON.FeatureCollection>('GET', `/ogc/${encodeURIComponent(ulb)}/collections/wards/items`, {
        query: { limit: 1000 },
        signal,
      }),
    staleTime: 600_000,
  });
}

/** One feature by the number it carries in vector tiles; null where nothing is asked. */
export function useFeature(layer: string | null, tileId: number | null) {
  return useQuery({
    queryKey: ['feature', layer, tileId],
    enabled: layer !== null && tileId !== null,
    staleTime: 60_000,
    queryFn: ({ signal }) => readFeature(layer ?? '', tileId ?? 0, signal),
  });
}

type FlatFeature = { id: string; center: Place; bbox: Box; attributes?: Record<string, unknown> };

async function readFeature(layer: string, tileId: number, signal?: AbortSignal): Promise<Feature> {
  const flat = await request<FlatFeature & Record<string, unknown>>(
    'GET',
    `/api/layers/${layer}/by-tile-id/${tileId}`,
    {
      signal,
    },
  );
  const { id, center, bbox, attributes, ...rest } = flat;
  return { id, center, bbox, attributes: attributes ?? rest };
}

/** Anything with a number or a name: property, owner, road, pole, ward ... */
export function useSearch(text: string) {
  return useQuery({
    queryKey: ['search', text],
    enabled: text.length > 0,
    staleTime: 30_000,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      request<{ results: SearchHit[] }>('GET', '/api/search', { query: { q: text, limit: 12 }, signal }),
  });
}

/**
 * Address of the tiles that carry tax per m2, as one run drew them: another run's tiles have another
 * address.
 */
export function taxTileAddress(fy: string, runId: string): string {
  return address('/api/assessment-map/tiles/{z}/{y}/{x}', { fy, run: runId });
}

/** A feature's number in vector tiles: the low 52 bits of its UUID, which JavaScript holds exactly. */
export function tileIdOf(id: string): number {
  return Number(BigInt(`0x${id.charAt(22)}${id.slice(-12)}`));
}

/** Numbers of the municipality's wards in the order in which a person counts. */
export function useWardNumbers() {
  const session = useQueryClient().getQueryData<Session | null>(['session']);
  const wards = useWards(session?.ulb.code ?? '');
  const numbers = wards.data?.features.map((ward) => String(ward.properties?.number ?? '')).filter(Boolean);
  return {
    ...wards,
    data: numbers && [...new Set(numbers)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true })),
  };
}
