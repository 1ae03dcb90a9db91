import { Button, Checkbox, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type Finding,
  type OwnersReturn,
  type PropertyFile,
  type RollCodes,
  useDecideReturn,
  useFileReturn,
  usePropertyFile,
  useReturns,
  useRollCodes,
} from '../../api/property-file.js';
import { useCodeWords } from '../../ui/code-words.js';
import { Failure } from '../../ui/failure.js';
import { area, dayAndTime, financialYears } from '../../ui/format.js';
import { Tag } from '../../ui/tag.js';
import { draftOf, type FloorRow, nextFloor } from './draft.js';
import { CodeField, keepEscape, TextField } from './fields.js';
import './file.css';

/** The owner's return of a year: what is declared, what the check against roll and map finds, and what follows. */
export function ReturnForm({ propertyId, onClose }: { propertyId: string; onClose: () => void }) {
  const { t } = useTranslation();
  const file = usePropertyFile(propertyId);
  const returns = useReturns(propertyId);
  const filed = returns.data?.find(({ status }) => status === 'filed');
  return (
    <Modal
      opened
      onClose={onClose}
      onKeyDown={keepEscape}
      title={t('file.returnTitle', { number: file.data?.property.number ?? '' })}
      size="min(860px, 96vw)"
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {file.isError ? <Failure error={file.error} /> : null}
      {filed ? <Filed key={filed.id} filed={filed} onClose={onClose} /> : null}
      {file.data && returns.data && !filed ? <Declare file={file.data} /> : null}
    </Modal>
  );
}

function Declare({ file }: { file: PropertyFile }) {
  const { t } = useTranslation();
  const codes = useRollCodes().data;
  const send = useFileReturn();
  const [fy, setFy] = useState(financialYears(new Date())[1] ?? '');
  const [paper, setPaper] = useState('');
  const [rows, setRows] = useState<FloorRow[]>(() => draftOf(file, new Date()).floors);
  const set = (key: string, patch: Partial<FloorRow>) =>
    setRows((now) => now.map((row) => (row.key === key ? { ...row, ...patch } : row)));
  if (!codes) return null;
  const last = rows.at(-1);
  const missing = rows.some(({ declaredAreaM2, use }) => !declaredAreaM2.trim() || !use);
  const submit = () =>
    send.mutate({
      id: crypto.randomUUID(),
      body: {
        propertyId: file.propertyId,
        fy,
        document: paper.trim() || null,
        units: rows.map((row) => ({
          unitNo: row.unitNo,
          floor: row.floor || null,
          use: row.use,
          occupancy: row.occupancy || null,
          declaredAreaM2: row.declaredAreaM2,
        })),
      },
    });
  return (
    <div className="entry">
      <div className="entry-head">
        <CodeField
          field="fy"
          label={t('file.year')}
          kind="plain"
          value={fy}
          codes={financialYears(new Date())}
          onValue={setFy}
        />
        <TextField field="paper" label={t('file.document')} value={paper} onValue={setPaper} />
      </div>
      <DeclaredRows rows={rows} codes={codes} onRow={set} />
      {send.isError ? <Failure error={send.error} /> : null}
      <footer className="entry-foot">
        <span className="quiet">{missing ? t('file.declareAll') : t('file.returnHint')}</span>
        <Button
          variant="default"
          disabled={!last}
          onClick={() => last && setRows([...rows, nextFloor(last, codes)])}
        >
          {t('file.addFloor')}
        </Button>
        <Button loading={send.isPending} disabled={missing} onClick={submit}>
          {t('file.fileReturn')}
        </Button>
      </footer>
    </div>
  );
}

interface RowsProps {
  rows: FloorRow[];
  codes: RollCodes;
  onRow: (key: string, patch: Partial<FloorRow>) => void;
}

