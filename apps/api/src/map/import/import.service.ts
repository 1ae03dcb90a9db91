import { Injectable } from '@nestjs/common';
import { uuidV7 } from '../../core/ids.js';
import { isDay } from '../../core/period.js';
import { Problem } from '../../core/problem.js';
import { Audit } from '../../platform/audit/audit.js';
import { Database } from '../../platform/database/database.js';
import type { Context, Tx } from '../../platform/database/tx.js';
import { limits } from '../../platform/limits.js';
import { TileInvalidation } from '../tiles/tile-invalidation.js';
import type { Layer } from '../layer.js';
import { LayerRegistry } from '../layer-registry.js';
import { ApplyRepository } from './apply.repository.js';
import { ConvertedFile } from './converted-file.js';
import { fidColumn, geometryColumn } from './converter.js';
import { checkEncoding, refusedByTable, refuseWrongPlace, unreadable, zoneBox } from './file-faults.js';
import { FindingsRepository } from './findings.repository.js';
import { ImportRepository } from './import.repository.js';
import type { Mapping } from './mapping.js';
import { LineCollector, noCounts, type ImportCounts, type ImportReport } from './report.js';
import { recoded } from './recode.js';
import { NotPlain } from './plain-geojson/not-plain.js';
import { mayBePlain, PlainGeoJson } from './plain-geojson/plain-geojson.js';
import { ahead, type RowBatch, type RowSource } from './row-source.js';
import { inspectFile, type SourceFile } from './source-file.js';
import { ColumnCompiler } from './staged-columns.repository.js';
import { StagingRepository, type Plan } from './staging.repository.js';

export interface ImportRequest {
  layer: string;
  /** Path of the file on this machine. */
  file: string;
  mapping: Mapping;
  dryRun?: boolean;
  /** One rejected row rejects the file. */
  wholeFile?: boolean;
  /**
   * For layers that the law dates: first day, and the day from which it no longer holds (or none),
   * `YYYY-MM-DD`.
   */
  effective?: { from: string; to: string | null };
  /** Where the file does not say it, or says it wrongly: `EPSG:32643`. */
  srs?: string;
  encoding?: string;
  onProgress?: (progress: { read: number; phase: 'rows' | 'issues' }) => void;
}

const batchRows = 25_000;
/** From so many rows is seen which columns a file has. */
const firstRows = 5_000;
const batchBytes = 64 * 1_048_576;

type Applied = (tx: Tx, layer: string) => Promise<unknown>;

/** One import on its way: what was asked, of which file, and what there is to say so far. */
interface Intake {
  request: ImportRequest;
  layer: Layer;
  file: SourceFile;
  report: ImportReport;
  collector: LineCollector;
}

/** Thrown to undo the transaction of an import whose report is nevertheless wanted. */
class Undo extends Error {}

/** Brings files into layers: one set-based changeset an import, with a report that accounts for every row. */
@Injectable()
export class ImportService {
  constructor(
    private readonly database: Database,
    private readonly registry: LayerRegistry,
    private readonly imports: ImportRepository,
    private readonly staging: StagingRepository,
    private readonly applying: ApplyRepository,
    private readonly findings: FindingsRepository,
    private readonly audit: Audit,
    private readonly tiles: TileInvalidation,
  ) {}

  private readonly listeners: Applied[] = [];

  /** Whoever keeps something derived from a layer is told in the transaction that changed it. */
  onApplied(listener: Applied): void {
    this.listeners.push(listener);
  }

  /**
   * Imports one file, or with `dryRun` does all of it and undoes it. A Problem means that the file as a
   * whole could not
   * be used, and nothing was written; faults of single rows are lines of the report.
   */
  async run(ctx: Context, request: ImportRequest): Promise<ImportReport> {
    const layer = this.registry.get(request.layer);
    checkRequest(layer, request);
    const original = await inspectFile(request.file);
    const { file, release } = await recoded(original, request.encoding ?? request.mapping.encoding);
    const intake = () => ({
      request,
      layer,
      file,
      report: newReport(ctx, request, original),
      collector: new LineCollector(),
    });
    try {
      if (!mayBePlain(file, request.mapping, request))
        return await this.readAndApply(ctx, intake(), 'converted');
      return await this.readAndApply(ctx, intake(), 'plain').catch((error: Error) => {
        // Nothing was written; GDAL reads it from the start, and says what is wrong if something is.
        if (!(error instanceof NotPlain)) throw error;
        return this.readAndApply(ctx, intake(), 'converted');
      });
    } finally {
      await release();
    }
  }

