import { useTranslation } from 'react-i18next';
import { useFiledReturns } from '../../api/property-file.js';
import { Failure } from '../../ui/failure.js';
import { dayAndTime } from '../../ui/format.js';
import { selectAndFly } from '../../ui/selection.js';
import { Tag } from '../../ui/tag.js';

/** Owners' returns that wait for an officer; each leads to its property, where it is decided. */
export function FiledReturns() {
  const { t, i18n } = useTranslation();
  const returns = useFiledReturns();
  if (returns.isError) return <Failure error={returns.error} onRetry={() => returns.refetch()} />;
  return (
    <>
      {(returns.data ?? []).map((filed) => {
        const beyond = filed.findings.filter((finding) => finding.beyond).length;
        return (
          <section key={filed.id} className="batch-card">
            <header>
              <button
                type="button"
                className="roll-open number"
                onClick={() => selectAndFly({ kind: 'property', id: filed.propertyId })}
              >
                {filed.number}
              </button>
              <span>{t('file.ownersReturn')}</span>
              <span className="quiet">
                {t('file.filedBy', {
                  fy: filed.fy,
                  login: filed.filedByLogin,
                  since: dayAndTime(filed.filedAt, i18n.language),
                })}
              </span>
              {beyond ? <Tag tone="warning">{t('file.beyond', { count: beyond })}</Tag> : null}
            </header>
          </section>
        );
      })}
    </>
  );
}
