import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changeTileAddress, useChangeLegend } from '../api/simulation.js';
import { useMap } from '../map/map-context.js';
import { changeRamps } from '../map/styles/change-ramp.js';
import { Failure } from '../ui/failure.js';
import { count } from '../ui/format.js';
import { usePhone } from '../ui/phone.js';
import { useUrl, writeUrl } from '../ui/url-state.js';

const names = ['below50', 'to25', 'to10', 'below0', 'none', 'above0', 'from10', 'from25', 'above50'] as const;

/** Shades wards and parcels by their change, with the legend that counts them. A click on a class leaves it alone. */
export function ChangeTheme({ simulationId }: { simulationId: string | null }) {
  const { t } = useTranslation();
  const map = useMap();
  const phone = usePhone();
  const [opened, setOpened] = useState(false);
  const [only] = useUrl('class');
  const onlyClass = only === null ? null : Number(only);
  const legend = useChangeLegend(simulationId);
  const drawn = legend.data?.simulationId ?? null;
  useEffect(() => {
    map?.setTaxTheme(drawn ? { url: changeTileAddress(drawn), onlyClass, ramp: 'change' } : null);
  }, [map, drawn, onlyClass]);
  useEffect(() => () => map?.setTaxTheme(null), [map]);
  useEffect(() => () => writeUrl({ class: null }), []);
  if (legend.isError)
    return (
      <div className="floating change-legend">
        <Failure error={legend.error} />
      </div>
    );
  if (!legend.data) return null;
  if (phone && !opened) {
    return (
      <button type="button" className="theme-button" onClick={() => setOpened(true)}>
        {t('simulate.legend')}
      </button>
    );
  }
  const { parcels, wards, notComparable } = legend.data;
  return (
    <section
      className="floating change-legend"
      aria-label={t('simulate.legend')}
      data-old={legend.isPlaceholderData}
    >
      <header>
        <h2>{t('simulate.legend')}</h2>
      </header>
      <p className="legend-note change-legend-head">
        <span>{t('simulate.parcels')}</span>
        <span>{t('simulate.wardsShort')}</span>
      </p>
      <LegendRows parcels={parcels} wards={wards} onlyClass={onlyClass} />
      <p className="legend-note">
        {notComparable
          ? t('simulate.notComparable', { number: count(notComparable) })
          : t('simulate.legendNote')}
      </p>
    </section>
  );
}

interface RowsProps {
  parcels: number[];
  wards: number[];
  onlyClass: number | null;
}

/** The classes from the largest rise to the largest fall, as they lie from top to bottom. */
function LegendRows({ parcels, wards, onlyClass }: RowsProps) {
  const { t } = useTranslation();
  const scheme = useComputedColorScheme('light');
  return (
    <ul className="legend">
      {names
        .map((name, index) => ({ name, index }))
        .reverse()
        .map(({ name, index }) => {
          const pressed = onlyClass === index;
          return (
            <li key={name}>
              <button
                type="button"
                aria-pressed={pressed}
                data-dimmed={onlyClass !== null && !pressed}
                onClick={() => writeUrl({ class: pressed ? null : String(index) })}
              >
                <span
                  className="legend-color"
                  style={{ background: changeRamps[scheme][index] }}
                  aria-hidden="true"
                />
                <span className="legend-limits">{t(`simulate.class.${name}`)}</span>
                <span className="number legend-count">{count(parcels[index])}</span>
                <span className="number legend-count">{count(wards[index])}</span>
              </button>
            </li>
          );
        })}
    </ul>
  );
}
