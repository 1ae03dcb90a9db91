import { Tabs } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Comparison, Mover, NamedGroup } from '../../../api/src/assessment/simulate/compare/result.js';
import { plain, useCodeWords } from '../ui/code-words.js';
import { count, word } from '../ui/format.js';
import { select } from '../ui/selection.js';
import { percentChange, plainRupees, signedPlain } from './amounts.js';
import { type Column, ResultTable } from './result-table.js';

const tabs = ['wards', 'uses', 'heads', 'deciles', 'largest', 'oneSided'] as const;

/** What changes for whom: by ward, use, head and tenth; the largest changes; what one side alone could reckon. */
export function ResultTables({ result }: { result: Comparison }) {
  const { t } = useTranslation();
  const [tab, setTab] = useState<string | null>('wards');
  const shown = tabs.filter((each) => each !== 'oneSided' || result.oneSided.length > 0);
  return (
    <Tabs value={tab} onChange={setTab} keepMounted={false} className="result-tabs">
      <Tabs.List>
        {shown.map((each) => (
          <Tabs.Tab key={each} value={each}>
            {t(`simulate.tab.${each}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {shown.map((each) => (
        <Tabs.Panel key={each} value={each}>
          <TabTable tab={each} result={result} />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

function TabTable({ tab, result }: { tab: (typeof tabs)[number]; result: Comparison }) {
  if (tab === 'wards' || tab === 'uses') return <Groups by={tab} groups={result[tab]} />;
  if (tab === 'heads') return <Heads result={result} />;
  if (tab === 'deciles') return <Deciles result={result} />;
  if (tab === 'largest') return <Largest result={result} />;
  return <OneSided result={result} />;
}

/** The four columns that every comparison ends in. */
function useAmounts<T>(of: (row: T) => [before: string, after: string]): Column<T>[] {
  const { t } = useTranslation();
  return [
    { name: t('simulate.presentAmount'), cell: (row) => plainRupees(of(row)[0]) },
    { name: t('simulate.proposedAmount'), cell: (row) => plainRupees(of(row)[1]) },
    {
      name: t('simulate.change'),
      cell: (row) => signedPlain(String(BigInt(of(row)[1]) - BigInt(of(row)[0]))),
      bar: (row) => BigInt(of(row)[1]) - BigInt(of(row)[0]),
    },
    { name: t('simulate.percent'), cell: (row) => percentChange(...of(row)) },
  ];
}

function Groups({ by, groups }: { by: 'wards' | 'uses'; groups: NamedGroup[] }) {
  const { t } = useTranslation();
  const codeWords = useCodeWords();
  const amounts = useAmounts<NamedGroup>(({ comparable }) => [
    comparable.presentPaise,
    comparable.proposedPaise,
  ]);
  const name = (group: NamedGroup) =>
    group.name === null
      ? t('simulate.notStated')
      : by === 'wards'
        ? t('card.ward', { ward: group.name })
        : codeWords('use', group.name);
  const both = (present: number, proposed: number) =>
    present === proposed ? count(present) : `${count(present)} → ${count(proposed)}`;
  const columns: Column<NamedGroup>[] = [
    { name: t(by === 'wards' ? 'roll.ward' : 'roll.use'), cell: name, words: true },
    { name: t('simulate.tab.properties'), cell: (group) => count(group.properties) },
    {
      name: t('assess.count.exempt'),
      cell: ({ present, proposed }) => both(present.exempt, proposed.exempt),
    },
    {
      name: t('assess.count.exceptions'),
      cell: ({ present, proposed }) => both(present.exceptions, proposed.exceptions),
    },
    ...amounts,
    { name: t('simulate.up'), cell: ({ comparable }) => count(comparable.up) },
    { name: t('simulate.down'), cell: ({ comparable }) => count(comparable.down) },
  ];
  return <ResultTable label={t(`simulate.tab.${by}`)} columns={columns} rows={groups} keyOf={name} />;
}

function Heads({ result }: { result: Comparison }) {
  const { t, i18n } = useTranslation();
  type Head = Comparison['heads'][number];
  const amounts = useAmounts<Head>((head) => [head.comparablePresentPaise, head.comparableProposedPaise]);
  const columns: Column<Head>[] = [
    { name: t('simulate.tab.heads'), cell: ({ label }) => word(label, i18n.language), words: true },
    ...amounts,
  ];
  return (
    <ResultTable
      label={t('simulate.tab.heads')}
      columns={columns}
      rows={result.heads}
      keyOf={({ name }) => name}
    />
  );
}

function Deciles({ result }: { result: Comparison }) {
  const { t } = useTranslation();
  type Decile = Comparison['deciles'][number];
  const amounts = useAmounts<Decile>((each) => [each.presentPaise, each.proposedPaise]);
  const columns: Column<Decile>[] = [
    {
      name: t('simulate.decile'),
      cell: ({ decile }) => t('simulate.decileNo', { number: decile }),
      words: true,
    },
    { name: t('simulate.tab.properties'), cell: ({ properties }) => count(properties) },
    {
      name: t('simulate.presentRange'),
      cell: ({ lowestPaise, highestPaise }) => `${plainRupees(lowestPaise)} – ${plainRupees(highestPaise)}`,
    },
    ...amounts,
    { name: t('simulate.up'), cell: ({ up }) => count(up) },
    { name: t('simulate.down'), cell: ({ down }) => count(down) },
    {
      name: t('simulate.below'),
      cell: ({ decile }) => {
        const below = result.changeAtDecile[decile - 1];
        return below === undefined ? '' : signedPlain(below);
      },
    },
  ];
  return (
    <>
      <ResultTable
        label={t('simulate.tab.deciles')}
        columns={columns}
        rows={result.deciles}
        keyOf={({ decile }) => String(decile)}
      />
      <p className="quiet result-note">{t('simulate.decileNote')}</p>
    </>
  );
}

function Largest({ result }: { result: Comparison }) {
  const { t } = useTranslation();
  return (
    <div className="result-pair">
      {(['increases', 'decreases'] as const).map((each) => (
        <section key={each}>
          <h3>{t(`simulate.${each}`)}</h3>
          {result[each].length ? (
            <Movers label={t(`simulate.${each}`)} movers={result[each]} />
          ) : (
            <p className="quiet result-note">{t('simulate.noMover')}</p>
          )}
        </section>
      ))}
    </div>
  );
}

function Movers({ label, movers }: { label: string; movers: Mover[] }) {
  const { t } = useTranslation();
  const codeWords = useCodeWords();
  const amounts = useAmounts<Mover>((mover) => [mover.presentPaise, mover.proposedPaise]);
  const columns: Column<Mover>[] = [
    { name: t('roll.number'), cell: (mover) => <PropertyLink {...mover} />, words: true },
    { name: t('roll.ward'), cell: ({ wardNumber }) => wardNumber ?? '–', words: true },
    { name: t('roll.use'), cell: ({ use }) => codeWords('use', use), words: true },
    ...amounts,
  ];
  return <ResultTable label={label} columns={columns} rows={movers} keyOf={({ propertyId }) => propertyId} />;
}

function OneSided({ result }: { result: Comparison }) {
  const { t } = useTranslation();
  type Row = Comparison['oneSided'][number];
  const columns: Column<Row>[] = [
    { name: t('roll.number'), cell: (row) => <PropertyLink {...row} />, words: true },
    { name: t('roll.ward'), cell: ({ wardNumber }) => wardNumber ?? '–', words: true },
    { name: t('simulate.exceptionIn'), cell: ({ exceptionIn }) => t(`simulate.${exceptionIn}`), words: true },
    {
      name: t('simulate.reasons'),
      cell: ({ reasons }) => reasons.map((each) => plain(each)).join(', '),
      words: true,
    },
    { name: t('simulate.otherSide'), cell: ({ paise }) => plainRupees(paise) },
  ];
  return (
    <>
      <p className="quiet result-note">{t('simulate.oneSidedNote')}</p>
      <ResultTable
        label={t('simulate.tab.oneSided')}
        columns={columns}
        rows={result.oneSided}
        keyOf={({ propertyId }) => propertyId}
      />
    </>
  );
}

function PropertyLink({ propertyId, number }: { propertyId: string; number: string }) {
  return (
    <button type="button" className="link" onClick={() => select({ kind: 'property', id: propertyId })}>
      {number}
    </button>
  );
}
