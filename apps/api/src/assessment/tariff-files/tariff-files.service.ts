import { Injectable } from '@nestjs/common';
import type { Label } from '../../core/label.js';
import { financialYearOf, formatFinancialYear, isDay, parseFinancialYear } from '../../core/period.js';
import { Problem } from '../../core/problem.js';
import { LedgerRepository } from '../../ledger/ledger.repository.js';
import { Audit } from '../../platform/audit/audit.js';
import { Database } from '../../platform/database/database.js';
import type { Context, SqlValue, Tx } from '../../platform/database/tx.js';
import { limits } from '../../platform/limits.js';
import { type Query, runCases, runCollectionCases } from '../../tariff/case.js';
import { compileTariff, type CompiledTariff, type TariffFault } from '../../tariff/compile.js';
import { describeFault } from '../../tariff/file/fault.js';
import { compileCollection, type CompiledCollection } from '../../tariff/rebates.js';
import { dayNumber } from './succession.js';
import { readCollectionTime, readKind } from './tariff-check.service.js';
import { type Installed, standing, TariffInstaller, timeOf } from './tariff-installer.js';
import { type TariffFileRow, TariffFilesRepository } from './tariff-files.repository.js';

/** Compiled tariffs kept in the process: a municipality works with one or two at a time. */
const mostCompiled = 50;

export interface InstalledFile {
  sha256: string;
  kind: Installed['kind'];
  body: string;
  title: Label;
  status: Installed['status'];
  source: string;
  from: string;
  to: string | null;
}

/** What a proposal would do to the files in force. */
export interface Outlook {
  /** The file that it ends, and that one's last year or day; null as its last: that one would never apply. */
  ends: { sha256: string; title: Label; last: string | null } | null;
  refusal: { kind: string; detail: string } | null;
}

@Injectable()
export class TariffFilesService {
  private readonly compiled = new Map<string, CompiledTariff>();
  private readonly installer: TariffInstaller;

  constructor(
    private readonly database: Database,
    private readonly files: TariffFilesRepository,
    ledger: LedgerRepository,
    audit: Audit,
  ) {
    this.installer = new TariffInstaller(files, ledger, audit);
  }

  /** Every installed file with its time, and whether that is over, holds today, or is to come. */
  async list(ctx: Context) {
    const rows = await this.database.read(ctx, (tx) => this.files.list(tx));
    return rows.map((row) => view(row, ctx.now));
  }

  /** One installed file with its text. */
  async get(ctx: Context, sha256: string) {
    return this.database.read(ctx, async (tx) => {
      const [row, source] = [await this.files.bySha(tx, sha256), await this.files.source(tx, sha256)];
      if (!row || source === null) throw unknown(sha256);
      return { ...view(row, ctx.now), source };
    });
  }

  /**
   * Checks a tariff of kind assessment and puts it into force for its years. The same file again changes nothing. A
   * Problem names every line at fault, or what stands in the way of those years. Its cases are not run: see `put`.
   */
  async install(ctx: Context, yamlText: string, fileName: string): Promise<CompiledTariff> {
    refuseLarge(yamlText, fileName);
    const tariff = await compile(yamlText, fileName);
    await this.database.write(ctx, (tx) => this.putAssessment(tx, tariff, yamlText));
    this.keep(tariff);
    return tariff;
  }

  /**
   * Checks a file of either kind, runs its cases, and puts it into force, in the caller's transaction. A collection
   * file must fit every installed assessment file of its time, and an assessment file every collection file of its.
   */
  async put(tx: Tx, yamlText: string, fileName: string): Promise<Installed> {
    refuseLarge(yamlText, fileName);
    const query: Query = (sql, values) => tx.rows(sql, values as SqlValue[]);
    if (readKind(yamlText) !== 'collection') {
      const tariff = await compile(yamlText, fileName);
      refuseFaults((await runCases(tariff, fileName, query)).faults, fileName);
      return this.putAssessment(tx, tariff, yamlText);
    }
    const { collection, tariff } = await this.compileCollection(tx, yamlText, fileName);
    refuseFaults((await runCollectionCases(collection, tariff, fileName, query)).faults, fileName);
    return this.installer.collection(tx, collection, yamlText);
  }

