import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { editData } from '../../../api/src/assessment/tariff-proposals/text/yaml-value.js';
import { ApiError } from '../api/client.js';
import { type Edit, type Proposal, saveEdits, saveText, type YamlValue } from '../api/tariffs.js';

/** Somebody else saved first: what the person wanted, and what stands there now. */
export interface Conflict {
  edits: Edit[];
  current: {
    version: number;
    changedByLogin: string;
    changedAt: string;
    values: { path: Edit['path']; value: YamlValue | null }[];
  };
}

export interface ProposalEditor {
  /** As the person sees it, unsaved edits included. */
  content: YamlValue;
  /** Null while something is unsaved: what is asked of the server then would tell of an older text. */
  savedVersion: number | null;
  saving: boolean;
  apply: (edits: Edit[]) => void;
  undo: (() => void) | null;
  redo: (() => void) | null;
  error: ApiError | null;
  conflict: Conflict | null;
  /** Resolves a conflict: mine over theirs, or theirs. */
  resolve: (mine: boolean) => void;
}

/** Keystrokes within this time are saved together. */
const togetherMs = 200;

/**
 * Edits that are seen at once and saved one after the other, each upon the version that was seen, so that nobody
 * overwrites anybody. Undo puts the text before the last save in the place of the whole.
 */
export function useProposalEditor(proposal: Proposal): ProposalEditor {
  const queries = useQueryClient();
  const [content, setContent] = useState<YamlValue>(proposal.content ?? {});
  const [steps, setSteps] = useState<{ past: string[]; future: string[] }>({ past: [], future: [] });
  const [unsaved, setUnsaved] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const server = useRef(proposal);
  const queue = useRef<Edit[]>([]);
  const busy = useRef(false);
  const timer = useRef<number>(undefined);

  const take = useCallback(
    (next: Proposal) => {
      server.current = next;
      queries.setQueryData(['proposal', next.id], next);
      if (queue.current.length === 0) setContent(next.content ?? {});
    },
    [queries],
  );

  // What another person's act or a refetch brought, while nothing of one's own waits.
  useEffect(() => {
    if (busy.current || queue.current.length || proposal.version < server.current.version) return;
    server.current = proposal;
    setContent(proposal.content ?? {});
  }, [proposal]);

  const send = useCallback(
    async (work: (seen: Proposal) => Promise<Proposal>, edits: Edit[], settle: (before: string) => void) => {
      busy.current = true;
      const before = server.current;
      try {
        const saved = await work(before);
        if (saved.version !== before.version) settle(before.source);
        take(saved);
        setError(null);
      } catch (thrown) {
        const refusal = thrown instanceof ApiError ? thrown : new ApiError(0, 'unreachable', '');
        queue.current = [];
        if (refusal.kind === 'proposal-changed' && edits.length) {
          setConflict({ edits, current: refusal.body['current'] as Conflict['current'] });
        } else {
          setError(refusal);
          setContent(before.content ?? {});
        }
      } finally {
        busy.current = false;
        setUnsaved(queue.current.length > 0);
      }
    },
    [take],
  );

  const flush = useCallback(async (): Promise<void> => {
    if (busy.current || queue.current.length === 0) return;
    const edits = queue.current.splice(0);
    const forward = (source: string) =>
      setSteps(({ past }) => ({ past: [...past, source].slice(-100), future: [] }));
    await send((seen) => saveEdits(seen.id, seen.version, edits), edits, forward);
    await flush();
  }, [send]);

  const apply = useCallback(
    (edits: Edit[]) => {
      setContent((now) => edits.reduce(editData, now));
      queue.current.push(...edits);
      setUnsaved(true);
      window.clearTimeout(timer.current);
      timer.current = window.setTimeout(() => void flush(), togetherMs);
    },
    [flush],
  );

  const step = (from: 'past' | 'future', to: 'past' | 'future') => {
    const text = steps[from].at(-1);
    if (text === undefined || unsaved || busy.current) return null;
    return () => {
      setUnsaved(true);
      const settle = (before: string) =>
        setSteps((now) => ({ ...now, [from]: now[from].slice(0, -1), [to]: [...now[to], before] }));
      void send((seen) => saveText(seen.id, seen.version, text), [], settle);
    };
  };

  const resolve = (mine: boolean) => {
    const asked = conflict;
    setConflict(null);
    setSteps({ past: [], future: [] });
    void queries.fetchQuery<Proposal>({ queryKey: ['proposal', proposal.id], staleTime: 0 }).then((latest) => {
      take(latest);
      if (mine && asked) apply(asked.edits);
    });
  };

  return {
    content,
    savedVersion: unsaved || conflict ? null : server.current.version,
    saving: unsaved,
    apply,
    undo: step('past', 'future'),
    redo: step('future', 'past'),
    error,
    conflict,
    resolve,
  };
}
