import { ActionIcon, Button, Select, TextInput, Tooltip } from '@mantine/core';
import { IconCheck, IconPlus, IconTrash, IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { grouped } from '../assessment/reckoning.js';
import type { CheckedCase, Edit, Fault, YamlPath, YamlValue } from '../api/tariffs.js';
import { plain } from '../ui/code-words.js';
import { word } from '../ui/format.js';
import { Tag } from '../ui/tag.js';
import { at, cellText, type Data, labelOf, labelsOf, listOf, mapOf, textOf } from './content.js';
import { FaultLines } from './fault-lines.js';
import { Field } from './field.js';

interface Props {
  content: Data;
  checked: readonly CheckedCase[];
  faults: readonly Fault[];
  readOnly: boolean;
  onEdits: (edits: Edit[]) => void;
  /** Shows the case's reckoning beside it. */
  onExample: (name: string) => void;
}

/** The file's examples: what is given, what must come out, and what does come out under the text as it stands. */
export function CasesEditor(props: Props) {
  const { t } = useTranslation();
  const { content, readOnly, onEdits } = props;
  const cases = listOf(content['cases']);
  const add = () => {
    const last = mapOf(cases.at(-1));
    const value: YamlValue = {
      name: newName(cases, t('tariffs.case.newName')),
      kind: 'computed',
      given: last['given'] ?? {},
      expect: last['expect'] ?? {},
    };
    onEdits([
      cases.length
        ? { op: 'insert', path: ['cases', cases.length], value }
        : { op: 'set', path: ['cases'], value: [value] },
    ]);
  };
  return (
    <section className="tariff-part" aria-label={t('tariffs.nav.cases')}>
      <header className="tariff-part-head">
        <h3>{t('tariffs.nav.cases')}</h3>
        {readOnly ? null : (
          <Button size="compact-sm" variant="default" leftSection={<IconPlus size={15} />} onClick={add}>
            {t('tariffs.case.add')}
          </Button>
        )}
      </header>
      <p className="tariff-rule quiet">{t('tariffs.case.why')}</p>
      {cases.map((item, index) => (
        <CaseCard key={index} item={mapOf(item)} index={index} {...props} />
      ))}
    </section>
  );
}

function newName(cases: YamlValue[], name: string): string {
  const taken = cases.map((each) => textOf(mapOf(each)['name']));
  for (let n = cases.length + 1; ; n += 1) if (!taken.includes(`${name} ${n}`)) return `${name} ${n}`;
}

function CaseCard({
  item,
  index,
  content,
  checked,
  faults,
  readOnly,
  onEdits,
  onExample,
}: Props & { item: Data; index: number }) {
  const { t } = useTranslation();
  const path = ['cases', index];
  const name = textOf(item['name']);
  const result = checked.find((one) => one.name === name);
  const shared = { readOnly, onEdits };
  // Where the figures stand beside each other the fault would only repeat them.
  const told = (result?.expectations.length ?? 0) > 0;
  const other = faults.filter(({ kind }) => !told || kind !== 'case_failed');
  return (
    <article
      className="tariff-case"
      aria-label={name}
      data-state={result ? (result.passed ? 'passed' : 'failed') : 'unknown'}
    >
      <header>
        <CaseState result={result} />
        <strong>{name}</strong>
        <Tag>{t(`tariffs.case.${textOf(item['kind']) === 'published' ? 'published' : 'computed'}`)}</Tag>
        <span className="tariff-part-tools">
          <button type="button" className="link" onClick={() => onExample(name)}>
            {t('tariffs.case.show')}
          </button>
          {readOnly ? null : (
            <Tooltip label={t('tariffs.case.remove')}>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('tariffs.case.remove')}
                onClick={() => onEdits([{ op: 'remove', path }])}
              >
                <IconTrash size={16} />
              </ActionIcon>
            </Tooltip>
          )}
        </span>
      </header>
      {textOf(item['source']) ? <p className="quiet tariff-source">{textOf(item['source'])}</p> : null}
      <Given content={content} item={item} path={[...path, 'given']} {...shared} />
      <Expected content={content} item={item} path={[...path, 'expect']} result={result} {...shared} />
      <FaultLines faults={other} root={path} />
      <Field
        label={t('tariffs.field.note')}
        path={[...path, 'note']}
        value={textOf(item['note'])}
        optional
        long
        faults={[]}
        {...shared}
      />
    </article>
  );
}

function CaseState({ result }: { result: CheckedCase | undefined }) {
  const { t } = useTranslation();
  if (!result) return <Tag>{t('tariffs.case.unknown')}</Tag>;
  return result.passed ? (
    <Tag tone="success">
      <IconCheck size={13} aria-hidden="true" /> {t('tariffs.case.passes')}
    </Tag>
  ) : (
    <Tag tone="danger">
      <IconX size={13} aria-hidden="true" /> {t('tariffs.case.fails')}
    </Tag>
  );
}

interface GivenProps {
  content: Data;
  item: Data;
  path: YamlPath;
  readOnly: boolean;
  onEdits: (edits: Edit[]) => void;
}

