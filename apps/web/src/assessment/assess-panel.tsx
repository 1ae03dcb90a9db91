import { Skeleton } from '@mantine/core';
import { IconCalculator } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { isUnsettled, useRunProgress, useRuns } from '../api/assessment.js';
import { Empty } from '../ui/empty.js';
import { Failure } from '../ui/failure.js';
import { Section } from '../ui/facts.js';
import { Panel } from '../ui/panel.js';
import { useUrl } from '../ui/url-state.js';
import { Exceptions } from './exceptions.js';
import { RunCard } from './run-card.js';
import { RunList } from './run-list.js';
import { StartRun } from './start-run.js';
import './assess.css';

interface Props {
  mayRun: boolean;
  width: number;
  onClose: () => void;
}

/** The work space of assessment: start a run, watch it, read its exceptions, go back to earlier ones. */
export default function AssessPanel({ mayRun, width, onClose }: Props) {
  const { t } = useTranslation();
  const runs = useRuns();
  const [chosen, choose] = useUrl('run');
  const list = runs.data ?? [];
  const listed = list.find(({ id }) => id === chosen) ?? list[0];
  const run = useRunProgress(listed);
  return (
    <Panel
      side="left"
      label={t('view.assess')}
      size={width}
      onClose={onClose}
      head={<h2 className="assess-title">{t('assess.title')}</h2>}
    >
      <StartRun mayRun={mayRun} open={list.find(isUnsettled) ?? null} onStarted={(id) => choose(id)} />
      {runs.isError ? <Failure error={runs.error} onRetry={() => runs.refetch()} /> : null}
      {runs.isPending ? <Skeleton height={160} m={16} width="auto" /> : null}
      {runs.data && list.length === 0 ? (
        <Empty icon={<IconCalculator size={24} />} title={t('assess.empty.title')}>
          {t('assess.empty.detail')}
        </Empty>
      ) : null}
      {run ? (
        <>
          <RunCard run={run} mayRun={mayRun} />
          <Exceptions run={run} />
        </>
      ) : null}
      {list.length > 1 ? (
        <Section title={t('assess.pastRuns')}>
          <RunList runs={list} current={run?.id ?? null} onChoose={choose} />
        </Section>
      ) : null}
    </Panel>
  );
}
