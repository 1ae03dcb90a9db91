import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type PastAssessment, usePastAssessments, useReplay } from '../api/publication.js';
import { useSession } from '../api/session.js';
import { Failure } from '../ui/failure.js';
import { Section } from '../ui/facts.js';
import { day, rupees } from '../ui/format.js';
import { Tag } from '../ui/tag.js';
import { ReviseDialog } from './revise-dialog.js';
import { RunState } from './run-state.js';

interface Props {
  propertyId: string;
  /** The year that a new revision is for. */
  fy: string;
}

/** All assessments of a property: what was owed when, why it was revised, and the proof that it still comes out so. */
export function PastAssessments({ propertyId, fy }: Props) {
  const { t } = useTranslation();
  const past = usePastAssessments(propertyId);
  const session = useSession().data;
  const [revising, revise] = useState(false);
  const mayRun = session?.permissions.includes('assessments:run') ?? false;
  const anew = mayRun ? (
    <Button size="compact-xs" variant="subtle" onClick={() => revise(true)}>
      {t('revision.start')}
    </Button>
  ) : null;
  return (
    <Section title={t('past.title')} aside={anew}>
      {past.isError ? <Failure error={past.error} onRetry={() => past.refetch()} /> : null}
      <ul className="past">
        {(past.data ?? []).map((one) => (
          <PastLine key={`${one.fy}/${one.assessmentNo}`} one={one} propertyId={propertyId} />
        ))}
      </ul>
      {revising ? <ReviseDialog propertyId={propertyId} fy={fy} onClose={() => revise(false)} /> : null}
    </Section>
  );
}

function PastLine({ one, propertyId }: { one: PastAssessment; propertyId: string }) {
  const { t, i18n } = useTranslation();
  const replay = useReplay(propertyId);
  const { publishedByLogin, publishedAt, createdByLogin, computedAt, status } = one.run;
  const who = publishedByLogin
    ? t('past.by', { maker: createdByLogin, checker: publishedByLogin, day: day(publishedAt, i18n.language) })
    : t('past.madeBy', { maker: createdByLogin, day: day(computedAt, i18n.language) });
  const why = one.revision ? [one.revision.reason, one.revision.orderRef].filter(Boolean).join(' · ') : null;
  return (
    <li>
      <div className="past-what">
        <span>
          <strong>{one.fy}</strong> {t('past.number', { number: one.assessmentNo })}{' '}
          {one.current ? <Tag tone="success">{t('past.current')}</Tag> : null}
          {status === 'published' ? null : <RunState status={status} />}
        </span>
        <span className="amount">{rupees(one.totalPaise)}</span>
      </div>
      {why ? <p className="quiet">{why}</p> : null}
      <div className="past-proof">
        <span className="quiet">{who}</span>
        <Button
          size="compact-xs"
          variant="subtle"
          loading={replay.isPending}
          onClick={() => replay.mutate({ fy: one.fy, no: one.assessmentNo })}
        >
          {t('past.check')}
        </Button>
      </div>
      {replay.data ? <Proof replay={replay.data} /> : null}
      {replay.isError ? <Failure error={replay.error} /> : null}
    </li>
  );
}

function Proof({ replay }: { replay: NonNullable<ReturnType<typeof useReplay>['data']> }) {
  const { t } = useTranslation();
  if (replay.reproduces) {
    const roll = replay.roll ? t(replay.roll.reproduces ? 'past.rollSame' : 'past.rollOther') : '';
    return (
      <p className="past-same" role="status">
        {t('past.same')} {roll}
      </p>
    );
  }
  const first = replay.differences.map(({ what, kept, replayed }) => `${what}: ${kept} → ${replayed}`);
  return (
    <p className="past-other" role="status">
      {t('past.other')} {first.slice(0, 3).join('; ')}
    </p>
  );
}
