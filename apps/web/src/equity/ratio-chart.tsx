import { useTranslation } from 'react-i18next';
import { Section } from '../ui/facts.js';
import { count } from '../ui/format.js';

const [width, height, base] = [336, 96, 78];

/** How many sales lie how far from the median: narrow and high is even, broad and low is not. */
export function RatioChart({ bars }: { bars: { from: number; sales: number }[] }) {
  const { t } = useTranslation();
  const most = Math.max(1, ...bars.map(({ sales }) => sales));
  const step = width / bars.length;
  const words = (from: number, last: boolean) =>
    last
      ? t('equity.barLast', { from: Math.round(from * 100) })
      : t('equity.bar', { from: Math.round(from * 100), to: Math.round(from * 100) + 10 });
  return (
    <Section title={t('equity.chart')}>
      <svg
        className="ratio-chart"
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={t('equity.chartOf', { number: count(bars.reduce((sum, bar) => sum + bar.sales, 0)) })}
      >
        <line x1="0" x2={width} y1={base} y2={base} className="ratio-axis" />
        <line x1={step * 10} x2={step * 10} y1="4" y2={base + 4} className="ratio-median" />
        {bars.map(({ from, sales }, index) => {
          const tall = sales ? Math.max(1.5, ((base - 14) * sales) / most) : 0;
          return (
            <g key={from}>
              <title>{`${words(from, index === bars.length - 1)}: ${count(sales)}`}</title>
              <rect x={index * step} y="0" width={step} height={base} fill="transparent" />
              <rect
                className="ratio-bar"
                x={index * step + 0.8}
                y={base - tall}
                width={step - 1.6}
                height={tall}
              />
              {sales === most ? (
                <text x={(index + 0.5) * step} y={base - tall - 3} textAnchor="middle">
                  {count(sales)}
                </text>
              ) : null}
            </g>
          );
        })}
        {[0, 50, 100, 150, 200].map((percent) => (
          <text
            key={percent}
            x={(percent / 10) * step}
            y={height - 4}
            textAnchor={percent === 0 ? 'start' : 'middle'}
          >
            {`${percent} %`}
          </text>
        ))}
      </svg>
    </Section>
  );
}
