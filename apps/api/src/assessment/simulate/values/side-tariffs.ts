import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { Problem } from '../../../core/problem.js';
import type { Tx } from '../../../platform/database/tx.js';
import type { CompiledTariff } from '../../../tariff/compile.js';
import { TariffFilesRepository } from '../../tariff-files/tariff-files.repository.js';
import { TariffFilesService } from '../../tariff-files/tariff-files.service.js';
import { TariffProposalsRepository } from '../../tariff-proposals/tariff-proposals.repository.js';
import type { SideTariff } from '../reckoner.js';
import type { KeptSide } from '../simulate.repository.js';
import type { NewSimulation, Side } from '../simulate.schema.js';
import { compileText, withChanges } from './tariff-values.js';

export interface ResolvedSide extends SideTariff {
  kept: KeptSide;
}

/** Compiled texts kept in the process: a slider comes back to values that it had. */
const mostCompiled = 30;

/** Finds or compiles the tariffs that a simulation is asked for. */
@Injectable()
export class SideTariffs {
  private readonly compiled = new Map<string, CompiledTariff>();

  constructor(
    private readonly files: TariffFilesRepository,
    private readonly installed: TariffFilesService,
    private readonly proposals: TariffProposalsRepository,
  ) {}

  /** Both sides of a question. The present side is the tariff in force where none is named. */
  async ofQuestion(tx: Tx, { fy, present, proposed }: NewSimulation): Promise<[ResolvedSide, ResolvedSide]> {
    const inForce = async () => (await this.installed.forYear(tx, fy)).sha256;
    const named = async (side: Side | undefined) =>
      side?.text || side?.sha256 || side?.proposalId
        ? side
        : { changes: side?.changes ?? [], sha256: await inForce() };
    return [
      await this.resolve(tx, fy, await named(present), 'present.yaml'),
      await this.resolve(tx, fy, await named(proposed), 'proposed.yaml'),
    ];
  }

  /** The tariff of a kept side, from the installed file or from its own text. */
  async kept(tx: Tx, side: KeptSide): Promise<SideTariff> {
    const tariff =
      side.text === null
        ? await this.installed.bySha(tx, side.sha256)
        : await this.compile(side.text, 'simulated.yaml');
    return { tariff, fy: side.fy };
  }

  async text(tx: Tx, side: KeptSide): Promise<string> {
    return side.text ?? (await this.source(tx, side.sha256));
  }

  /** The tariff of a proposal as its text stands now; a Problem where it is none of what is owed. */
  async proposed(tx: Tx, proposalId: string): Promise<CompiledTariff> {
    return this.compile(await this.proposedText(tx, proposalId), 'proposal.yaml');
  }

  private async resolve(tx: Tx, fy: number, side: Side, fileName: string): Promise<ResolvedSide> {
    const { changes, proposalId, sha256 } = side;
    const own = proposalId ? await this.proposedText(tx, proposalId) : (side.text ?? null);
    const base = own === null ? await this.installed.bySha(tx, sha256!) : await this.compile(own, fileName);
    const changed = changes.length
      ? withChanges(base, own ?? (await this.source(tx, base.sha256)), changes)
      : own;
    const tariff = changes.length ? await this.compile(changed!, fileName) : base;
    const year = yearWithin(tariff, fy);
    const { title, status, body } = tariff;
    const about = { sha256: tariff.sha256, title, status, body, fy: year, changes };
    const kept = { ...about, baseSha256: sha256 ?? null, proposalId: proposalId ?? null, text: changed };
    return { tariff, fy: year, kept };
  }

  private async proposedText(tx: Tx, proposalId: string): Promise<string> {
    const proposal = await this.proposals.get(tx, proposalId);
    if (!proposal) throw new Problem(404, 'proposal-unknown', `There is no proposal ${proposalId}.`);
    if (proposal.kind === 'assessment') return proposal.source;
    const detail = 'The proposal is about how tax is collected. Simulate one about what is owed.';
    throw new Problem(422, 'proposal-of-collection', detail);
  }

  private async source(tx: Tx, sha256: string): Promise<string> {
    const source = await this.files.source(tx, sha256);
    if (source === null) throw new Problem(404, 'tariff-unknown', `No tariff ${sha256} is installed here.`);
    return source;
  }

  private async compile(text: string, fileName: string): Promise<CompiledTariff> {
    const digest = createHash('sha256').update(text).digest('hex');
    const known = this.compiled.get(digest);
    this.compiled.delete(digest);
    const tariff = known ?? (await compileText(text, fileName));
    if (this.compiled.size >= mostCompiled) this.compiled.delete([...this.compiled.keys()][0] ?? '');
    this.compiled.set(digest, tariff);
    return tariff;
  }
}

/** A file is proved for its own years only: one of other years is reckoned under the nearest of them. */
function yearWithin({ appliesFromFy, appliesToFy }: CompiledTariff, fy: number): number {
  return Math.max(appliesFromFy, appliesToFy === null ? fy : Math.min(fy, appliesToFy));
}
