import { Injectable } from '@nestjs/common';
import { formatFinancialYear } from '../../core/period.js';
import { Problem } from '../../core/problem.js';
import { LedgerRepository } from '../../ledger/ledger.repository.js';
import { Audit } from '../../platform/audit/audit.js';
import { Database } from '../../platform/database/database.js';
import type { Context, Tx } from '../../platform/database/tx.js';
import { limits } from '../../platform/limits.js';
import { compileTariff, type CompiledTariff } from '../../tariff/compile.js';
import { describeFault } from '../../tariff/file/fault.js';
import { type TariffFileRow, TariffFilesRepository } from './tariff-files.repository.js';

/** Compiled tariffs kept in the process: a municipality works with one or two at a time. */
const mostCompiled = 50;

@Injectable()
export class TariffFilesService {
  private readonly compiled = new Map<string, CompiledTariff>();

  constructor(
    private readonly database: Database,
    private readonly files: TariffFilesRepository,
    private readonly ledger: LedgerRepository,
    private readonly audit: Audit,
  ) {}

  async list(ctx: Context) {
    const rows = await this.database.read(ctx, (tx) => this.files.list(tx));
    return rows.map(view);
  }

  /**
   * Checks a tariff of kind assessment and puts it into force for its years. The same file again changes nothing. A
   * Problem names every line at fault, or the installed file whose years it would overlap.
   */
  async install(ctx: Context, yamlText: string, fileName: string): Promise<CompiledTariff> {
    if (Buffer.byteLength(yamlText) > limits.tariffFileBytes) {
      throw new Problem(
        413,
        'tariff-too-large',
        `${fileName} is larger than ${limits.tariffFileBytes} bytes.`,
      );
    }
    const tariff = await compile(yamlText, fileName);
    await this.database.write(ctx, async (tx) => {
      if (await this.files.bySha(tx, tariff.sha256)) return;
      const other = await this.files.overlapping(tx, tariff.appliesFromFy, tariff.appliesToFy);
      if (other) throw overlap(fileName, tariff, other);
      await this.files.add(tx, { ...tariff, source: yamlText });
      const accounts = tariff.heads.map((head) => ({ code: head.account, title: head.label.en }));
      await this.ledger.ensureAccounts(
        tx,
        accounts.map((account) => ({ ...account, kind: 'income' as const })),
      );
      const { sha256, body, status, appliesFromFy, appliesToFy } = tariff;
      const after = { fileName, body, status, appliesFromFy, appliesToFy };
      await this.audit.record(tx, { action: 'tariff.install', noun: 'tariff', nounId: sha256, after });
    });
    this.keep(tariff);
    return tariff;
  }

  /** The tariff in force for a financial year, ready to run. */
  async forYear(tx: Tx, fy: number): Promise<CompiledTariff> {
    const file = await this.files.byYear(tx, fy);
    if (!file) {
      const year = formatFinancialYear(fy);
      const detail = `No tariff is installed for ${year}. Install one with: jarib tariff install FILE.`;
      throw new Problem(422, 'tariff-missing', detail, [{ where: 'fy', value: year, message: 'no tariff' }]);
    }
    return this.bySha(tx, file.sha256);
  }

  /** The very tariff of an assessment, however long ago. */
  async bySha(tx: Tx, sha256: string): Promise<CompiledTariff> {
    // The cache serves all municipalities: that the file is installed in this one is asked each time.
    if (!(await this.files.bySha(tx, sha256))) {
      throw new Problem(404, 'tariff-unknown', `No tariff ${sha256} is installed here.`);
    }
    const known = this.compiled.get(sha256);
    if (known) return known;
    const source = await this.files.source(tx, sha256);
    const tariff = await compile(source ?? '', `${sha256.slice(0, 12)}.yaml`);
    this.keep(tariff);
    return tariff;
  }

  private keep(tariff: CompiledTariff): void {
    if (this.compiled.size >= mostCompiled) this.compiled.delete([...this.compiled.keys()][0] ?? '');
    this.compiled.set(tariff.sha256, tariff);
  }
}

async function compile(yamlText: string, fileName: string): Promise<CompiledTariff> {
  const result = await compileTariff(yamlText, fileName);
  if (result.ok) return result.tariff;
  const errors = result.faults.map((fault) => ({
    where: `${fault.file}:${fault.line}`,
    value: fault.value,
    message: `${fault.message} ${fault.remedy}`,
  }));
  const first = result.faults[0] ? describeFault(result.faults[0]) : fileName;
  throw new Problem(
    422,
    'tariff-faulty',
    `The tariff has ${errors.length} fault(s). First: ${first}`,
    errors,
  );
}

function overlap(fileName: string, tariff: CompiledTariff, other: TariffFileRow): Problem {
  const years = `${formatFinancialYear(other.from_fy ?? 0)} to ${other.to_fy ? formatFinancialYear(other.to_fy) : 'now'}`;
  const detail =
    `${fileName} applies from ${formatFinancialYear(tariff.appliesFromFy)}, but a tariff of ${other.body} is installed ` +
    `for ${years}. State other years under applies_to.`;
  return new Problem(409, 'tariff-overlap', detail, [
    { where: 'applies_to', value: tariff.appliesFromFy, message: `overlaps ${other.sha256.slice(0, 12)}` },
  ]);
}

function view(row: TariffFileRow) {
  return {
    sha256: row.sha256,
    kind: row.kind,
    body: row.body,
    title: row.title,
    law: row.law,
    status: row.status,
    appliesFromFy: row.from_fy === null ? null : formatFinancialYear(row.from_fy),
    appliesToFy: row.to_fy === null ? null : formatFinancialYear(row.to_fy),
    installedAt: row.installed_at.toISOString(),
  };
}
