import { useTranslation } from 'react-i18next';
import type { DiscoveryRun } from '../api/discovery.js';
import { Section } from '../ui/facts.js';
import { count } from '../ui/format.js';

/** Every footprint and every property in exactly one class, so that nothing is lost between map and roll. */
export function Accounting({ run }: { run: DiscoveryRun }) {
  const { t } = useTranslation();
  const { footprints, properties } = run.counts;
  if (Object.keys(footprints).length + Object.keys(properties).length === 0) return null;
  return (
    <Section title={t('discover.accounting.title')}>
      <Classes name="footprints" counts={footprints} />
      <Classes name="properties" counts={properties} />
      <p className="quiet funnel-note">{t('discover.accounting.note')}</p>
    </Section>
  );
}

function Classes({ name, counts }: { name: 'footprints' | 'properties'; counts: Record<string, number> }) {
  const { t } = useTranslation();
  const rows = Object.entries(counts).sort(([, a], [, b]) => b - a);
  const sum = rows.reduce((total, [, n]) => total + n, 0);
  return (
    <table className="plain-table classes">
      <thead>
        <tr>
          <th scope="col">{t(`discover.accounting.${name}`)}</th>
          <th scope="col" className="amount">
            {count(sum)}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([key, n]) => (
          <tr key={key}>
            <td>{t(`discover.class.${key}`)}</td>
            <td className="amount number">{count(n)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
