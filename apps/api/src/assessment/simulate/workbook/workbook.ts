import writeExcelFile, { type Cell, type Row, type Sheet } from 'write-excel-file/node';
import { formatFinancialYear } from '../../../core/period.js';
import type { Group, Mover } from '../compare/result.js';
import type { KeptSide, SimulationRow } from '../simulate.repository.js';
import type { Language } from '../simulate.schema.js';
import { wordIn, type Word } from './words.js';

type Words = (word: Word) => string;
type Table = { title: string; head: string[]; rows: Row[]; widths?: number[] };

/** Indian grouping: lakh and crore. The sign of negative amounts stays with them. */
const money = '[>=10000000]##\\,##\\,##\\,##0.00;[>=100000]##\\,##\\,##0.00;#,##0.00';
const whole = '[>=10000000]##\\,##\\,##\\,##0;[>=100000]##\\,##\\,##0;#,##0';

/** Rupees for a spreadsheet, which knows no whole paise: exact up to 9 x 10^13 rupees. */
const rupees = (paise: string | null): Cell =>
  paise === null ? null : { value: Number(BigInt(paise)) / 100, type: Number, format: money };
const count = (value: number): Cell => ({ value, type: Number, format: whole });
const text = (value: string): Cell => ({ value, type: String, wrap: true, alignVertical: 'top' });
const bold = (value: string): Cell => ({ value, type: String, fontWeight: 'bold', wrap: true });

/** The change in per cent with one decimal; nothing where there was nothing before. */
function percent(present: string, proposed: string): Cell {
  const before = BigInt(present);
  if (before === 0n) return null;
  return {
    value: Number(((BigInt(proposed) - before) * 100_000n) / before) / 1_000,
    type: Number,
    format: '0.0',
  };
}

/** The answer of a simulation as a workbook for the file: no owner's name is in it. Resolves to the bytes of an XLSX. */
export async function workbookOf(row: SimulationRow, language: Language): Promise<Buffer> {
  const w = wordIn(language);
  const { result } = row;
  if (!result) throw new Error(`Simulation ${row.id} has no result.`);
  const tables: Table[] = [
    summary(w, row),
    {
      title: w('heads'),
      head: [w('head'), w('present'), w('proposed'), w('change'), w('changePercent')],
      rows: result.heads.map((head) => [
        text(head.label[language]),
        rupees(head.comparablePresentPaise),
        rupees(head.comparableProposedPaise),
        rupees(String(BigInt(head.comparableProposedPaise) - BigInt(head.comparablePresentPaise))),
        percent(head.comparablePresentPaise, head.comparableProposedPaise),
      ]),
    },
    groups(w, 'wards', 'ward', result.wards),
    groups(w, 'uses', 'use', result.uses),
    deciles(w, row),
    {
      title: w('movers'),
      head: [w('number'), w('ward'), w('use'), w('present'), w('proposed'), w('change'), w('changePercent')],
      rows: [
        [bold(w('increases'))],
        ...result.increases.map((mover) => moved(w, mover)),
        [bold(w('decreases'))],
        ...result.decreases.map((mover) => moved(w, mover)),
      ],
    },
    {
      title: w('oneSided'),
      head: [w('number'), w('ward'), w('exceptionIn'), w('reasons'), w('otherSide')],
      rows: result.oneSided.map((each) => [
        text(each.number),
        text(each.wardNumber ?? w('none')),
        text(w(each.exceptionIn)),
        text(each.reasons.join(', ')),
        rupees(each.paise),
      ]),
    },
    { title: w('method'), head: [w('method'), ''], rows: method(w, row, language), widths: [28, 76] },
  ];
  return writeExcelFile(tables.map(sheetOf)).toBuffer();
}

function sheetOf({ title, head, rows, widths }: Table): Sheet<Buffer> {
  const headRow: Row = head.map((name) => ({
    value: name,
    type: String,
    fontWeight: 'bold',
    wrap: true,
    backgroundColor: '#e8eaf6',
    bottomBorderStyle: 'thin',
  }));
  const columns = head.map((_, i) => ({ width: widths?.[i] ?? (i === 0 ? 26 : 19) }));
  return { data: [headRow, ...rows], sheet: title, columns, stickyRowsCount: 1, orientation: 'landscape' };
}

