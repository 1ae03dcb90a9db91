import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { formatShare, missingShare, parseShare } from '../../../../api/src/core/share.js';
import type { FileOwner, RollCodes } from '../../api/property-file.js';
import { Tag } from '../../ui/tag.js';
import { newOwner, type OwnerRow } from './draft.js';
import { focusField } from './fields.js';
import { OwnerLine } from './owner-line.js';
import type { Entry } from './use-entry.js';

interface Props {
  entry: Entry;
  codes: RollCodes;
  /** Owners on the roll, masked: what an empty field leaves as it is. */
  known: FileOwner[];
  hidden: boolean;
}

/** Owners, one a row, with the sum of their shares. Enter adds the next; Enter on a row without a name ends them. */
export function OwnersPart({ entry, codes, known, hidden }: Props) {
  const { t } = useTranslation();
  const { add, drop, onKeyDown } = useOwners(entry);
  const { owners } = entry.draft;
  const sumFault = Object.entries(entry.faults).find(([field]) => field.endsWith('.share'))?.[1];
  if (hidden) return <p className="card-note quiet">{t('owners.hidden')}</p>;
  return (
    <section className="entry-part" aria-label={t('owners.title')}>
      <header>
        <h3>{t('owners.title')}</h3>
        <ShareSum owners={owners} />
        <span className="quiet">{t('file.ownerKeys')}</span>
      </header>
      <div className="entry-scroll">
        <table className="entry-table">
          <OwnersHead />
          <tbody>
            {owners.map((row) => (
              <OwnerLine
                key={row.key}
                row={row}
                entry={entry}
                codes={codes}
                known={known.find(({ ownerNo, to }) => ownerNo === row.ownerNo && to === null)}
                onKeyDown={(event) => onKeyDown(event, row)}
                onDrop={() => drop(row)}
              />
            ))}
          </tbody>
        </table>
      </div>
      {sumFault ? <p className="field-fault">{sumFault}</p> : null}
      <Button
        size="compact-xs"
        variant="subtle"
        leftSection={<IconPlus size={14} />}
        tabIndex={-1}
        onClick={add}
      >
        {t('file.addOwner')}
      </Button>
    </section>
  );
}

function OwnersHead() {
  const { t } = useTranslation();
  return (
    <thead>
      <tr>
        {(['name', 'nameLocal', 'mobile', 'class'] as const).map((name) => (
          <th key={name} scope="col">
            {t(`file.${name}`)}
          </th>
        ))}
        <th scope="col" className="amount">
          {t('file.share')}
        </th>
        <th aria-label={t('file.remove')} />
      </tr>
    </thead>
  );
}

function useOwners({ draft, setDraft }: Entry) {
  const add = () => {
    const shares = equalShares(draft.owners);
    const row = newOwner(shares ?? '');
    const others = draft.owners.map((owner) => (shares ? { ...owner, share: shares } : owner));
    setDraft((now) => ({ ...now, owners: [...others, row] }));
    focusField(`${row.key}.name`);
  };
  const drop = (row: OwnerRow) => {
    const left = draft.owners.filter((owner) => owner.key !== row.key);
    const shares = row.ownerNo === null ? equalShares(draft.owners, -1) : null;
    setDraft((now) => ({
      ...now,
      owners:
        row.ownerNo === null
          ? left.map((owner) => (shares ? { ...owner, share: shares } : owner))
          : now.owners.map((owner) => (owner.key === row.key ? { ...owner, ended: !owner.ended } : owner)),
    }));
  };
  const onKeyDown = (event: KeyboardEvent, row: OwnerRow) => {
    if (event.key !== 'Enter' || event.ctrlKey) return;
    event.preventDefault();
    if (row.ownerNo !== null || row.name.trim()) return add();
    if (draft.owners.length > 1) drop(row);
    focusField('send');
  };
  return { add, drop, onKeyDown };
}

/** `1/3` where all owners are new and none was given a share of his own; null where somebody was. */
function equalShares(owners: OwnerRow[], more = 1): string | null {
  const of = (count: number) => (count === 1 ? '1' : `1/${count}`);
  const equal = owners.every(({ ownerNo, share }) => ownerNo === null && share === of(owners.length));
  return equal ? of(owners.length + more) : null;
}

/** Whether the shares make one, while they are typed. */
function ShareSum({ owners }: { owners: OwnerRow[] }) {
  const { t } = useTranslation();
  const standing = owners.filter(({ ended, name, ownerNo }) => !ended && (ownerNo !== null || name.trim()));
  if (!standing.length) return null;
  const shares = standing.map(({ share }) => parseShare(share) ?? 0n);
  const missing = missingShare(shares);
  if (missing === 0n) return <Tag tone="success">{t('file.sharesWhole')}</Tag>;
  const amount = formatShare(missing > 0n ? missing : -missing).replace(/0+$/, '');
  return <Tag tone="danger">{t(missing > 0n ? 'file.sharesMissing' : 'file.sharesOver', { amount })}</Tag>;
}
