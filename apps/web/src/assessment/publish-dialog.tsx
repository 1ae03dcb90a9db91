import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePublishRun } from '../api/publication.js';
import type { Run } from '../api/types.js';
import { Failure } from '../ui/failure.js';
import { count, rupees, rupeesWithSign } from '../ui/format.js';
import { sameFigure } from './typed-figure.js';

/** Publication is confirmed by typing the figures that become due: who types them has read them. */
export function PublishDialog({ run, onClose }: { run: Run; onClose: () => void }) {
  const { t } = useTranslation();
  const publish = usePublishRun();
  const [number, setNumber] = useState('');
  const [total, setTotal] = useState('');
  const figures = { count: count(run.assessed + run.exempt), total: rupees(run.totalPaise) };
  const same = sameFigure(number, figures.count) && sameFigure(total, figures.total);
  const body = { assessments: run.assessed + run.exempt, totalPaise: run.totalPaise };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('publication.dialog.title', { fy: run.fy })}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <form
        className="publish-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (same) publish.mutate({ id: run.id, body }, { onSuccess: onClose });
        }}
      >
        <p>{t('publication.dialog.detail', { net: rupeesWithSign(run.netPaise) })}</p>
        <TextInput
          label={t('publication.dialog.number', { figure: figures.count })}
          value={number}
          inputMode="numeric"
          autoComplete="off"
          data-autofocus
          onChange={(event) => setNumber(event.currentTarget.value)}
        />
        <TextInput
          label={t('publication.dialog.total', { figure: figures.total })}
          value={total}
          inputMode="decimal"
          autoComplete="off"
          onChange={(event) => setTotal(event.currentTarget.value)}
        />
        {publish.isError ? <Failure error={publish.error} /> : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" disabled={!same} loading={publish.isPending}>
            {t('publication.dialog.go', figures)}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
