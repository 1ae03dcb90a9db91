import { Select, Skeleton } from '@mantine/core';
import { IconListSearch } from '@tabler/icons-react';
import { type KeyboardEvent, type UIEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { findingKinds, type FindingRow, findingStates, useFindings } from '../api/discovery.js';
import { useWardNumbers } from '../api/map.js';
import { Empty } from '../ui/empty.js';
import { Failure } from '../ui/failure.js';
import { area, count, rupees, rupeesWithSign } from '../ui/format.js';
import { Panel } from '../ui/panel.js';
import { useUrl, writeUrl } from '../ui/url-state.js';
import { StateTag } from './state-tag.js';
import '../parcels/roll.css';

interface Props {
  chosen: string | null;
  height: number;
  onHeight: (height: number) => void;
  phone: boolean;
}

const open = (id: string) => writeUrl({ finding: id, sel: null }, true);

/** The list of findings, the dearest first. A row leads to its place on the map and to its evidence. */
export function FindingDrawer({ chosen, height, onHeight, phone }: Props) {
  const { t } = useTranslation();
  const [kind] = useUrl('kind');
  const [state] = useUrl('state');
  const [ward] = useUrl('ward');
  const findings = useFindings({ kind, state, ward });
  const rows = findings.data?.pages.flatMap(({ items }) => items) ?? [];
  const first = findings.data?.pages[0];
  const onScroll = ({ currentTarget: box }: UIEvent<HTMLDivElement>) => {
    const near = box.scrollHeight - box.scrollTop - box.clientHeight < 600;
    if (near && findings.hasNextPage && !findings.isFetchingNextPage) void findings.fetchNextPage();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const next = step ? rows[Math.max(0, rows.findIndex(({ id }) => id === chosen) + step)] : undefined;
    if (!next) return;
    event.preventDefault();
    open(next.id);
  };
  const head = <Head total={first} />;
  const body = findings.isError ? (
    <Failure error={findings.error} onRetry={() => void findings.refetch()} />
  ) : rows.length === 0 && findings.data ? (
    <Empty icon={<IconListSearch size={24} />} title={t('discover.none.title')}>
      {t('discover.none.detail')}
    </Empty>
  ) : (
    <div
      className="roll"
      onScroll={onScroll}
      onKeyDown={onKeyDown}
      tabIndex={0}
      role="region"
      aria-label={t('discover.list')}
    >
      <FindingTable rows={rows} chosen={chosen} />
      {findings.isPending || findings.isFetchingNextPage ? (
        <Skeleton height={96} m={12} width="auto" />
      ) : null}
    </div>
  );
  if (phone) {
    return (
      <div className="finding-list-phone">
        {head}
        {body}
      </div>
    );
  }
  return (
    <div className="discover-drawer">
      <Panel
        side="bottom"
        label={t('discover.list')}
        size={height}
        onSize={onHeight}
        limits={[160, Math.max(220, window.innerHeight - 240)]}
        head={head}
      >
        {body}
      </Panel>
    </div>
  );
}

function Head({ total }: { total: { total: number; estimatePaise: string } | undefined }) {
  const { t } = useTranslation();
  const money = rupeesWithSign(total?.estimatePaise);
  return (
    <div className="roll-head">
      <h2>{t('discover.list')}</h2>
      <span className="quiet number" aria-live="polite">
        {total ? t('discover.total', { number: count(total.total), money }) : ''}
      </span>
      <Filters />
    </div>
  );
}

function FindingTable({ rows, chosen }: { rows: FindingRow[]; chosen: string | null }) {
  const { t } = useTranslation();
  const heads = ['kind', 'place', 'ward', 'measured', 'adopted', 'estimate', 'state'] as const;
  const isAmount = (name: string) => ['measured', 'adopted', 'estimate'].includes(name);
  return (
    <table className="roll-table finding-table">
      <thead>
        <tr>
          {heads.map((name) => (
            <th key={name} scope="col" className={isAmount(name) ? 'amount' : undefined}>
              {t(`discover.column.${name}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id} aria-selected={row.id === chosen} onClick={() => open(row.id)}>
            <td>
              <button type="button" className="roll-open" onClick={() => open(row.id)} tabIndex={-1}>
                {t(`discover.kind.${row.kind}`)}
              </button>
            </td>
            <td className="number">{row.number ?? row.parcelNo ?? '–'}</td>
            <td className="number">{row.wardNumber || '–'}</td>
            <td className="amount">{area(row.measuredM2)}</td>
            <td className="amount">{area(row.adoptedM2)}</td>
            <td className="amount">{rupees(row.estimatePaise)}</td>
            <td>
              <StateTag state={row.state} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Filters() {
  const { t } = useTranslation();
  const [kind, setKind] = useUrl('kind');
  const [state, setState] = useUrl('state');
  const [ward, setWard] = useUrl('ward');
  const wards = useWardNumbers();
  const filter = (
    label: string,
    value: string | null,
    set: (next: string | null) => void,
    data: { value: string; label: string }[],
  ) => (
    <Select
      size="xs"
      className="roll-filter"
      aria-label={label}
      placeholder={label}
      value={value}
      onChange={set}
      data={data}
      clearable
      clearButtonProps={{ 'aria-label': t('action.clear') }}
    />
  );
  const ofWards = (wards.data ?? []).map((number) => ({
    value: number,
    label: t('card.ward', { ward: number }),
  }));
  return (
    <>
      {filter(
        t('discover.column.kind'),
        kind,
        setKind,
        findingKinds.map((value) => ({ value, label: t(`discover.kind.${value}`) })),
      )}
      {filter(
        t('discover.column.state'),
        state,
        setState,
        findingStates.map((value) => ({ value, label: t(`discover.state.${value}`) })),
      )}
      {filter(t('discover.column.ward'), ward, setWard, ofWards)}
    </>
  );
}
