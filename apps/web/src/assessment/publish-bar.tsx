import { Button } from '@mantine/core';
import { IconChecks } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useResumeRun } from '../api/publication.js';
import { useSession } from '../api/session.js';
import type { Run, Session } from '../api/types.js';
import { Failure } from '../ui/failure.js';
import { dayAndTime } from '../ui/format.js';
import { PublishDialog } from './publish-dialog.js';
import { WithdrawDialog } from './withdraw-dialog.js';

interface Props {
  run: Run;
  mayRun: boolean;
}

/** Who made a run, who must check it, since when; and what this person may do now, or why not. */
export function PublishBar({ run, mayRun }: Props) {
  const { t } = useTranslation();
  const session = useSession().data ?? null;
  const [asked, ask] = useState<'publish' | 'withdraw' | null>(null);
  const resume = useResumeRun();
  const said = useSaid(run);
  const why = run.status === 'computed' ? whyNot(run, session) : null;
  const resumable =
    run.status === 'cancelled' || run.status === 'failed' || (run.status === 'publishing' && run.error);
  if (!said && !resumable) return null;
  return (
    <div className="publish-bar">
      {said ? <p>{said}</p> : null}
      {why ? <p className="publish-why">{t(`publication.why.${why}`)}</p> : null}
      <div className="publish-acts">
        {run.status === 'computed' ? (
          <Button
            size="xs"
            disabled={why !== null}
            leftSection={<IconChecks size={15} aria-hidden="true" />}
            onClick={() => ask('publish')}
          >
            {t('publication.publish')}
          </Button>
        ) : null}
        {run.status === 'computed' && mayRun ? (
          <Button size="xs" variant="default" onClick={() => ask('withdraw')}>
            {t('publication.withdraw')}
          </Button>
        ) : null}
        {resumable && mayRun ? (
          <Button
            size="xs"
            variant="default"
            loading={resume.isPending}
            onClick={() => resume.mutate({ id: run.id, body: {} })}
          >
            {t('publication.resume')}
          </Button>
        ) : null}
      </div>
      {resume.isError ? <Failure error={resume.error} /> : null}
      {asked === 'publish' ? <PublishDialog run={run} onClose={() => ask(null)} /> : null}
      {asked === 'withdraw' ? <WithdrawDialog run={run} onClose={() => ask(null)} /> : null}
    </div>
  );
}

/** Why this person cannot publish the run; null where he can. */
function whyNot(run: Run, session: Session | null): 'own' | 'mayNot' | null {
  if (!session?.permissions.includes('assessments:publish')) return 'mayNot';
  return session.user.login === run.createdByLogin ? 'own' : null;
}

/** Where the run stands between its maker and its checker, as a sentence. */
function useSaid({ status, createdByLogin, finishedAt, publication, withdrawal }: Run): string | null {
  const { t, i18n } = useTranslation();
  const time = (at: string | null | undefined) => dayAndTime(at, i18n.language);
  if (status === 'computed') return t('publication.waits', { login: createdByLogin, time: time(finishedAt) });
  if (status === 'publishing' && publication)
    return t('publication.asked', { login: publication.byLogin, time: time(publication.askedAt) });
  if (status === 'published' && publication)
    return t('publication.done', { login: publication.byLogin, time: time(publication.publishedAt) });
  if (status === 'withdrawn' && withdrawal)
    return t('publication.withdrawn', {
      login: withdrawal.byLogin,
      time: time(withdrawal.at),
      reason: withdrawal.reason,
    });
  return status === 'cancelled' ? t('publication.cancelled') : null;
}
