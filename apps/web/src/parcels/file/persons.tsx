import { Button, TextInput } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Operation, useRevealChange } from '../../api/property-file.js';
import { Failure } from '../../ui/failure.js';

/** The names that a change brings, shown for a reason that is logged. */
export function Persons({ changeId, mayReveal }: { changeId: string; mayReveal: boolean }) {
  const { t } = useTranslation();
  const reveal = useRevealChange(changeId);
  const [reason, setReason] = useState<string | null>(null);
  if (!mayReveal) return null;
  if (reveal.data) return <Names operations={reveal.data.operations} />;
  if (reason === null) {
    return (
      <Button
        size="compact-xs"
        variant="subtle"
        leftSection={<IconEye size={14} />}
        onClick={() => setReason('')}
        className="review-reveal"
      >
        {t('owners.reveal')}
      </Button>
    );
  }
  return (
    <div className="review-reveal">
      <TextInput
        size="xs"
        label={t('owners.reason')}
        value={reason}
        maxLength={300}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {reveal.isError ? <Failure error={reveal.error} /> : null}
      <Button
        size="xs"
        mt={8}
        loading={reveal.isPending}
        disabled={reason.trim().length < 5}
        onClick={() => reveal.mutate(reason.trim())}
      >
        {t('owners.show')}
      </Button>
    </div>
  );
}

function Names({ operations }: { operations: Operation[] }) {
  const persons = operations.map((operation) => {
    const set = (operation['set'] ?? operation) as Record<string, unknown>;
    return ['name', 'nameLocal', 'mobile'].map((field) => set[field]).filter(Boolean);
  });
  return (
    <ul className="review-names">
      {persons
        .filter((person) => person.length)
        .map((person) => (
          <li key={person.join()}>{person.join(' · ')}</li>
        ))}
    </ul>
  );
}
