import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiError, rememberCsrfToken, request } from './client.js';
import type { Session, Ulb } from './types.js';

export interface Credentials {
  ulb: string;
  login: string;
  password: string;
  totp?: string;
}

const sessionQuery = queryOptions({
  queryKey: ['session'],
  staleTime: Infinity,
  retry: (failures: number, error: Error) =>
    !(error instanceof ApiError && error.status === 401) && failures < 2,
  queryFn: async (): Promise<Session | null> => {
    try {
      return remember(await request<Session>('GET', '/api/session'));
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
});

function remember(session: Session): Session {
  rememberCsrfToken(session.csrfToken);
  return session;
}

/** Who is signed in; null where nobody is. */
export function useSession() {
  return useQuery(sessionQuery);
}

/** The municipalities of this server, for the sign-in page. */
export function useUlbs() {
  return useQuery({
    queryKey: ['ulbs'],
    queryFn: ({ signal }) => request<Ulb[]>('GET', '/api/ulbs', { signal }),
    staleTime: 300_000,
  });
}

export function useSignIn() {
  const queries = useQueryClient();
  return useMutation<Session, ApiError, Credentials>({
    mutationFn: async (credentials) =>
      remember(await request<Session>('POST', '/api/session', { body: credentials })),
    onSuccess: (session) => queries.setQueryData(sessionQuery.queryKey, session),
  });
}

export function useSignOut() {
  const queries = useQueryClient();
  return useMutation<void, ApiError>({
    mutationFn: () => request<void>('DELETE', '/api/session'),
    onSettled: () => {
      rememberCsrfToken(null);
      queries.clear();
      queries.setQueryData(sessionQuery.queryKey, null);
    },
  });
}
