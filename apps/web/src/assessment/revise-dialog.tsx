import { Button, Group, Modal, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useReassess } from '../api/publication.js';
import { Failure } from '../ui/failure.js';
import { writeUrl } from '../ui/url-state.js';

interface Props {
  propertyId: string;
  fy: string;
  onClose: () => void;
}

const leastReason = 3;

/** Assesses one property anew for a year: why, by which order, from which day. */
export function ReviseDialog({ propertyId, fy, onClose }: Props) {
  const { t } = useTranslation();
  const reassess = useReassess(propertyId);
  const [reason, setReason] = useState('');
  const [order, setOrder] = useState('');
  const [effectiveOn, setEffectiveOn] = useState(`${fy.slice(0, 4)}-04-01`);
  const ready = reason.trim().length >= leastReason;
  const body = { fy, effectiveOn, reason: reason.trim(), ...(order.trim() ? { order: order.trim() } : {}) };
  const submit = () =>
    reassess.mutate(body, {
      onSuccess: ({ id }) => {
        onClose();
        writeUrl({ view: 'assess', run: id }, true);
      },
    });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('revision.title', { fy })}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <form
        className="publish-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) submit();
        }}
      >
        <p>{t('revision.detail')}</p>
        <Textarea
          label={t('revision.reason')}
          value={reason}
          minRows={2}
          autosize
          maxLength={1_000}
          data-autofocus
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <TextInput
          label={t('revision.order')}
          value={order}
          maxLength={200}
          onChange={(event) => setOrder(event.currentTarget.value)}
        />
        <TextInput
          type="date"
          label={t('revision.effectiveOn')}
          value={effectiveOn}
          onChange={(event) => setEffectiveOn(event.currentTarget.value)}
        />
        {reassess.isError ? <Failure error={reassess.error} /> : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" disabled={!ready} loading={reassess.isPending}>
            {t('revision.go')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
