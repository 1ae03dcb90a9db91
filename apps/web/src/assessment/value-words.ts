import { createContext, useContext } from 'react';
import { useTranslation } from 'react-i18next';
import type { Explanation, Value } from '../api/explanation.js';
import type { Label } from '../api/types.js';
import { plain, useCodeWords } from '../ui/code-words.js';
import { word } from '../ui/format.js';
import { grouped } from './reckoning.js';

type Labels = ReadonlyMap<string, Label>;

/** Labels of inputs and steps by their names, as the tariff gives them. */
export const WordsContext = createContext<Labels>(new Map());

export function labelsOf(told: NonNullable<Explanation['explanation']>): Labels {
  const rows = [...(told.units ?? []), ...(told.owners ?? [])];
  const items = [
    ...told.inputs,
    ...told.steps,
    ...told.heads,
    ...rows.flatMap(({ inputs, steps }) => [...inputs, ...steps]),
  ];
  return new Map(items.flatMap(({ name, label }) => (label ? [[name, label] as const] : [])));
}

/** `unit.use` as the person calls it. */
export function useNameWords() {
  const { t, i18n } = useTranslation();
  const labels = useContext(WordsContext);
  return (name: string): string => {
    const last = name.split('.').pop() ?? name;
    return word(labels.get(last), i18n.language) || t(`fact.${last}`, { defaultValue: plain(last) });
  };
}

const codeKinds = ['floor', 'use', 'structure', 'occupancy'] as const;

/** A value of the reckoning in words: figures grouped, codes and yes or no translated. */
export function useValueWords() {
  const { t } = useTranslation();
  const codeWords = useCodeWords();
  return (name: string, value: Value): string => {
    if (value === null) return '–';
    if (typeof value === 'boolean') return t(value ? 'word.yes' : 'word.no');
    const last = name.split('.').pop() ?? name;
    if (/year/.test(last)) return value;
    if (/^-?\d/.test(value)) return grouped(value);
    const kind = last === 'class' ? 'owner' : codeKinds.find((each) => each === last);
    return kind ? codeWords(kind, value) : value;
  };
}
