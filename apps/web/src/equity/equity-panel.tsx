import { Select, Skeleton } from '@mantine/core';
import { IconChartHistogram } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.js';
import { type EquityReport, useEquity } from '../api/equity.js';
import { Empty } from '../ui/empty.js';
import { Failure } from '../ui/failure.js';
import { Section } from '../ui/facts.js';
import { count, day, financialYears, word } from '../ui/format.js';
import { Panel } from '../ui/panel.js';
import { Tag } from '../ui/tag.js';
import { useUrl } from '../ui/url-state.js';
import { BringSales } from './bring-sales.js';
import { Figures } from './figures.js';
import { RatioChart } from './ratio-chart.js';
import { Strata } from './strata.js';
import '../assessment/assess.css';
import './equity.css';

interface Props {
  mayImport: boolean;
  width: number;
  onClose: () => void;
}

/** How evenly the roll values what was sold: level, uniformity and progressivity, after the Standard of the IAAO. */
export default function EquityPanel({ mayImport, width, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const years = financialYears(new Date());
  const [asked, setAsked] = useUrl('fy');
  const [basis, setBasis] = useUrl('basis');
  const fy = asked ?? years[1] ?? '';
  const report = useEquity(fy, basis);
  const data = report.isError ? undefined : report.data;
  return (
    <Panel
      side="left"
      label={t('view.equity')}
      size={width}
      onClose={onClose}
      head={<h2 className="assess-title">{t('equity.title')}</h2>}
    >
      <div className="section start-run">
        <div className="start-run-fields">
          <Select
            label={t('assess.year')}
            size="xs"
            data={years.includes(fy) ? years : [...years, fy]}
            value={fy}
            allowDeselect={false}
            onChange={(next) => next && setAsked(next)}
          />
          <Select
            label={t('equity.basis')}
            size="xs"
            data={(data?.bases ?? []).map(({ name, label }) => ({
              value: name,
              label: word(label, i18n.language),
            }))}
            value={data?.basis ?? null}
            allowDeselect={false}
            onChange={(next) => next && setBasis(next)}
          />
        </div>
        {data?.tariffStatus === 'sample' ? (
          <p className="start-run-tariff">
            <Tag tone="warning">{t('tax.sample')}</Tag>
          </p>
        ) : null}
      </div>
      {report.isPending ? <Skeleton height={160} m={16} width="auto" /> : null}
      {report.isError ? <Refused error={report.error} onRetry={() => void report.refetch()} /> : null}
      {data ? <Report data={data} mayImport={mayImport} /> : null}
    </Panel>
  );
}

function Report({ data, mayImport }: { data: EquityReport; mayImport: boolean }) {
  const { t, i18n } = useTranslation();
  const { counts, overall } = data;
  const language = i18n.language;
  return (
    <>
      {overall ? (
        <>
          <Figures study={overall} />
          <RatioChart bars={data.histogram} />
          <Strata report={data} />
        </>
      ) : (
        <Empty
          icon={<IconChartHistogram size={24} />}
          title={t(counts.registered ? 'equity.none.title' : 'equity.empty.title')}
        >
          {t(counts.registered ? 'equity.none.detail' : 'equity.empty.detail')}
        </Empty>
      )}
      <Section title={t('equity.counts.title')}>
        <p className="quiet equity-note">
          {t('equity.counts.line', {
            from: day(data.from, language),
            until: day(data.until, language),
            registered: count(counts.registered),
            compared: count(counts.compared),
            excluded: count(counts.notArmsLength),
            withoutValue: count(counts.withoutValue),
            earlier: count(counts.earlierSales),
          })}
        </p>
      </Section>
      {mayImport ? <BringSales /> : null}
      <Section title={t('equity.about.title')}>
        {(['median', 'cod', 'prd', 'prb', 'trim'] as const).map((name) => (
          <p key={name} className="equity-note">
            {t(`equity.about.${name}`)}
          </p>
        ))}
        <p className="quiet equity-note">{t('equity.about.source')}</p>
      </Section>
    </>
  );
}

function Refused({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const { t } = useTranslation();
  if (!(error instanceof ApiError) || error.kind !== 'tariff-missing') {
    return <Failure error={error} onRetry={onRetry} />;
  }
  return (
    <Empty icon={<IconChartHistogram size={24} />} title={t('equity.noTariff.title')}>
      {t('equity.noTariff.detail')}
    </Empty>
  );
}