  private async readAndApply(
    ctx: Context,
    intake: Intake,
    way: 'plain' | 'converted',
  ): Promise<ImportReport> {
    const { request, file, report } = intake;
    const source =
      way === 'plain'
        ? new PlainGeoJson(file, request.mapping, firstRows)
        : new ConvertedFile(file, request.mapping, request);
    try {
      await this.apply(ctx, intake, source);
    } catch (error) {
      if (!(error instanceof Undo)) throw error;
      await this.database.write(ctx, (tx) => this.keep(tx, request, report));
    } finally {
      source.stop();
    }
    return report;
  }

  private async apply(ctx: Context, intake: Intake, source: RowSource): Promise<void> {
    const { request, report } = intake;
    if (!(await source.open())) {
      await source.finished();
      throw new Problem(422, 'file-without-features', `${report.file} holds no feature.`);
    }
    const options = { statementTimeoutMs: limits.jobStatementTimeoutMs };
    await this.database.write(
      ctx,
      async (tx) => {
        const plan = await this.plan(tx, intake, source.columns);
        for await (const batch of ahead(source.batches(batchRows, batchBytes))) {
          await this.takeBatch(tx, plan, batch, intake);
          request.onProgress?.({ read: report.counts.read, phase: 'rows' });
        }
        await source.finished();
        if (source.layers > 1) throw severalLayers(report.file);
        if (plan.mapping.complete) await this.retire(tx, plan, intake);
        await this.tell(tx, plan, intake);
        await this.finish(tx, plan, intake);
      },
      options,
    );
  }

  private async plan(tx: Tx, { layer, request, report }: Intake, streamColumns: string[]): Promise<Plan> {
    if (!(await this.imports.lock(tx, layer.name))) {
      throw new Problem(
        409,
        'import-running',
        `Another import of ${layer.name} is running. Wait until it has ended.`,
      );
    }
    const place = await this.imports.place(tx);
    if (!place) throw new Problem(404, 'ulb-unknown', 'This municipality does not exist.');
    const own = streamColumns.filter((name) => name !== fidColumn && name !== geometryColumn);
    if (own.length > limits.importColumns) {
      throw new Problem(
        422,
        'too-many-columns',
        `${own.length} columns; at most ${limits.importColumns} are read.`,
      );
    }
    if (!streamColumns.includes(geometryColumn)) {
      throw new Problem(
        422,
        'file-without-geometry',
        `${report.file} has no geometry. Name its columns: x and y.`,
      );
    }
    const zone = zoneBox(place.utmSrid);
    const staged = new ColumnCompiler(own, StagingRepository.firstValues(zone, place.utmSrid)).compile(
      layer,
      request.mapping,
    );
    const { effective } = request;
    const plan: Plan = {
      layer,
      mapping: request.mapping,
      staged,
      width: own.length,
      order: streamColumns.map((name) =>
        name === fidColumn ? 'fid' : name === geometryColumn ? 'geom' : `c${own.indexOf(name) + 1}`,
      ),
      utmSrid: place.utmSrid,
      zone,
      changesetId: uuidV7(tx.ctx.now.getTime()),
      effective: effective ? `[${effective.from},${effective.to ?? ''})` : null,
      meetsOld: await this.applying.meetsOld(tx, layer.table),
      fillsWard: layer.inWard && !request.mapping.columns['ward_number'],
    };
    await this.staging.open(tx, plan);
    await this.imports.openChangeset(tx, plan.changesetId, layer.name, `Import of ${report.file}`);
    return plan;
  }

  /** What can be said only when the whole file is read; then the lines go into the report. */
  private async tell(tx: Tx, plan: Plan, { report, collector }: Intake): Promise<void> {
    const shared = plan.mapping.numberShared ? [] : await this.applying.sharedNumbers(tx);
    for (const row of shared) {
      collector.add({
        row: row.row_no,
        outcome: 'warned',
        rule: 'shared-number',
        column: plan.layer.numberColumn,
        value: row.number,
        message: `${row.rows} features bear this number`,
        place: null,
      });
    }
    report.lines.push(...collector.lines);
    Object.assign(report.rules, collector.rules);
    report.linesCut = collector.cut;
  }

  private async takeBatch(tx: Tx, plan: Plan, batch: RowBatch, intake: Intake): Promise<void> {
    const { report, collector } = intake;
    const { counts } = report;
    checkEncoding(batch, counts.read, report.file);
    if (counts.read + batch.rows > limits.importRows) {
      throw new Problem(413, 'too-many-rows', `More than ${limits.importRows} rows. Split the file.`);
    }
    await this.staging.take(tx, plan, batch).catch((error: Error) => {
      throw unreadable(error, counts.read, report.file);
    });
    const ready = await this.staging.settle(tx, plan);
    for (const line of await this.staging.lines(tx, plan)) collector.add(line);
    counts.read += batch.rows;
    refuseWrongPlace(collector, counts.read, report.file);
    const none = { created: 0, changed: 0, unchanged: 0 };
    const applied = ready ? await this.applying.apply(tx, plan).catch(refusedByTable) : none;
    addCounts(counts, applied, await this.staging.tally(tx, plan));
  }

