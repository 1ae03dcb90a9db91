import { Button, MultiSelect, Progress } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type DiscoveryRun,
  isDiscoveryOpen,
  useCancelDiscovery,
  useStartDiscovery,
} from '../api/discovery.js';
import { useWardNumbers } from '../api/map.js';
import { Failure } from '../ui/failure.js';
import { dayAndTime } from '../ui/format.js';

/** Starts a comparison of the map with the roll, and shows how far the open one is. */
export function RunBox({ run, mayRun }: { run: DiscoveryRun | undefined; mayRun: boolean }) {
  const { t, i18n } = useTranslation();
  const [wards, setWards] = useState<string[]>([]);
  const numbers = useWardNumbers();
  const start = useStartDiscovery();
  const open = isDiscoveryOpen(run);
  const why = !mayRun ? t('discover.why.mayNot') : open ? t('discover.why.open') : null;
  return (
    <div className="section start-run">
      <MultiSelect
        label={t('assess.wards')}
        size="xs"
        placeholder={wards.length ? undefined : t('assess.allWards')}
        data={(numbers.data ?? []).map((number) => ({
          value: number,
          label: t('card.ward', { ward: number }),
        }))}
        value={wards}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': t('action.clear') }}
        onChange={setWards}
      />
      <Button
        size="sm"
        fullWidth
        leftSection={<IconPlayerPlay size={16} aria-hidden="true" />}
        loading={start.isPending}
        disabled={why !== null}
        onClick={() => start.mutate(wards.length ? { wardNumbers: wards } : {})}
      >
        {t('discover.start')}
      </Button>
      {why ? <p className="start-run-why">{why}</p> : null}
      {start.isError ? <Failure error={start.error} /> : null}
      {run && open ? <Going run={run} mayRun={mayRun} /> : null}
      {run && !open ? (
        <p className="start-run-why">
          {t(`discover.status.${run.status}`)} ·{' '}
          {t('assess.by', { login: run.createdByLogin, time: dayAndTime(run.createdAt, i18n.language) })}
        </p>
      ) : null}
      {run?.error ? <p className="run-error">{run.error}</p> : null}
    </div>
  );
}

function Going({ run, mayRun }: { run: DiscoveryRun; mayRun: boolean }) {
  const { t } = useTranslation();
  const cancel = useCancelDiscovery();
  const { done, total } = run.steps;
  const percent = total ? Math.round((100 * done) / total) : 0;
  return (
    <div className="run-progress">
      <Progress value={percent} animated striped={percent === 0} aria-label={t('discover.progress')} />
      <div className="run-progress-line">
        <span className="number quiet">
          {t('discover.wardsDone', { done: Math.floor(done / 2), total: total / 2 })}
        </span>
        {mayRun ? (
          <Button
            size="compact-xs"
            variant="default"
            loading={cancel.isPending}
            onClick={() => cancel.mutate(run.id)}
          >
            {t('discover.cancel')}
          </Button>
        ) : null}
      </div>
    </div>
  );
}
