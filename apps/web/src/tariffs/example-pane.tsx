import { Loader, SegmentedControl, Select, TextInput } from '@mantine/core';
import { IconReceiptRupee } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ExplanationView } from '../assessment/explanation-view.js';
import type { Explanation } from '../api/explanation.js';
import { type Example, type ExampleOf, useExample } from '../api/tariffs.js';
import { Empty } from '../ui/empty.js';
import { Failure } from '../ui/failure.js';
import { Section } from '../ui/facts.js';
import { rupees, word } from '../ui/format.js';
import '../assessment/tax.css';

interface Props {
  proposalId: string;
  /** Null while the text on the screen is not saved. */
  version: number | null;
  cases: string[];
  of: ExampleOf | null;
  onOf: (of: ExampleOf | null) => void;
}

/** A case or a real property under the proposal, beside the version in force, with the difference. */
export function ExamplePane({ proposalId, version, cases, of, onOf }: Props) {
  const { t } = useTranslation();
  const [number, setNumber] = useState(of && 'property' in of ? of.property : '');
  const chosen = of ?? (cases[0] ? { case: cases[0] } : null);
  const example = useExample(proposalId, version, chosen);
  return (
    <div className="tariff-pane-body" aria-busy={example.isFetching}>
      <div className="tariff-example-of">
        <Select
          size="xs"
          label={t('tariffs.example.case')}
          data={cases}
          value={chosen && 'case' in chosen && cases.includes(chosen.case) ? chosen.case : null}
          placeholder={t('tariffs.example.chooseCase')}
          onChange={(next) => next && onOf({ case: next })}
        />
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (number.trim()) onOf({ property: number.trim() });
          }}
        >
          <TextInput
            size="xs"
            label={t('tariffs.example.property')}
            placeholder={t('tariffs.example.number')}
            value={number}
            onChange={(event) => setNumber(event.currentTarget.value)}
            onBlur={() => number.trim() && onOf({ property: number.trim() })}
          />
        </form>
      </div>
      {!chosen ? (
        <Empty icon={<IconReceiptRupee size={24} />} title={t('tariffs.example.none.title')}>
          {t('tariffs.example.none.detail')}
        </Empty>
      ) : null}
      {example.isError ? <Failure error={example.error} /> : null}
      {example.isPending && chosen ? <Loader m={16} /> : null}
      {example.data && !example.isError ? <Worked example={example.data} /> : null}
    </div>
  );
}

function Worked({ example }: { example: Example }) {
  const { t } = useTranslation();
  const [side, setSide] = useState<'proposed' | 'inForce'>('proposed');
  const told = side === 'inForce' && example.inForce ? example.inForce : example.proposed;
  return (
    <>
      <Differences example={example} />
      {example.proposed.missing?.length ? (
        <p className="explanation-note">{t('tax.missing', { what: example.proposed.missing.join(', ') })}</p>
      ) : null}
      {example.inForce ? (
        <SegmentedControl
          className="tariff-side"
          size="xs"
          fullWidth
          data={(['proposed', 'inForce'] as const).map((value) => ({
            value,
            label: t(`tariffs.example.${value}`),
          }))}
          value={side}
          onChange={(next) => setSide(next as typeof side)}
        />
      ) : null}
      <ExplanationView explanation={asExplanation(example, told)} />
    </>
  );
}

function Differences({ example }: { example: Example }) {
  const { t, i18n } = useTranslation();
  const { heads, total } = example;
  const sign = (paise: string | null) =>
    paise === null ? '–' : `${paise.startsWith('-') || paise === '0' ? '' : '+'}${rupees(paise)}`;
  return (
    <Section title={t('tariffs.example.title', { of: example.of, fy: example.fy })}>
      <table className="plain-table tariff-differences">
        <thead>
          <tr>
            <th scope="col">{t('tax.heads')}</th>
            <th scope="col" className="amount">
              {t('tariffs.example.inForce')}
            </th>
            <th scope="col" className="amount">
              {t('tariffs.example.proposed')}
            </th>
            <th scope="col" className="amount">
              {t('tariffs.example.difference')}
            </th>
          </tr>
        </thead>
        <tbody>
          {heads.map(({ name, label, inForcePaise, proposedPaise, differencePaise }) => (
            <tr key={name}>
              <td>{word(label, i18n.language)}</td>
              <td className="amount">{rupees(inForcePaise)}</td>
              <td className="amount">{rupees(proposedPaise)}</td>
              <td className="amount">{sign(differencePaise)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td>{t('tax.total')}</td>
            <td className="amount">{rupees(total.inForcePaise)}</td>
            <td className="amount">{rupees(total.proposedPaise)}</td>
            <td className="amount">{sign(total.differencePaise)}</td>
          </tr>
        </tfoot>
      </table>
    </Section>
  );
}

/** The same shape as the explanation of an assessment, so that both are told in the same words. */
function asExplanation(example: Example, told: Example['proposed']): Explanation {
  const { title, law, status } = told.tariff;
  return {
    propertyId: '',
    fy: example.fy,
    assessmentNo: 0,
    runId: '',
    effectiveOn: '',
    exempt: false,
    totalPaise: told.totalPaise ?? '0',
    tariff: { sha256: '', title, law, status },
    reproduces: true,
    explanation: told,
  };
}
