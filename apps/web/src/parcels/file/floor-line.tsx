import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { RollCodes } from '../../api/property-file.js';
import type { FloorRow } from './draft.js';
import { DropButton } from './drop-button.js';
import { CodeField, TextField } from './fields.js';
import type { Entry } from './use-entry.js';

interface Props {
  row: FloorRow;
  before: FloorRow | undefined;
  entry: Entry;
  codes: RollCodes;
  onKeyDown: (event: KeyboardEvent) => void;
  onDrop: () => void;
}

type Name = 'floor' | 'use' | 'occupancy' | 'structure' | 'yearBuilt' | 'areaM2' | `${Origin}AreaM2`;
type Origin = 'declared' | 'measured';
type Cell = ReturnType<typeof useCells>;

/** One floor: codes chosen by their first letters, figures at the right, what is altered marked. */
export function FloorLine({ row, before, entry, codes, onKeyDown, onDrop }: Props) {
  const { t } = useTranslation();
  const cells = useCells(row, before, entry);
  return (
    <tr className={row.ended ? 'ended' : undefined} onKeyDown={onKeyDown}>
      {(['floor', 'use', 'occupancy', 'structure'] as const).map((name) => (
        <td key={name} className={cells.was(name)}>
          <CodeField
            {...cells.of(name)}
            kind={name}
            codes={codes[name]}
            onValue={(value) => cells.set({ [name]: value })}
          />
        </td>
      ))}
      <td className={cells.was('yearBuilt')}>
        <TextField {...cells.of('yearBuilt')} amount onValue={(value) => cells.set({ yearBuilt: value })} />
      </td>
      <td className={cells.was('areaM2')}>
        <TextField
          {...cells.of('areaM2')}
          amount
          placeholder={row.unitNo === null ? undefined : t('file.notAdopted')}
          onValue={(value) => cells.set({ areaM2: value, adopted: null })}
        />
        {row.adopted ? <small className="adopted">{t(`file.adopted.${row.adopted}`)}</small> : null}
      </td>
      {(['declared', 'measured'] as const).map((origin) => (
        <OriginCell key={origin} origin={origin} row={row} cells={cells} />
      ))}
      <td>
        <DropButton
          ended={row.ended}
          label={t(row.unitNo === null ? 'file.remove' : 'file.retireUnit')}
          onDrop={onDrop}
        />
      </td>
    </tr>
  );
}

/** A declared or measured area, which never taxes by itself, and the named act that adopts it. */
function OriginCell({ origin, row, cells }: { origin: Origin; row: FloorRow; cells: Cell }) {
  const { t } = useTranslation();
  const name = `${origin}AreaM2` as const;
  const figure = row[name].trim();
  const canAdopt = row.unitNo !== null && !row.ended && figure !== '' && figure !== row.areaM2;
  return (
    <td className={cells.was(name)}>
      <TextField {...cells.of(name)} amount onValue={(value) => cells.set({ [name]: value })} />
      {canAdopt ? (
        <button
          type="button"
          className="adopt"
          tabIndex={-1}
          onClick={() => cells.set({ areaM2: figure, adopted: origin })}
        >
          {t('file.adopt')}
        </button>
      ) : null}
    </td>
  );
}

function useCells(row: FloorRow, before: FloorRow | undefined, { setDraft, faults, warnings }: Entry) {
  const { t } = useTranslation();
  return {
    set: (patch: Partial<FloorRow>) =>
      setDraft((now) => ({
        ...now,
        floors: now.floors.map((each) => (each.key === row.key ? { ...each, ...patch } : each)),
      })),
    of: (name: Name) => ({
      field: `${row.key}.${name}`,
      label: t(`file.${name}`),
      value: row[name],
      fault: faults[`${row.key}.${name}`],
      warning: warnings[`${row.key}.${name}`],
      disabled: row.ended,
      bare: true,
    }),
    was: (name: Name) => (before && before[name] !== row[name] ? 'altered' : undefined),
  };
}