function summary(w: Words, { result }: SimulationRow): Table {
  const { present, proposed, comparable, onlyPresent, onlyProposed, properties } = result!.whole;
  const line = (word: Word, before: Cell, after: Cell, ...more: Cell[]): Row => [
    text(w(word)),
    before,
    after,
    ...more,
  ];
  const both = (word: Word, value: number): Row => line(word, count(value), count(value));
  return {
    title: w('summary'),
    head: ['', w('present'), w('proposed'), w('change'), w('changePercent')],
    rows: [
      both('properties', properties),
      line('assessed', count(present.assessed), count(proposed.assessed)),
      line('exempt', count(present.exempt), count(proposed.exempt)),
      line('exceptions', count(present.exceptions), count(proposed.exceptions)),
      line('total', rupees(present.totalPaise), rupees(proposed.totalPaise)),
      both('comparable', comparable.properties),
      line(
        'comparableTotal',
        rupees(comparable.presentPaise),
        rupees(comparable.proposedPaise),
        rupees(comparable.changePaise),
        percent(comparable.presentPaise, comparable.proposedPaise),
      ),
      line('onlyPresent', count(onlyPresent.properties), null),
      line('onlyProposed', null, count(onlyProposed.properties)),
      line('up', null, count(comparable.up)),
      line('down', null, count(comparable.down)),
      line('same', null, count(comparable.same)),
    ],
    widths: [34],
  };
}

function groups(
  w: Words,
  title: 'wards' | 'uses',
  by: 'ward' | 'use',
  found: (Group & { name: string | null })[],
): Table {
  return {
    title: w(title),
    head: [
      w(by),
      w('properties'),
      `${w('exempt')}: ${w('present')}`,
      `${w('exempt')}: ${w('proposed')}`,
      `${w('exceptions')}: ${w('present')}`,
      `${w('exceptions')}: ${w('proposed')}`,
      w('comparable'),
      w('present'),
      w('proposed'),
      w('change'),
      w('changePercent'),
      w('up'),
      w('down'),
    ],
    rows: found.map(({ name, properties, present, proposed, comparable }) => [
      text(name ?? w('none')),
      count(properties),
      count(present.exempt),
      count(proposed.exempt),
      count(present.exceptions),
      count(proposed.exceptions),
      count(comparable.properties),
      rupees(comparable.presentPaise),
      rupees(comparable.proposedPaise),
      rupees(comparable.changePaise),
      percent(comparable.presentPaise, comparable.proposedPaise),
      count(comparable.up),
      count(comparable.down),
    ]),
  };
}

function deciles(w: Words, { result }: SimulationRow): Table {
  return {
    title: w('deciles'),
    head: [
      ...([
        'decile',
        'properties',
        'lowest',
        'highest',
        'present',
        'proposed',
        'change',
        'changePercent',
      ] as const),
      ...(['up', 'down', 'below'] as const),
    ].map(w),
    rows: result!.deciles.map((each, i) => [
      count(each.decile),
      count(each.properties),
      rupees(each.lowestPaise),
      rupees(each.highestPaise),
      rupees(each.presentPaise),
      rupees(each.proposedPaise),
      rupees(String(BigInt(each.proposedPaise) - BigInt(each.presentPaise))),
      percent(each.presentPaise, each.proposedPaise),
      count(each.up),
      count(each.down),
      rupees(result!.changeAtDecile[i] ?? null),
    ]),
  };
}

function moved(w: Words, mover: Mover): Row {
  return [
    text(mover.number),
    text(mover.wardNumber ?? w('none')),
    text(mover.use ?? w('none')),
    rupees(mover.presentPaise),
    rupees(mover.proposedPaise),
    rupees(mover.changePaise),
    percent(mover.presentPaise, mover.proposedPaise),
  ];
}

function method(w: Words, row: SimulationRow, language: Language): Row[] {
  const pair = (word: Word, value: string): Row => [text(w(word)), text(value)];
  return [
    [null, text(w('nothing'))],
    [null, text(w('how'))],
    pair('year', formatFinancialYear(row.fy)),
    pair('rollOf', row.effective_on),
    pair('ofWards', row.ward_numbers?.join(', ') ?? w('all')),
    pair('made', row.created_at.toISOString()),
    pair('by', row.created_by_login),
    ...sideLines(w, 'present', row.present, language),
    ...sideLines(w, 'proposed', row.proposed, language),
  ];
}

function sideLines(w: Words, side: 'present' | 'proposed', kept: KeptSide, language: Language): Row[] {
  const line = (word: Word, value: string): Row => [text(`${w(side)}: ${w(word)}`), text(value)];
  return [
    line(
      'tariff',
      `${kept.title[language]} (${kept.body})${kept.status === 'sample' ? `: ${w('sample')}` : ''}`,
    ),
    line('digest', kept.sha256),
    line('reckonedUnder', formatFinancialYear(kept.fy)),
    ...(kept.changes.length && kept.baseSha256 ? [line('base', kept.baseSha256)] : []),
    ...kept.changes.map(({ table, row, value }) => line('changed', `${table}, ${row + 1}: ${value}`)),
  ];
}
