import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { FileOwner, RollCodes } from '../../api/property-file.js';
import type { OwnerRow } from './draft.js';
import { DropButton } from './drop-button.js';
import { CodeField, TextField } from './fields.js';
import type { Entry } from './use-entry.js';

interface Props {
  row: OwnerRow;
  entry: Entry;
  codes: RollCodes;
  known: FileOwner | undefined;
  onKeyDown: (event: KeyboardEvent) => void;
  onDrop: () => void;
}

/** One owner. Of one on the roll the masked name shows through; what is typed replaces it. */
export function OwnerLine({ row, entry, codes, known, onKeyDown, onDrop }: Props) {
  const { t } = useTranslation();
  const { setDraft, faults, warnings } = entry;
  const set = (patch: Partial<OwnerRow>) =>
    setDraft((now) => ({
      ...now,
      owners: now.owners.map((each) => (each.key === row.key ? { ...each, ...patch } : each)),
    }));
  const cell = (name: 'name' | 'nameLocal' | 'mobile' | 'share' | 'class') => ({
    field: `${row.key}.${name}`,
    label: t(`file.${name}`),
    value: row[name],
    // What is wrong with shares is wrong with all of them, and stands below.
    fault: name === 'share' ? undefined : faults[`${row.key}.${name}`],
    warning: warnings[`${row.key}.${name}`],
    disabled: row.ended,
    bare: true,
  });
  return (
    <tr className={row.ended ? 'ended' : undefined} onKeyDown={onKeyDown}>
      {(['name', 'nameLocal', 'mobile'] as const).map((name) => (
        <td key={name}>
          <TextField
            {...cell(name)}
            placeholder={known?.[name] ?? undefined}
            onValue={(value) => set({ [name]: value })}
          />
        </td>
      ))}
      <td>
        <CodeField
          {...cell('class')}
          kind="owner"
          codes={codes.class}
          onValue={(value) => set({ class: value })}
        />
      </td>
      <td>
        <TextField {...cell('share')} amount onValue={(value) => set({ share: value })} />
      </td>
      <td>
        <DropButton
          ended={row.ended}
          label={t(row.ownerNo === null ? 'file.remove' : 'file.endOwner')}
          onDrop={onDrop}
        />
      </td>
    </tr>
  );
}