function DeclaredRows({ rows, codes, onRow }: RowsProps) {
  const { t } = useTranslation();
  return (
    <table className="entry-table">
      <thead>
        <tr>
          <th scope="col">{t('file.floor')}</th>
          <th scope="col">{t('file.use')}</th>
          <th scope="col">{t('file.occupancy')}</th>
          <th scope="col" className="amount">
            {t('file.declaredAreaM2')}
          </th>
          <th scope="col" className="amount">
            {t('file.areaM2')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key}>
            {(['floor', 'use', 'occupancy'] as const).map((name) => (
              <td key={name}>
                <CodeField
                  field={`${row.key}.${name}`}
                  label={t(`file.${name}`)}
                  kind={name}
                  value={row[name]}
                  codes={codes[name]}
                  bare
                  onValue={(value) => onRow(row.key, { [name]: value })}
                />
              </td>
            ))}
            <td>
              <TextField
                field={`${row.key}.declaredAreaM2`}
                label={t('file.declaredAreaM2')}
                value={row.declaredAreaM2}
                amount
                bare
                onValue={(value) => onRow(row.key, { declaredAreaM2: value })}
              />
            </td>
            <td className="amount">{area(row.areaM2 || null)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Filed({ filed, onClose }: { filed: OwnersReturn; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const decide = useDecideReturn();
  const [adopt, setAdopt] = useState<number[]>([]);
  const [adoptNew, setAdoptNew] = useState(false);
  const [reason, setReason] = useState('');
  // The list that this stands in is read anew before the answer comes: only the promise outlives it.
  const act = (verb: 'accept' | 'reject') =>
    void decide
      .mutateAsync({
        id: filed.id,
        verb,
        reason: reason.trim(),
        changeId: crypto.randomUUID(),
        adopt,
        adoptNew,
      })
      .then(onClose, () => undefined);
  return (
    <div className="review">
      <p>
        {t('file.filedBy', {
          fy: filed.fy,
          login: filed.filedByLogin,
          since: dayAndTime(filed.filedAt, i18n.language),
        })}
      </p>
      <Findings findings={filed.findings} tolerance={filed.tolerancePercent} />
      <AdoptList
        filed={filed}
        adopt={adopt}
        onAdopt={setAdopt}
        adoptNew={adoptNew}
        onAdoptNew={setAdoptNew}
      />
      <TextInput
        // The button that filed it is gone: the caret must not be lost with it.
        autoFocus
        label={t('file.reason')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {decide.isError ? <Failure error={decide.error} /> : null}
      <footer className="entry-foot">
        <span className="quiet">{reason.trim().length < 5 ? t('file.sayWhy') : t('file.second')}</span>
        <Button
          variant="default"
          disabled={reason.trim().length < 5}
          loading={decide.isPending}
          onClick={() => act('reject')}
        >
          {t('file.reject')}
        </Button>
        <Button disabled={reason.trim().length < 5} loading={decide.isPending} onClick={() => act('accept')}>
          {t('file.accept')}
        </Button>
      </footer>
    </div>
  );
}

interface AdoptProps {
  filed: OwnersReturn;
  adopt: number[];
  onAdopt: (units: number[]) => void;
  adoptNew: boolean;
  onAdoptNew: (adopt: boolean) => void;
}

/** Which declared areas the officer adopts: none, unless he names it. */
function AdoptList({ filed, adopt, onAdopt, adoptNew, onAdoptNew }: AdoptProps) {
  const { t } = useTranslation();
  const numbers = filed.units.flatMap(({ unitNo }) => (unitNo === null ? [] : [unitNo]));
  return (
    <fieldset className="adopt-list">
      <legend>{t('file.adoptWhich')}</legend>
      {numbers.map((no) => (
        <Checkbox
          key={no}
          label={t('file.noun.unit', { no })}
          checked={adopt.includes(no)}
          onChange={({ currentTarget: { checked } }) =>
            onAdopt(checked ? [...adopt, no] : adopt.filter((each) => each !== no))
          }
        />
      ))}
      {filed.units.some(({ unitNo }) => unitNo === null) ? (
        <Checkbox
          label={t('file.adoptNew')}
          checked={adoptNew}
          onChange={(event) => onAdoptNew(event.currentTarget.checked)}
        />
      ) : null}
    </fieldset>
  );
}

/** What the check found, with its figures; what lies within the tolerance is quiet. */
function Findings({ findings, tolerance }: { findings: Finding[]; tolerance: number }) {
  const { t } = useTranslation();
  const words = useCodeWords();
  const figure = (finding: Finding, value: string | null) => {
    if (/^(use|occupancy|structure|floor)$/.test(finding.kind)) return words(finding.kind as 'use', value);
    return value === null ? '–' : area(value);
  };
  return (
    <table className="plain-table">
      <thead>
        <tr>
          <th scope="col">{t('file.found')}</th>
          <th scope="col" className="amount">
            {t('file.declared')}
          </th>
          <th scope="col" className="amount">
            {t('file.against')}
          </th>
          <th scope="col" className="amount">
            {t('file.variation', { tolerance })}
          </th>
        </tr>
      </thead>
      <tbody>
        {findings.map((finding) => (
          <tr key={`${finding.kind} ${finding.unitNo}`} className={finding.beyond ? undefined : 'quiet'}>
            <td>
              {finding.unitNo === null ? null : `${t('file.noun.unit', { no: finding.unitNo })} · `}
              {t(`file.finding.${finding.kind}`)}
              {finding.note ? <small>{t(`file.findingNote.${finding.note}`)}</small> : null}
            </td>
            <td className="amount">{figure(finding, finding.declared)}</td>
            <td className="amount">{figure(finding, finding.against)}</td>
            <td className="amount">
              {finding.percent === null ? null : `${finding.percent} %`}{' '}
              {finding.beyond ? <Tag tone="warning">{t('file.lookInto')}</Tag> : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
