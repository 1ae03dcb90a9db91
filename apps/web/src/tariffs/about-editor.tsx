import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Edit, Fault, ProposalHead } from '../api/tariffs.js';
import { at, type Data, textOf } from './content.js';
import { FaultLines } from './fault-lines.js';
import { Field } from './field.js';

interface Props {
  proposal: ProposalHead;
  content: Data;
  faults: readonly Fault[];
  readOnly: boolean;
  onEdits: (edits: Edit[]) => void;
}

/** What the file is, whose law it puts into figures, and from when it holds. */
export function AboutEditor({ proposal, content, faults, readOnly, onEdits }: Props) {
  const { t } = useTranslation();
  const shared = { faults, readOnly, onEdits };
  const key = proposal.kind === 'assessment' ? 'applies_to' : 'in_force';
  const to = textOf(at(content, key, 'to'));
  return (
    <section className="tariff-part" aria-label={t('tariffs.nav.about')}>
      <header className="tariff-part-head">
        <h3>{t('tariffs.nav.about')}</h3>
      </header>
      <div className="tariff-about">
        <Field
          label={t(`tariffs.field.${key}_from`)}
          path={[key, 'from']}
          value={textOf(at(content, key, 'from'))}
          {...shared}
        />
        <Field
          label={t(`tariffs.field.${key}_to`)}
          path={[key, 'to']}
          value={to === 'null' || to === '~' ? '' : to}
          optional
          {...shared}
        />
        <Select
          size="xs"
          label={t('tariffs.field.status')}
          data={['notified', 'sample'].map((value) => ({ value, label: t(`tariffs.fileStatus.${value}`) }))}
          value={textOf(content['status'])}
          readOnly={readOnly}
          allowDeselect={false}
          onChange={(next) => next && onEdits([{ op: 'set', path: ['status'], value: next }])}
        />
      </div>
      {(['en', 'hi', 'mr'] as const).map((language) => (
        <Field
          key={language}
          label={t(`tariffs.field.title_${language}`)}
          path={['title', language]}
          value={textOf(at(content, 'title', language))}
          {...shared}
        />
      ))}
      <Field label={t('tariffs.field.law')} path={['law']} value={textOf(content['law'])} long {...shared} />
      <Field
        label={t('tariffs.field.note')}
        path={['note']}
        value={textOf(content['note'])}
        optional
        long
        {...shared}
      />
      <FaultLines faults={faults} root={[key]} />
    </section>
  );
}
