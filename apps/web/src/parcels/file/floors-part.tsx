import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconArrowBackUp, IconPlus, IconTrash } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { RollCodes } from '../../api/property-file.js';
import { area } from '../../ui/format.js';
import { type FloorRow, nextFloor } from './draft.js';
import { CodeField, focusField, TextField } from './fields.js';
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
  const { draft, setDraft } = entry;
  const add = (after: FloorRow | undefined) => {
    const model = after ?? draft.floors.at(-1);
    if (!model) return;
    const row = nextFloor(model, codes);
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
  const total = draft.floors.reduce(
    (sum, row) => sum + (row.ended ? 0 : Number(row.areaM2.replaceAll(',', '')) || 0),
    0,
  );
  return (
    <section className="entry-part" aria-label={t('card.units')}>
      <header>
        <h3>{t('card.units')}</h3>
        <span className="quiet">{t('file.floorKeys')}</span>
      </header>
      <div className="entry-scroll">
        <table className="entry-table floors-table">
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
          <tbody>
            {draft.floors.map((row) => (
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
                  onClick={() => add(undefined)}
                >
                  {t('file.addFloor')}
                </Button>
              </td>
              <td className="amount">{area(total)}</td>
              <td colSpan={3} />
            </tr>
          </tfoot>
        </table>
      </div>
    </section>
  );
}

interface LineProps extends Omit<Props, 'before'> {
  row: FloorRow;
  before: FloorRow | undefined;
  onKeyDown: (event: KeyboardEvent) => void;
  onDrop: () => void;
}

function FloorLine({ row, entry, codes, before, onKeyDown, onDrop }: LineProps) {
  const { t } = useTranslation();
  const { setDraft, faults, warnings } = entry;
  const set = (patch: Partial<FloorRow>) =>
    setDraft((now) => ({
      ...now,
      floors: now.floors.map((each) => (each.key === row.key ? { ...each, ...patch } : each)),
    }));
  const cell = (name: 'floor' | 'use' | 'occupancy' | 'structure' | AmountName) => ({
    field: `${row.key}.${name}`,
    label: t(`file.${name}`),
    value: row[name],
    fault: faults[`${row.key}.${name}`],
    warning: warnings[`${row.key}.${name}`],
    disabled: row.ended,
    bare: true,
  });
  const was = (name: keyof FloorRow) => (before && before[name] !== row[name] ? 'altered' : undefined);
  return (
    <tr className={row.ended ? 'ended' : undefined} onKeyDown={onKeyDown}>
      {(['floor', 'use', 'occupancy', 'structure'] as const).map((name) => (
        <td key={name} className={was(name)}>
          <CodeField
            {...cell(name)}
            kind={name}
            codes={codes[name]}
            onValue={(value) => set({ [name]: value })}
          />
        </td>
      ))}
      <td className={was('yearBuilt')}>
        <TextField {...cell('yearBuilt')} amount onValue={(value) => set({ yearBuilt: value })} />
      </td>
      <td className={was('areaM2')}>
        <TextField
          {...cell('areaM2')}
          amount
          placeholder={row.unitNo === null ? undefined : t('file.notAdopted')}
          onValue={(value) => set({ areaM2: value, adopted: null })}
        />
        {row.adopted ? <small className="adopted">{t(`file.adopted.${row.adopted}`)}</small> : null}
      </td>
      {(['declared', 'measured'] as const).map((origin) => (
        <td key={origin} className={was(`${origin}AreaM2`)}>
          <TextField
            {...cell(`${origin}AreaM2`)}
            amount
            onValue={(value) => set({ [`${origin}AreaM2`]: value })}
          />
          {canAdopt(row, origin) ? (
            <button
              type="button"
              className="adopt"
              tabIndex={-1}
              onClick={() => set({ areaM2: row[`${origin}AreaM2`], adopted: origin })}
            >
              {t('file.adopt')}
            </button>
          ) : null}
        </td>
      ))}
      <td>
        <Tooltip label={t(row.ended ? 'file.keep' : row.unitNo === null ? 'file.remove' : 'file.retireUnit')}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={26}
            tabIndex={-1}
            aria-label={t(row.ended ? 'file.keep' : 'file.remove')}
            onClick={onDrop}
          >
            {row.ended ? <IconArrowBackUp size={16} /> : <IconTrash size={16} />}
          </ActionIcon>
        </Tooltip>
      </td>
    </tr>
  );
}

type AmountName = 'yearBuilt' | 'areaM2' | 'declaredAreaM2' | 'measuredAreaM2';

const canAdopt = (row: FloorRow, origin: 'declared' | 'measured'): boolean => {
  const figure = row[`${origin}AreaM2`].trim();
  return row.unitNo !== null && !row.ended && figure !== '' && figure !== row.areaM2;
};
