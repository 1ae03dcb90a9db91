import { useTranslation } from 'react-i18next';
import type { Evidence, FindingKind } from '../api/discovery.js';
import { area } from '../ui/format.js';

/** Measured on the map, declared by the owner, adopted on the roll: kept apart, and to one scale. */
export function AreaBars({ evidence, kind }: { evidence: Evidence; kind: FindingKind }) {
  const { t } = useTranslation();
  const measured = kind === 'area' ? evidence.measuredOnRollFloorsM2 : evidence.measuredM2;
  const rows = [
    ['measured', kind === 'vacant_untaxed' ? evidence.landM2 : measured],
    ['surveyed', evidence.surveyedM2],
    ['declared', evidence.declaredM2],
    ['adopted', evidence.adoptedM2],
  ] as const;
  const most = Math.max(1, ...rows.map(([, value]) => Number(value ?? 0)));
  const known = rows.filter(([name, value]) => value !== null || name !== 'surveyed');
  return (
    <>
      <dl className="area-bars">
        {known.map(([name, value]) => (
          <div key={name} data-name={name}>
            <dt>{t(`discover.area.${name}`)}</dt>
            <dd aria-hidden="true">
              <span style={{ width: `${(100 * Number(value ?? 0)) / most}%` }} />
            </dd>
            <dd className="number">{value === null ? '–' : area(value)}</dd>
          </div>
        ))}
      </dl>
      {evidence.mapFloors && evidence.mapFloors > 1 ? (
        <p className="quiet area-note">{t('discover.area.note', { percent: evidence.upperFloorPercent })}</p>
      ) : null}
    </>
  );
}
