import { Button, Progress } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { isOpen, useCancelRun } from '../api/assessment.js';
import type { Run } from '../api/types.js';
import { Failure } from '../ui/failure.js';
import { count, dayAndTime, duration, rupeesWithSign } from '../ui/format.js';
import { PublishBar } from './publish-bar.js';
import { RunState } from './run-state.js';

/** One run: how far it is, what it counted, what it amounts to. */
export function RunCard({ run, mayRun }: { run: Run; mayRun: boolean }) {
  const { t, i18n } = useTranslation();
  const counts = [
    ['assessed', run.assessed],
    ['exempt', run.exempt],
    ['unchanged', run.unchanged],
    ['exceptions', run.exceptions],
  ] as const;
  const title = run.revision
    ? t('revision.runOf', { number: run.revision.number ?? '–', fy: run.fy })
    : t('assess.runOf', { fy: run.fy });
  const differs = run.netPaise !== run.totalPaise && run.chunks.done > 0;
  return (
    <section className="section run" aria-label={title}>
      <header>
        <h3>{title}</h3>
        <RunState status={run.status} />
      </header>
      <p className="quiet run-line">
        {run.wardNumbers ? t('assess.ofWards', { wards: run.wardNumbers.join(', ') }) : t('assess.allWards')}{' '}
        · {t('assess.by', { login: run.createdByLogin, time: dayAndTime(run.createdAt, i18n.language) })}
      </p>
      {run.revision ? (
        <p className="quiet run-line">
          {[run.revision.reason, run.revision.orderRef].filter(Boolean).join(' · ')}
        </p>
      ) : null}
      {isOpen(run) ? <RunProgress run={run} mayRun={mayRun} /> : null}
      {run.error ? <p className="run-error">{run.error}</p> : null}
      <div className="run-total">
        <strong className="number">{rupeesWithSign(run.totalPaise)}</strong>
        <span className="quiet">{t('assess.total', { number: count(run.properties) })}</span>
        {differs ? (
          <span className="run-net">{t('publication.net', { net: rupeesWithSign(run.netPaise) })}</span>
        ) : null}
        {run.rebatePaise === '0' ? null : (
          <span className="run-net">
            {t('publication.rebates', { rebates: rupeesWithSign(run.rebatePaise) })}
          </span>
        )}
      </div>
      <dl className="run-counts">
        {counts.map(([name, value]) => (
          <div key={name}>
            <dt>{t(`assess.count.${name}`)}</dt>
            <dd className="number">{count(value)}</dd>
          </div>
        ))}
      </dl>
      <PublishBar run={run} mayRun={mayRun} />
    </section>
  );
}

function RunProgress({ run, mayRun }: { run: Run; mayRun: boolean }) {
  const { t } = useTranslation();
  const cancel = useCancelRun();
  const { total, posted } = run.chunks;
  const publishing = run.status === 'publishing';
  const done = publishing ? posted : run.chunks.done;
  const percent = total > 0 ? (100 * done) / total : 0;
  const rate = publishing
    ? null
    : run.ratePerSecond
      ? t('assess.rate', { rate: count(run.ratePerSecond) })
      : t('assess.waiting');
  const left = run.secondsLeft ? t('assess.left', { time: duration(run.secondsLeft) }) : null;
  return (
    <div className="run-progress">
      <Progress
        value={percent}
        animated={run.status !== 'pending'}
        striped={percent === 0}
        aria-label={t('assess.progress')}
      />
      <div className="run-progress-line">
        <span className="number quiet">
          {[`${Math.round(percent)} %`, rate, left].filter(Boolean).join(' · ')}
        </span>
        {mayRun && !publishing ? (
          <Button
            size="compact-xs"
            variant="default"
            loading={cancel.isPending}
            onClick={() => cancel.mutate(run.id)}
          >
            {t('assess.cancel')}
          </Button>
        ) : null}
      </div>
      {cancel.isError ? <Failure error={cancel.error} /> : null}
    </div>
  );
}