  /** As `put`, in a transaction of its own. */
  async installFile(ctx: Context, yamlText: string, fileName: string): Promise<Installed> {
    return this.database.write(ctx, (tx) => this.put(tx, yamlText, fileName));
  }

  /** A collection file compiled against every assessment file of its time; gives the one that its first day is under. */
  async compileCollection(
    tx: Tx,
    yamlText: string,
    fileName: string,
  ): Promise<{ collection: CompiledCollection; tariff: CompiledTariff }> {
    const tariffs = await this.assessmentsBeside(tx, yamlText, fileName);
    let first: CompiledCollection | null = null;
    for (const tariff of tariffs) {
      const result = await compileCollection(yamlText, fileName, tariff);
      if (!result.ok) throw faulty(result.faults, fileName);
      first ??= result.collection;
    }
    return { collection: first!, tariff: tariffs[0]! };
  }

  /** The installed assessment files whose years a collection file's days lie in; a Problem where there are none. */
  async assessmentsBeside(tx: Tx, yamlText: string, fileName: string): Promise<CompiledTariff[]> {
    const { body, from, to } = readCollectionTime(yamlText);
    const years = [financialYearOf(from), to === null ? null : financialYearOf(to)] as const;
    const rows = await this.files.meeting(tx, 'assessment', body, ...years);
    const tariffs = await Promise.all(rows.map((row) => this.bySha(tx, row.sha256)));
    if (tariffs.length) return tariffs;
    const detail =
      `${fileName} reduces heads of ${body}, but no assessment file of ${body} is installed for its days. ` +
      'Install that one first.';
    throw new Problem(409, 'collection-alone', detail, [
      { where: 'tariff', value: body, message: 'no assessment file' },
    ]);
  }

  /** An installed file with its text and its time as it is written in files. */
  async fileOf(tx: Tx, sha256: string): Promise<InstalledFile> {
    const [row, source] = [await this.files.bySha(tx, sha256), await this.files.source(tx, sha256)];
    if (!row || source === null) throw unknown(sha256);
    const { kind, body, title, status } = row;
    const [from = null, to = null] = kind === 'assessment' ? yearsOf(row) : [row.from_day, row.to_day];
    return { sha256, kind, body, title, status, source, from: from ?? '', to };
  }

  /** The file of a kind that is in force on a day, or in a year, written as files write them. */
  async inForceOn(tx: Tx, kind: Installed['kind'], at: string): Promise<InstalledFile | null> {
    const point = kind === 'assessment' ? parseFinancialYear(at) : isDay(at) ? dayNumber(at) : null;
    if (point === null) return null;
    const spans = await this.files.spans(tx, kind);
    const span = spans.find(({ from, to }) => from <= point && point <= (to ?? Infinity));
    return span ? this.fileOf(tx, span.sha256) : null;
  }

  /** What installing a file of that time would end, or why it would be refused. */
  async outlook(tx: Tx, kind: Installed['kind'], from: string, to: string | null): Promise<Outlook> {
    const read = (at: string) =>
      kind === 'assessment' ? parseFinancialYear(at) : isDay(at) ? dayNumber(at) : null;
    const start = read(from);
    if (start === null) return { ends: null, refusal: null };
    try {
      const { ended, lastOf } = await this.installer.outlook(tx, {
        kind,
        from: start,
        to: to === null ? null : read(to),
      });
      if (!ended) return { ends: null, refusal: null };
      const { title } = await this.fileOf(tx, ended.sha256);
      const last = lastOf === null ? null : timeOf(kind, lastOf, null).from;
      return { ends: { sha256: ended.sha256, title, last }, refusal: null };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return { ends: null, refusal: { kind: error.kind, detail: error.detail } };
    }
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
    if (!(await this.files.bySha(tx, sha256))) throw unknown(sha256);
    const known = this.compiled.get(sha256);
    if (known) return known;
    const source = await this.files.source(tx, sha256);
    const tariff = await compile(source ?? '', `${sha256.slice(0, 12)}.yaml`);
    this.keep(tariff);
    return tariff;
  }

