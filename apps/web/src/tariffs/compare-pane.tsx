import { Loader } from '@mantine/core';
import { IconEqual } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Change, Comparison } from '../api/tariffs.js';
import { plain } from '../ui/code-words.js';
import { Empty } from '../ui/empty.js';
import { Failure } from '../ui/failure.js';
import { Section } from '../ui/facts.js';
import { word } from '../ui/format.js';
import { Tag } from '../ui/tag.js';
import { partOf } from './places.js';

interface Props {
  comparison: Comparison | undefined;
  error: Error | null;
  onPart: (part: string) => void;
}

/** What the proposal changes of the version in force, in words, part by part. */
export function ComparePane({ comparison, error, onPart }: Props) {
  const { t, i18n } = useTranslation();
  if (error)
    return (
      <div className="tariff-pane-body">
        <Failure error={error} />
      </div>
    );
  if (!comparison) return <Loader m={16} />;
  const { against, changes } = comparison;
  const sections = [...new Set(changes.map(({ section }) => section))];
  return (
    <div className="tariff-pane-body">
      <p className="tariff-outlook quiet">
        {against
          ? t('tariffs.compare.against', { title: word(against.title, i18n.language), from: against.from })
          : t('tariffs.compare.alone')}
      </p>
      {changes.length === 0 ? (
        <Empty icon={<IconEqual size={24} />} title={t('tariffs.compare.none.title')}>
          {t('tariffs.compare.none.detail')}
        </Empty>
      ) : null}
      {sections.map((section) => (
        <Section key={section} title={t(`tariffs.part.${section}`, { defaultValue: plain(section) })}>
          <ul className="tariff-changes">
            {changes
              .filter((change) => change.section === section)
              .map((change) => (
                <ChangeLine
                  key={`${change.name}${change.row}${change.field}${change.kind}`}
                  change={change}
                  onPart={onPart}
                />
              ))}
          </ul>
        </Section>
      ))}
    </div>
  );
}

function ChangeLine({ change, onPart }: { change: Change; onPart: (part: string) => void }) {
  const { t } = useTranslation();
  const { name, row, field, kind, before, after, path } = change;
  const fieldWords = (key: string) =>
    key.startsWith('expect ')
      ? t('tariffs.compare.expects', { name: plain(key.slice(7)) })
      : t(`tariffs.field.${key}`, { defaultValue: plain(key) });
  const what = [name && plain(name), row, !row && field ? fieldWords(field) : null]
    .filter(Boolean)
    .join(' · ');
  return (
    <li>
      <button type="button" className="link" onClick={() => onPart(partOf(path))}>
        {what}
      </button>
      {kind === 'changed' ? null : (
        <Tag tone={kind === 'added' ? 'success' : 'warning'}>{t(`tariffs.compare.${kind}`)}</Tag>
      )}
      <span className="tariff-change">
        {before === null ? null : <del>{before}</del>}
        {before !== null && after !== null ? ' → ' : null}
        {after === null ? null : <ins>{after}</ins>}
      </span>
    </li>
  );
}
