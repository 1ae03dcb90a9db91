import { useDebouncedValue } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import { ApiError } from '../../api/client.js';
import { type Fault, useCheck, useSaveChange } from '../../api/property-file.js';
import { actsOf, bodyOf, type Draft, fieldOf } from './draft.js';
import { parseDay } from './day-text.js';

/** What the server says of the fields, by field. */
export type Notes = Record<string, string>;

/** The entry while it is typed: what it asks for, what stands against it, and how it is sent. */
export function useEntry(start: Draft, base: Draft | null) {
  const [draft, setDraft] = useState(start);
  const [tried, setTried] = useState(false);
  const acts = useMemo(() => actsOf(draft, base), [draft, base]);
  const body = useMemo(() => bodyOf(draft, acts), [draft, acts]);
  // Until a reason is typed the server would say only that it is missing.
  const asked = useMemo(() => body && { ...body, reason: body.reason || 'not said yet' }, [body]);
  const [settled] = useDebouncedValue(asked, 350);
  const check = useCheck(settled);
  const save = useSaveChange();
  const refused = check.error instanceof ApiError ? check.error.errors : [];
  const sent = save.error instanceof ApiError ? save.error.errors : [];
  const faults = notesOf([...(check.data?.faults ?? []), ...refused, ...sent], acts);
  if (tried && draft.reason.trim().length < 5) faults['reason'] ??= 'reason';
  if (draft.effectiveOn && !parseDay(draft.effectiveOn)) faults['effectiveOn'] = 'day';
  return {
    draft,
    setDraft,
    acts,
    tried,
    faults,
    warnings: notesOf(check.data?.warnings ?? [], acts),
    lines: check.data?.lines ?? [],
    checking: check.isFetching,
    saving: save.isPending,
    failure: save.error,
    /** Sends or keeps it; answers whether that worked. */
    async send(submit: boolean): Promise<boolean> {
      setTried(true);
      if (!body || body.reason.trim().length < 5) return false;
      const done = await save.mutateAsync({ id: draft.changeId, body, submit }).catch(() => null);
      return done !== null;
    },
    reset(next: Draft) {
      save.reset();
      setTried(false);
      setDraft(next);
    },
  };
}
export type Entry = ReturnType<typeof useEntry>;

function notesOf(faults: Fault[], acts: Parameters<typeof fieldOf>[1]): Notes {
  const notes: Notes = {};
  for (const { where, message } of faults) notes[fieldOf(where, acts)] ??= message;
  return notes;
}