  private async putAssessment(tx: Tx, tariff: CompiledTariff, source: string): Promise<Installed> {
    const { body, appliesFromFy, appliesToFy } = tariff;
    const days = [
      dayNumber(`${appliesFromFy}-04-01`),
      appliesToFy === null ? null : dayNumber(`${appliesToFy + 1}-03-31`),
    ] as const;
    for (const row of await this.files.meeting(tx, 'collection', body, ...days)) {
      const name = `collection file ${row.from_day}`;
      const result = await compileCollection((await this.files.source(tx, row.sha256)) ?? '', name, tariff);
      if (!result.ok) throw faulty(result.faults, `The tariff does not go with the ${name}. It`);
    }
    return this.installer.assessment(tx, tariff, source);
  }

  private keep(tariff: CompiledTariff): void {
    if (this.compiled.size >= mostCompiled) this.compiled.delete([...this.compiled.keys()][0] ?? '');
    this.compiled.set(tariff.sha256, tariff);
  }
}

function yearsOf({ from_fy, to_fy }: TariffFileRow): (string | null)[] {
  return [from_fy, to_fy].map((fy) => (fy === null ? null : formatFinancialYear(fy)));
}

function unknown(sha256: string): Problem {
  return new Problem(404, 'tariff-unknown', `No tariff ${sha256} is installed here.`);
}

function refuseLarge(yamlText: string, fileName: string): void {
  if (Buffer.byteLength(yamlText) <= limits.tariffFileBytes) return;
  throw new Problem(413, 'tariff-too-large', `${fileName} is larger than ${limits.tariffFileBytes} bytes.`);
}

async function compile(yamlText: string, fileName: string): Promise<CompiledTariff> {
  const result = await compileTariff(yamlText, fileName);
  if (result.ok) return result.tariff;
  throw faulty(result.faults, fileName);
}

function refuseFaults(faults: TariffFault[], fileName: string): void {
  if (faults.length) throw faulty(faults, fileName);
}

function faulty(faults: TariffFault[], fileName: string): Problem {
  const errors = faults.map((fault) => ({
    where: `${fault.file}:${fault.line}`,
    value: fault.value,
    message: `${fault.message} ${fault.remedy}`,
  }));
  const first = faults[0] ? describeFault(faults[0]) : '';
  const detail = `${fileName} is not installed: it has ${errors.length} fault(s). First: ${first}`;
  return new Problem(422, 'tariff-faulty', detail, errors);
}

function view(row: TariffFileRow, at: Date) {
  const [from, to] =
    row.kind === 'assessment'
      ? [row.from_fy, row.to_fy]
      : [row.from_day && dayNumber(row.from_day), row.to_day && dayNumber(row.to_day)];
  return {
    sha256: row.sha256,
    kind: row.kind,
    body: row.body,
    title: row.title,
    law: row.law,
    status: row.status,
    appliesFromFy: row.from_fy === null ? null : formatFinancialYear(row.from_fy),
    appliesToFy: row.to_fy === null ? null : formatFinancialYear(row.to_fy),
    inForceFrom: row.from_day,
    inForceTo: row.to_day,
    /** Replaced before it applied: `never`. */
    standing: row.replaced
      ? ('never' as const)
      : standing(row.kind, Number(from), to === null ? null : Number(to), at),
    installedBy: row.installed_by,
    installedAt: row.installed_at.toISOString(),
  };
}
