import { Button, Modal, TextInput, Tooltip } from '@mantine/core';
import { IconEye, IconEyeOff, IconLock } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRevealOwners } from '../api/roll.js';
import type { Owner } from '../api/types.js';
import { useCodeWords } from '../ui/code-words.js';
import { Failure } from '../ui/failure.js';
import { Section } from '../ui/facts.js';
import { decimal } from '../ui/format.js';

interface Props {
  propertyId: string;
  owners: Owner[];
  mayReveal: boolean;
  /** The property lies outside the person's wards. */
  hidden: boolean;
}

const leastReason = 5;

/** Owners masked, and the way to see them in full, which is logged with its reason. */
export function Owners({ propertyId, owners, mayReveal, hidden }: Props) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const [revealed, setRevealed] = useState<Owner[] | null>(null);
  const action = revealed ? (
    <Button
      size="compact-xs"
      variant="subtle"
      leftSection={<IconEyeOff size={14} />}
      onClick={() => setRevealed(null)}
    >
      {t('owners.hide')}
    </Button>
  ) : (
    <Tooltip label={t('owners.mayNot')} disabled={mayReveal}>
      <Button
        size="compact-xs"
        variant="subtle"
        leftSection={mayReveal ? <IconEye size={14} /> : <IconLock size={14} />}
        data-disabled={mayReveal ? undefined : true}
        aria-disabled={!mayReveal}
        onClick={() => mayReveal && setAsking(true)}
      >
        {t('owners.reveal')}
      </Button>
    </Tooltip>
  );
  return (
    <Section title={t('owners.title')} aside={owners.length ? action : null}>
      {owners.length === 0 ? (
        <p className="card-note quiet">{t(hidden ? 'owners.hidden' : 'owners.none')}</p>
      ) : null}
      <ul className="owners">
        {(revealed ?? owners).map((owner) => (
          <OwnerLine key={owner.ownerNo} owner={owner} alone={owners.length === 1} />
        ))}
      </ul>
      {asking ? (
        <Reveal
          propertyId={propertyId}
          onClose={() => setAsking(false)}
          onRevealed={(full) => {
            setRevealed(full);
            setAsking(false);
          }}
        />
      ) : null}
    </Section>
  );
}

function OwnerLine({ owner, alone }: { owner: Owner; alone: boolean }) {
  const { t, i18n } = useTranslation();
  const codeWords = useCodeWords();
  const [first, second] =
    i18n.language === 'en'
      ? [owner.name, owner.nameLocal]
      : [owner.nameLocal ?? owner.name, owner.nameLocal ? owner.name : null];
  const kind = owner.class && owner.class !== 'none' ? codeWords('owner', owner.class) : null;
  return (
    <li>
      <div>
        <strong>{first}</strong>
        <span className="quiet">{[second, kind].filter(Boolean).join(' · ')}</span>
      </div>
      <div className="owner-end">
        {alone ? null : (
          <span className="number">
            {t('owners.share', { percent: decimal(Number(owner.share) * 100, 2) })}
          </span>
        )}
        <span className="quiet number">{owner.mobile}</span>
      </div>
    </li>
  );
}

interface RevealProps {
  propertyId: string;
  onClose: () => void;
  onRevealed: (owners: Owner[]) => void;
}

function Reveal({ propertyId, onClose, onRevealed }: RevealProps) {
  const { t } = useTranslation();
  const reveal = useRevealOwners(propertyId);
  const [reason, setReason] = useState('');
  const enough = reason.trim().length >= leastReason;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (enough) reveal.mutate(reason.trim(), { onSuccess: onRevealed });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('owners.revealTitle')}
      size="sm"
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <form onSubmit={submit} className="reveal">
        <p>{t('owners.revealWhy')}</p>
        <TextInput
          label={t('owners.reason')}
          placeholder={t('owners.reasonHint')}
          description={enough ? undefined : t('owners.reasonShort', { number: leastReason })}
          value={reason}
          data-autofocus
          maxLength={300}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {reveal.isError ? <Failure error={reveal.error} /> : null}
        <div className="modal-foot">
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" loading={reveal.isPending} disabled={!enough}>
            {t('owners.show')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
