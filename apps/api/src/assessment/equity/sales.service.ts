import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { uuidV7 } from '../../core/ids.js';
import { dayInIndia } from '../../core/period.js';
import { Problem } from '../../core/problem.js';
import { ImportRepository } from '../../map/import/import.repository.js';
import { type ImportReport, LineCollector, noCounts } from '../../map/import/report.js';
import { csvRecords } from '../../parcels/roll-import/csv-records.js';
import { Audit } from '../../platform/audit/audit.js';
import { Database } from '../../platform/database/database.js';
import type { Context, Tx } from '../../platform/database/tx.js';
import type { SaleChange, SalesFile, SalesQuery } from './equity.schema.js';
import { headerFault, readSale, type RowFault, saleColumns, type SaleRow } from './sales-file.js';
import { type RecordedSale, SalesRepository } from './sales.repository.js';

/** Sales come in by file, each row accounted for, and may be marked later as not at arm's length. */
@Injectable()
export class SalesService {
  constructor(
    private readonly database: Database,
    private readonly sales: SalesRepository,
    private readonly imports: ImportRepository,
    private readonly audit: Audit,
  ) {}

  /** A Problem means that the file as a whole could not be read; faults of rows are lines of the report. */
  async bring(ctx: Context, file: SalesFile): Promise<ImportReport> {
    const collector = new LineCollector();
    const rows = await this.read(file, dayInIndia(ctx.now), collector);
    const report: ImportReport = {
      id: uuidV7(ctx.now.getTime()),
      layer: 'sales',
      file: file.fileName,
      fileSha256: createHash('sha256').update(file.text).digest('hex'),
      dryRun: file.dryRun,
      result: file.dryRun ? 'dry-run' : 'unchanged',
      changesetId: null,
      counts: { ...noCounts(), read: rows.read },
      rules: collector.rules,
      issues: {},
      lines: collector.lines,
      linesCut: false,
    };
    return this.database.write(ctx, async (tx) => {
      const known = await this.known(tx, rows.sales, collector);
      const { counts } = report;
      counts.accepted = known.length;
      counts.rejected = counts.read - known.length;
      if (!file.dryRun) {
        Object.assign(counts, await this.sales.enter(tx, report.id, known));
        counts.unchanged = known.length - counts.created - counts.changed;
        if (counts.created + counts.changed > 0) report.result = 'applied';
      }
      report.linesCut = collector.cut;
      await this.imports.keep(tx, report, {}, false);
      const after = { file: file.fileName, fileSha256: report.fileSha256, counts, dryRun: file.dryRun };
      await this.audit.record(tx, { action: 'import', noun: 'sales', nounId: report.id, after });
      return report;
    });
  }

  async list(ctx: Context, query: SalesQuery) {
    const rows = await this.database.read(ctx, (tx) => this.sales.page(tx, query));
    const page = rows.slice(0, query.limit);
    return { items: page.map(view), next: rows.length > query.limit ? (page.at(-1)?.id ?? null) : null };
  }

  /** Whether a sale shows the market is a judgement that somebody makes, with a reason. */
  async setArmsLength(ctx: Context, id: string, { armsLength, reason }: SaleChange) {
    return this.database.write(ctx, async (tx) => {
      const sale = await this.found(tx, id);
      await this.sales.setArmsLength(tx, id, armsLength, reason);
      await this.audit.record(tx, {
        action: 'sale.arms-length',
        noun: 'sale',
        nounId: id,
        before: { armsLength: sale.arms_length, reason: sale.reason },
        after: { armsLength },
        reason,
      });
      return view(await this.found(tx, id));
    });
  }

  private async read(file: SalesFile, today: string, collector: LineCollector) {
    const sales: SaleRow[] = [];
    let header: string[] | null = null;
    let read = 0;
    for await (const record of csvRecords(chunks(file.text), ',')) {
      if (!header) {
        header = 'cells' in record ? record.cells.map((cell) => cell.trim().toLowerCase()) : [];
        const wrong = headerFault(header);
        if (wrong) {
          const detail = `${wrong} Give ${saleColumns.join(', ')}; the last two may be left out.`;
          throw new Problem(422, 'header-wrong', detail, [{ where: 'line 1', message: wrong }]);
        }
        continue;
      }
      read += 1;
      if ('fault' in record) {
        reject(collector, { line: record.line, column: null, value: record.text, message: record.message });
        continue;
      }
      const result = readSale(header, record.cells, record.line, today);
      if ('sale' in result) sales.push(result.sale);
      else for (const fault of result.faults) reject(collector, fault);
    }
    if (!header) throw new Problem(422, 'file-empty', `${file.fileName} has no line.`);
    return { sales, read };
  }

  /** The sales whose property is known, is not of a foreign ward, and which stand in the file once. */
  private async known(tx: Tx, sales: SaleRow[], collector: LineCollector) {
    const numbers = [...new Set(sales.map(({ number }) => number))];
    const rows = await this.sales.properties(tx, numbers);
    const properties = new Map(rows.map((row) => [row.number, row]));
    const own = tx.ctx.actor.wardNumbers;
    const seen = new Set<string>();
    return sales.flatMap((sale) => {
      const property = properties.get(sale.number);
      const key = `${property?.id} ${sale.document}`;
      const message = !property
        ? 'No property, or more than one, bears this number.'
        : own && !own.includes(property.ward_number ?? '')
          ? `The property lies in ward ${property.ward_number ?? '(none)'}, which is not one of yours.`
          : seen.has(key)
            ? 'The same document names the same property on an earlier line.'
            : null;
      seen.add(key);
      if (property && !message) return [{ ...sale, propertyId: property.id }];
      reject(collector, { line: sale.line, column: 'property', value: sale.number, message: message ?? '' });
      return [];
    });
  }

  private async found(tx: Tx, id: string): Promise<RecordedSale> {
    const sale = await this.sales.sale(tx, id);
    const own = tx.ctx.actor.wardNumbers;
    if (!sale || (own && !own.includes(sale.ward_number ?? ''))) {
      throw new Problem(404, 'sale-unknown', `There is no sale ${id} in your wards.`);
    }
    return sale;
  }
}

function reject(collector: LineCollector, { line, column, value, message }: RowFault): void {
  const rule = column ? `${column}-wrong` : 'row-unreadable';
  collector.add({ row: line, outcome: 'rejected', rule, column, value, message, place: null });
}

async function* chunks(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text, 'utf8');
}

function view(sale: RecordedSale) {
  return {
    id: sale.id,
    propertyId: sale.property_id,
    number: sale.number,
    wardNumber: sale.ward_number,
    soldOn: sale.sold_on,
    pricePaise: sale.price_paise,
    document: sale.document,
    armsLength: sale.arms_length,
    reason: sale.reason,
    recordedBy: sale.recorded_by,
    recordedAt: sale.recorded_at.toISOString(),
  };
}
