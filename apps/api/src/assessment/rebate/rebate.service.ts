import { Injectable } from '@nestjs/common';
import type { Drafts } from '../../ledger/demand.repository.js';
import { LedgerRepository } from '../../ledger/ledger.repository.js';
import { type RebateCharge, RebateRepository } from '../../ledger/rebate.repository.js';
import type { Tx } from '../../platform/database/tx.js';
import type { CompiledTariff } from '../../tariff/compile.js';
import { type CompiledCollection, compileCollection } from '../../tariff/rebates.js';
import type { ChunkRow, RunRow } from '../assessment.repository.js';
import { chargesOf } from '../chunk.repository.js';
import { TariffFilesService } from '../tariff-files/tariff-files.service.js';
import { RebatesRepository } from './rebate.repository.js';

/** Compiled collection files kept in the process, each with the assessment file that it was compiled against. */
const mostCompiled = 50;

/** Rebates that are given with the demand: reckoned with the drafts, posted with them. */
@Injectable()
export class RebateService {
  private readonly compiled = new Map<string, CompiledCollection>();

  constructor(
    private readonly repository: RebatesRepository,
    private readonly postings: RebateRepository,
    private readonly ledger: LedgerRepository,
    private readonly tariffs: TariffFilesService,
  ) {}

  /** The collection file of the tariff's body that is in force on a day (`YYYY-MM-DD`), or null. */
  async inForce(tx: Tx, tariff: CompiledTariff, day: string): Promise<CompiledCollection | null> {
    const file = await this.tariffs.inForceOn(tx, 'collection', day);
    return file?.body === tariff.body ? this.collection(tx, file.sha256, tariff) : null;
  }

  /** An installed collection file, compiled against an assessment file. */
  async collection(tx: Tx, sha256: string, tariff: CompiledTariff): Promise<CompiledCollection> {
    const { source } = await this.tariffs.fileOf(tx, sha256);
    const key = `${sha256} ${tariff.sha256}`;
    const known = this.compiled.get(key);
    if (known) return known;
    const result = await compileCollection(source, `${sha256.slice(0, 12)}.yaml`, tariff);
    if (!result.ok) throw new Error(`Collection file ${sha256} does not fit ${tariff.sha256} any more.`);
    if (this.compiled.size >= mostCompiled) this.compiled.delete([...this.compiled.keys()][0] ?? '');
    this.compiled.set(key, result.collection);
    return result.collection;
  }

  /** What each position of a draft's rebates stands for; makes the accounts that they are booked to. */
  async prepare(
    tx: Tx,
    collection: CompiledCollection,
    tariff: CompiledTariff,
    fy: number,
  ): Promise<RebateCharge[]> {
    const { rebatesOnDemand: rebates } = collection;
    if (!rebates.length) return [];
    const accounts = rebates.map(({ account, name }) => ({ code: account, title: name }));
    await this.ledger.ensureAccounts(
      tx,
      accounts.map((account) => ({ ...account, kind: 'income' as const })),
    );
    const parts = chargesOf(tariff, fy).slice(0, tariff.instalments.length);
    return rebates.flatMap(({ name, head, account }) =>
      parts.map(({ instalment, dueOn }) => ({ name, head, account, instalment, dueOn })),
    );
  }

  /** The statement that reckons a run's rebates on demand; null where it has none. */
  async sqlOf(tx: Tx, run: RunRow, tariff: CompiledTariff): Promise<string | null> {
    if (!run.collection_sha256 || !run.rebate_charges?.length) return null;
    return (await this.collection(tx, run.collection_sha256, tariff)).rebateSelectSql;
  }

  /** Keeps what is taken off the drafts of a chunk; the drafts stand already. */
  async compute(tx: Tx, run: RunRow, chunk: ChunkRow, rebateSql: string): Promise<void> {
    const paise = await this.repository.keep(tx, rebateSql, {
      runId: run.id,
      fy: run.fy,
      effectiveOn: run.effective_on,
      firstProperty: chunk.first_property,
      lastProperty: chunk.last_property,
      wardNumbers: run.ward_numbers,
    });
    await this.repository.countChunk(tx, run.id, chunk.chunk_no, paise);
  }

  /** Posts the rebates of drafts whose demands were posted. */
  async post(tx: Tx, run: RunRow, drafts: Drafts, isFirst: boolean): Promise<void> {
    const charges = run.rebate_charges ?? [];
    // A revision takes back what an earlier collection file gave, even where the present one gives nothing.
    if (charges.length || !isFirst) await this.postings.postDifferences(tx, drafts, charges);
  }
}
