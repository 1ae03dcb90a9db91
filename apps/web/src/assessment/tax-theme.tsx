import { ActionIcon } from '@mantine/core';
import { IconPalette, IconX } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useRuns, useTaxMap } from '../api/assessment.js';
import { taxTileAddress } from '../api/map.js';
import { useMap } from '../map/map-context.js';
import { useUrl, writeUrl } from '../ui/url-state.js';
import { TaxLegend } from './tax-legend.js';
import './assess.css';

/** Shades the map by tax per m2, always in the work space of assessment and elsewhere where it was asked for. */
export default function TaxTheme({ view }: { view: string }) {
  const { t } = useTranslation();
  const map = useMap();
  const [asked, setAsked] = useUrl('theme');
  const [chosenYear] = useUrl('fy');
  const [run] = useUrl('run');
  const [only] = useUrl('class');
  const runs = useRuns();
  const done = runs.data?.filter(({ status }) => status === 'done' || status === 'cancelled') ?? [];
  const fy = chosenYear ?? runs.data?.find(({ id }) => id === run)?.fy ?? done[0]?.fy ?? null;
  const shown = asked === 'tax' || (view === 'assess' && asked !== 'none');
  const version = Date.parse(done[0]?.finishedAt ?? '') || 0;
  const summary = useTaxMap(shown && done.length ? fy : null);
  const onlyClass = only === null ? null : Number(only);
  const ready = shown && summary.data && summary.data.breaks.length > 0;

  useEffect(() => {
    map?.setTaxTheme(ready && fy ? { url: taxTileAddress(fy, version), onlyClass } : null);
  }, [map, ready, fy, version, onlyClass]);

  if (!done.length) return null;
  if (!shown) {
    return (
      <button type="button" className="theme-button" onClick={() => setAsked('tax')}>
        <IconPalette size={16} aria-hidden="true" /> {t('theme.show')}
      </button>
    );
  }
  return (
    <section className="floating tax-legend" aria-label={t('theme.title', { fy })}>
      <header>
        <h2>{t('theme.title', { fy })}</h2>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={26}
          aria-label={t('theme.hide')}
          onClick={() => writeUrl({ theme: view === 'assess' ? 'none' : null, class: null })}
        >
          <IconX size={16} />
        </ActionIcon>
      </header>
      <TaxLegend summary={summary} onlyClass={onlyClass} />
    </section>
  );
}
