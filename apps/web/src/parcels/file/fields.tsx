import { type InputHTMLAttributes, type KeyboardEvent, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useCodeWords } from '../../ui/code-words.js';

interface Note {
  fault?: string | undefined;
  warning?: string | undefined;
}

/** Puts the caret into a field of the form once it is drawn. */
export function focusField(field: string): void {
  setTimeout(() => {
    const found = document.querySelector<HTMLInputElement>(`[data-field="${CSS.escape(field)}"]`);
    found?.focus();
    if (found instanceof HTMLInputElement) found.select();
  });
}

/** What is wrong with a field, or to be looked at again, beside it. */
export function FieldNote({ id, fault, warning }: Note & { id: string }) {
  const note = fault ?? warning;
  if (!note) return null;
  return (
    <span id={id} className={fault ? 'field-fault' : 'field-warning'}>
      {note}
    </span>
  );
}

/** Escape closes the dialog that has it, and not the panel behind it as well. */
export function keepEscape(event: KeyboardEvent): void {
  if (event.key === 'Escape') event.stopPropagation();
}

interface TextProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange'>, Note {
  field: string;
  label: string;
  onValue: (value: string) => void;
  /** Right-aligned, for figures. */
  amount?: boolean;
  /** In a table the column's head is the label for the eye. */
  bare?: boolean;
}

export function TextField({ field, label, onValue, amount, bare, fault, warning, ...rest }: TextProps) {
  const id = useId();
  const input = (
    <input
      {...rest}
      data-field={field}
      className={amount ? 'cell amount' : 'cell'}
      aria-label={bare ? label : undefined}
      aria-invalid={fault ? true : undefined}
      aria-describedby={fault || warning ? id : undefined}
      inputMode={amount ? 'decimal' : undefined}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => onValue(event.currentTarget.value)}
    />
  );
  const note = <FieldNote id={id} fault={fault} warning={warning} />;
  if (bare) {
    return (
      <>
        {input}
        {note}
      </>
    );
  }
  return (
    <label className="field">
      <span>{label}</span>
      {input}
      {note}
    </label>
  );
}

interface CodeProps extends Note {
  field: string;
  label: string;
  kind: 'floor' | 'use' | 'structure' | 'occupancy' | 'owner' | 'plain';
  value: string;
  codes: readonly string[];
  onValue: (value: string) => void;
  disabled?: boolean;
  bare?: boolean;
}

/** A code chosen by the first letters of its word, as every list of the browser is. */
export function CodeField({
  field,
  label,
  kind,
  value,
  codes,
  onValue,
  disabled,
  bare,
  fault,
  warning,
}: CodeProps) {
  const id = useId();
  const { t } = useTranslation();
  const words = useCodeWords();
  const known = codes.includes(value) || value === '' ? codes : [value, ...codes];
  const select = (
    <select
      data-field={field}
      className="cell"
      value={value}
      disabled={disabled}
      aria-label={bare ? label : undefined}
      aria-invalid={fault ? true : undefined}
      aria-describedby={fault || warning ? id : undefined}
      onKeyDown={ignoreEnter}
      onChange={(event) => onValue(event.currentTarget.value)}
    >
      <option value="">{t('file.choose')}</option>
      {known.map((code) => (
        <option key={code} value={code}>
          {kind === 'plain' ? code : words(kind, code)}
        </option>
      ))}
    </select>
  );
  const note = <FieldNote id={id} fault={fault} warning={warning} />;
  if (bare) {
    return (
      <>
        {select}
        {note}
      </>
    );
  }
  return (
    <label className="field">
      <span>{label}</span>
      {select}
      {note}
    </label>
  );
}

/** Enter belongs to the row (it adds the next), not to the list, which Space and the arrows open. */
function ignoreEnter(event: KeyboardEvent): void {
  if (event.key === 'Enter') event.preventDefault();
}
