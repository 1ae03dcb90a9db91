import { useTranslation } from 'react-i18next';
import type { Lookup, Reckoned } from '../api/explanation.js';
import { plain } from '../ui/code-words.js';
import { word } from '../ui/format.js';
import { grouped, reckoning, saysMore } from './reckoning.js';
import { useNameWords, useValueWords } from './value-words.js';

interface Props {
  step: Reckoned;
  /** Instead of the bare value: an amount in rupees. */
  amount?: string;
  note?: string;
}

/**
 * One step: what it is, the reckoning with figures, the table rows and the law behind it, the rounding, the
 * result.
 */
export function StepLine({ step, amount, note }: Props) {
  const { t, i18n } = useTranslation();
  const valueWords = useValueWords();
  const result = amount ?? (step.value === null ? '' : valueWords(step.name, step.value));
  const line = reckoning(step);
  const rounded = step.round && step.beforeRounding !== null && step.beforeRounding !== step.value;
  return (
    <div className="step">
      <div className="step-what">
        <span>{word(step.label, i18n.language) || plain(step.name)}</span>
        {line && saysMore(line, String(step.value)) ? (
          <span className="step-reckoning number">{line}</span>
        ) : null}
        {line === null ? <Formula step={step} /> : null}
        {step.lookups.map((lookup, index) => (
          <TableRow key={`${lookup.table}${index}`} lookup={lookup} />
        ))}
        {rounded && step.round ? (
          <small>
            {t(`round.${step.round.mode}`, {
              to: step.round.to,
              from: grouped(shortened(String(step.beforeRounding))),
            })}
          </small>
        ) : null}
        {note ? <small className="step-note">{note}</small> : null}
        {step.reference ? <small>{step.reference}</small> : null}
        {step.note ? <small>{step.note}</small> : null}
      </div>
      <span className="amount">{result}</span>
    </div>
  );
}

/** A figure of many decimals, cut where nobody reads on. */
function shortened(decimal: string): string {
  const [whole = '', fraction = ''] = decimal.split('.');
  return fraction.length > 6 ? `${whole}.${fraction.slice(0, 6)}…` : decimal;
}

/** A rule that is more than arithmetic: as the law wrote it, with the figures that went in. */
function Formula({ step }: { step: Reckoned }) {
  const { t } = useTranslation();
  const nameWords = useNameWords();
  const valueWords = useValueWords();
  return (
    <details className="step-formula">
      <summary>
        {step.operands.map(({ name, value }) => `${nameWords(name)} ${valueWords(name, value)}`).join(', ') ||
          t('tax.rule')}
      </summary>
      <code>{step.formula}</code>
    </details>
  );
}

function TableRow({ lookup }: { lookup: Lookup }) {
  const { t } = useTranslation();
  const nameWords = useNameWords();
  const valueWords = useValueWords();
  const keys = lookup.keys
    .map(({ name, value }) => `${nameWords(name)} ${valueWords(name, value)}`)
    .join(', ');
  return (
    <small>
      <b className="number">{valueWords(lookup.table, lookup.value)}</b>
      {` ${keys} · ${t('tax.table', { table: plain(lookup.table) })}`}
      {lookup.reference ? ` · ${lookup.reference}` : ''}
      {lookup.note ? ` · ${lookup.note}` : ''}
    </small>
  );
}
