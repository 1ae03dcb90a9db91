import { useMemo } from 'react';
import { type UrlName, readUrl, useUrl, writeUrl } from './url-state.js';

/**
 * What is selected: a property of the roll by its id, or a feature of a layer by its number in vector
 * tiles.
 */
export type Selection = { kind: 'property'; id: string } | { kind: 'feature'; layer: string; tileId: number };

export function parseSelection(text: string | null): Selection | null {
  const [kind, id] = (text ?? '').split('/');
  if (!kind || !id) return null;
  if (kind === 'property') return { kind: 'property', id };
  const tileId = Number(id);
  return Number.isSafeInteger(tileId) && /^[a-z_]+$/.test(kind)
    ? { kind: 'feature', layer: kind, tileId }
    : null;
}

export function formatSelection(selection: Selection | null): string | null {
  if (!selection) return null;
  return selection.kind === 'property'
    ? `property/${selection.id}`
    : `${selection.layer}/${selection.tileId}`;
}

let flightTo: string | null = null;

/** Selects something (or nothing); Back returns to what was selected before. */
export function select(
  selection: Selection | null,
  also: Partial<Record<UrlName, string | null>> = {},
): void {
  writeUrl({ sel: formatSelection(selection), ...also }, true);
}

/**
 * Selects something that may be out of sight, and asks the map to fly there as soon as its place is known.
 */
export function selectAndFly(selection: Selection, also: Partial<Record<UrlName, string | null>> = {}): void {
  flightTo = formatSelection(selection);
  select(selection, also);
}

/** True once for a flight that was asked to what is selected now. */
export function takeFlight(): boolean {
  const due = flightTo !== null && flightTo === readUrl('sel');
  flightTo = null;
  return due;
}

export function useSelection(): Selection | null {
  const [text] = useUrl('sel');
  return useMemo(() => parseSelection(text), [text]);
}
