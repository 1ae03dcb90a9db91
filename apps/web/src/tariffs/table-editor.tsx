import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconRowInsertBottom, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Change, Edit, Fault, YamlPath, YamlValue } from '../api/tariffs.js';
import { plain } from '../ui/code-words.js';
import { word } from '../ui/format.js';
import { at, type Data, labelOf, listOf, mapOf, textOf } from './content.js';
import { FaultLines } from './fault-lines.js';
import { Field } from './field.js';
import { type GridColumn, TableGrid } from './table-grid.js';

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
  const columns = useColumns(content, table);
  const own = changes.filter(
    ({ section, name: of, field }) => section === 'tables' && of === name && field === 'value',
  );
  const gone = own.filter(({ kind }) => kind === 'removed');
  const shared = { faults, readOnly, onEdits };
  return (
    <section className="tariff-part" aria-label={plain(name)}>
      <header className="tariff-part-head">
        <h3>{plain(name)}</h3>
        {readOnly ? null : <RowTools {...{ path, rows, columns, active, onEdits }} />}
      </header>
      <p className="tariff-rule quiet">{ruleOf(table, t)}</p>
      <Field
        label={t('tariffs.field.reference')}
        path={[...path, 'reference']}
        value={textOf(table['reference'])}
        {...shared}
      />
      <TableGrid
        label={plain(name)}
        path={[...path, 'rows']}
        changed={changedCells(own, columns.length, t('tariffs.grid.none'))}
        onActive={setActive}
        {...{ columns, rows, ...shared }}
      />
      {gone.length ? (
        <p className="tariff-gone">
          {t('tariffs.table.gone', { rows: gone.map(({ row, before }) => `${row}: ${before}`).join('; ') })}
        </p>
      ) : null}
      <FaultLines faults={faults} root={path} />
      <Field
        label={t('tariffs.field.note')}
        path={[...path, 'note']}
        value={textOf(table['note'])}
        optional
        long
        {...shared}
      />
      {readOnly ? null : <p className="tariff-keys quiet">{t('tariffs.grid.keys')}</p>}
    </section>
  );
}

interface ToolProps {
  path: YamlPath;
  rows: YamlValue[];
  columns: GridColumn[];
  active: number;
  onEdits: (edits: Edit[]) => void;
}

/** A new row behind the active one, with its keys; and the active one taken out. */
function RowTools({ path, rows, columns, active, onEdits }: ToolProps) {
  const { t } = useTranslation();
  const add = () => {
    const like = listOf(rows[active]);
    const value = columns.map((_, column) => (column < columns.length - 1 ? (like[column] ?? '') : ''));
    onEdits([{ op: 'insert', path: [...path, 'rows', Math.min(rows.length, active + 1)], value }]);
  };
  const remove = () =>
    onEdits([{ op: 'remove', path: [...path, 'rows', Math.min(active, rows.length - 1)] }]);
  const removing = t('tariffs.table.removeRow', { row: active + 1 });
  return (
    <span className="tariff-part-tools">
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconRowInsertBottom size={15} />}
        onClick={add}
      >
        {t('tariffs.table.addRow')}
      </Button>
      <Tooltip label={removing}>
        <ActionIcon
          variant="default"
          size={26}
          disabled={rows.length < 2}
          aria-label={removing}
          onClick={remove}
        >
          <IconTrash size={15} />
        </ActionIcon>
      </Tooltip>
    </span>
  );
}

function useColumns(content: Data, table: Data): GridColumn[] {
  const { t, i18n } = useTranslation();
  const unit = textOf(table['unit']);
  const title = unit
    ? t('tariffs.table.valueIn', { unit: t(`tariffs.unit.${unitKey(unit)}`, { defaultValue: unit }) })
    : t('tariffs.table.value');
  return [
    ...Object.entries(mapOf(table['key'])).map(([key, how]) => ({
      title: columnTitle(content, key, i18n.language),
      isCode: how === 'exact',
      isFigure: false,
    })),
    { title, isCode: false, isFigure: table['gives'] === undefined },
  ];
}

/** Cells that differ from the version in force, with what stood there; of a new row all. */
function changedCells(changes: readonly Change[], columns: number, none: string): Map<string, string> {
  const cells = changes.flatMap(({ kind, path, before }): [string, string][] => {
    const row = path[3];
    if (typeof row !== 'number') return [];
    if (kind === 'changed') return [[`${row}:${columns - 1}`, before ?? '']];
    return kind === 'added' ? Array.from({ length: columns }, (_, column) => [`${row}:${column}`, none]) : [];
  });
  return new Map(cells);
}

/** What a key is called where it is declared: among the inputs, else among the steps. */
function columnTitle(content: Data, key: string, language: string): string {
  const [level, name] = key.includes('.') ? key.split('.') : [null, key];
  const levels = level ? [level] : ['property', 'unit', 'owner'];
  const inputs = levels.map((each) => at(content, 'inputs', each, name ?? ''));
  const steps = [...listOf(at(content, 'steps', 'unit')), ...listOf(at(content, 'steps', 'property'))];
  const step = steps.find((each) => textOf(mapOf(each)['name']) === name);
  const label = [...inputs, step].map((each) => labelOf(mapOf(each)['label'])).find(Boolean);
  return word(label, language) || plain(key.replace('.', ': '));
}

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
