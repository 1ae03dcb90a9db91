import { Button, Group, Modal, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWithdrawRun } from '../api/publication.js';
import type { Run } from '../api/types.js';
import { Failure } from '../ui/failure.js';

const leastReason = 3;

/** Gives a computed run up, with the reason that stays with it. */
export function WithdrawDialog({ run, onClose }: { run: Run; onClose: () => void }) {
  const { t } = useTranslation();
  const withdraw = useWithdrawRun();
  const [reason, setReason] = useState('');
  const ready = reason.trim().length >= leastReason;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('publication.withdrawDialog.title', { fy: run.fy })}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <form
        className="publish-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) withdraw.mutate({ id: run.id, body: { reason } }, { onSuccess: onClose });
        }}
      >
        <p>{t('publication.withdrawDialog.detail')}</p>
        <Textarea
          label={t('publication.withdrawDialog.reason')}
          value={reason}
          minRows={2}
          autosize
          maxLength={1_000}
          data-autofocus
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {withdraw.isError ? <Failure error={withdraw.error} /> : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" disabled={!ready} loading={withdraw.isPending}>
            {t('publication.withdraw')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
