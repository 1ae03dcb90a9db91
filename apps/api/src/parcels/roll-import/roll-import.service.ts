import { createReadStream } from 'node:fs';
import { Injectable } from '@nestjs/common';
import { uuidV7 } from '../../core/ids.js';
import { dayInIndia } from '../../core/period.js';
import { Problem } from '../../core/problem.js';
import { LedgerRepository } from '../../ledger/ledger.repository.js';
import { ImportRepository } from '../../map/import/import.repository.js';
import { recoded } from '../../map/import/recode.js';
import { LineCollector, noCounts, type ImportReport, type ReportLine } from '../../map/import/report.js';
import { inspectFile } from '../../map/import/source-file.js';
import { ColumnCompiler } from '../../map/import/staged-columns.repository.js';
import type { LayerColumn } from '../../map/layer.js';
import { Audit } from '../../platform/audit/audit.js';
import { Database } from '../../platform/database/database.js';
import type { Context, Tx } from '../../platform/database/tx.js';
import { limits } from '../../platform/limits.js';
import { Jobs } from '../../platform/queue/jobs.js';
import { refreshTerms } from '../../search/search.jobs.js';
import { copyCell, csvRecords, type CsvRecord } from './csv-records.js';
import { RollApplyRepository } from './roll-apply.repository.js';
import { sortDues } from './roll-arrears.js';
import { factColumns, mappedColumns, type RollMapping } from './roll-mapping.js';
import { RollStagingRepository, type RollPlan } from './roll-staging.repository.js';

export interface RollImportRequest {
  /** Path of a CSV file with a header. */
  file: string;
  mapping: RollMapping;
  dryRun?: boolean;
  onProgress?: (progress: { read: number }) => void;
}

/** What was asked, and what there is to say so far. */
interface Intake {
  request: RollImportRequest;
  report: ImportReport;
  collector: LineCollector;
}

/** Thrown to undo the transaction of an import whose report is nevertheless wanted. */
class Undo extends Error {}

/**
 * Brings a tax roll in: properties with unit, owner, land and arrears, each row accounted for by its line.
 */
@Injectable()
export class RollImportService {
  constructor(
    private readonly database: Database,
    private readonly imports: ImportRepository,
    private readonly staging: RollStagingRepository,
    private readonly applying: RollApplyRepository,
    private readonly ledger: LedgerRepository,
    private readonly audit: Audit,
    private readonly jobs: Jobs,
  ) {}

  /** A Problem means that the file as a whole could not be used; faults of rows are lines of the report. */
  async run(ctx: Context, request: RollImportRequest): Promise<ImportReport> {
    const original = await inspectFile(request.file);
    if (original.kind !== 'csv') throw new Problem(422, 'roll-not-csv', `${original.name} is no CSV file.`);
    const { file, release } = await recoded(original, request.mapping.encoding);
    const report: ImportReport = {
      id: uuidV7(ctx.now.getTime()),
      layer: 'roll',
      file: original.name,
      fileSha256: original.sha256,
      dryRun: request.dryRun ?? false,
      result: 'unchanged',
      changesetId: null,
      counts: noCounts(),
      rules: {},
      issues: {},
      lines: [],
      linesCut: false,
    };
    try {
      const records = csvRecords(createReadStream(file.path), request.mapping.separator);
      const options = { statementTimeoutMs: limits.jobStatementTimeoutMs };
      await this.database.write(ctx, (tx) => this.bring(tx, request, records, report), options);
    } catch (error) {
      if (!(error instanceof Undo)) throw error;
      await this.database.write(ctx, (tx) => this.keep(tx, request, report));
    } finally {
      await release();
    }
    return report;
  }

  private async bring(
    tx: Tx,
    request: RollImportRequest,
    records: AsyncGenerator<CsvRecord>,
    report: ImportReport,
  ): Promise<void> {
    if (!(await this.imports.lock(tx, 'roll'))) {
      throw new Problem(
        409,
        'import-running',
        'Another import of the roll is running. Wait until it has ended.',
      );
    }
    const head = (await records.next()).value as CsvRecord | undefined;
    if (!head || 'fault' in head)
      throw new Problem(422, 'header-missing', `${report.file} has no header line.`);
    const plan = planOf(head.cells, request.mapping);
    const collector = new LineCollector();
    await this.staging.open(tx, plan);
    await this.staging.copy(tx, plan, this.rows(records, plan.width, { collector, report, request }));
    await this.staging.check(tx, plan);
    const { counts } = report;
    const unread = counts.rejected;
    for (const line of await this.staging.lines(tx, plan)) collector.add(line);
    const applied = await this.applying.apply(tx, plan);
    Object.assign(counts, applied, { rejected: applied.rejected + unread });
    counts.accepted = counts.created + counts.changed + counts.unchanged;
    await this.postArrears(tx, { request, report, collector });
    Object.assign(report, { lines: collector.lines, rules: collector.rules, linesCut: collector.cut });
    report.lines.sort((one, other) => one.row - other.row);
    report.result = request.dryRun
      ? 'dry-run'
      : counts.created + counts.changed > 0
        ? 'applied'
        : 'unchanged';
    if (request.dryRun) throw new Undo();
    if (report.result === 'applied') {
      for (const noun of ['property', 'owner', 'locality']) await this.jobs.add(tx, refreshTerms, { noun });
    }
    await this.keep(tx, request, report);
  }