  private async retire(tx: Tx, plan: Plan, { report, collector }: Intake): Promise<void> {
    const { retired, stillUsed } = await this.applying.retire(tx, plan);
    report.counts.retired = retired;
    for (const { key, number, lon, lat } of stillUsed) {
      collector.add({
        row: 0,
        outcome: 'warned',
        rule: 'still-used',
        column: plan.layer.numberColumn,
        value: number ?? key,
        message: `${key} is not in the file, but is still used: it was left standing`,
        place: [lon, lat],
      });
    }
  }

  private async finish(tx: Tx, plan: Plan, { request, report }: Intake): Promise<void> {
    const { counts } = report;
    const wrote = counts.created + counts.changed + counts.retired > 0;
    if (wrote) {
      request.onProgress?.({ read: counts.read, phase: 'issues' });
      report.issues = await this.findings.register(tx, plan);
    }
    if (request.wholeFile && counts.rejected > 0) report.result = 'refused';
    else if (request.dryRun) report.result = 'dry-run';
    else report.result = wrote ? 'applied' : 'unchanged';
    // Not even an empty changeset is left by a file that changed nothing.
    if (report.result !== 'applied') throw new Undo();
    report.changesetId = plan.changesetId;
    const ground = await this.applying.ground(tx, plan);
    if (ground) await this.tiles.changed(tx, plan.layer.name, ground);
    for (const listener of this.listeners) await listener(tx, plan.layer.name);
    await this.imports.closeChangeset(tx, plan.changesetId, counts);
    await this.keep(tx, request, report);
  }

  private async keep(tx: Tx, request: ImportRequest, report: ImportReport): Promise<void> {
    await this.imports.keep(tx, report, request.mapping, request.wholeFile ?? false);
    if (report.dryRun) return;
    const { id, layer, file, fileSha256, result, changesetId, counts } = report;
    await this.audit.record(tx, {
      action: 'import',
      noun: layer,
      nounId: id,
      after: { file, fileSha256, result, changesetId, counts },
    });
  }
}

function severalLayers(file: string): Problem {
  const detail = `${file} holds several layers. Name one in the mapping: sourceLayer.`;
  return new Problem(422, 'source-layers-several', detail);
}

function newReport(ctx: Context, request: ImportRequest, file: SourceFile): ImportReport {
  return {
    id: uuidV7(ctx.now.getTime()),
    layer: request.layer,
    file: file.name,
    fileSha256: file.sha256,
    dryRun: request.dryRun ?? false,
    result: 'unchanged',
    changesetId: null,
    counts: noCounts(),
    rules: {},
    issues: {},
    lines: [],
    linesCut: false,
  };
}

function checkRequest(layer: Layer, { mapping, effective }: ImportRequest): void {
  if (mapping.layer !== layer.name) {
    throw new Problem(
      422,
      'mapping-other-layer',
      `The mapping is for ${mapping.layer}, not for ${layer.name}.`,
    );
  }
  if (Object.keys(mapping.columns).length === 0) {
    throw new Problem(422, 'mapping-empty', `The mapping fills no column of ${layer.name}.`, [
      { where: '/columns', message: 'at least one column' },
    ]);
  }
  if (layer.effective !== (effective !== undefined)) {
    const detail = layer.effective
      ? `${layer.name} are dated by law: say from which day the file holds.`
      : `${layer.name} are not dated by law: leave the days out.`;
    throw new Problem(422, 'effective-days', detail);
  }
  const wrong = effective && [effective.from, effective.to ?? effective.from].find((day) => !isDay(day));
  if (wrong) throw new Problem(422, 'effective-days', `"${wrong}" is no day. Write YYYY-MM-DD.`);
  if (effective?.to && effective.to <= effective.from) {
    throw new Problem(422, 'effective-days', `${effective.to} is not after ${effective.from}.`);
  }
}

function addCounts(
  counts: ImportCounts,
  applied: { created: number; changed: number; unchanged: number },
  tally: { rejected: number; repaired: number; merged: number },
): void {
  for (const part of [applied, tally]) {
    for (const [name, count] of Object.entries(part)) counts[name as keyof ImportCounts] += count;
  }
  counts.accepted = counts.created + counts.changed + counts.unchanged + counts.merged;
}
