import { Button, Checkbox, Kbd, Modal, Skeleton } from '@mantine/core';
import { type FormEvent, type KeyboardEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type ChangeDetail,
  type PropertyFile,
  type RollCodes,
  useRollCodes,
} from '../../api/property-file.js';
import { Failure } from '../../ui/failure.js';
import { usePhone } from '../../ui/phone.js';
import { Difference } from './difference.js';
import { type Draft, draftOf, type Kept, newDraft } from './draft.js';
import { draftAgain } from './draft-again.js';
import { FloorsPart } from './floors-part.js';
import { focusField, keepEscape } from './fields.js';
import { HeadPart } from './head-part.js';
import { OwnersPart } from './owners-part.js';
import { type Entry, useEntry } from './use-entry.js';
import './file.css';

interface Props {
  /** The property as it stands; null for one that is not on the roll yet. */
  file: PropertyFile | null;
  /** A change of one's own that is to be mended. */
  change?: ChangeDetail | undefined;
  parcelIds?: string[];
  onClose: () => void;
}

/** What a clerk types of a property: where, floors, owners; sent to a second person with Ctrl+Enter. */
export function PropertyForm(props: Props) {
  const { t } = useTranslation();
  const phone = usePhone();
  const codes = useRollCodes();
  const title = props.file ? t('file.editTitle', { number: props.file.property.number }) : t('file.newTitle');
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={title}
      size="min(1080px, 96vw)"
      fullScreen={phone}
      onKeyDown={keepEscape}
      closeOnClickOutside={false}
      // A clerk types on at once: nothing may move the caret after the form is drawn.
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ 'aria-label': t('action.close'), tabIndex: -1 }}
      classNames={{ body: 'entry-body' }}
    >
      {codes.isError ? <Failure error={codes.error} onRetry={() => codes.refetch()} /> : null}
      {codes.isPending ? <Skeleton height={320} /> : null}
      {codes.data ? <EntryForm {...props} codes={codes.data} /> : null}
    </Modal>
  );
}

/** Of this visit only: the next visit may be another street. */
const lastKept = new Map<string, Kept>();

/** The entry, and what happens when it is sent: the dialog closes, or waits for the next new house. */
function useSending({ file, change, parcelIds = [], codes, onClose }: Props & { codes: RollCodes }) {
  const [base] = useState(() => (file ? draftOf(file, new Date()) : null));
  const fresh = (): Draft => newDraft(codes, new Date(), { kept: lastKept.get('new') ?? {}, parcelIds });
  const [start] = useState((): Draft => {
    if (change) return draftAgain(change, file, fresh(), new Date());
    return base ? { ...base, changeId: crypto.randomUUID() } : fresh();
  });
  const [done, setDone] = useState<string | null>(null);
  const entry = useEntry(start, base);
  const { draft } = entry;
  useEffect(() => focusField('head.wardNumber'), []);
  const send = async (submit: boolean) => {
    if (entry.saving) return;
    if (!(await entry.send(submit))) return focusFault();
    if (file || change || !submit) return onClose();
    const { wardNumber, zoneNumber, document, reason, locality } = draft;
    lastKept.set('new', { wardNumber, zoneNumber, document, reason, locality });
    setDone(draft.number);
    entry.reset(fresh());
    focusField('head.wardNumber');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      void send(true);
    } else if ((event.target as HTMLElement).closest('.entry-head')) {
      event.preventDefault();
      focusField(`${draft.floors[0]?.key ?? ''}.areaM2`);
    }
  };
  return { entry, base, done, send, onKeyDown };
}

function EntryForm(props: Props & { codes: RollCodes }) {
  const { file, change, codes } = props;
  const { t } = useTranslation();
  const { entry, base, done, send, onKeyDown } = useSending(props);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void send(true);
  };
  return (
    <form className="entry" onKeyDown={onKeyDown} onSubmit={onSubmit}>
      {done ? (
        <p className="entry-done" role="status">
          {t('file.sent', { number: done })}
        </p>
      ) : null}
      {change?.decisionReason ? (
        <p className="entry-returned">
          <strong>{t('file.returnedBy', { login: change.decidedByLogin })}</strong> {change.decisionReason}
        </p>
      ) : null}
      <HeadPart entry={entry} codes={codes} isNew={file === null} />
      <FloorsPart
        entry={entry}
        codes={codes}
        before={(no) => (no === null ? undefined : base?.floors.find(({ unitNo }) => unitNo === no))}
      />
      <OwnersPart
        entry={entry}
        codes={codes}
        known={file?.owners ?? []}
        hidden={file?.ownersHidden ?? false}
      />
      {file && entry.lines.length && entry.acts.length ? (
        <Difference lines={entry.lines} title={t('file.difference')} />
      ) : null}
      {entry.faults['operations'] && entry.acts.length ? (
        <p className="field-fault">{entry.faults['operations']}</p>
      ) : null}
      {entry.failure && Object.keys(entry.faults).length === 0 ? <Failure error={entry.failure} /> : null}
      <EntryFoot entry={entry} isNew={file === null} onKeep={() => void send(false)} />
    </form>
  );
}

function EntryFoot({ entry, isNew, onKeep }: { entry: Entry; isNew: boolean; onKeep: () => void }) {
  const { t } = useTranslation();
  const { draft, setDraft, acts, checking, saving } = entry;
  const why = acts.length ? null : t('file.nothingYet');
  return (
    <footer className="entry-foot">
      <span className="quiet" aria-live="polite">
        {checking ? t('file.checking') : (why ?? t('file.second'))}
      </span>
      {isNew ? null : (
        <Checkbox
          label={t('file.retire')}
          checked={draft.retire}
          tabIndex={-1}
          onChange={({ currentTarget: { checked } }) => setDraft((now) => ({ ...now, retire: checked }))}
        />
      )}
      <Button variant="default" onClick={onKeep} disabled={why !== null} tabIndex={-1}>
        {t('file.keepDraft')}
      </Button>
      <Button type="submit" data-field="send" loading={saving} data-disabled={why ? true : undefined}>
        {t('file.send')} <Kbd className="entry-kbd">Ctrl ⏎</Kbd>
      </Button>
    </footer>
  );
}

/** The caret goes to the first field that is wrong. */
function focusFault(): void {
  setTimeout(() => document.querySelector<HTMLElement>('.entry [aria-invalid]')?.focus(), 50);
}
