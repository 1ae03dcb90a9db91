import { Button, FileButton, Modal, TextInput } from '@mantine/core';
import { IconFileSpreadsheet } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dayInIndia } from '../../../../api/src/core/period.js';
import { type BatchReport, useLoadBatch } from '../../api/property-file.js';
import { Failure } from '../../ui/failure.js';
import { count } from '../../ui/format.js';
import { Tag } from '../../ui/tag.js';
import { keepEscape } from './fields.js';
import { parseDay, writeDay } from './day-text.js';
import './file.css';

/** Many changes from one CSV file: every row is looked at first, then sent to be checked as one. */
export function BatchLoad({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const load = useLoadBatch();
  const [file, setFile] = useState<{ name: string; text: string } | null>(null);
  const [from, setFrom] = useState(writeDay(dayInIndia(new Date())));
  const [reason, setReason] = useState('');
  const report = load.data;
  const effectiveOn = parseDay(from);
  const send = (given: { name: string; text: string }, dryRun: boolean) => {
    const body = { file: given.name, text: given.text, effectiveOn: effectiveOn ?? '', dryRun };
    load.mutate({ ...body, ...(reason.trim() ? { reason: reason.trim() } : {}) });
  };
  const choose = async (chosen: File | null) => {
    if (chosen) setFile({ name: chosen.name, text: await chosen.text() });
    load.reset();
  };
  const looked = report?.result === 'dry-run';
  const why = !file ? t('file.chooseFirst') : !effectiveOn ? t('file.noDay') : null;
  return (
    <Modal
      opened
      onClose={onClose}
      onKeyDown={keepEscape}
      title={t('file.loadTitle')}
      size="min(900px, 96vw)"
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <div className="review">
        <p>{t('file.loadHow')}</p>
        <p className="quiet batch-columns">
          number, action, effective_on, document, reason, ward_number, address, unit_no, floor, use,
          occupancy, structure, year_built, area_m2, declared_area_m2, measured_area_m2, adopt, owner_no,
          owner_name, owner_share …
        </p>
        <BatchHead name={file?.name ?? null} {...{ from, setFrom, reason, setReason, choose }} />
        {load.isError ? <Failure error={load.error} /> : null}
        {report ? <Report report={report} /> : null}
        <footer className="entry-foot">
          <span className="quiet">{why ?? t('file.second')}</span>
          <Button
            variant={looked ? 'default' : 'filled'}
            loading={load.isPending}
            disabled={why !== null}
            onClick={() => file && send(file, true)}
          >
            {t('file.look')}
          </Button>
          {looked && report.counts.changes > 0 && file ? (
            <Button loading={load.isPending} onClick={() => send(file, false)}>
              {t('file.sendFile', { count: report.counts.changes, number: count(report.counts.changes) })}
            </Button>
          ) : null}
        </footer>
      </div>
    </Modal>
  );
}

interface HeadProps {
  name: string | null;
  from: string;
  setFrom: (from: string) => void;
  reason: string;
  setReason: (reason: string) => void;
  choose: (file: File | null) => Promise<void>;
}

function BatchHead({ name, from, setFrom, reason, setReason, choose }: HeadProps) {
  const { t } = useTranslation();
  return (
    <div className="batch-head">
      <FileButton onChange={(chosen) => void choose(chosen)} accept=".csv,text/csv">
        {(props) => (
          <Button {...props} variant="default" leftSection={<IconFileSpreadsheet size={16} />}>
            {name ?? t('file.chooseFile')}
          </Button>
        )}
      </FileButton>
      <TextInput
        label={t('file.effectiveOn')}
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <TextInput
        label={t('file.reason')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </div>
  );
}

/** What became of the rows, those at fault one by one. */
export function Report({ report }: { report: Pick<BatchReport, 'counts' | 'lines'> & { result?: string } }) {
  const { t } = useTranslation();
  const { counts } = report;
  return (
    <>
      <p role="status">
        {report.result ? <Tag tone="accent">{t(`file.result.${report.result}`)}</Tag> : null}{' '}
        {t('file.rowCounts', {
          rows: count(counts.rows),
          accepted: count(counts.accepted),
          unchanged: count(counts.unchanged),
          refused: count(counts.refused),
        })}
      </p>
      {report.lines.length ? (
        <div className="batch-lines">
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">{t('file.row')}</th>
                <th scope="col">{t('file.column')}</th>
                <th scope="col">{t('file.value')}</th>
                <th scope="col">{t('file.why')}</th>
                <th scope="col">{t('file.remedy')}</th>
              </tr>
            </thead>
            <tbody>
              {report.lines.slice(0, 200).map((line) => (
                <tr key={`${line.row} ${line.column} ${line.message}`}>
                  <td className="number">
                    {line.row}{' '}
                    {line.outcome === 'refused' ? <Tag tone="danger">{t('file.refused')}</Tag> : null}
                  </td>
                  <td>{line.column}</td>
                  <td>{line.value}</td>
                  <td>{line.message}</td>
                  <td>{line.remedy}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
    </>
  );
}
