import { Button, Skeleton } from '@mantine/core';
import { IconListSearch } from '@tabler/icons-react';
import { type KeyboardEvent, type UIEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { tileIdOf } from '../api/map.js';
import type { useRoll } from '../api/roll.js';
import type { RollRow } from '../api/types.js';
import { useCodeWords } from '../ui/code-words.js';
import { Empty } from '../ui/empty.js';
import { Failure } from '../ui/failure.js';
import { area, rupees } from '../ui/format.js';
import { usePhone } from '../ui/phone.js';
import { type Selection, selectAndFly, useSelection } from '../ui/selection.js';
import { Tag } from '../ui/tag.js';
import { writeUrl } from '../ui/url-state.js';
import './roll.css';

interface Props {
  roll: ReturnType<typeof useRoll>;
  filtered: boolean;
}

/**
 * Only the rows in sight stand in the page, however long the roll; more are fetched before the end is
 * reached.
 */
export function RollTable({ roll, filtered }: Props) {
  const { t } = useTranslation();
  const rowHeight = usePhone() ? 56 : 32;
  const scroller = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const rows = roll.data?.pages.flatMap(({ items }) => items) ?? [];
  const selection = useSelection();
  const current = rows.findIndex((row) => isSelected(row, selection));
  useEffect(() => {
    const box = scroller.current;
    if (!box || current < 0) return;
    const [from, to] = [current * rowHeight, (current + 1) * rowHeight + 32];
    if (from < box.scrollTop || to > box.scrollTop + box.clientHeight)
      box.scrollTop = from - box.clientHeight / 3;
  }, [current, rowHeight]);

  const onScroll = (event: UIEvent<HTMLDivElement>) => {
    const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
    setTop(scrollTop);
    if (scrollHeight - scrollTop - clientHeight < 800 && roll.hasNextPage && !roll.isFetchingNextPage) {
      void roll.fetchNextPage();
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const next = step ? rows[Math.max(0, current + step)] : undefined;
    if (!next) return;
    event.preventDefault();
    selectAndFly({ kind: 'property', id: next.id });
  };

  if (roll.isError) return <Failure error={roll.error} onRetry={() => roll.refetch()} />;
  if (roll.data && rows.length === 0) return <EmptyRoll filtered={filtered} />;
  const first = Math.max(0, Math.floor(top / rowHeight) - 8);
  const last = Math.min(
    rows.length,
    first + Math.ceil((scroller.current?.clientHeight ?? 800) / rowHeight) + 16,
  );
  return (
    <div
      ref={scroller}
      className="roll"
      onScroll={onScroll}
      onKeyDown={onKeyDown}
      tabIndex={0}
      role="region"
      aria-label={t('roll.title')}
    >
      <table className="roll-table" aria-rowcount={roll.data?.pages[0]?.total ?? -1}>
        <RollHead />
        <tbody>
          {first > 0 ? <tr aria-hidden="true" style={{ height: first * rowHeight }} /> : null}
          {rows.slice(first, last).map((row, index) => (
            <RollLine
              key={row.id}
              row={row}
              rowIndex={first + index + 2}
              selected={first + index === current}
            />
          ))}
          {last < rows.length ? (
            <tr aria-hidden="true" style={{ height: (rows.length - last) * rowHeight }} />
          ) : null}
        </tbody>
      </table>
      {roll.isPending || roll.isFetchingNextPage ? <Skeleton height={96} m={12} width="auto" /> : null}
    </div>
  );
}

function isSelected(row: RollRow, selection: Selection | null): boolean {
  if (selection?.kind === 'property') return row.id === selection.id;
  return (
    selection?.layer === 'parcels' && row.parcelId !== null && tileIdOf(row.parcelId) === selection.tileId
  );
}

function RollHead() {
  const { t } = useTranslation();
  return (
    <thead>
      <tr>
        <th scope="col">{t('roll.number')}</th>
        <th scope="col">{t('roll.ward')}</th>
        <th scope="col">{t('roll.owner')}</th>
        <th scope="col">{t('roll.address')}</th>
        <th scope="col">{t('roll.use')}</th>
        <th scope="col" className="amount">
          {t('roll.area')}
        </th>
        <th scope="col" className="amount">
          {t('roll.demand')}
        </th>
        <th scope="col">{t('roll.year')}</th>
      </tr>
    </thead>
  );
}

function RollLine({ row, rowIndex, selected }: { row: RollRow; rowIndex: number; selected: boolean }) {
  const { t, i18n } = useTranslation();
  const codeWords = useCodeWords();
  const address = (i18n.language === 'en' ? row.address : (row.addressLocal ?? row.address)) ?? '–';
  const open = () => selectAndFly({ kind: 'property', id: row.id });
  return (
    <tr aria-rowindex={rowIndex} aria-selected={selected} onClick={open}>
      <td className="roll-number">
        <button type="button" className="roll-open number" onClick={open} tabIndex={-1}>
          {row.number}
        </button>
      </td>
      <td className="number">{row.wardNumber ?? '–'}</td>
      <td>
        {row.ownerMasked ?? '–'}
        {(row.owners ?? 1) > 1 ? <span className="quiet"> +{(row.owners ?? 1) - 1}</span> : null}
      </td>
      <td title={address}>
        {row.parcelId ? null : <Tag tone="warning">{t('card.notOnMap')}</Tag>} {address}
      </td>
      <td>{codeWords('use', row.use)}</td>
      <td className="amount">{area(row.areaM2)}</td>
      <td className="amount">{rupees(row.demandPaise)}</td>
      <td className="number">{row.fy ?? '–'}</td>
    </tr>
  );
}

function EmptyRoll({ filtered }: { filtered: boolean }) {
  const { t } = useTranslation();
  const clear = (
    <Button size="xs" variant="light" onClick={() => writeUrl({ ward: null, use: null })}>
      {t('roll.clearFilters')}
    </Button>
  );
  return (
    <Empty
      icon={<IconListSearch size={24} />}
      title={t(filtered ? 'roll.noMatch.title' : 'roll.empty.title')}
      action={filtered ? clear : null}
    >
      {t(filtered ? 'roll.noMatch.detail' : 'roll.empty.detail')}
    </Empty>
  );
}
