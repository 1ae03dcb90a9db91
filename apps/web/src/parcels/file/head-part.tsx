import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { type RollCodes, useNextNumber } from '../../api/property-file.js';
import type { HeadFields } from './draft.js';
import { CodeField, TextField } from './fields.js';
import type { Entry } from './use-entry.js';

interface Props {
  entry: Entry;
  codes: RollCodes;
  isNew: boolean;
}

/** Where the property lies, and from which day, by which paper and why it changes. */
export function HeadPart({ entry, codes, isNew }: Props) {
  const { t } = useTranslation();
  const { draft, setDraft, faults, warnings, tried } = entry;
  const set = (patch: Partial<HeadFields>) => setDraft((before) => ({ ...before, ...patch }));
  const next = useNextNumber(isNew ? draft.wardNumber : null).data?.number;
  useEffect(() => {
    if (isNew && next) setDraft((before) => (before.number ? before : { ...before, number: next }));
  }, [isNew, next, setDraft]);
  // A field that nobody has come to yet is not yet wrong.
  const note = (name: keyof HeadFields) => {
    const own = faults[name] ?? faults[`head.${name}`];
    return tried || draft[name] ? own : undefined;
  };
  const text = (name: keyof HeadFields, more: object = {}) => ({
    field: `head.${name}`,
    label: t(`file.${name}`),
    value: draft[name],
    fault: note(name),
    warning: warnings[`head.${name}`],
    onValue: (value: string) => set({ [name]: value }),
    ...more,
  });
  const wardOf = (value: string) => {
    const zone = codes.wards.find(({ number }) => number === value)?.zoneNumber ?? '';
    set({ wardNumber: value, zoneNumber: zone, ...(isNew ? { number: '' } : {}) });
  };
  const wards = codes.wards.map(({ number }) => number);
  const said = (name: 'reason' | 'effectiveOn') => {
    const fault = note(name);
    if (fault === 'reason') return t('file.sayWhy');
    return fault === 'day' ? t('file.noDay') : fault;
  };
  return (
    <div className="entry-head">
      {wards.length ? (
        <CodeField {...text('wardNumber')} kind="plain" codes={wards} onValue={wardOf} />
      ) : (
        <TextField {...text('wardNumber')} />
      )}
      {isNew ? <TextField {...text('number')} /> : null}
      <TextField {...text('address', { className: 'wide' })} />
      <TextField {...text('locality')} />
      <TextField {...text('landAreaM2', { amount: true })} />
      {codes.zone.length ? <CodeField {...text('zoneNumber')} kind="plain" codes={codes.zone} /> : null}
      <TextField
        {...text('effectiveOn', { fault: said('effectiveOn') })}
        placeholder={t('file.dayHint')}
        inputMode="numeric"
      />
      <TextField {...text('document')} placeholder={t('file.documentHint')} maxLength={300} />
      <TextField {...text('reason', { fault: said('reason') })} maxLength={500} />
    </div>
  );
}
