import { ActionIcon } from '@mantine/core';
import { IconPalette, IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRuns, useTaxMap } from '../api/assessment.js';
import { taxTileAddress } from '../api/map.js';
import { useMap } from '../map/map-context.js';
import { usePhone } from '../ui/phone.js';
import { useUrl, writeUrl } from '../ui/url-state.js';
import { TaxLegend } from './tax-legend.js';
import './assess.css';

/**
 * Shades the map by tax per m2, always in the work space of assessment and elsewhere where it was asked
 * for.
 */
export default function TaxTheme({ view }: { view: string }) {
  const { t } = useTranslation();
  const map = useMap();
  const [asked, setAsked] = useUrl('theme');
  const [chosenYear] = useUrl('fy');
  const [run] = useUrl('run');
  const [only] = useUrl('class');
  const phone = usePhone();
  // A phone has no room for the legend until it is asked for.
  const [opened, setOpened] = useState(false);
  const runs = useRuns();
  const done = runs.data?.filter(({ status }) => status === 'published') ?? [];
  const fy = chosenYear ?? runs.data?.find(({ id }) => id === run)?.fy ?? done[0]?.fy ?? null;
  const shown = asked === 'tax' || (view === 'assess' && asked !== 'none');
  const newest = runs.data?.find((each) => each.status === 'published' && each.fy === fy)?.id ?? null;
  const summary = useTaxMap(shown && done.length ? fy : null, newest);
  const drawnBy = summary.data?.runId ?? '';
  const onlyClass = only === null ? null : Number(only);
  const ready = shown && summary.data && summary.data.breaks.length > 0;

  useEffect(() => {
    map?.setTaxTheme(ready && fy ? { url: taxTileAddress(fy, drawnBy), onlyClass } : null);
  }, [map, ready, fy, drawnBy, onlyClass]);

  if (!done.length) return null;
  if (!shown || (phone && !opened)) {
    const open = () => {
      setOpened(true);
      setAsked('tax');
    };
    return (
      <button type="button" className="theme-button" onClick={open}>
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
          onClick={() => {
            setOpened(false);
            writeUrl({ theme: view === 'assess' ? 'none' : null, class: null });
          }}
        >
          <IconX size={16} />
        </ActionIcon>
      </header>
      <TaxLegend summary={summary} onlyClass={onlyClass} />
    </section>
  );
}
