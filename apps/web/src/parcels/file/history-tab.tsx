import { Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { usePropertyHistory, type Version } from '../../api/property-file.js';
import { Failure } from '../../ui/failure.js';
import { day, dayAndTime } from '../../ui/format.js';
import { Difference } from './difference.js';
import './file.css';

/** Every version of a property, the newest first: who, when, why, by which paper, and what became of what. */
export default function HistoryTab({ propertyId }: { propertyId: string }) {
  const { t } = useTranslation();
  const history = usePropertyHistory(propertyId);
  if (history.isError) return <Failure error={history.error} onRetry={() => history.refetch()} />;
  if (history.isPending) return <Skeleton height={200} m={16} width="auto" />;
  return (
    <ol className="history">
      {history.data.items.map((version) => (
        <Entry key={version.version} version={version} />
      ))}
      {history.data.ownersHidden ? <li className="quiet">{t('owners.hidden')}</li> : null}
    </ol>
  );
}

function Entry({ version }: { version: Version }) {
  const { t, i18n } = useTranslation();
  const first = version.version === 1 && !version.changeId;
  return (
    <li className="history-entry">
      <header>
        <strong>{dayAndTime(version.recordedAt, i18n.language)}</strong>
        <span className="quiet number">{t('file.version', { number: version.version })}</span>
      </header>
      <p>
        {version.madeByLogin ? t('file.by', { login: version.madeByLogin }) : t('file.byImport')}
        {version.approvedByLogin ? ` · ${t('file.approvedBy', { login: version.approvedByLogin })}` : ''}
        {version.effectiveOn
          ? ` · ${t('file.fromDay', { day: day(version.effectiveOn, i18n.language) })}`
          : ''}
      </p>
      {version.reason || version.paper ? (
        <p className="quiet">{[version.reason, version.paper].filter(Boolean).join(' · ')}</p>
      ) : null}
      {first ? (
        <details>
          <summary>{t('file.firstRecord')}</summary>
          <Difference lines={version.lines} />
        </details>
      ) : (
        <Difference lines={version.lines} />
      )}
    </li>
  );
}
