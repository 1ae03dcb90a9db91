import { Button, Skeleton } from '@mantine/core';
import { IconFileText, IconGavel, IconPencilPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type InstalledTariff,
  type ProposalHead,
  useInstalledTariffs,
  useProposals,
} from '../api/tariffs.js';
import type { Session } from '../api/types.js';
import { Empty } from '../ui/empty.js';
import { Failure } from '../ui/failure.js';
import { day, dayAndTime, word } from '../ui/format.js';
import { Tag } from '../ui/tag.js';
import { proposalTones } from './decide-bar.js';
import { NewProposal } from './new-proposal.js';

interface Props {
  session: Session;
  onOpen: (id: string) => void;
}

/** Which law is in force when, and what is proposed to change it. */
export function TariffList({ session, onOpen }: Props) {
  const { t } = useTranslation();
  const installed = useInstalledTariffs();
  const proposals = useProposals();
  const [draft, setDraft] = useState<{ base: string | null } | null>(null);
  const mayEdit = session.permissions.includes('tariffs:edit');
  const files = installed.data ?? [];
  return (
    <div className="tariff-room">
      <header className="tariff-head">
        <div className="tariff-head-words">
          <h2>{t('tariffs.title')}</h2>
          <span className="quiet">{mayEdit ? t('tariffs.lead') : t('tariffs.why.mayNotEdit')}</span>
        </div>
        <Button
          leftSection={<IconPencilPlus size={17} aria-hidden="true" />}
          disabled={!mayEdit}
          onClick={() => setDraft({ base: files.find(({ standing }) => standing === 'now')?.sha256 ?? null })}
        >
          {t('tariffs.new.open')}
        </Button>
      </header>
      <div className="tariff-lists">
        <section aria-label={t('tariffs.installed')}>
          <h3>{t('tariffs.installed')}</h3>
          {installed.isError ? <Failure error={installed.error} onRetry={() => installed.refetch()} /> : null}
          {installed.isPending ? <Skeleton height={120} /> : null}
          {installed.data?.length === 0 ? (
            <Empty icon={<IconGavel size={24} />} title={t('tariffs.none.title')}>
              {t('tariffs.none.detail')}
            </Empty>
          ) : null}
          {files.map((file) => (
            <InstalledCard
              key={file.sha256}
              file={file}
              mayEdit={mayEdit}
              onChange={() => setDraft({ base: file.sha256 })}
            />
          ))}
        </section>
        <section aria-label={t('tariffs.proposals')}>
          <h3>{t('tariffs.proposals')}</h3>
          {proposals.isError ? <Failure error={proposals.error} onRetry={() => proposals.refetch()} /> : null}
          {proposals.isPending ? <Skeleton height={120} /> : null}
          {proposals.data?.length === 0 ? (
            <Empty icon={<IconFileText size={24} />} title={t('tariffs.noProposal.title')}>
              {t('tariffs.noProposal.detail')}
            </Empty>
          ) : null}
          {proposals.data?.map((proposal) => (
            <ProposalCard key={proposal.id} proposal={proposal} onOpen={() => onOpen(proposal.id)} />
          ))}
        </section>
      </div>
      {draft ? (
        <NewProposal
          installed={files.filter(({ standing }) => standing !== 'never')}
          base={draft.base}
          onClose={() => setDraft(null)}
          onMade={onOpen}
        />
      ) : null}
    </div>
  );
}

const standingTones = { now: 'success', future: 'accent', past: undefined, never: undefined } as const;

function InstalledCard({
  file,
  mayEdit,
  onChange,
}: {
  file: InstalledTariff;
  mayEdit: boolean;
  onChange: () => void;
}) {
  const { t, i18n } = useTranslation();
  const [from, to] =
    file.kind === 'assessment'
      ? [file.appliesFromFy, file.appliesToFy]
      : [
          file.inForceFrom && day(file.inForceFrom, i18n.language),
          file.inForceTo && day(file.inForceTo, i18n.language),
        ];
  const time =
    file.standing === 'never'
      ? t('tariffs.standing.neverWhy')
      : to
        ? t('tariffs.fromTo', { from, to })
        : t('tariffs.from', { from });
  return (
    <article className="tariff-card" data-standing={file.standing}>
      <header>
        <strong>{word(file.title, i18n.language)}</strong>
        <Tag tone={standingTones[file.standing]}>{t(`tariffs.standing.${file.standing}`)}</Tag>
      </header>
      <p className="tariff-card-time number">{time}</p>
      <p className="quiet">{file.law}</p>
      <footer>
        <Tag>{t(`tariffs.kind.${file.kind}`)}</Tag>
        {file.status === 'sample' ? <Tag tone="warning">{t('tax.sample')}</Tag> : null}
        <span className="quiet">
          {t('tariffs.installedBy', { login: file.installedBy, time: day(file.installedAt, i18n.language) })}
        </span>
        {mayEdit && file.standing !== 'never' ? (
          <button type="button" className="link" onClick={onChange}>
            {t('tariffs.propose')}
          </button>
        ) : null}
      </footer>
    </article>
  );
}

function ProposalCard({ proposal, onOpen }: { proposal: ProposalHead; onOpen: () => void }) {
  const { t, i18n } = useTranslation();
  const title = proposal.title[i18n.language as 'en' | 'hi' | 'mr'] ?? proposal.title.en ?? '';
  return (
    <button type="button" className="tariff-card" onClick={onOpen}>
      <span className="tariff-card-head">
        <strong>{proposal.purpose}</strong>
        <Tag tone={proposalTones[proposal.status]}>{t(`tariffs.status.${proposal.status}`)}</Tag>
      </span>
      <span className="tariff-card-time number">{t('tariffs.from', { from: proposal.from ?? '–' })}</span>
      <span className="quiet">{title}</span>
      <span className="quiet">
        {proposal.status === 'submitted'
          ? t('tariffs.said.submitted', {
              login: proposal.submittedByLogin,
              time: dayAndTime(proposal.submittedAt, i18n.language),
            })
          : t('tariffs.changedBy', {
              login: proposal.changedByLogin,
              time: dayAndTime(proposal.changedAt, i18n.language),
            })}
      </span>
    </button>
  );
}