/** What is known of the property, its units and owners, each fact in the words of the inputs. */
function Given({ content, item, path, readOnly, onEdits }: GivenProps) {
  const { t } = useTranslation();
  const given = mapOf(item['given']);
  const blocks: { title: string; path: YamlPath; facts: Data; level: string }[] = [
    {
      title: t('tariffs.case.property'),
      path: [...path, 'property'],
      facts: mapOf(given['property']),
      level: 'property',
    },
    ...(['units', 'owners'] as const).flatMap((list) =>
      listOf(given[list]).map((facts, n) => ({
        title: t(`tariffs.case.${list}`, { number: n + 1 }),
        path: [...path, list, n],
        facts: mapOf(facts),
        level: list === 'units' ? 'unit' : 'owner',
      })),
    ),
  ];
  return blocks
    .filter(({ facts }) => Object.keys(facts).length > 0)
    .map((block) => (
      <div key={block.title} className="tariff-given">
        <span className="quiet">{block.title}</span>
        {Object.entries(block.facts).map(([name, value]) => (
          <Fact
            key={name}
            name={name}
            value={textOf(value)}
            path={[...block.path, name]}
            input={mapOf(at(content, 'inputs', block.level, name))}
            readOnly={readOnly}
            onEdits={onEdits}
          />
        ))}
      </div>
    ));
}

interface FactProps {
  name: string;
  value: string;
  path: YamlPath;
  input: Data;
  readOnly: boolean;
  onEdits: (edits: Edit[]) => void;
}

function Fact({ name, value, path, input, readOnly, onEdits }: FactProps) {
  const { i18n } = useTranslation();
  const codes = input['boolean'] ? ['true', 'false'] : listOf(input['code']).map((code) => textOf(code));
  const label = word(labelOf(input['label']), i18n.language) || plain(name);
  if (codes.length === 0) return <Figure {...{ label, value, path, readOnly, onEdits }} />;
  return (
    <Select
      size="xs"
      label={label}
      data={codes.includes(value) ? codes : [value, ...codes]}
      value={value}
      readOnly={readOnly}
      allowDeselect={false}
      searchable={codes.length > 8}
      onChange={(next) => next !== null && next !== value && onEdits([{ op: 'set', path, value: next }])}
    />
  );
}

function Figure({
  label,
  value,
  path,
  readOnly,
  onEdits,
}: Omit<FactProps, 'name' | 'input'> & { label: string }) {
  const [draft, setDraft] = useState<string | null>(null);
  useEffect(() => setDraft(null), [value]);
  const save = () => {
    if (draft !== null && draft.trim() !== value) onEdits([{ op: 'set', path, value: draft.trim() }]);
    else setDraft(null);
  };
  return (
    <TextInput
      size="xs"
      label={label}
      value={draft ?? value}
      readOnly={readOnly}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={save}
      onKeyDown={(event) => event.key === 'Enter' && save()}
    />
  );
}

/** Each figure that must come out, and beside it the one that does. */
function Expected({
  content,
  item,
  path,
  result,
  readOnly,
  onEdits,
}: GivenProps & { result: CheckedCase | undefined }) {
  const { t, i18n } = useTranslation();
  const labels = labelsOf(content, i18n.language);
  const expected = flat(mapOf(item['expect']), path);
  return (
    <table className="plain-table tariff-expected">
      <thead>
        <tr>
          <th scope="col">{t('tariffs.case.figure')}</th>
          <th scope="col" className="amount">
            {t('tariffs.case.expected')}
          </th>
          <th scope="col" className="amount">
            {t('tariffs.case.comesOut')}
          </th>
          <td className="tariff-take-column" />
        </tr>
      </thead>
      <tbody>
        {expected.map(({ name, value, place }) => {
          const found = result?.expectations.find((one) => one.name === name);
          const label = labels.get(name) || t(`tariffs.expect.${name}`, { defaultValue: plain(name) });
          const wrong = found !== undefined && !found.passed;
          return (
            <tr key={place.join('/')} data-wrong={wrong || undefined}>
              <td>{label}</td>
              <td className="amount">
                {Array.isArray(value) || typeof value !== 'string' || readOnly ? (
                  cellText(value)
                ) : (
                  <ExpectedCell
                    label={`${label}: ${t('tariffs.case.expected')}`}
                    value={value}
                    path={place}
                    onEdits={onEdits}
                  />
                )}
              </td>
              <td className="amount">{found ? grouped(found.computed ?? '–') : '–'}</td>
              <td className="amount">
                {wrong && !readOnly && found.computed !== null && typeof value === 'string' ? (
                  <button
                    type="button"
                    className="link tariff-take"
                    onClick={() => onEdits([{ op: 'set', path: place, value: found.computed ?? '' }])}
                  >
                    {t('tariffs.case.take')}
                  </button>
                ) : null}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** A collection case expects in groups (rebates, charges): each figure of them by itself. */
function flat(expect: Data, path: YamlPath): { name: string; value: YamlValue; place: YamlPath }[] {
  return Object.entries(expect).flatMap(([name, value]) =>
    typeof value === 'object' && !Array.isArray(value)
      ? flat(value, [...path, name])
      : [{ name, value, place: [...path, name] }],
  );
}

function ExpectedCell({
  label,
  value,
  path,
  onEdits,
}: {
  label: string;
  value: string;
  path: YamlPath;
  onEdits: Props['onEdits'];
}) {
  const [draft, setDraft] = useState<string | null>(null);
  useEffect(() => setDraft(null), [value]);
  const save = () => {
    if (draft !== null && draft.trim() !== value) onEdits([{ op: 'set', path, value: draft.trim() }]);
    else setDraft(null);
  };
  return (
    <input
      className="tariff-cell amount"
      aria-label={label}
      value={draft ?? value}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={save}
      onKeyDown={(event) => event.key === 'Enter' && save()}
    />
  );
}
