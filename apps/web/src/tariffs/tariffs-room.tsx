import { Loader } from '@mantine/core';
import { useProposal } from '../api/tariffs.js';
import type { Session } from '../api/types.js';
import { Failure } from '../ui/failure.js';
import { useUrl, writeUrl } from '../ui/url-state.js';
import { ProposalRoom } from './proposal-room.js';
import { TariffList } from './tariff-list.js';
import './tariffs.css';

/** The work space of tariffs: what is in force, what is proposed, and one proposal as the address names it. */
export default function TariffsRoom({ session }: { session: Session }) {
  const [id] = useUrl('proposal');
  const open = (proposal: string | null) => writeUrl({ proposal, part: null }, true);
  if (id) return <OneProposal key={id} id={id} session={session} onBack={() => open(null)} />;
  return <TariffList session={session} onOpen={open} />;
}

function OneProposal({ id, session, onBack }: { id: string; session: Session; onBack: () => void }) {
  const proposal = useProposal(id);
  if (proposal.isError) {
    return (
      <div className="tariff-room tariff-alone">
        <Failure error={proposal.error} onRetry={() => proposal.refetch()} />
      </div>
    );
  }
  if (!proposal.data) {
    return (
      <div className="tariff-room tariff-alone">
        <Loader />
      </div>
    );
  }
  return <ProposalRoom session={session} proposal={proposal.data} onBack={onBack} />;
}
