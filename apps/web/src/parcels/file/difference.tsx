import { useTranslation } from 'react-i18next';
import type { DifferenceLine } from '../../api/property-file.js';
import { plain, useCodeWords } from '../../ui/code-words.js';
import { area, day, decimal } from '../../ui/format.js';

/** What becomes of what, one line a field: old, new, and the days for which it holds. */
export function Difference({ lines, title }: { lines: DifferenceLine[]; title?: string }) {
  const { t } = useTranslation();
  const groups = new Map<string, DifferenceLine[]>();
  for (const line of lines) {
    const key = `${line.noun} ${line.no ?? ''} ${line.from ?? ''} ${line.to ?? ''} ${line.change}`;
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  return (
    <section className="difference" aria-label={title ?? t('file.difference')}>
      {title ? <h3>{title}</h3> : null}
      <table className="plain-table">
        <thead>
          <tr className={lines.some(({ change }) => change === 'altered') ? undefined : 'difference-bare'}>
            <th scope="col">{t('file.what')}</th>
            <th scope="col">{t('file.old')}</th>
            <th scope="col">{t('file.new')}</th>
          </tr>
        </thead>
        {[...groups].map(([key, group]) => (
          <Group key={key} lines={group} />
        ))}
      </table>
    </section>
  );
}

function Group({ lines }: { lines: DifferenceLine[] }) {
  const { t, i18n } = useTranslation();
  const value = useValueWords();
  const [first] = lines as [DifferenceLine];
  const word = (field: string) =>
    t(`file.${field === 'status' ? 'state' : field}`, { defaultValue: plain(field) });
  const noun = t(`file.noun.${first.noun}`, { no: first.no });
  const days = [
    first.from ? t('file.fromDay', { day: day(first.from, i18n.language) }) : null,
    first.to ? t('file.toDay', { day: day(first.to, i18n.language) }) : null,
  ];
  return (
    <tbody>
      <tr className="difference-group">
        <th scope="rowgroup" colSpan={3}>
          {[noun, first.change === 'altered' ? null : t(`file.change.${first.change}`), ...days]
            .filter(Boolean)
            .join(' · ')}
        </th>
      </tr>
      {first.change === 'altered' ? (
        lines.map((line) => (
          <tr key={line.field}>
            <td>{word(line.field)}</td>
            <td className="old">{value(line.field, line.before)}</td>
            <td className="new">{value(line.field, line.after)}</td>
          </tr>
        ))
      ) : (
        <tr>
          <td colSpan={3} className={first.change === 'added' ? 'new' : 'old'}>
            <dl className="difference-whole">
              {lines
                .filter(({ field, after }) => !(field === 'status' && after === 'active'))
                .map((line) => (
                  <div key={line.field}>
                    <dt>{word(line.field)}</dt>
                    <dd>{value(line.field, line.after ?? line.before)}</dd>
                  </div>
                ))}
            </dl>
          </td>
        </tr>
      )}
    </tbody>
  );
}

const codeKinds: Record<string, 'floor' | 'use' | 'structure' | 'occupancy' | 'owner'> = {
  floor: 'floor',
  use: 'use',
  structure: 'structure',
  occupancy: 'occupancy',
  class: 'owner',
};

function useValueWords() {
  const { t } = useTranslation();
  const words = useCodeWords();
  return (field: string, value: unknown): string => {
    if (value === null || value === undefined) return '–';
    if (Array.isArray(value)) return value.length ? t('file.parcelCount', { count: value.length }) : '–';
    const kind = codeKinds[field];
    if (kind) return words(kind, String(value));
    if (/M2$/.test(field)) return area(String(value));
    if (field === 'share') return `${decimal(Number(value) * 100, 2)} %`;
    if (field === 'status') return t(`file.status.${String(value)}`);
    if (field === 'noParcelReason') return t(`noParcel.${String(value)}`);
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  };
}
