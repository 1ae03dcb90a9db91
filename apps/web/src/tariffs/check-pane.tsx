import { Loader } from '@mantine/core';
import { IconAlertCircle, IconCircleCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { grouped } from '../assessment/reckoning.js';
import type { Fault, ProposalCheck } from '../api/tariffs.js';
import { plain } from '../ui/code-words.js';
import { Failure } from '../ui/failure.js';
import { Section } from '../ui/facts.js';
import { word } from '../ui/format.js';
import { Tag } from '../ui/tag.js';
import { partOf, placeWords } from './places.js';

interface Props {
  check: ProposalCheck | undefined;
  /** What the figures of the cases are called. */
  labels: ReadonlyMap<string, string>;
  error: Error | null;
  /** The text on the screen is newer than the check. */
  waiting: boolean;
  onPart: (part: string) => void;
  onExample: (name: string) => void;
}

/** What the check says of the text as it stands: what it would end, what is wrong, which cases hold. */
export function CheckPane({ check, labels, error, waiting, onPart, onExample }: Props) {
  const { t } = useTranslation();
  if (error)
    return (
      <div className="tariff-pane-body">
        <Failure error={error} />
      </div>
    );
  if (!check) return <Loader m={16} />;
  const faults = check.faults.filter(({ kind }) => kind !== 'case_failed');
  return (
    <div className="tariff-pane-body" aria-busy={waiting}>
      <Outlook outlook={check.outlook} />
      <Section
        title={t('tariffs.check.faults')}
        aside={waiting ? <Loader size={14} /> : <span className="quiet number">{faults.length}</span>}
      >
        {faults.length === 0 ? (
          <p className="tariff-good">
            <IconCircleCheck size={17} aria-hidden="true" /> {t('tariffs.check.none')}
          </p>
        ) : (
          <ul className="fault-lines">
            {faults.map((fault) => (
              <FaultLine
                key={`${fault.line}:${fault.column}:${fault.message}`}
                fault={fault}
                onPart={onPart}
              />
            ))}
          </ul>
        )}
      </Section>
      <Cases check={check} labels={labels} onPart={onPart} onExample={onExample} />
    </div>
  );
}

function Outlook({ outlook }: { outlook: ProposalCheck['outlook'] }) {
  const { t, i18n } = useTranslation();
  const { from, ends, refusal } = outlook;
  if (refusal) {
    return (
      <p className="tariff-refusal" role="alert">
        {refusal.detail}
      </p>
    );
  }
  if (!ends)
    return from ? <p className="tariff-outlook quiet">{t('tariffs.outlook.first', { from })}</p> : null;
  const title = word(ends.title, i18n.language);
  return (
    <p className="tariff-outlook quiet">
      {ends.last
        ? t('tariffs.outlook.ends', { from, title, last: ends.last })
        : t('tariffs.outlook.replaces', { from, title })}
    </p>
  );
}

function FaultLine({ fault, onPart }: { fault: Fault; onPart: (part: string) => void }) {
  const { t } = useTranslation();
  return (
    <li>
      <IconAlertCircle size={16} aria-hidden="true" />
      <span>
        <button type="button" className="link" onClick={() => onPart(partOf(fault.path))}>
          {placeWords(fault.path, t)}
        </button>
        <span className="quiet number"> {t('tariffs.check.line', { line: fault.line })}</span>
        <br />
        {fault.message} <span className="quiet">{fault.remedy}</span>
      </span>
    </li>
  );
}

function Cases({
  check,
  labels,
  onPart,
  onExample,
}: Pick<Props, 'labels' | 'onPart' | 'onExample'> & { check: ProposalCheck }) {
  const { t } = useTranslation();
  const words = (kind: 'published' | 'computed') => {
    const { passed, failed } = check[kind];
    return t(`tariffs.check.${kind}`, { passed, all: passed + failed });
  };
  return (
    <Section title={t('tariffs.nav.cases')}>
      {check.cases.length === 0 ? (
        <p className="quiet tariff-outlook">{t('tariffs.check.casesWait')}</p>
      ) : (
        <p className="tariff-outlook quiet">
          {words('published')}
          <br />
          {words('computed')}
        </p>
      )}
      <ul className="tariff-case-list">
        {check.cases.map((one) => (
          <li key={one.name}>
            <Tag tone={one.passed ? 'success' : 'danger'}>
              {t(one.passed ? 'tariffs.case.passes' : 'tariffs.case.fails')}
            </Tag>
            <button
              type="button"
              className="link"
              onClick={() => {
                onPart('cases');
                onExample(one.name);
              }}
            >
              {one.name}
            </button>
            {one.expectations
              .filter(({ passed }) => !passed)
              .map(({ name, expected, computed }) => (
                <small key={name}>
                  {t('tariffs.check.differs', {
                    name: labels.get(name) ?? t(`tariffs.expect.${name}`, { defaultValue: plain(name) }),
                    expected: grouped(expected) || '–',
                    computed: grouped(computed ?? '') || '–',
                  })}
                </small>
              ))}
          </li>
        ))}
      </ul>
    </Section>
  );
}
