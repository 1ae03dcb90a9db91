import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { RollCodes } from '../../api/property-file.js';
import { area } from '../../ui/format.js';
import { type FloorRow, newFloor, nextFloor } from './draft.js';
import { FloorLine } from './floor-line.js';
import { focusField } from './fields.js';
import type { Entry } from './use-entry.js';

interface Props {
  entry: Entry;
  codes: RollCodes;
  /** The row before any change, to show what is altered. */
  before: (unitNo: number | null) => FloorRow | undefined;
}

/** Floors, one a row. Enter adds the next like the one before; Enter on a row without area goes on to the owners. */
export function FloorsPart({ entry, codes, before }: Props) {
  const { t } = useTranslation();
  const { add, drop, onKeyDown } = useFloors(entry, codes);
  const { floors } = entry.draft;
  const amounts = floors.map((row) => (row.ended ? 0 : Number(row.areaM2.replaceAll(',', '')) || 0));
  return (
    <section className="entry-part" aria-label={t('card.units')}>
      <header>
        <h3>{t('card.units')}</h3>
        <span className="quiet">{t('file.floorKeys')}</span>
      </header>
      <div className="entry-scroll">
        <table className="entry-table floors-table">
          <FloorsHead />
          <tbody>
            {floors.map((row) => (
              <FloorLine
                key={row.key}
                row={row}
                entry={entry}
                codes={codes}
                before={before(row.unitNo)}
                onKeyDown={(event) => onKeyDown(event, row)}
                onDrop={() => drop(row)}
              />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <td colSpan={5}>
                <Button
                  size="compact-xs"
                  variant="subtle"
                  leftSection={<IconPlus size={14} />}
                  tabIndex={-1}
                  onClick={() => add(floors.at(-1))}
                >
                  {t('file.addFloor')}
                </Button>
              </td>
              <td className="amount">{area(amounts.reduce((sum, each) => sum + each, 0))}</td>
              <td colSpan={3} />
            </tr>
          </tfoot>
        </table>
      </div>
    </section>
  );
}

function FloorsHead() {
  const { t } = useTranslation();
  return (
    <thead>
      <tr>
        {(['floor', 'use', 'occupancy', 'structure'] as const).map((name) => (
          <th key={name} scope="col">
            {t(`file.${name}`)}
          </th>
        ))}
        {(['yearBuilt', 'areaM2', 'declaredAreaM2', 'measuredAreaM2'] as const).map((name) => (
          <th key={name} scope="col" className="amount">
            {t(`file.${name}`)}
          </th>
        ))}
        <th aria-label={t('file.remove')} />
      </tr>
    </thead>
  );
}

function useFloors({ draft, setDraft }: Entry, codes: RollCodes) {
  const add = (model: FloorRow | undefined) => {
    const row = model ? nextFloor(model, codes) : newFloor(codes);
    setDraft((now) => ({ ...now, floors: [...now.floors, row] }));
    focusField(`${row.key}.areaM2`);
  };
  const drop = (row: FloorRow) =>
    setDraft((now) => ({
      ...now,
      floors:
        row.unitNo === null
          ? now.floors.filter((each) => each.key !== row.key)
          : now.floors.map((each) => (each.key === row.key ? { ...each, ended: !each.ended } : each)),
    }));
  const onKeyDown = (event: KeyboardEvent, row: FloorRow) => {
    if (event.key !== 'Enter' || event.ctrlKey) return;
    event.preventDefault();
    const fresh = row.unitNo === null && row.areaM2.trim() === '' && draft.floors.length > 1;
    if (!fresh) return add(row);
    drop(row);
    focusField(`${draft.owners.find((owner) => !owner.ended)?.key ?? ''}.name`);
  };
  return { add, drop, onKeyDown };
}
