import { Button, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type DiscoverySettings, useDiscoverySettings, useSaveSettings } from '../api/discovery.js';
import { Failure } from '../ui/failure.js';
import { Section } from '../ui/facts.js';
import { dayAndTime } from '../ui/format.js';

const fields = [
  ['areaPercent', '%'],
  ['areaMinM2', 'm²'],
  ['upperFloorPercent', '%'],
  ['footprintMinM2', 'm²'],
  ['overlapPercent', '%'],
  ['positionM', 'm'],
  ['floorHeightM', 'm'],
  ['objectionDays', ''],
] as const satisfies (readonly [keyof DiscoverySettings, string])[];

/** Below which a difference is no finding: the municipality's own measure, for comparisons to come. */
export function Tolerances({ mayChange }: { mayChange: boolean }) {
  const { t, i18n } = useTranslation();
  const kept = useDiscoverySettings();
  const save = useSaveSettings();
  const [changed, setChanged] = useState<Partial<DiscoverySettings>>({});
  if (!kept.data) return null;
  const values = { ...kept.data.settings, ...changed };
  const { changedBy, changedAt } = kept.data;
  return (
    <Section title={t('discover.tolerance.title')}>
      <form
        className="tolerances"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(values, { onSuccess: () => setChanged({}) });
        }}
      >
        {fields.map(([name, unit]) => (
          <NumberInput
            key={name}
            size="xs"
            label={t(`discover.tolerance.${name}`)}
            suffix={unit ? ` ${unit}` : ''}
            value={values[name]}
            readOnly={!mayChange}
            hideControls
            min={0}
            onChange={(next) => typeof next === 'number' && setChanged({ ...changed, [name]: next })}
          />
        ))}
        {mayChange ? (
          <Button
            type="submit"
            size="xs"
            variant="light"
            loading={save.isPending}
            disabled={Object.keys(changed).length === 0}
          >
            {t('discover.tolerance.save')}
          </Button>
        ) : null}
      </form>
      {save.isError ? <Failure error={save.error} /> : null}
      <p className="quiet funnel-note">
        {changedBy
          ? t('discover.tolerance.changed', { login: changedBy, time: dayAndTime(changedAt, i18n.language) })
          : t('discover.tolerance.default')}
      </p>
    </Section>
  );
}
