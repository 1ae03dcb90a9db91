import { ActionIcon, NumberInput, Select, Slider, TextInput } from '@mantine/core';
import { IconArrowBackUp, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ValueChange, ValueTable } from '../api/simulation.js';
import { plain } from '../ui/code-words.js';
import { Section } from '../ui/facts.js';
import { word } from '../ui/format.js';
import { plainDecimal, reachOf, stepOf } from './amounts.js';
import { useCellWords } from './cell-words.js';

interface Props {
  tables: ValueTable[];
  changes: ValueChange[];
  onChanges: (changes: ValueChange[]) => void;
}

/** The values of the proposed tariff: one table at a time, each value with a stepper, the one at hand with a slider. */
export function ValueSliders({ tables, changes, onChanges }: Props) {
  const { t } = useTranslation();
  const movable = tables.filter(({ gives }) => gives === null);
  const [chosen, choose] = useState<string | null>(null);
  const [filter, setFilter] = useState('');
  const [active, setActive] = useState<number | null>(null);
  const cellWords = useCellWords();
  const table = movable.find(({ name }) => name === (chosen ?? changes[0]?.table)) ?? movable[0];
  if (!table) return null;
  const set = (row: number, value: string | null) => {
    const others = changes.filter((each) => each.table !== table.name || each.row !== row);
    const same = value === null || Number(value) === Number(table.rows[row]?.value);
    onChanges(same ? others : [...others, { table: table.name, row, value }]);
  };
  const rows = table.rows
    .map((row, index) => ({
      ...row,
      index,
      words: row.cells.map((cell, i) => cellWords(table.keys[i]?.name, cell)),
    }))
    .filter(({ words }) => matches(words, filter));
  return (
    <Section
      title={t('simulate.values')}
      aside={
        changes.length ? (
          <button type="button" className="link" onClick={() => onChanges([])}>
            {t('simulate.reset', { number: changes.length })}
          </button>
        ) : undefined
      }
    >
      <TableHead
        tables={movable}
        table={table}
        filter={filter}
        onFilter={setFilter}
        onTable={(next) => {
          choose(next);
          setActive(null);
          setFilter('');
        }}
      />
      <ul className="values">
        {rows.map(({ index, value, words }) => {
          const moved =
            changes.find((each) => each.table === table.name && each.row === index)?.value ?? null;
          return (
            <ValueRow
              key={`${table.name} ${index}`}
              label={words.join(' · ')}
              base={value}
              moved={moved}
              open={active === index}
              onOpen={() => setActive(index)}
              onValue={(next) => set(index, next)}
            />
          );
        })}
      </ul>
      {rows.length === 0 ? <p className="quiet">{t('simulate.noValue')}</p> : null}
    </Section>
  );
}

interface HeadProps {
  tables: ValueTable[];
  table: ValueTable;
  filter: string;
  onTable: (name: string | null) => void;
  onFilter: (filter: string) => void;
}

/** Which table, which of its rows, and what its cells mean. */
function TableHead({ tables, table, filter, onTable, onFilter }: HeadProps) {
  const { t, i18n } = useTranslation();
  return (
    <>
      <div className="values-head">
        <Select
          aria-label={t('simulate.table')}
          size="xs"
          data={tables.map(({ name }) => ({ value: name, label: plain(name) }))}
          value={table.name}
          allowDeselect={false}
          onChange={onTable}
        />
        <TextInput
          aria-label={t('simulate.filter')}
          placeholder={t('simulate.filter')}
          size="xs"
          leftSection={<IconSearch size={14} aria-hidden="true" />}
          value={filter}
          onChange={(event) => onFilter(event.currentTarget.value)}
        />
      </div>
      <p className="quiet values-about">
        {table.keys.map(({ name, label }) => word(label, i18n.language) || plain(name)).join(' · ')}
        {table.unit
          ? ` → ${t(`simulate.unit.${table.unit.replace('/', '_')}`, { defaultValue: table.unit })}`
          : ''}
      </p>
    </>
  );
}

/** Every word of the filter stands somewhere in the row. */
const matches = (words: string[], filter: string): boolean => {
  const text = words.join(' ').toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((part) => text.includes(part));
};

interface RowProps {
  label: string;
  base: string;
  /** The value that it was moved to; null where it stands as in the file. */
  moved: string | null;
  open: boolean;
  onOpen: () => void;
  onValue: (value: string | null) => void;
}

function ValueRow({ label, base, moved, open, onOpen, onValue }: RowProps) {
  const { t } = useTranslation();
  const step = stepOf(base);
  const [least, most] = reachOf(base);
  const now = Number(moved ?? base);
  const take = (next: string | number) => onValue(next === '' ? null : plainDecimal(Number(next)));
  return (
    <li className="value-row" data-moved={moved !== null}>
      <span className="value-label">{label}</span>
      {moved === null ? null : (
        <span className="value-was number">
          {t('simulate.was', { value: base })}
          <ActionIcon
            variant="subtle"
            color="gray"
            size={22}
            aria-label={t('simulate.back', { what: label })}
            onClick={() => onValue(null)}
          >
            <IconArrowBackUp size={14} />
          </ActionIcon>
        </span>
      )}
      <NumberInput
        aria-label={label}
        size="xs"
        className="value-input"
        value={now}
        step={step}
        min={0}
        max={1_000_000_000}
        decimalScale={4}
        allowNegative={false}
        clampBehavior="strict"
        onFocus={onOpen}
        onChange={take}
      />
      {open ? (
        <Slider
          className="value-slider"
          thumbLabel={label}
          size="sm"
          min={least}
          max={most}
          step={step}
          value={Math.min(most, Math.max(least, now))}
          label={(value) => plainDecimal(value)}
          marks={[{ value: Number(base) }]}
          onChange={take}
        />
      ) : null}
    </li>
  );
}
