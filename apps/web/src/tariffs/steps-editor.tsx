import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Edit, Fault, YamlPath } from '../api/tariffs.js';
import { plain } from '../ui/code-words.js';
import { word } from '../ui/format.js';
import { Tag } from '../ui/tag.js';
import { at, type Data, faultsAt, labelOf, listOf, mapOf, textOf } from './content.js';
import { Field } from './field.js';

interface Props {
  content: Data;
  faults: readonly Fault[];
  /** Paths of steps and heads that differ from the version in force. */
  changed: ReadonlySet<string>;
  readOnly: boolean;
  onEdits: (edits: Edit[]) => void;
}

const groups = [
  ['steps.unit', ['steps', 'unit'], 'formula'],
  ['steps.property', ['steps', 'property'], 'formula'],
  ['exemptions', ['exemptions'], 'when'],
  ['heads', ['heads'], 'formula'],
  ['rebates', ['rebates'], 'formula'],
  ['charges', ['charges'], 'formula'],
  ['amnesties', ['amnesties'], 'formula'],
] as const;

/** The reckoning in its order: unit by unit, then the whole, what is exempt, what is demanded. */
export function StepsEditor(props: Props) {
  const { t } = useTranslation();
  let number = 0;
  return groups.map(([section, path, formula]) => {
    const items = listOf(at(props.content, ...path));
    if (items.length === 0) return null;
    return (
      <section className="tariff-part" key={section} aria-label={t(`tariffs.part.${section}`)}>
        <header className="tariff-part-head">
          <h3>{t(`tariffs.part.${section}`)}</h3>
        </header>
        <ol className="tariff-steps">
          {items.map((item, index) => (
            <StepCard
              key={index}
              number={(number += 1)}
              item={mapOf(item)}
              path={[...path, index]}
              formula={formula}
              {...props}
            />
          ))}
        </ol>
      </section>
    );
  });
}

interface StepProps extends Props {
  number: number;
  item: Data;
  path: YamlPath;
  formula: 'formula' | 'when';
}

function StepCard({ number, item, path, formula, faults, changed, readOnly, onEdits }: StepProps) {
  const { t, i18n } = useTranslation();
  const shared = { faults, readOnly, onEdits };
  const name = textOf(item['name']);
  const given = textOf(item['given']);
  return (
    <li data-wrong={faultsAt(faults, path).length > 0 || undefined}>
      <header>
        <span className="tariff-step-no number" aria-hidden="true">
          {number}
        </span>
        <strong>{word(labelOf(item['label']), i18n.language) || plain(name)}</strong>
        <code className="quiet">{name}</code>
        {changed.has(path.join('/')) ? <Tag tone="accent">{t('tariffs.changed')}</Tag> : null}
        {given ? <Tag>{t(`tariffs.given.${given}`, { defaultValue: given })}</Tag> : null}
      </header>
      <Field
        label={t(`tariffs.field.${formula}`)}
        path={[...path, formula]}
        value={textOf(item[formula])}
        long
        code
        {...shared}
      />
      {formula === 'formula' && item['when'] !== undefined ? (
        <Field
          label={t('tariffs.field.when')}
          path={[...path, 'when']}
          value={textOf(item['when'])}
          long
          code
          {...shared}
        />
      ) : null}
      <div className="tariff-step-row">
        {formula === 'formula' ? (
          <Rounding item={item} path={path} readOnly={readOnly} onEdits={onEdits} />
        ) : null}
        <Field
          label={t('tariffs.field.reference')}
          path={[...path, 'reference']}
          value={textOf(item['reference'])}
          optional
          {...shared}
        />
      </div>
      <Field
        label={t('tariffs.field.note')}
        path={[...path, 'note']}
        value={textOf(item['note'])}
        optional
        long
        {...shared}
      />
    </li>
  );
}

const modes = ['half_up', 'half_even', 'up', 'down'] as const;

function Rounding({
  item,
  path,
  readOnly,
  onEdits,
}: Pick<StepProps, 'item' | 'path' | 'readOnly' | 'onEdits'>) {
  const { t } = useTranslation();
  const round = mapOf(item['round']);
  const [to, mode] = [textOf(round['to']), textOf(round['mode'])];
  const steps = [...new Set(['0.01', '0.1', '1', '5', '10', '100', ...(to ? [to] : [])])];
  const place = [...path, 'round'];
  const set = (next: { to: string; mode: string } | null) =>
    onEdits([next ? { op: 'set', path: place, value: next } : { op: 'remove', path: place }]);
  return (
    <>
      <Select
        label={t('tariffs.field.roundTo')}
        size="xs"
        data={[
          { value: '', label: t('tariffs.round.none') },
          ...steps.map((value) => ({ value, label: value })),
        ]}
        value={to}
        readOnly={readOnly}
        allowDeselect={false}
        onChange={(next) => {
          if (next) set({ to: next, mode: mode || 'half_up' });
          else if (to) set(null);
        }}
      />
      <Select
        label={t('tariffs.field.roundMode')}
        size="xs"
        data={modes.map((value) => ({ value, label: t(`tariffs.round.${value}`) }))}
        value={mode || null}
        disabled={!to}
        readOnly={readOnly}
        allowDeselect={false}
        onChange={(next) => next && to && set({ to, mode: next })}
      />
    </>
  );
}
