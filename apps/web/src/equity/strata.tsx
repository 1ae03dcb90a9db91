import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EquityReport, Study } from '../api/equity.js';
import { useCodeWords } from '../ui/code-words.js';
import { Section } from '../ui/facts.js';
import { count, rupees } from '../ui/format.js';
import { ratio } from './figures.js';

type By = 'byWard' | 'byUse' | 'byPrice';

/** The same figures ward by ward, use by use, and from cheap to dear. */
export function Strata({ report }: { report: EquityReport }) {
  const { t } = useTranslation();
  const codeWords = useCodeWords();
  const [by, setBy] = useState<By>('byWard');
  const bounds = report.priceBoundsPaise.map((paise) => rupees(paise).replace(/\.\d\d$/, ''));
  const nameOf = (key: string): string => {
    if (by === 'byUse') return codeWords('use', key);
    if (by === 'byWard') return key || '–';
    const quarter = Number(key);
    if (quarter === 1) return t('equity.upTo', { price: bounds[0] ?? '' });
    return t('equity.above', { price: bounds[quarter - 2] ?? '' });
  };
  return (
    <Section title={t('equity.strata')}>
      <SegmentedControl
        size="xs"
        fullWidth
        value={by}
        onChange={(next) => setBy(next as By)}
        data={(['byWard', 'byUse', 'byPrice'] as const).map((value) => ({
          value,
          label: t(`equity.${value}`),
        }))}
        aria-label={t('equity.strata')}
      />
      <table className="plain-table strata">
        <thead>
          <tr>
            <th scope="col">{t(`equity.${by}`)}</th>
            {(['sales', 'median', 'cod', 'prd', 'prb'] as const).map((name) => (
              <th key={name} scope="col" className="amount">
                {t(`equity.column.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {report[by].map((stratum) => (
            <Stratum key={stratum.key} name={nameOf(stratum.key)} study={stratum} />
          ))}
        </tbody>
      </table>
      <p className="quiet equity-note">{t('equity.few')}</p>
    </Section>
  );
}

function Stratum({ name, study }: { name: string; study: Study }) {
  const bad = (verdict: string | null) =>
    verdict && verdict !== 'good' ? 'amount number strata-off' : 'amount number';
  return (
    <tr data-few={study.sales < 10}>
      <td>{name}</td>
      <td className="amount number">{count(study.sales)}</td>
      <td className="amount number">{ratio(study.median)}</td>
      <td className={bad(study.codVerdict)}>{Number(study.cod).toFixed(1)}</td>
      <td className={bad(study.prdVerdict)}>{Number(study.prd).toFixed(2)}</td>
      <td className={bad(study.prbVerdict)}>{study.prb === null ? '–' : Number(study.prb).toFixed(2)}</td>
    </tr>
  );
}
