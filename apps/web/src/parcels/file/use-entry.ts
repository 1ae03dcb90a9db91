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
  // Until a reason, a ward and a number are there the server would say only that they are missing.
  const begun = draft.baseVersion > 0 || (draft.wardNumber !== '' && draft.number !== '');
  const asked = useMemo(
    () => ({ draft, body: body && begun ? { ...body, reason: body.reason || 'not said yet' } : null }),
    [draft, body, begun],
  );
  const [settled] = useDebouncedValue(asked, 350);
  const check = useCheck(settled.body);
  const save = useSaveChange();
  const refused = check.error instanceof ApiError ? check.error.errors : [];
  const sent = save.error instanceof ApiError ? save.error.errors : [];
  // What was said of a field holds until the field is typed in again.
  const still = (notes: Notes): Notes =>
    Object.fromEntries(
      Object.entries(notes).filter(([field]) => valueAt(draft, field) === valueAt(settled.draft, field)),
    );
  const faults = still(notesOf([...(check.data?.faults ?? []), ...refused, ...sent], acts));
  if (tried && draft.reason.trim().length < 5) faults['reason'] ??= 'reason';
  if (draft.effectiveOn && !parseDay(draft.effectiveOn)) faults['effectiveOn'] = 'day';
  return {
    draft,
    setDraft,
    acts,
    tried,
    faults,
    warnings: still(notesOf(check.data?.warnings ?? [], acts)),
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

/** The text of a field such as `head.address`, `reason` or that of a row. */
function valueAt(draft: Draft, field: string): unknown {
  const [row, name] = field.includes('.') ? field.split('.') : ['head', field];
  const found = [...draft.floors, ...draft.owners].find(({ key }) => key === row) ?? draft;
  return (found as unknown as Record<string, unknown>)[name ?? ''];
}

function notesOf(faults: Fault[], acts: Parameters<typeof fieldOf>[1]): Notes {
  const notes: Notes = {};
  for (const { where, message } of faults) notes[fieldOf(where, acts)] ??= message;
  return notes;
}
