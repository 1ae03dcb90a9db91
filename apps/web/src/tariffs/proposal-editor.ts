import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
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

interface EditorState {
  /** As the person sees it, unsaved edits included. */
  content: YamlValue;
  /** Null while something is unsaved: what is asked of the server then would tell of an older text. */
  savedVersion: number | null;
  saving: boolean;
  /** The texts before and after this one, for going back and forth. */
  past: readonly string[];
  future: readonly string[];
  error: ApiError | null;
  conflict: Conflict | null;
}

/** Keystrokes within this time are saved together. */
const togetherMs = 200;
const mostSteps = 100;

/**
 * Edits that are seen at once and saved one after the other, each upon the version that was seen, so that nobody
 * overwrites anybody. A step back puts the text before the last save in the place of the whole.
 */
class EditQueue {
  state: EditorState;
  private readonly waiting: Edit[] = [];
  private readonly listeners = new Set<() => void>();
  private busy = false;
  private timer = 0;

  constructor(
    private server: Proposal,
    private readonly queries: QueryClient,
  ) {
    const { content, version } = server;
    this.state = {
      content: content ?? {},
      savedVersion: version,
      saving: false,
      past: [],
      future: [],
      error: null,
      conflict: null,
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly apply = (edits: Edit[]): void => {
    this.waiting.push(...edits);
    this.show({ content: edits.reduce(edited, this.state.content), saving: true, savedVersion: null });
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.flush(), togetherMs);
  };

  readonly undo = (): void => void this.step('past', 'future');
  readonly redo = (): void => void this.step('future', 'past');

  /** Resolves a conflict: mine over theirs, or theirs. */
  readonly resolve = async (mine: boolean): Promise<void> => {
    const { conflict } = this.state;
    this.show({ conflict: null, past: [], future: [] });
    const queryKey = ['proposal', this.server.id];
    this.take(await this.queries.fetchQuery<Proposal>({ queryKey, staleTime: 0 }));
    if (mine && conflict) this.apply(conflict.edits);
  };

  /** What another person's act or a refetch brought; nothing while something of one's own waits. */
  offer(proposal: Proposal): void {
    const older = proposal.version < this.server.version;
    if (proposal === this.server || older || this.busy || this.waiting.length) return;
    this.server = proposal;
    this.show({
      content: proposal.content ?? {},
      savedVersion: this.state.conflict ? null : proposal.version,
    });
  }

  private async flush(): Promise<void> {
    if (this.busy || this.waiting.length === 0) return;
    const edits = this.waiting.splice(0);
    await this.send(
      edits,
      ({ id, version }) => saveEdits(id, version, edits),
      (before) => ({
        past: [...this.state.past, before].slice(-mostSteps),
        future: [],
      }),
    );
    await this.flush();
  }

  private async step(from: 'past' | 'future', to: 'past' | 'future'): Promise<void> {
    const text = this.state[from].at(-1);
    if (text === undefined || this.state.saving || this.busy) return;
    this.show({ saving: true, savedVersion: null });
    await this.send(
      [],
      ({ id, version }) => saveText(id, version, text),
      (before) => ({
        [from]: this.state[from].slice(0, -1),
        [to]: [...this.state[to], before],
      }),
    );
  }

  private async send(
    edits: Edit[],
    save: (seen: Proposal) => Promise<Proposal>,
    settle: (before: string) => Partial<EditorState>,
  ): Promise<void> {
    this.busy = true;
    const before = this.server;
    try {
      const saved = await save(before);
      if (saved.version !== before.version) this.show(settle(before.source));
      this.busy = false;
      this.take(saved);
    } catch (thrown) {
      this.busy = false;
      this.refused(thrown instanceof ApiError ? thrown : new ApiError(0, 'unreachable', ''), edits);
    }
  }

  private take(saved: Proposal): void {
    this.server = saved;
    this.queries.setQueryData(['proposal', saved.id], saved);
    const rest = this.waiting.length > 0;
    const content = rest ? this.state.content : (saved.content ?? {});
    this.show({ content, saving: rest, savedVersion: rest ? null : saved.version, error: null });
  }

  private refused(error: ApiError, edits: Edit[]): void {
    const lost = [...edits, ...this.waiting.splice(0)];
    if (error.kind === 'proposal-changed' && lost.length) {
      const current = error.body['current'] as Conflict['current'];
      this.show({ saving: false, savedVersion: null, conflict: { edits: lost, current } });
    } else {
      const { content, version } = this.server;
      this.show({ content: content ?? {}, saving: false, savedVersion: version, error });
    }
  }

  private show(change: Partial<EditorState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}

/** The server refuses an edit that names no place, and says so; until then nothing is shown of it. */
function edited(content: YamlValue, edit: Edit): YamlValue {
  try {
    return editData(content, edit);
  } catch {
    return content;
  }
}

export interface ProposalEditor extends EditorState {
  apply: (edits: Edit[]) => void;
  /** Null where there is nothing to go back or forth to. */
  undo: (() => void) | null;
  redo: (() => void) | null;
  resolve: (mine: boolean) => void;
}

/** The edits of one proposal, from the keystroke to the server. */
export function useProposalEditor(proposal: Proposal): ProposalEditor {
  const queries = useQueryClient();
  const [queue] = useState(() => new EditQueue(proposal, queries));
  const state = useSyncExternalStore(queue.subscribe, () => queue.state);
  useEffect(() => queue.offer(proposal), [queue, proposal]);
  return {
    ...state,
    apply: queue.apply,
    undo: state.past.length && !state.saving ? queue.undo : null,
    redo: state.future.length && !state.saving ? queue.redo : null,
    resolve: (mine) => void queue.resolve(mine),
  };
}
