import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { type ApiError, request } from './client.js';
import type { Owner, PropertyCard, RollFilter, RollPage } from './types.js';

const pageSize = 100;

/** The tax roll, page after page in the order of property numbers. */
export function useRoll(filter: RollFilter) {
  return useInfiniteQuery({
    queryKey: ['roll', filter],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      request<RollPage>('GET', '/api/properties', {
        query: { ...filter, after: pageParam, limit: pageSize },
        signal,
      }),
    getNextPageParam: (page) => page.next,
    staleTime: 30_000,
  });
}

/** The properties on one parcel; null while no parcel is known. */
export function useParcelProperties(parcelId: string | null) {
  return useInfiniteQuery({
    queryKey: ['parcel-properties', parcelId],
    enabled: parcelId !== null,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      request<RollPage>('GET', `/api/parcels/${parcelId}/properties`, {
        query: { after: pageParam, limit: 50 },
        signal,
      }),
    getNextPageParam: (page) => page.next,
    staleTime: 30_000,
  });
}

export function useProperty(id: string | null) {
  return useQuery({
    queryKey: ['property', id],
    enabled: id !== null,
    queryFn: ({ signal }) => request<PropertyCard>('GET', `/api/properties/${id}`, { signal }),
    staleTime: 30_000,
  });
}

/** Owners' names and mobiles in full. The server writes the reason into the audit log. */
export function useRevealOwners(propertyId: string) {
  return useMutation<Owner[], ApiError, string>({
    mutationFn: async (reason) => {
      const answer = await request<Owner[] | { owners: Owner[] }>(
        'POST',
        `/api/properties/${propertyId}/owners/reveal`,
        {
          body: { reason },
        },
      );
      return Array.isArray(answer) ? answer : answer.owners;
    },
  });
}
