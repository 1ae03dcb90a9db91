import type { YamlPath } from '../api/tariffs.js';
import { plain } from '../ui/code-words.js';

type Words = (key: string, options?: Record<string, unknown>) => string;

/** The part of the editor in which a place of the file stands: `about`, `steps`, `cases`, `inputs` or `table:rate`. */
export function partOf(path: YamlPath): string {
  const [first, second] = path;
  if (first === 'tables') return `table:${String(second ?? '')}`;
  if (first === 'cases') return 'cases';
  const steps = ['steps', 'exemptions', 'heads', 'rebates', 'charges', 'amnesties'];
  return steps.includes(String(first)) ? 'steps' : 'about';
}

/** A place in words: `Letting rate, row 3`. */
export function placeWords(path: YamlPath, t: Words): string {
  const [first, second, third, fourth] = path;
  if (first === undefined) return t('tariffs.place.file');
  if (first === 'tables' && second !== undefined) {
    const name = plain(String(second));
    return third === 'rows' && typeof fourth === 'number'
      ? t('tariffs.place.row', { name, row: fourth + 1 })
      : name;
  }
  const [list, index] = first === 'steps' ? [`steps.${String(second)}`, third] : [String(first), second];
  const part = t(`tariffs.part.${list}`, { defaultValue: plain(list) });
  return typeof index === 'number' ? t('tariffs.place.item', { part, number: index + 1 }) : part;
}
