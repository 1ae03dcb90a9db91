import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { findingKinds, findingTileAddress, type Funnel } from '../api/discovery.js';
import { useMap } from '../map/map-context.js';
import { findingColours } from '../map/styles/finding-colours.js';
import { count } from '../ui/format.js';
import { usePhone } from '../ui/phone.js';
import { useUrl } from '../ui/url-state.js';

/** Findings on the map by kind, with the legend that counts them. A click on a kind leaves it alone, in the list too. */
export function FindingTheme({ counts }: { counts: Funnel | undefined }) {
  const { t } = useTranslation();
  const map = useMap();
  const phone = usePhone();
  const [opened, setOpened] = useState(false);
  const scheme = useComputedColorScheme('light');
  const [kind, setKind] = useUrl('kind');
  const only = findingKinds.findIndex((each) => each === kind);
  // The tiles are asked for anew when a stage of the funnel has moved.
  const drawn = useMemo(
    () => (counts?.total.stages ?? []).reduce((sum, { count: n }, index) => sum + n * (index + 1), 0),
    [counts],
  );
  useEffect(() => {
    map?.setTaxTheme(
      drawn ? { url: findingTileAddress(drawn), onlyClass: only < 0 ? null : only, ramp: 'findings' } : null,
    );
  }, [map, drawn, only]);
  useEffect(() => () => map?.setTaxTheme(null), [map]);
  if (!drawn) return null;
  if (phone && !opened) {
    return (
      <button type="button" className="theme-button" onClick={() => setOpened(true)}>
        {t('discover.legend')}
      </button>
    );
  }
  return (
    <section className="floating tax-legend" aria-label={t('discover.legend')}>
      <header>
        <h2>{t('discover.legend')}</h2>
      </header>
      <ul className="legend">
        {findingKinds.map((each, index) => {
          const found = counts?.kinds.find((one) => one.kind === each)?.stages[0]?.count ?? 0;
          return found ? (
            <li key={each}>
              <button
                type="button"
                className="finding-legend"
                aria-pressed={each === kind}
                data-dimmed={kind !== null && each !== kind}
                onClick={() => setKind(each === kind ? null : each)}
              >
                <span className="legend-color" style={{ background: findingColours[scheme][index] }} />
                <span className="legend-limits">{t(`discover.kind.${each}`)}</span>
                <span className="number legend-count">{count(found)}</span>
              </button>
            </li>
          ) : null;
        })}
      </ul>
      <p className="legend-note">{t('discover.allegation')}</p>
    </section>
  );
}
