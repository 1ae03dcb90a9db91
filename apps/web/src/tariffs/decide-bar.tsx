import { Button, Group, Modal, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Proposal, type ProposalCheck, useProposalAct } from '../api/tariffs.js';
import { Failure } from '../ui/failure.js';
import { dayAndTime, word } from '../ui/format.js';
import { Tag } from '../ui/tag.js';

interface Props {
  proposal: Proposal;
  check: ProposalCheck | undefined;
  changes: number;
  /** Null while something is unsaved or unchecked. */
  version: number | null;
  mayEdit: boolean;
  mayApprove: boolean;
  onGone: () => void;
}

export const proposalTones = {
  draft: undefined,
  submitted: 'accent',
  returned: 'warning',
  approved: 'success',
  discarded: undefined,
} as const;

/** Who made it, who must check it, since when; and what this person may do now, or why not. */
export function DecideBar(props: Props) {
  const { t, i18n } = useTranslation();
  const { proposal } = props;
  const [asked, setAsked] = useState<'approve' | 'return' | 'discard' | null>(null);
  const act = useProposalAct(proposal.id);
  const why = whyNot(props, t);
  const run = (name: 'submit' | 'recall') =>
    act.mutate(name === 'submit' ? { act: name, version: proposal.version } : { act: name });
  const open = proposal.status === 'draft' || proposal.status === 'returned';
  const time = (at: string | null) => dayAndTime(at, i18n.language);
  const said = {
    draft: t('tariffs.said.draft', { login: proposal.createdByLogin, time: time(proposal.createdAt) }),
    submitted: t('tariffs.said.submitted', {
      login: proposal.submittedByLogin,
      time: time(proposal.submittedAt),
    }),
    returned: t('tariffs.said.returned', { login: proposal.decidedByLogin, reason: proposal.reason }),
    approved: t('tariffs.said.approved', {
      login: proposal.decidedByLogin,
      time: time(proposal.decidedAt),
      from: proposal.from,
    }),
    discarded: t('tariffs.said.discarded'),
  }[proposal.status];
  return (
    <div className="decide-bar">
      <Tag tone={proposalTones[proposal.status]}>{t(`tariffs.status.${proposal.status}`)}</Tag>
      <span className="decide-said">
        {said} {why ? <span className="decide-why">{why}</span> : null}
      </span>
      <span className="decide-acts">
        {open && props.mayEdit ? (
          <Button size="xs" variant="default" onClick={() => setAsked('discard')}>
            {t('tariffs.act.discard')}
          </Button>
        ) : null}
        {open ? (
          <Button size="xs" disabled={why !== null} loading={act.isPending} onClick={() => run('submit')}>
            {t('tariffs.act.submit')}
          </Button>
        ) : null}
        {proposal.status === 'submitted' ? (
          <>
            {props.mayEdit ? (
              <Button size="xs" variant="default" loading={act.isPending} onClick={() => run('recall')}>
                {t('tariffs.act.recall')}
              </Button>
            ) : null}
            <Button size="xs" variant="default" disabled={why !== null} onClick={() => setAsked('return')}>
              {t('tariffs.act.return')}
            </Button>
            <Button size="xs" disabled={why !== null} onClick={() => setAsked('approve')}>
              {t('tariffs.act.approve')}
            </Button>
          </>
        ) : null}
      </span>
      {act.isError && asked === null ? <Failure error={act.error} /> : null}
      {asked === 'approve' ? <Approve {...props} onClose={() => setAsked(null)} /> : null}
      {asked === 'discard' ? <Discard {...props} onClose={() => setAsked(null)} /> : null}
      {asked === 'return' ? <GiveBack {...props} onClose={() => setAsked(null)} /> : null}
    </div>
  );
}

/** Why the next act is not open to this person now; null where it is. */
function whyNot(props: Props, t: (key: string, options?: Record<string, unknown>) => string): string | null {
  const { proposal, check, changes, version, mayEdit, mayApprove } = props;
  if (proposal.status === 'submitted') {
    if (proposal.mine) return t('tariffs.why.mine');
    return mayApprove ? null : t('tariffs.why.mayNotApprove');
  }
  if (proposal.status !== 'draft' && proposal.status !== 'returned') return null;
  if (!mayEdit) return t('tariffs.why.mayNotEdit');
  if (version === null || !check || check.version !== version) return t('tariffs.why.checking');
  if (check.outlook.refusal) return t('tariffs.why.refused');
  const failed = check.published.failed + check.computed.failed;
  const faults = check.faults.filter(({ kind }) => kind !== 'case_failed').length;
  if (faults) return t('tariffs.why.faults', { count: faults });
  if (failed) return t('tariffs.why.cases', { count: failed });
  return changes ? null : t('tariffs.why.unchanged');
}

function Approve({ proposal, check, changes, onClose }: Props & { onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const [typed, setTyped] = useState('');
  const act = useProposalAct(proposal.id);
  const ends = check?.outlook.ends;
  const start = proposal.from ?? '';
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('tariffs.approve.title')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <p className="modal-text">
        {t('tariffs.approve.detail', { count: changes, from: start })}{' '}
        {ends
          ? t('tariffs.approve.ends', { title: word(ends.title, i18n.language), last: ends.last ?? '–' })
          : ''}
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.trim() !== start) return;
          act.mutate({ act: 'approve', version: proposal.version }, { onSuccess: onClose });
        }}
      >
        <TextInput
          label={t('tariffs.approve.type', { from: start })}
          value={typed}
          data-autofocus
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        {act.isError ? <Failure error={act.error} /> : null}
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" disabled={typed.trim() !== start} loading={act.isPending}>
            {t('tariffs.approve.go', { from: start })}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

function GiveBack({ proposal, onClose }: Props & { onClose: () => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const act = useProposalAct(proposal.id);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('tariffs.return.title')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <Textarea
        label={t('tariffs.return.reason')}
        value={reason}
        minRows={3}
        autosize
        data-autofocus
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {act.isError ? <Failure error={act.error} /> : null}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          {t('action.cancel')}
        </Button>
        <Button
          disabled={!reason.trim()}
          loading={act.isPending}
          onClick={() =>
            act.mutate({ act: 'return', version: proposal.version, reason }, { onSuccess: onClose })
          }
        >
          {t('tariffs.act.return')}
        </Button>
      </Group>
    </Modal>
  );
}

function Discard({ proposal, changes, onClose, onGone }: Props & { onClose: () => void }) {
  const { t } = useTranslation();
  const act = useProposalAct(proposal.id);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('tariffs.discard.title')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <p className="modal-text">
        {t('tariffs.discard.detail', { purpose: proposal.purpose, count: changes })}
      </p>
      {act.isError ? <Failure error={act.error} /> : null}
      <Group justify="flex-end">
        <Button variant="default" data-autofocus onClick={onClose}>
          {t('action.cancel')}
        </Button>
        <Button
          color="red"
          loading={act.isPending}
          onClick={() => act.mutate({ act: 'discard' }, { onSuccess: onGone })}
        >
          {t('tariffs.act.discard')}
        </Button>
      </Group>
    </Modal>
  );
}
