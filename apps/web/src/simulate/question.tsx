import { MultiSelect, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useWardNumbers } from '../api/map.js';
import type { Question } from '../api/simulation.js';
import type { ProposalHead } from '../api/tariffs.js';
import type { Tariff } from '../api/types.js';
import { financialYears, word } from '../ui/format.js';
import { Tag } from '../ui/tag.js';
import { covers } from './covers.js';

interface Props {
  question: Question;
  tariffs: Tariff[];
  proposals: ProposalHead[];
  /** The wards of a person who is bound to some. */
  ownWards: string[] | null;
  onChange: (patch: Partial<Question>) => void;
}

/** Year, wards, and which two tariffs stand side by side. */
export function QuestionFields({ question, tariffs, proposals, ownWards, onChange }: Props) {
  const { t, i18n } = useTranslation();
  const inForce = tariffs.find((each) => covers(each, question.fy));
  // Rows of another file are other values.
  const sameTariff = (fy: string) =>
    question.proposed !== null || tariffs.find((each) => covers(each, fy))?.sha256 === inForce?.sha256;
  const files = tariffs.map((each) => ({
    value: each.sha256,
    label: `${word(each.title, i18n.language) || each.body}, ${each.appliesFromFy ?? ''}${
      each.sha256 === inForce?.sha256 ? ` (${t('simulate.inForce')})` : ''
    }`,
  }));
  const drafts = proposals.map(({ id, purpose }) => ({
    value: `proposal:${id}`,
    label: t('simulate.proposalOf', { purpose }),
  }));
  const side = (name: 'present' | 'proposed') => (
    <Select
      label={t(`simulate.${name}`)}
      size="xs"
      data={name === 'proposed' ? [...files, ...drafts] : files}
      value={question[name] ?? inForce?.sha256 ?? null}
      allowDeselect={false}
      onChange={(next) => onChange({ [name]: next, ...(name === 'proposed' ? { changes: [] } : {}) })}
    />
  );
  const sample = tariffs.some(
    ({ sha256, status }) =>
      status === 'sample' &&
      [question.present ?? inForce?.sha256, question.proposed ?? inForce?.sha256].includes(sha256),
  );
  return (
    <div className="section simulate-question">
      <div className="simulate-fields">
        <Select
          label={t('assess.year')}
          size="xs"
          data={financialYears(new Date())}
          value={question.fy}
          allowDeselect={false}
          onChange={(fy) => fy && onChange({ fy, ...(sameTariff(fy) ? {} : { changes: [] }) })}
        />
        <Wards
          own={ownWards}
          chosen={question.wardNumbers}
          onChange={(wardNumbers) => onChange({ wardNumbers })}
        />
      </div>
      {tariffs.length + proposals.length > 1 ? (
        <div className="simulate-sides">
          {side('present')}
          {side('proposed')}
        </div>
      ) : null}
      <p className="quiet simulate-nothing">
        {t('simulate.nothing')} {sample ? <Tag tone="warning">{t('tax.sample')}</Tag> : null}
      </p>
    </div>
  );
}

interface WardsProps {
  own: string[] | null;
  chosen: string[];
  onChange: (wardNumbers: string[]) => void;
}

/** Some wards instead of all that the person may see. */
function Wards({ own, chosen, onChange }: WardsProps) {
  const { t } = useTranslation();
  const numbers = useWardNumbers();
  return (
    <MultiSelect
      label={t('assess.wards')}
      size="xs"
      placeholder={chosen.length ? undefined : (own?.join(', ') ?? t('assess.allWards'))}
      data={(numbers.data ?? [])
        .filter((number) => !own || own.includes(number))
        .map((number) => ({
          value: number,
          label: t('card.ward', { ward: number }),
        }))}
      value={chosen}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t('action.clear') }}
      onChange={onChange}
    />
  );
}
