import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { Problem } from '../../../core/problem.js';
import type { Tx } from '../../../platform/database/tx.js';
import type { CompiledTariff } from '../../../tariff/compile.js';
import { TariffFilesRepository } from '../../tariff-files/tariff-files.repository.js';
import { TariffFilesService } from '../../tariff-files/tariff-files.service.js';
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
  ) {}

  /** Both sides of a question. The present side is the tariff in force where none is named. */
  async ofQuestion(tx: Tx, { fy, present, proposed }: NewSimulation): Promise<[ResolvedSide, ResolvedSide]> {
    const inForce = async () => (await this.installed.forYear(tx, fy)).sha256;
    const named = async (side: Side | undefined) =>
      side?.text || side?.sha256 ? side : { changes: side?.changes ?? [], sha256: await inForce() };
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

  private async resolve(tx: Tx, fy: number, side: Side, fileName: string): Promise<ResolvedSide> {
    const base = side.sha256
      ? await this.installed.bySha(tx, side.sha256)
      : await this.compile(side.text!, fileName);
    const source = side.text ?? (side.changes.length ? await this.source(tx, side.sha256!) : '');
    const text = side.changes.length ? withChanges(base, source, side.changes) : source;
    const own = side.text !== undefined || side.changes.length > 0;
    const tariff = side.changes.length ? await this.compile(text, fileName) : base;
    const year = yearWithin(tariff, fy);
    const { sha256, title, status, body } = tariff;
    const { changes } = side;
    const kept = { sha256, title, status, body, fy: year, changes, baseSha256: side.sha256 ?? null };
    return { tariff, fy: year, kept: { ...kept, text: own ? text : null } };
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
