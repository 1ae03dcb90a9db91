import { useTranslation } from 'react-i18next';
import type { Study, Verdict } from '../api/equity.js';
import { count } from '../ui/format.js';
import { Tag } from '../ui/tag.js';

/** A ratio of a tax is a few thousandths: three figures that count, whatever the level. */
export function ratio(text: string | null): string {
  if (text === null) return '–';
  const value = Number(text);
  return value === 0 || value >= 0.1 ? value.toFixed(3) : value.toPrecision(3);
}

/** The four figures over all sales, each with its band. */
export function Figures({ study }: { study: Study }) {
  const { t } = useTranslation();
  const between = study.medianLow
    ? t('equity.between', { low: ratio(study.medianLow), high: ratio(study.medianHigh) })
    : '';
  const rows: [name: 'cod' | 'prd' | 'prb', value: string, verdict: Verdict | null][] = [
    ['cod', `${study.cod} %`, study.codVerdict],
    ['prd', study.prd, study.prdVerdict],
    ['prb', study.prb ?? '–', study.prbVerdict],
  ];
  return (
    <section className="section" aria-label={t('equity.figures')}>
      <div className="run-total">
        <strong className="number">{ratio(study.median)}</strong>
        <span className="quiet">
          {t('equity.medianOf', { number: count(study.sales) })} {between}
        </span>
      </div>
      <dl className="equity-figures">
        {rows.map(([name, value, verdict]) => (
          <div key={name}>
            <dt>
              {t(`equity.name.${name}`)} <small className="quiet">{t(`equity.band.${name}`)}</small>
            </dt>
            <dd className="number">{value}</dd>
            <dd>
              {verdict ? (
                <Tag tone={verdict === 'good' ? 'success' : 'warning'}>
                  {t(`equity.verdict.${name}.${verdict}`)}
                </Tag>
              ) : null}
            </dd>
          </div>
        ))}
      </dl>
      {study.trimmed ? (
        <p className="quiet equity-note">{t('equity.trimmed', { number: count(study.trimmed) })}</p>
      ) : null}
    </section>
  );
}
