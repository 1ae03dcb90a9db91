import { Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type FindingCard, useFinding } from '../api/discovery.js';
import { useCodeWords } from '../ui/code-words.js';
import { Failure } from '../ui/failure.js';
import { type Fact, Facts, Section } from '../ui/facts.js';
import { area, dayAndTime, day, decimal, rupeesWithSign } from '../ui/format.js';
import { selectAndFly } from '../ui/selection.js';
import { AreaBars } from './area-bars.js';
import { EstimateView } from './estimate-view.js';
import { StateTag } from './state-tag.js';
import { Steps } from './steps.js';

/** One finding: what is alleged, the figures side by side, what it may be worth, and what is to be done next. */
export function FindingCardView({ id, permissions }: { id: string; permissions: readonly string[] }) {
  const { t } = useTranslation();
  const finding = useFinding(id);
  if (finding.isError) return <Failure error={finding.error} onRetry={() => void finding.refetch()} />;
  if (!finding.data) return <Skeleton height={220} m={16} width="auto" />;
  const card = finding.data;
  return (
    <>
      <div className="finding-head">
        <strong>{t(`discover.kind.${card.kind}`)}</strong>
        <StateTag state={card.state} />
        <p>{t(`discover.says.${card.kind}`)}</p>
        <p className="quiet">{t('discover.allegation')}</p>
      </div>
      <EvidenceView card={card} />
      <EstimateView card={card} />
      <Steps card={card} permissions={permissions} />
      <History card={card} />
    </>
  );
}

function EvidenceView({ card }: { card: FindingCard }) {
  const { t } = useTranslation();
  const codeWords = useCodeWords();
  const { evidence } = card;
  const floors = (number: number | null) => (number === null ? null : `${number}`);
  const facts: Fact[] = [
    [t('discover.fact.ward'), card.wardNumber],
    [t('discover.fact.parcel'), evidence.parcelNo],
    [t('discover.fact.land'), evidence.landM2 ? area(evidence.landM2) : null],
    [t('discover.fact.footprint'), evidence.footprintM2 ? area(evidence.footprintM2) : null],
    [t('discover.fact.overlap'), evidence.overlap ? `${decimal(Number(evidence.overlap) * 100, 1)} %` : null],
    [t('discover.fact.mapFloors'), floors(evidence.mapFloors)],
    [t('discover.fact.rollFloors'), floors(evidence.rollFloors)],
    [t('discover.fact.mapUse'), evidence.mapUse ? codeWords('use', evidence.mapUse) : null],
    [t('discover.fact.rollUse'), (evidence.rollUses ?? []).map((use) => codeWords('use', use)).join(', ')],
    [t('discover.fact.tolerance'), evidence.toleranceM2 ? area(evidence.toleranceM2) : null],
  ];
  return (
    <Section title={t('discover.evidence')}>
      <AreaBars evidence={evidence} kind={card.kind} />
      <Facts facts={facts} />
      {evidence.accounts.length ? (
        <ul className="finding-accounts">
          {evidence.accounts.map((account) => (
            <li key={account.propertyId}>
              <button
                type="button"
                className="link number"
                onClick={() => selectAndFly({ kind: 'property', id: account.propertyId })}
              >
                {account.number}
              </button>
              <span className="number">{area(account.adoptedM2)}</span>
            </li>
          ))}
        </ul>
      ) : (
        <p className="quiet">{t('discover.noAccount')}</p>
      )}
    </Section>
  );
}

function History({ card }: { card: FindingCard }) {
  const { t, i18n } = useTranslation();
  return (
    <Section title={t('discover.history')}>
      <ol className="finding-history">
        {card.events.map((event) => (
          <li key={event.eventNo}>
            <span>
              <b>{t(`discover.state.${event.to}`)}</b>{' '}
              <span className="quiet">
                {event.byLogin}, {dayAndTime(event.at, i18n.language)}
              </span>
            </span>
            {event.note ? <span>{event.note}</span> : null}
          </li>
        ))}
        {card.tasks.map((task) => (
          <li key={task.id}>
            <span>
              <b>{t('discover.task.title')}</b>{' '}
              <span className="quiet">
                {t('discover.task.of', { login: task.assignedTo, day: day(task.dueOn, i18n.language) })}
              </span>
            </span>
            {task.outcome ? (
              <span>{`${t(`discover.task.${task.outcome}`)}: ${task.report ?? ''}`}</span>
            ) : null}
          </li>
        ))}
      </ol>
      {card.objectionsUntil ? (
        <p className="quiet">
          {t('discover.objectUntil', { day: day(card.objectionsUntil, i18n.language) })}
        </p>
      ) : null}
      {card.demandedPaise ? (
        <p className="quiet">{t('discover.demandedOf', { money: rupeesWithSign(card.demandedPaise) })}</p>
      ) : null}
    </Section>
  );
}
