import { useTranslation } from 'react-i18next';
import { useCodeWords } from '../ui/code-words.js';

const kinds = ['floor', 'use', 'structure', 'occupancy'] as const;

/** Words for a key's cell of a rate table: codes in the reader's language, ranges as `20,000 – 50,000`. */
export function useCellWords() {
  const { t } = useTranslation();
  const codeWords = useCodeWords();
  return (key: string | undefined, cell: string | readonly string[]): string => {
    const name = key?.split('.').at(-1) ?? '';
    const kind = kinds.find((each) => each === name);
    const one = (code: string): string => {
      if (code === '*') return t('simulate.any');
      const range = /^([\d.]*?)\.\.([\d.]*)$/.exec(code);
      if (range) return [grouped(range[1]), grouped(range[2])].map((each) => each || '…').join(' – ');
      return kind ? codeWords(kind, code) : name === 'zone' ? t('card.zone', { zone: code }) : code;
    };
    return (typeof cell === 'string' ? [cell] : cell).map(one).join(', ');
  };
}

const grouped = (text: string | undefined): string =>
  text
    ? new Intl.NumberFormat('en-IN', { maximumFractionDigits: 4, useGrouping: Number(text) > 9_999 }).format(
        Number(text),
      )
    : '';
