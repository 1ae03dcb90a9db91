import { useCallback, useSyncExternalStore } from 'react';

/**
 * What a person looks at lives in the address, so that any view can be sent to a colleague: work space, map
 * position, selection, tab, filters. Language and colours are the person's own and are remembered beside
 * it.
 */
export type UrlName =
  | 'ulb'
  | 'lang'
  | 'view'
  | 'map'
  | 'sel'
  | 'tab'
  | 'ward'
  | 'use'
  | 'fy'
  | 'class'
  | 'hide'
  | 'run'
  | 'proposal'
  | 'part'
  | 'theme'
  | 'list'
  | 'change'
  | 'sim'
  | 'finding'
  | 'kind'
  | 'state'
  | 'basis';

const changed = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  changed.add(listener);
  window.addEventListener('popstate', listener);
  return () => {
    changed.delete(listener);
    window.removeEventListener('popstate', listener);
  };
}

/** The work space is the path (`/roll`), the rest the query. */
export function readUrl(name: UrlName): string | null {
  if (name === 'view') return window.location.pathname.split('/')[1] || null;
  return new URLSearchParams(window.location.search).get(name);
}

/** Writes some names, leaving the others; null removes one. `push` makes a step that Back undoes. */
export function writeUrl(patch: Partial<Record<UrlName, string | null>>, push = false): void {
  const query = new URLSearchParams(window.location.search);
  let path = window.location.pathname;
  for (const [name, value] of Object.entries(patch)) {
    if (name === 'view') path = `/${value ?? ''}`;
    else if (value === null || value === '') query.delete(name);
    else query.set(name, value);
  }
  // Slashes and commas are legal in a query, and an address that can be read is easier to trust.
  const text = query.toString().replaceAll('%2F', '/').replaceAll('%2C', ',');
  const next = `${path}${text ? `?${text}` : ''}`;
  if (next === `${window.location.pathname}${window.location.search}`) return;
  if (push) window.history.pushState(null, '', next);
  else window.history.replaceState(null, '', next);
  for (const listener of changed) listener();
}

/** One name of the address as state. */
export function useUrl(name: UrlName): [string | null, (value: string | null, push?: boolean) => void] {
  const value = useSyncExternalStore(subscribe, () => readUrl(name));
  const write = useCallback((next: string | null, push = false) => writeUrl({ [name]: next }, push), [name]);
  return [value, write];
}
