import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Proposal } from '../api/tariffs.js';
import { plain } from '../ui/code-words.js';
import { usePhone } from '../ui/phone.js';
import { mapOf } from './content.js';
import type { ProposalEditor } from './proposal-editor.js';

interface PartName {
  value: string;
  label: string;
  group: string;
}

/** The parts of a proposal that are shown one at a time. */
export function partsOf(proposal: Proposal, editor: ProposalEditor, t: (key: string) => string): PartName[] {
  const tables = Object.keys(mapOf(mapOf(editor.content)['tables']));
  return [
    { value: 'about', label: t('tariffs.nav.about'), group: '' },
    ...tables.map((name) => ({ value: `table:${name}`, label: plain(name), group: t('tariffs.nav.tables') })),
    { value: 'steps', label: t('tariffs.nav.steps'), group: t('tariffs.nav.rules') },
    { value: 'cases', label: t('tariffs.nav.cases'), group: t('tariffs.nav.rules') },
    ...(proposal.content === null
      ? []
      : [{ value: 'text', label: t('tariffs.nav.text'), group: t('tariffs.nav.rules') }]),
  ];
}

interface PartsProps {
  parts: PartName[];
  shown: string;
  /** The parts in which something is wrong, once for each fault. */
  faults: string[];
  onChoose: (part: string) => void;
}

const asItem = ({ value, label }: PartName) => ({ value, label });

/** The parts in a list, each with how much is wrong in it; on a phone in a menu. */
export function Parts({ parts, shown, faults, onChoose }: PartsProps) {
  const { t } = useTranslation();
  const phone = usePhone();
  const groups = [...new Set(parts.map(({ group }) => group))];
  if (phone) {
    const grouped = groups
      .filter(Boolean)
      .map((group) => ({ group, items: parts.filter((each) => each.group === group).map(asItem) }));
    const data = [...parts.filter(({ group }) => !group).map(asItem), ...grouped];
    return (
      <Select
        className="tariff-parts-phone"
        aria-label={t('tariffs.nav.label')}
        data={data}
        value={shown}
        allowDeselect={false}
        onChange={(next) => next && onChoose(next)}
      />
    );
  }
  return (
    <nav className="tariff-parts" aria-label={t('tariffs.nav.label')}>
      {groups.map((group) => (
        <div key={group}>
          {group ? <h3>{group}</h3> : null}
          {parts
            .filter((each) => each.group === group)
            .map(({ value, label }) => {
              const wrong = faults.filter((part) => part === value).length;
              return (
                <button
                  key={value}
                  type="button"
                  aria-current={value === shown ? 'page' : undefined}
                  onClick={() => onChoose(value)}
                >
                  <span>{label}</span>
                  {wrong ? (
                    <span className="tariff-count" aria-label={t('tariffs.nav.wrong', { count: wrong })}>
                      {wrong}
                    </span>
                  ) : null}
                </button>
              );
            })}
        </div>
      ))}
    </nav>
  );
}
