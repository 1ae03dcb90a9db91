import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Batch, useBatches, useDecideBatch } from '../../api/property-file.js';
import { Failure } from '../../ui/failure.js';
import { count, dayAndTime } from '../../ui/format.js';
import { Report } from './batch-load.js';

/** Files of changes that wait for a second person, each decided upon as one. */
export function Batches({ mayApprove }: { mayApprove: boolean }) {
  const batches = useBatches();
  const open = (batches.data ?? []).filter(({ status }) => status === 'submitted');
  if (batches.isError) return <Failure error={batches.error} onRetry={() => batches.refetch()} />;
  return (
    <>
      {open.map((batch) => (
        <BatchCard key={batch.id} batch={batch} mayApprove={mayApprove} />
      ))}
    </>
  );
}

function BatchCard({ batch, mayApprove }: { batch: Batch; mayApprove: boolean }) {
  const { t, i18n } = useTranslation();
  const decide = useDecideBatch();
  const [reason, setReason] = useState<string | null>(null);
  const why = batch.mine ? t('file.hindrance.own') : mayApprove ? null : t('file.hindrance.permission');
  return (
    <section className="batch-card">
      <header>
        <strong>{batch.file}</strong>
        <span>
          {t('file.batchChanges', { count: batch.counts.changes, number: count(batch.counts.changes) })}
        </span>
        <span className="quiet">
          {t('file.madeBy', { login: batch.madeByLogin, since: dayAndTime(batch.madeAt, i18n.language) })}
        </span>
        <span className="batch-acts">
          {why ? <span className="quiet">{why}</span> : null}
          {why ? null : (
            <>
              <Button
                size="compact-xs"
                variant="default"
                onClick={() => setReason(reason === null ? '' : null)}
              >
                {t('file.return')}
              </Button>
              <Button
                size="compact-xs"
                loading={decide.isPending}
                onClick={() => decide.mutate({ id: batch.id, verb: 'approve' })}
              >
                {t('file.approveFile', { number: count(batch.counts.changes) })}
              </Button>
            </>
          )}
        </span>
      </header>
      {reason === null ? null : (
        <div className="batch-head">
          <TextInput
            size="xs"
            label={t('file.returnReason')}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Button
            size="xs"
            disabled={reason.trim().length < 5}
            onClick={() => decide.mutate({ id: batch.id, verb: 'return', reason: reason.trim() })}
          >
            {t('file.returnNow')}
          </Button>
        </div>
      )}
      {decide.isError ? <Failure error={decide.error} /> : null}
      {batch.lines.length ? (
        <details>
          <summary>{t('file.rowReport', { number: count(batch.lines.length) })}</summary>
          <Report report={batch} />
        </details>
      ) : null}
    </section>
  );
}
