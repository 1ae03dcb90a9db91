import { Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { useTaxMap } from '../api/assessment.js';
import { taxRamp } from '../map/styles/palette.js';
import { Failure } from '../ui/failure.js';
import { count, rupees } from '../ui/format.js';
import { writeUrl } from '../ui/url-state.js';

interface Props {
  summary: ReturnType<typeof useTaxMap>;
  onlyClass: number | null;
}

/**
 * Seven classes with their limits and how many parcels each holds. A click leaves only that class on the
 * map.
 */
export function TaxLegend({ summary, onlyClass }: Props) {
  const { t } = useTranslation();
  if (summary.isError) return <Failure error={summary.error} onRetry={() => summary.refetch()} />;
  if (!summary.data) return <Skeleton height={150} m={12} width="auto" />;
  const { breaks, counts } = summary.data;
  if (breaks.length === 0) return <p className="legend-note">{t('theme.empty')}</p>;
  const most = Math.max(1, ...counts);
  const limits = (index: number): string => {
    const [from, to] = [breaks[index - 1], breaks[index]].map(
      (each) => each && rupees(BigInt(each.split('.')[0] ?? '0').toString()),
    );
    return from && to ? `${from} – ${to}` : from ? t('theme.from', { from }) : t('theme.upTo', { to });
  };
  return (
    <>
      <ul className="legend">
        {taxRamp.map((color, index) => {
          const pressed = onlyClass === index;
          return (
            <li key={color}>
              <button
                type="button"
                aria-pressed={pressed}
                data-dimmed={onlyClass !== null && !pressed}
                onClick={() => writeUrl({ class: pressed ? null : String(index) })}
              >
                <span className="legend-color" style={{ background: color }} aria-hidden="true" />
                <span className="number legend-limits">{limits(index)}</span>
                <span className="legend-bar" aria-hidden="true">
                  <span style={{ width: `${(100 * (counts[index] ?? 0)) / most}%` }} />
                </span>
                <span className="number legend-count">{count(counts[index] ?? 0)}</span>
              </button>
            </li>
          );
        })}
      </ul>
      <p className="legend-note">{t(onlyClass === null ? 'theme.note' : 'theme.noteOne')}</p>
    </>
  );
}
