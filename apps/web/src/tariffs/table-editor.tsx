import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconRowInsertBottom, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Change, Edit, Fault } from '../api/tariffs.js';
import { plain } from '../ui/code-words.js';
import { at, cellText, type Data, listOf, mapOf, textOf } from './content.js';
import { FaultLines } from './fault-lines.js';
import { Field } from './field.js';
import { TableGrid } from './table-grid.js';

interface Props {
  name: string;
  content: Data;
  faults: readonly Fault[];
  changes: readonly Change[];
  readOnly: boolean;
  onEdits: (edits: Edit[]) => void;
}

/** One table of rates: its law, its note, and its rows as a spreadsheet. */
export function TableEditor({ name, content, faults, changes, readOnly, onEdits }: Props) {
  const { t } = useTranslation();
  const [active, setActive] = useState(0);
  const path = ['tables', name];
  const table = mapOf(at(content, ...path));
  const rows = listOf(table['rows']);
  const keys = Object.entries(mapOf(table['key']));
  const unit = textOf(table['unit']);
  const columns = [
    ...keys.map(([key, how]) => ({ title: columnTitle(key), isCode: how === 'exact', isFigure: false })),
    { title: unit ? t('tariffs.table.valueIn', { unit: t(`tariffs.unit.${unitKey(unit)}`, { defaultValue: unit }) }) : t('tariffs.table.value'), isCode: false, isFigure: table['gives'] === undefined },
  ];
  const own = changes.filter((change) => change.section === 'tables' && change.name === name);
  const changed = new Map<string, string>();
  for (const { field, kind, path: place, before } of own) {
    const row = place[3];
    if (field !== 'value' || typeof row !== 'number') continue;
    if (kind === 'changed') changed.set(`${row}:${keys.length}`, before ?? '');
    if (kind === 'added') columns.forEach((_, column) => changed.set(`${row}:${column}`, t('tariffs.grid.none')));
  }
  const gone = own.filter(({ field, kind }) => field === 'value' && kind === 'removed');
  const addRow = () => {
    const like = listOf(rows[active]);
    const value = columns.map((_, column) => (column < keys.length ? cellText(like[column]) : ''));
    onEdits([{ op: 'insert', path: [...path, 'rows', Math.min(rows.length, active + 1)], value }]);
  };
  const removeRow = () => onEdits([{ op: 'remove', path: [...path, 'rows', Math.min(active, rows.length - 1)] }]);
  return (
    <section className="tariff-part" aria-label={plain(name)}>
      <header className="tariff-part-head">
        <h3>{plain(name)}</h3>
        {readOnly ? null : (
          <span className="tariff-part-tools">
            <Button size="compact-sm" variant="default" leftSection={<IconRowInsertBottom size={15} />} onClick={addRow}>
              {t('tariffs.table.addRow')}
            </Button>
            <Tooltip label={t('tariffs.table.removeRow', { row: active + 1 })}>
              <ActionIcon
                variant="default"
                size={26}
                disabled={rows.length < 2}
                aria-label={t('tariffs.table.removeRow', { row: active + 1 })}
                onClick={removeRow}
              >
                <IconTrash size={15} />
              </ActionIcon>
            </Tooltip>
          </span>
        )}
      </header>
      <p className="tariff-rule quiet">{ruleOf(table, t)}</p>
      <Field
        label={t('tariffs.field.reference')}
        path={[...path, 'reference']}
        value={textOf(table['reference'])}
        {...{ faults, readOnly, onEdits }}
      />
      <TableGrid
        label={plain(name)}
        path={[...path, 'rows']}
        onActive={setActive}
        {...{ columns, rows, faults, changed, readOnly, onEdits }}
      />
      {gone.length ? (
        <p className="tariff-gone">{t('tariffs.table.gone', { rows: gone.map(({ row, before }) => `${row}: ${before}`).join('; ') })}</p>
      ) : null}
      <FaultLines faults={faults} root={path} />
      <Field
        label={t('tariffs.field.note')}
        path={[...path, 'note']}
        value={textOf(table['note'])}
        optional
        long
        {...{ faults, readOnly, onEdits }}
      />
      {readOnly ? null : <p className="tariff-keys quiet">{t('tariffs.grid.keys')}</p>}
    </section>
  );
}

const columnTitle = (key: string): string => plain(key.replace('.', ': '));

/** `money/area` as a key of the texts. */
const unitKey = (unit: string): string => unit.replace('/', '_per_');

function ruleOf(table: Data, t: (key: string) => string): string {
  const bounds = textOf(table['bounds']);
  const parts = [
    bounds === 'upper_inclusive' || bounds === 'lower_inclusive' ? t(`tariffs.table.${bounds}`) : '',
    bounds ? t(textOf(table['kind']) === 'marginal' ? 'tariffs.table.marginal' : 'tariffs.table.whole') : '',
  ];
  return parts.filter(Boolean).join(' ');
}
