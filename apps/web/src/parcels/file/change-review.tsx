import { Button, Modal, Skeleton, TextInput, Tooltip } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ChangeDetail, useChange, useDecide, usePropertyFile } from '../../api/property-file.js';
import { Failure } from '../../ui/failure.js';
import { Facts } from '../../ui/facts.js';
import { day, dayAndTime } from '../../ui/format.js';
import { usePhone } from '../../ui/phone.js';
import { Tag } from '../../ui/tag.js';
import { keepEscape } from './fields.js';
import { Difference } from './difference.js';
import { Persons } from './persons.js';
import { PropertyForm } from './property-form.js';
import './file.css';

interface Props {
  id: string;
  mayReveal: boolean;
  onClose: () => void;
}

/** A change before its checker: who made it, since when it waits, what it turns into what. */
export function ChangeReview({ id, mayReveal, onClose }: Props) {
  const { t } = useTranslation();
  const phone = usePhone();
  const change = useChange(id);
  const [mending, setMending] = useState(false);
  const detail = change.data;
  const file = usePropertyFile(mending && detail && detail.kind !== 'create' ? detail.propertyId : null);
  if (mending && detail && (detail.kind === 'create' || file.data)) {
    return <PropertyForm file={file.data ?? null} change={detail} onClose={onClose} />;
  }
  return (
    <Modal
      opened
      onClose={onClose}
      onKeyDown={keepEscape}
      title={detail ? t(`file.kind.${detail.kind}`, { number: detail.number ?? '–' }) : '…'}
      size="min(760px, 96vw)"
      fullScreen={phone}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {change.isError ? <Failure error={change.error} onRetry={() => change.refetch()} /> : null}
      {change.isPending ? <Skeleton height={240} /> : null}
      {detail ? (
        <Review change={detail} mayReveal={mayReveal} onMend={() => setMending(true)} onClose={onClose} />
      ) : null}
    </Modal>
  );
}

interface ReviewProps {
  change: ChangeDetail;
  mayReveal: boolean;
  onMend: () => void;
  onClose: () => void;
}

function Review({ change, mayReveal, onMend, onClose }: ReviewProps) {
  const { t, i18n } = useTranslation();
  return (
    <div className="review">
      <p className="review-who">
        <Tag
          tone={change.status === 'returned' ? 'danger' : change.status === 'approved' ? 'success' : 'accent'}
        >
          {t(`file.status.${change.status}`)}
        </Tag>{' '}
        {t('file.madeBy', {
          login: change.madeByLogin,
          since: dayAndTime(change.submittedAt ?? change.madeAt, i18n.language),
        })}
        {change.decidedByLogin
          ? ` · ${t('file.decidedBy', {
              login: change.decidedByLogin,
              since: dayAndTime(change.decidedAt, i18n.language),
            })}`
          : null}
      </p>
      {change.decisionReason ? <p className="entry-returned">{change.decisionReason}</p> : null}
      <Facts
        facts={[
          [t('file.effectiveOn'), day(change.effectiveOn, i18n.language)],
          [t('file.document'), change.document],
          [t('file.reason'), change.reason],
        ]}
      />
      {change.faults.length ? <Notes title={t('file.cannot')} tone="fault" notes={change.faults} /> : null}
      {change.warnings.length ? (
        <Notes title={t('file.lookAgain')} tone="warning" notes={change.warnings} />
      ) : null}
      {change.changedSince ? <Difference lines={change.changedSince} title={t('file.changedSince')} /> : null}
      {change.lines.length ? <Difference lines={change.lines} title={t('file.difference')} /> : null}
      {change.ownersHidden ? <p className="quiet">{t('owners.hidden')}</p> : null}
      {change.lines.some(({ noun }) => noun === 'owner') && !change.mine ? (
        <Persons changeId={change.id} mayReveal={mayReveal} />
      ) : null}
      {change.mine ? (
        <OwnFoot change={change} onMend={onMend} onClose={onClose} />
      ) : (
        <DecisionFoot change={change} onClose={onClose} />
      )}
    </div>
  );
}

function Notes({
  title,
  tone,
  notes,
}: {
  title: string;
  tone: string;
  notes: { where: string; message: string }[];
}) {
  return (
    <div className={`review-notes field-${tone}`}>
      <strong>{title}</strong>
      <ul>
        {notes.map(({ where, message }) => (
          <li key={where + message}>{message}</li>
        ))}
      </ul>
    </div>
  );
}

/** What its maker may still do with it. */
function OwnFoot({ change, onMend, onClose }: Omit<ReviewProps, 'mayReveal'>) {
  const { t } = useTranslation();
  const decide = useDecide();
  const open = change.status === 'draft' || change.status === 'returned';
  const withdraw = () => decide.mutate({ id: change.id, verb: 'withdraw' }, { onSuccess: onClose });
  if (change.status === 'approved' || change.status === 'withdrawn') return null;
  return (
    <footer className="entry-foot">
      {decide.isError ? <Failure error={decide.error} /> : null}
      <span className="quiet">{t(open ? 'file.yoursToMend' : 'file.hindrance.own')}</span>
      <Button variant="default" loading={decide.isPending} onClick={withdraw}>
        {t('file.withdraw')}
      </Button>
      {open ? <Button onClick={onMend}>{t('file.mend')}</Button> : null}
    </footer>
  );
}

/** The checker's two answers; a button that may not be used says why. */
function DecisionFoot({ change, onClose }: { change: ChangeDetail; onClose: () => void }) {
  const { t } = useTranslation();
  const decide = useDecide();
  const [reason, setReason] = useState<string | null>(null);
  const why = change.hindrance;
  const approve = () => {
    if (!why && !decide.isPending) decide.mutate({ id: change.id, verb: 'approve' }, { onSuccess: onClose });
  };
  const sendBack = () =>
    decide.mutate({ id: change.id, verb: 'return', reason: reason?.trim() ?? '' }, { onSuccess: onClose });
  useHotkeys([['mod+Enter', approve]]);
  if (change.status !== 'submitted') return null;
  const mayReturn = why === null || why === 'changed' || why === 'faulty';
  return (
    <>
      {decide.isError ? <Failure error={decide.error} /> : null}
      {reason === null ? null : (
        <TextInput
          label={t('file.returnReason')}
          value={reason}
          data-autofocus
          maxLength={500}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      )}
      <footer className="entry-foot">
        <span className="quiet">{why ? t(`file.hindrance.${why}`) : t('file.approveHint')}</span>
        {reason === null ? (
          <Blocked why={mayReturn ? null : t(`file.hindrance.${why ?? 'own'}`)}>
            <Button
              variant="default"
              data-disabled={mayReturn ? undefined : true}
              onClick={() => mayReturn && setReason('')}
            >
              {t('file.return')}
            </Button>
          </Blocked>
        ) : (
          <Button
            variant="default"
            loading={decide.isPending}
            disabled={reason.trim().length < 5}
            onClick={sendBack}
          >
            {t('file.returnNow')}
          </Button>
        )}
        <Blocked why={why ? t(`file.hindrance.${why}`) : null}>
          <Button
            loading={decide.isPending && reason === null}
            data-disabled={why ? true : undefined}
            aria-disabled={why !== null}
            onClick={approve}
          >
            {t('file.approve')}
          </Button>
        </Blocked>
      </footer>
    </>
  );
}

/** A button that stays in the order of the keyboard and says why it may not be used. */
function Blocked({ why, children }: { why: string | null; children: ReactNode }) {
  return (
    <Tooltip label={why ?? ''} disabled={why === null}>
      <span>{children}</span>
    </Tooltip>
  );
}
