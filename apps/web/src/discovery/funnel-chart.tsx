import { useTranslation } from 'react-i18next';
import type { Funnel, Stages } from '../api/discovery.js';
import { Section } from '../ui/facts.js';
import { count, rupees } from '../ui/format.js';
import { useUrl } from '../ui/url-state.js';

const isStage = (name: string): boolean => name !== 'dismissed';

/** From found to paid: how many came so far and for how much, over all and for the ward that is looked at. */
export function FunnelChart({ funnel }: { funnel: Funnel }) {
  const { t } = useTranslation();
  const [ward, setWard] = useUrl('ward');
  const ofWard = funnel.wards.find(({ wardNumber }) => wardNumber === ward);
  const shown: Stages = ofWard ?? funnel.total;
  const most = Math.max(1, ...shown.stages.map((stage) => stage.count));
  const dismissed = shown.stages.find(({ stage }) => stage === 'dismissed');
  return (
    <Section
      title={t('discover.funnel.title')}
      aside={
        <span className="quiet">{ofWard ? t('card.ward', { ward: ward ?? '' }) : t('assess.allWards')}</span>
      }
    >
      <ol className="funnel">
        {shown.stages
          .filter(({ stage }) => isStage(stage))
          .map(({ stage, count: number, paise }) => (
            <li key={stage}>
              <span className="funnel-name">{t(`discover.state.${stage}`)}</span>
              <span className="funnel-bar" aria-hidden="true">
                <span
                  style={{ width: `${Math.max(number ? 1.5 : 0, (100 * number) / most)}%` }}
                  data-stage={stage}
                />
              </span>
              <span className="number funnel-count">{count(number)}</span>
              <span className="number quiet funnel-money">{rupees(paise)}</span>
            </li>
          ))}
      </ol>
      <p className="quiet funnel-note">
        {t('discover.funnel.note', {
          dismissed: count(dismissed?.count ?? 0),
          without: count(shown.withoutEstimate),
        })}
      </p>
      <div className="ward-chips">
        {funnel.wards.map(({ wardNumber, stages }) => (
          <button
            key={wardNumber}
            type="button"
            aria-pressed={wardNumber === ward}
            onClick={() => setWard(wardNumber === ward ? null : wardNumber)}
          >
            {wardNumber || t('discover.noWard')}{' '}
            <span className="quiet number">{count(stages[0]?.count)}</span>
          </button>
        ))}
      </div>
    </Section>
  );
}
