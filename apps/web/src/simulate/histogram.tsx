import { useComputedColorScheme } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Comparison } from '../../../api/src/assessment/simulate/compare/result.js';
import { changeRamps } from '../map/styles/change-ramp.js';
import { Section } from '../ui/facts.js';
import { count } from '../ui/format.js';
import { classOfBin } from './amounts.js';

const [width, height, base] = [336, 96, 78];
const [first, last] = [-20, 20];
const step = width / (last - first + 1);

/** How many properties change by how much, in steps of five per cent and the colours of the map. */
export function Histogram({ result }: { result: Comparison }) {
  const { t } = useTranslation();
  const ramp = changeRamps[useComputedColorScheme('light')];
  const { bins, same, fresh } = result.histogram;
  const most = Math.max(1, ...bins.map((bin) => bin.properties));
  const x = (bin: number) => (bin - first) * step;
  const words = (bin: number) =>
    bin === last
      ? t('simulate.fromPercent', { from: bin * 5 })
      : t('simulate.percents', { from: bin * 5, to: bin * 5 + 5 });
  return (
    <Section title={t('simulate.histogram')}>
      {bins.length ? (
        <svg
          className="histogram"
          viewBox={`0 0 ${width} ${height}`}
          role="img"
          aria-label={t('simulate.histogramOf', {
            number: count(bins.reduce((sum, bin) => sum + bin.properties, 0)),
          })}
        >
          <line x1="0" x2={width} y1={base} y2={base} className="histogram-axis" />
          <line x1={x(0)} x2={x(0)} y1="4" y2={base + 4} className="histogram-zero" />
          {bins.map(({ bin, properties }) => {
            const tall = Math.max(1.5, ((base - 14) * properties) / most);
            return (
              <g key={bin} data-bin={bin}>
                <title>{`${words(bin)}: ${count(properties)}`}</title>
                <rect x={x(bin)} y="0" width={step} height={base} fill="transparent" />
                <rect
                  x={x(bin) + 0.6}
                  y={base - tall}
                  width={step - 1.2}
                  height={tall}
                  fill={ramp[classOfBin(bin)]}
                />
                {properties === most ? (
                  <text x={x(bin) + step / 2} y={base - tall - 3} textAnchor="middle">
                    {count(properties)}
                  </text>
                ) : null}
              </g>
            );
          })}
          {[-100, -50, 0, 50, 100].map((percent) => (
            <text
              key={percent}
              x={x(percent / 5)}
              y={height - 4}
              textAnchor={percent === -100 ? 'start' : percent === 100 ? 'end' : 'middle'}
            >
              {percent > 0 ? `+${percent} %` : `${percent} %`}
            </text>
          ))}
        </svg>
      ) : null}
      <p className="quiet histogram-rest">
        {t('simulate.unchanged', { number: count(same) })}
        {fresh ? ` · ${t('simulate.fresh', { number: count(fresh) })}` : ''}
      </p>
    </Section>
  );
}
