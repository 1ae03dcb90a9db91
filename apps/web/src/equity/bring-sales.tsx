import { Button, FileButton } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type SalesReport, useBringSales } from '../api/equity.js';
import { Failure } from '../ui/failure.js';
import { Section } from '../ui/facts.js';
import { count } from '../ui/format.js';

/** A file of sales is tried first; what cannot be taken is listed row by row, and then the officer takes the rest. */
export function BringSales() {
  const { t } = useTranslation();
  const bring = useBringSales();
  const [file, setFile] = useState<{ fileName: string; text: string } | null>(null);
  const choose = async (chosen: File | null) => {
    if (!chosen) return;
    const next = { fileName: chosen.name, text: await chosen.text() };
    setFile(next);
    bring.mutate({ ...next, dryRun: true });
  };
  const report = bring.data;
  return (
    <Section title={t('equity.import.title')}>
      <p className="quiet equity-note">{t('equity.import.columns')}</p>
      <FileButton onChange={(chosen) => void choose(chosen)} accept=".csv,text/csv">
        {(props) => (
          <Button
            {...props}
            size="xs"
            variant="light"
            loading={bring.isPending}
            leftSection={<IconUpload size={15} aria-hidden="true" />}
          >
            {t('equity.import.choose')}
          </Button>
        )}
      </FileButton>
      {bring.isError ? <Failure error={bring.error} /> : null}
      {report && file ? (
        <>
          <Rows report={report} />
          {report.result === 'dry-run' && report.counts.accepted > 0 ? (
            <Button
              size="xs"
              fullWidth
              loading={bring.isPending}
              onClick={() => bring.mutate({ ...file, dryRun: false })}
            >
              {t('equity.import.take', { number: count(report.counts.accepted) })}
            </Button>
          ) : null}
        </>
      ) : null}
    </Section>
  );
}

function Rows({ report }: { report: SalesReport }) {
  const { t } = useTranslation();
  const { counts, lines } = report;
  const key = report.result === 'dry-run' ? 'equity.import.tried' : 'equity.import.taken';
  return (
    <div aria-live="polite">
      <p className="equity-note">
        {t(key, {
          read: count(counts.read),
          accepted: count(counts.accepted),
          rejected: count(counts.rejected),
          created: count(counts.created),
          changed: count(counts.changed),
        })}
      </p>
      <ul className="sale-faults">
        {lines.slice(0, 50).map((line, index) => (
          <li key={index}>
            <b className="number">{t('equity.import.line', { line: line.row })}</b>{' '}
            {[line.column, line.value].filter(Boolean).join(': ')}
            <span className="quiet">{line.message}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
