import { useTranslation } from 'react-i18next';
import type { ExplainedRow, Explanation, Head } from '../api/explanation.js';
import { plain } from '../ui/code-words.js';
import { Section } from '../ui/facts.js';
import { day, rupees, word } from '../ui/format.js';
import { Tag } from '../ui/tag.js';
import { grouped } from './reckoning.js';
import { StepLine } from './step-line.js';
import { labelsOf, useValueWords, WordsContext } from './value-words.js';

/**
 * The reckoning as a good clerk writes it down: unit by unit, then the whole, then each head and its
 * instalments.
 */
export function ExplanationView({ explanation }: { explanation: Explanation }) {
  const { t } = useTranslation();
  const { explanation: told, tariff } = explanation;
  if (!told) return null;
  const applied = told.exemptions.filter(({ value }) => value === true);
  return (
    <WordsContext value={labelsOf(told)}>
      <div className="explanation">
        {explanation.reproduces ? null : <p className="explanation-note">{t('tax.changed')}</p>}
        {(told.units ?? []).map((unit) => (
          <UnitPart key={unit.no} unit={unit} areaUnit={told.tariff.units.area} />
        ))}
        {told.steps.length > 0 ? (
          <Section title={t('tax.wholeProperty')}>
            {told.steps.map((step) => (
              <StepLine key={step.name} step={step} />
            ))}
          </Section>
        ) : null}
        {applied.length > 0 ? (
          <Section title={t('tax.exemptions')}>
            {applied.map((exemption) => (
              <StepLine key={exemption.name} step={{ ...exemption, value: null }} />
            ))}
          </Section>
        ) : null}
        <Heads heads={told.heads} total={explanation.totalPaise} exemptions={told.exemptions} />
        <Rebates explanation={explanation} />
        <Instalments instalments={told.instalments} />
        <Section title={t('tax.law')}>
          <p className="explanation-law">{tariff.law}</p>
          {told.tariff.note ? <p className="explanation-law">{told.tariff.note}</p> : null}
          {tariff.status === 'sample' ? <Tag tone="warning">{t('tax.sample')}</Tag> : null}
        </Section>
      </div>
    </WordsContext>
  );
}

const areaSigns = { m2: 'm²', ft2: 'ft²', yd2: 'yd²' };

function UnitPart({ unit, areaUnit }: { unit: ExplainedRow; areaUnit: 'm2' | 'ft2' | 'yd2' }) {
  const { t } = useTranslation();
  const valueWords = useValueWords();
  const said = unit.inputs
    .filter(({ value }) => typeof value === 'string' && value !== '')
    .map(({ name, value }) =>
      /area/.test(name) ? `${grouped(String(value))}\u00a0${areaSigns[areaUnit]}` : valueWords(name, value),
    );
  return (
    <Section title={t('unit.number', { number: unit.no })}>
      <p className="explanation-inputs">{said.join(' · ')}</p>
      {unit.missing?.length ? (
        <p className="explanation-note">{t('tax.missing', { what: unit.missing.join(', ') })}</p>
      ) : null}
      {unit.steps.map((step) => (
        <StepLine key={step.name} step={step} />
      ))}
    </Section>
  );
}

function Heads({
  heads,
  total,
  exemptions,
}: {
  heads: Head[];
  total: string;
  exemptions: { name: string; label: Head['label'] }[];
}) {
  const { t, i18n } = useTranslation();
  const exemptionName = (name: string) =>
    word(exemptions.find((each) => each.name === name)?.label, i18n.language) || name;
  return (
    <Section title={t('tax.heads')}>
      {heads.map((head) => (
        <StepLine
          key={head.name}
          step={head}
          amount={rupees(head.paise)}
          note={head.exemptedBy ? t('tax.exemptedBy', { name: exemptionName(head.exemptedBy) }) : undefined}
        />
      ))}
      <div className="step step-total">
        <strong>{t('tax.total')}</strong>
        <strong className="amount">{rupees(total)}</strong>
      </div>
    </Section>
  );
}

/** What the demand was reduced by when it was made, and what is left of it. */
function Rebates({ explanation }: { explanation: Explanation }) {
  const { t } = useTranslation();
  const kept = explanation.rebates ?? [];
  if (kept.length === 0) return null;
  const taken = kept.reduce((sum, { paise }) => sum + BigInt(paise), 0n);
  const told = explanation.explanation?.rebates ?? [];
  return (
    <Section title={t('tax.rebates')}>
      {kept.map(({ name, head, paise }) => {
        const step = told.find((one) => one.name === name && one.head === head);
        return step ? (
          <StepLine key={name + head} step={step} amount={`−${rupees(paise)}`} />
        ) : (
          <div className="step" key={name + head}>
            <span>{plain(name)}</span>
            <span className="amount">−{rupees(paise)}</span>
          </div>
        );
      })}
      <div className="step step-total">
        <strong>{t('tax.net')}</strong>
        <strong className="amount">{rupees((BigInt(explanation.totalPaise) - taken).toString())}</strong>
      </div>
    </Section>
  );
}

function Instalments({
  instalments,
}: {
  instalments: NonNullable<Explanation['explanation']>['instalments'];
}) {
  const { t, i18n } = useTranslation();
  if (instalments.length === 0) return null;
  return (
    <Section title={t('tax.instalments')}>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">{t('tax.instalment')}</th>
            <th scope="col">{t('tax.due')}</th>
            <th scope="col" className="amount">
              {t('tax.amount')}
            </th>
          </tr>
        </thead>
        <tbody>
          {instalments.map((part) => (
            <tr key={part.n}>
              <td>{part.n}</td>
              <td className="number">{day(part.due, i18n.language)}</td>
              <td className="amount">{rupees(part.totalPaise)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
