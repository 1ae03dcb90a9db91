import { Button, MultiSelect, Select } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStartRun, useTariffs } from '../api/assessment.js';
import { useWardNumbers } from '../api/map.js';
import type { Run, Tariff } from '../api/types.js';
import { Failure } from '../ui/failure.js';
import { financialYears, word } from '../ui/format.js';
import { Tag } from '../ui/tag.js';

interface Props {
  mayRun: boolean;
  /** The run that is still open: the next one waits for it. */
  open: Run | null;
  onStarted: (id: string) => void;
}

/** Year and wards of a new run, and what keeps it from being started. */
export function StartRun({ mayRun, open, onStarted }: Props) {
  const { t, i18n } = useTranslation();
  const years = financialYears(new Date());
  const [fy, setFy] = useState(years[1] ?? '');
  const [wards, setWards] = useState<string[]>([]);
  const numbers = useWardNumbers();
  const tariffs = useTariffs();
  const start = useStartRun();
  const tariff = tariffs.data?.find((each) => each.kind === 'assessment' && covers(each, fy));
  const why = !mayRun
    ? t('assess.why.mayNot')
    : open?.fy === fy
      ? t('assess.why.open', { fy })
      : tariffs.data && !tariff
        ? t('assess.why.noTariff', { fy })
        : null;
  const begin = () =>
    start.mutate(
      { fy, ...(wards.length ? { wardNumbers: wards } : {}) },
      { onSuccess: (run) => onStarted(run.id) },
    );
  return (
    <div className="section start-run">
      <div className="start-run-fields">
        <Select
          label={t('assess.year')}
          size="xs"
          data={years}
          value={fy}
          allowDeselect={false}
          onChange={(next) => next && setFy(next)}
        />
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
      </div>
      {tariff ? (
        <p className="start-run-tariff">
          {word(tariff.title, i18n.language) || tariff.body}
          {tariff.status === 'sample' ? <Tag tone="warning">{t('tax.sample')}</Tag> : null}
        </p>
      ) : null}
      <Button
        size="sm"
        fullWidth
        leftSection={<IconPlayerPlay size={16} aria-hidden="true" />}
        loading={start.isPending}
        disabled={why !== null}
        onClick={begin}
      >
        {t('assess.start')}
      </Button>
      {why ? <p className="start-run-why">{why}</p> : null}
      {start.isError ? <Failure error={start.error} /> : null}
    </div>
  );
}

/** Financial years compare as texts: all are written alike. */
function covers({ appliesFromFy, appliesToFy }: Tariff, fy: string): boolean {
  return (appliesFromFy === null || appliesFromFy <= fy) && (appliesToFy === null || fy <= appliesToFy);
}
