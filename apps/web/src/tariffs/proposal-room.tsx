import { ActionIcon, Loader, Tooltip } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconArrowBackUp, IconArrowForwardUp, IconArrowLeft } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { type Change, type Proposal, useComparison, useProposalCheck } from '../api/tariffs.js';
import type { Session } from '../api/types.js';
import { Failure } from '../ui/failure.js';
import { word } from '../ui/format.js';
import { usePhone } from '../ui/phone.js';
import { useUrl } from '../ui/url-state.js';
import { AboutEditor } from './about-editor.js';
import { CasesEditor } from './cases-editor.js';
import { ConflictDialog } from './conflict-dialog.js';
import { labelOf, mapOf } from './content.js';
import { DecideBar } from './decide-bar.js';
import { Parts, partsOf } from './parts-nav.js';
import { partOf } from './places.js';
import { type ProposalEditor, useProposalEditor } from './proposal-editor.js';
import { SidePane, useExampleChoice } from './side-pane.js';
import { StepsEditor } from './steps-editor.js';
import { TableEditor } from './table-editor.js';

interface Props {
  session: Session;
  proposal: Proposal;
  onBack: () => void;
}

/** One proposal: its parts in the middle, beside them what the check, an example and the comparison say. */
export function ProposalRoom({ session, proposal, onBack }: Props) {
  const { t } = useTranslation();
  const phone = usePhone();
  const editor = useProposalEditor(proposal);
  const may = (permission: string) => session.permissions.includes(permission);
  const open = proposal.status === 'draft' || proposal.status === 'returned';
  const readOnly = !open || !may('tariffs:edit') || phone;
  const check = useProposalCheck(proposal.id, editor.savedVersion);
  const comparison = useComparison(proposal.id, editor.savedVersion);
  const [part = null, choose] = useUrl('part');
  const example = useExampleChoice();
  useHotkeys([
    ['mod+z', () => editor.undo?.()],
    ['mod+shift+z', () => editor.redo?.()],
    ['mod+y', () => editor.redo?.()],
  ]);
  const parts = partsOf(proposal, editor, t);
  const shown =
    parts.find(({ value }) => value === part)?.value ??
    parts.find(({ value }) => value !== 'about')?.value ??
    'about';
  const faults = check.data?.faults ?? [];
  return (
    <div className="tariff-room">
      <RoomHead proposal={proposal} editor={editor} readOnly={readOnly} onBack={onBack} />
      <DecideBar
        proposal={proposal}
        check={check.data}
        changes={comparison.data?.changes.filter(isLaw).length ?? 0}
        version={editor.savedVersion}
        mayEdit={may('tariffs:edit')}
        mayApprove={may('tariffs:approve')}
        onGone={onBack}
      />
      <div className="tariff-desk">
        <Parts
          parts={parts}
          shown={shown}
          faults={faults.map(({ path }) => partOf(path))}
          onChoose={(next) => choose(next)}
        />
        <div className="tariff-middle">
          {editor.error ? <Failure error={editor.error} /> : null}
          {proposal.content === null ? <p className="explanation-note">{t('tariffs.unreadable')}</p> : null}
          {phone && open && may('tariffs:edit') ? <p className="quiet">{t('tariffs.phone')}</p> : null}
          <Part
            shown={shown}
            {...{ proposal, editor, readOnly, faults }}
            checked={check.data?.cases ?? []}
            changes={comparison.data?.changes ?? []}
            onExample={example.show}
          />
        </div>
        <SidePane {...{ proposal, editor, check, comparison, example }} onPart={choose} />
      </div>
      {editor.conflict ? <ConflictDialog conflict={editor.conflict} onResolve={editor.resolve} /> : null}
    </div>
  );
}

/** Another start alone is no change of the law. */
const isLaw = ({ section, field }: Change): boolean =>
  section !== 'file' || (field !== 'applies_to' && field !== 'in_force');

function RoomHead({
  proposal,
  editor,
  readOnly,
  onBack,
}: Omit<Props, 'session'> & { editor: ProposalEditor; readOnly: boolean }) {
  const { t, i18n } = useTranslation();
  const title = word(labelOf(mapOf(editor.content)['title']), i18n.language);
  const steps = [
    ['undo', editor.undo, IconArrowBackUp],
    ['redo', editor.redo, IconArrowForwardUp],
  ] as const;
  return (
    <header className="tariff-head">
      <Tooltip label={t('tariffs.back')}>
        <ActionIcon variant="subtle" color="gray" size={34} aria-label={t('tariffs.back')} onClick={onBack}>
          <IconArrowLeft size={20} />
        </ActionIcon>
      </Tooltip>
      <div className="tariff-head-words">
        <h2>{proposal.purpose}</h2>
        <span className="quiet">
          {title} · {t('tariffs.from', { from: proposal.from ?? '–' })}
        </span>
      </div>
      {readOnly ? null : (
        <span className="tariff-head-tools">
          <span className="quiet tariff-saved" role="status">
            {editor.saving ? (
              <>
                <Loader size={12} /> {t('tariffs.saving')}
              </>
            ) : (
              t('tariffs.saved', { version: proposal.version })
            )}
          </span>
          {steps.map(([name, step, Icon]) => (
            <Tooltip key={name} label={t(`tariffs.act.${name}`)}>
              <ActionIcon
                variant="default"
                size={32}
                disabled={step === null}
                aria-label={t(`tariffs.act.${name}`)}
                onClick={() => step?.()}
              >
                <Icon size={18} />
              </ActionIcon>
            </Tooltip>
          ))}
        </span>
      )}
    </header>
  );
}

type PartProps = {
  shown: string;
  proposal: Proposal;
  editor: ProposalEditor;
  readOnly: boolean;
  onExample: (name: string) => void;
} & Pick<Parameters<typeof CasesEditor>[0], 'checked' | 'faults'> &
  Pick<Parameters<typeof TableEditor>[0], 'changes'>;

function Part({ shown, proposal, editor, readOnly, faults, checked, changes, onExample }: PartProps) {
  const content = mapOf(editor.content);
  const shared = { content, faults, readOnly, onEdits: editor.apply };
  if (shown.startsWith('table:')) {
    const name = shown.slice('table:'.length);
    return <TableEditor key={name} name={name} changes={changes} {...shared} />;
  }
  if (shown === 'steps') {
    const changed = new Set(changes.map(({ path }) => path.slice(0, path[0] === 'steps' ? 3 : 2).join('/')));
    return <StepsEditor changed={changed} {...shared} />;
  }
  if (shown === 'cases') return <CasesEditor checked={checked} onExample={onExample} {...shared} />;
  if (shown === 'text') return <pre className="tariff-text">{proposal.source}</pre>;
  return <AboutEditor proposal={proposal} {...shared} />;
}
