import { Textarea, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Edit, Fault, YamlPath } from '../api/tariffs.js';
import { faultsAt } from './content.js';

interface Props {
  label: string;
  path: YamlPath;
  value: string;
  faults: readonly Fault[];
  readOnly: boolean;
  /** Left out of the file when it is emptied, and not shown at all where it is empty and cannot be filled. */
  optional?: boolean;
  long?: boolean;
  /** A formula: letters of one width. */
  code?: boolean;
  onEdits: (edits: Edit[]) => void;
}

/** One text of the file, saved when it is left or at Enter. */
export function Field({ label, path, value, faults, readOnly, optional, long, code, onEdits }: Props) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<string | null>(null);
  useEffect(() => setDraft(null), [value]);
  if (optional && readOnly && value === '') return null;
  const own = faultsAt(faults, path);
  const save = () => {
    if (draft === null || draft.trim() === value) return setDraft(null);
    const text = draft.trim();
    onEdits([optional && text === '' ? { op: 'remove', path } : { op: 'set', path, value: text }]);
  };
  const shared = {
    label,
    size: 'xs',
    className: code ? 'tariff-code' : undefined,
    value: draft ?? value,
    readOnly,
    placeholder: optional ? t('tariffs.field.none') : undefined,
    error: own.length ? own.map(({ message, remedy }) => `${message} ${remedy}`).join(' ') : undefined,
    onBlur: save,
  } as const;
  if (!long) {
    return (
      <TextInput
        {...shared}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Enter' && save()}
      />
    );
  }
  return (
    <Textarea
      {...shared}
      autosize
      minRows={code ? 2 : 1}
      maxRows={10}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey || !code)) return;
        event.preventDefault();
        save();
      }}
    />
  );
}