  /** Rows as COPY text; what is no row is told and left out. */
  private async *rows(
    records: AsyncGenerator<CsvRecord>,
    width: number,
    { collector, report, request }: Intake,
  ): AsyncGenerator<Buffer> {
    let text = '';
    const { counts } = report;
    for await (const record of records) {
      counts.read += 1;
      if (counts.read > limits.importRows) {
        throw new Problem(413, 'too-many-rows', `More than ${limits.importRows} rows. Split the file.`);
      }
      const fault = faultOf(record, width);
      if (fault) {
        counts.rejected += 1;
        collector.add(fault);
      } else if ('cells' in record) text += `${record.line}\t${record.cells.map(copyCell).join('\t')}\n`;
      if (text.length < 262_144) continue;
      request.onProgress?.({ read: counts.read });
      yield Buffer.from(text, 'utf8');
      text = '';
    }
    if (text) yield Buffer.from(text, 'utf8');
    request.onProgress?.({ read: counts.read });
  }

  /** Posts what is owed from before; what cannot be posted is told, and stays as it was. */
  private async postArrears(tx: Tx, { request, report, collector }: Intake): Promise<void> {
    const page = 20_000;
    for (const [index, arrears] of request.mapping.arrears.entries()) {
      let after = 0;
      for (;;) {
        const dues = await this.applying.arrears(tx, arrearsColumn(index), after, page);
        const { head, fy, dueOn } = arrears;
        const openings = dues.map(({ propertyId, amountPaise }) => ({
          propertyId,
          fy,
          head,
          amountPaise: BigInt(amountPaise),
          dueOn,
        }));
        const posted = await this.ledger.openingsThatDiffer(tx, openings);
        const { post, lines } = sortDues(dues, posted, arrears);
        for (const line of lines) collector.add(line);
        const sound = openings.filter((_, at) => post[at]);
        if (sound.length) await this.ledger.postOpenings(tx, sound, report.id, dayInIndia(tx.ctx.now));
        if (dues.length < page) break;
        after = dues.at(-1)!.line;
      }
    }
  }

  private async keep(tx: Tx, request: RollImportRequest, report: ImportReport): Promise<void> {
    await this.imports.keep(tx, report, request.mapping, false);
    if (report.dryRun) return;
    const { id, file, fileSha256, result, counts } = report;
    const after = { file, fileSha256, result, counts };
    await this.audit.record(tx, { action: 'import', noun: 'roll', nounId: id, after });
  }
}

const arrearsColumn = (index: number): string => `arrears_${index + 1}`;

function faultOf(record: CsvRecord, width: number): ReportLine | null {
  const line = { row: record.line, outcome: 'rejected' as const, column: null, place: null };
  if ('fault' in record) return { ...line, rule: record.fault, value: record.text, message: record.message };
  if (record.cells.length !== width) {
    const value = record.cells.join(' | ').slice(0, 200);
    return {
      ...line,
      rule: 'column-count',
      value,
      message: `${record.cells.length} cells instead of ${width}`,
    };
  }
  const long = record.cells.find((cell) => cell.length > limits.importCellLength);
  if (long === undefined) return null;
  return {
    ...line,
    rule: 'too-long',
    value: long.slice(0, 100),
    message: `longer than ${limits.importCellLength}`,
  };
}

/** Compiles the mapping against the header, or throws a Problem that says what does not fit. */
function planOf(header: string[], mapping: RollMapping): RollPlan {
  const twice = header.find((name, index) => header.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new Problem(422, 'header-wrong', `The column "${twice}" stands twice in the header.`);
  }
  if (header.length > limits.importColumns) {
    throw new Problem(
      422,
      'too-many-columns',
      `${header.length} columns; at most ${limits.importColumns} are read.`,
    );
  }
  const compiler = new ColumnCompiler(header, []);
  const { columns, mappings } = mappedColumns(mapping);
  const facts = factColumns(mapping);
  const arrears = mapping.arrears.map((given, index) => ({
    given,
    column: amountColumn(arrearsColumn(index)),
  }));
  const described: LayerColumn[] = [
    ...columns.map((column) => column.described),
    ...facts.map((fact) => fact.column),
    ...arrears.map(({ column }) => column),
  ];
  const staged = compiler.columns('The roll', described, {
    ...mappings,
    ...Object.fromEntries(facts.map((fact) => [fact.column.name, fact.mapping])),
    ...Object.fromEntries(arrears.map(({ given, column }) => [column.name, { from: given.from }])),
  });
  const key = Array.isArray(mapping.number.from) ? mapping.number.from : [mapping.number.from];
  compiler.checkSources(key.map((source) => ({ where: '/number/from', source })));
  const parts = key.map((name) => compiler.source(name)).join(', ');
  const number = `nullif(concat_ws(${compiler.bind(mapping.number.join ?? '-')}::text, ${parts}), '')`;
  const missing = mapping.number.whenMissing;
  const parcel = mapping.parcel
    ? compiler.columns('The roll', [parcelColumn], { parcel: mapping.parcel })[0]!
    : null;
  return {
    width: header.length,
    rollColumns: columns,
    facts: facts.map(({ level, name, column }) => ({ level, name, column: column.name })),
    ...compiler.result(parcel ? [...staged, parcel] : staged),
    numberSql: missing === undefined ? number : `coalesce(${number}, ${compiler.bind(missing)}::text)`,
    ordinal: mapping.number.ordinal,
    effectiveFrom: mapping.effectiveFrom,
  };
}

const label = { en: 'Parcel', hi: 'भूखंड', mr: 'भूखंड' };
const parcelColumn: LayerColumn = { name: 'parcel', type: 'text', label };
const amountColumn = (name: string): LayerColumn => ({
  name,
  type: 'numeric',
  label: { en: 'Arrears', hi: 'बकाया', mr: 'थकबाकी' },
});
