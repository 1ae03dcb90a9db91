import { MantineProvider, localStorageColorSchemeManager } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { ApiError } from '../api/client.js';
import { useSession } from '../api/session.js';
import { Failure } from '../ui/failure.js';
import { Splash } from '../ui/splash.js';
import { theme } from '../ui/theme.js';

const SignIn = lazy(() => import('./sign-in.js'));
const Desk = lazy(() => import('./desk.js'));

const schemes = localStorageColorSchemeManager({ key: 'jarib.scheme' });

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      refetchOnWindowFocus: false,
      // A refusal does not change by asking again; a lost connection may.
      retry: (failures, error) =>
        failures < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
    },
  },
});
queries.getQueryCache().subscribe(({ type, query }) => {
  if (type !== 'updated' || query.queryKey[0] === 'session') return;
  const { error } = query.state;
  // The session ended meanwhile: show the sign-in page, keep the address.
  if (error instanceof ApiError && error.status === 401) queries.setQueryData(['session'], null);
});

export function App() {
  return (
    <MantineProvider theme={theme} colorSchemeManager={schemes} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <Door />
      </QueryClientProvider>
    </MantineProvider>
  );
}

function Door() {
  const session = useSession();
  if (session.isPending) return <Splash />;
  if (session.isError) return <Failure error={session.error} onRetry={() => session.refetch()} whole />;
  return (
    <Suspense fallback={<Splash />}>{session.data ? <Desk session={session.data} /> : <SignIn />}</Suspense>
  );
}
