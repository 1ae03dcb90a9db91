import { useTranslation } from 'react-i18next';
import type { FindingCard } from '../api/discovery.js';
import { plain, useCodeWords } from '../ui/code-words.js';
import { Facts, Section } from '../ui/facts.js';
import { rupees, rupeesWithSign } from '../ui/format.js';
import { Tag } from '../ui/tag.js';

/** What the finding would change in a year's tax if it is true; it says on what it rests, or why there is no figure. */
export function EstimateView({ card }: { card: FindingCard }) {
  const { t } = useTranslation();
  const codeWords = useCodeWords();
  const { estimate } = card;
  const assumed = Object.entries(estimate.assumed ?? {}).map(([name, value]) => {
    if (value === true) return t(`discover.assumed.${name}`);
    const kind = name === 'use' || name === 'structure' || name === 'occupancy' ? name : null;
    return t(`discover.assumedValue.${name}`, {
      value: kind ? codeWords(kind, String(value)) : String(value),
    });
  });
  const missing = (estimate.missing ?? []).map((code) => {
    const [name = ''] = code.split('=');
    const words = t(`missing.${name.replace('.', '_')}`, { defaultValue: plain(name.replace('.', ': ')) });
    return t(`discover.missing.${name}`, { defaultValue: words });
  });
  return (
    <Section
      title={t('discover.estimate.title', { fy: card.fy })}
      aside={
        <span className="estimate-tags">
          <Tag tone="warning">{t('discover.estimate.tag')}</Tag>
          {estimate.tariffStatus === 'sample' ? <Tag tone="warning">{t('tax.sample')}</Tag> : null}
        </span>
      }
    >
      {card.estimatePaise === null ? (
        <p>{t('discover.estimate.none', { missing: missing.join(', ') || '–' })}</p>
      ) : (
        <>
          <p className="estimate-total number">
            {Number(card.estimatePaise) > 0 ? '+' : ''}
            {rupeesWithSign(card.estimatePaise)}
          </p>
          <Facts
            facts={[
              [t('discover.estimate.before'), rupees(estimate.beforePaise)],
              [t('discover.estimate.after'), rupees(estimate.afterPaise)],
            ]}
          />
          {assumed.length ? (
            <p className="quiet">{t('discover.estimate.assumed', { assumed: assumed.join('; ') })}</p>
          ) : null}
        </>
      )}
    </Section>
  );
}
