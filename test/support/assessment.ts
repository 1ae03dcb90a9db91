import { AssessmentRepository } from '../../apps/api/src/assessment/assessment.repository.js';
import { AssessmentService } from '../../apps/api/src/assessment/assessment.service.js';
import { ChunkRepository } from '../../apps/api/src/assessment/chunk.repository.js';
import { ExplanationRepository } from '../../apps/api/src/assessment/explanation/explanation.repository.js';
import { ExplanationService } from '../../apps/api/src/assessment/explanation/explanation.service.js';
import { HistoryRepository } from '../../apps/api/src/assessment/history/history.repository.js';
import { HistoryService } from '../../apps/api/src/assessment/history/history.service.js';
import { LapseService } from '../../apps/api/src/assessment/rebate/lapse.service.js';
import { RebatesRepository } from '../../apps/api/src/assessment/rebate/rebate.repository.js';
import { RebateService } from '../../apps/api/src/assessment/rebate/rebate.service.js';
import { RebateRepository } from '../../apps/api/src/ledger/rebate.repository.js';
import { RevisionRepository } from '../../apps/api/src/assessment/revision/revision.repository.js';
import { RevisionService } from '../../apps/api/src/assessment/revision/revision.service.js';
import { DocumentRepository } from '../../apps/api/src/parcels/property-file/document.repository.js';
import { PublicationRepository } from '../../apps/api/src/assessment/publication/publication.repository.js';
import { PublicationService } from '../../apps/api/src/assessment/publication/publication.service.js';
import type { RunView } from '../../apps/api/src/assessment/run/run-view.js';
import { RunService } from '../../apps/api/src/assessment/run.service.js';
import { TariffFilesRepository } from '../../apps/api/src/assessment/tariff-files/tariff-files.repository.js';
import { TariffFilesService } from '../../apps/api/src/assessment/tariff-files/tariff-files.service.js';
import { TaxMapRepository } from '../../apps/api/src/assessment/tax-map/tax-map.repository.js';
import { uuidV7 } from '../../apps/api/src/core/ids.js';
import { DemandRepository } from '../../apps/api/src/ledger/demand.repository.js';
import { LedgerRepository } from '../../apps/api/src/ledger/ledger.repository.js';
import { Audit } from '../../apps/api/src/platform/audit/audit.js';
import { AuditRepository } from '../../apps/api/src/platform/audit/audit.repository.js';
import type { Context } from '../../apps/api/src/platform/database/tx.js';
import { Log } from '../../apps/api/src/platform/log.js';
import { JobRegistry } from '../../apps/api/src/platform/queue/job-registry.js';
import { Jobs } from '../../apps/api/src/platform/queue/jobs.js';
import { JobsRepository } from '../../apps/api/src/platform/queue/jobs.repository.js';
import { Progress } from '../../apps/api/src/platform/queue/progress.js';
import { JobRunner } from '../../apps/api/src/platform/queue/runner.js';
import type { TestDatabase } from './database.js';

/** The services of an assessment as the application wires them, with a worker that runs when it is told to. */
export function assessmentServices(db: TestDatabase) {
  const audit = new Audit(new AuditRepository());
  const ledger = new LedgerRepository();
  const repository = new AssessmentRepository();
  const jobsRepository = new JobsRepository();
  const jobs = new Jobs(jobsRepository);
  const registry = new JobRegistry();
  const progress = new Progress(db.config);
  const tariffs = new TariffFilesService(db.database, new TariffFilesRepository(), ledger, audit);
  const maps = new TaxMapRepository();
  const chunks = new ChunkRepository();
  const publicationRows = new PublicationRepository();
  const rebateRows = new RebatesRepository();
  const rebatePostings = new RebateRepository();
  const rebates = new RebateService(rebateRows, rebatePostings, ledger, tariffs);
  const runs = new RunService(
    db.database,
    repository,
    chunks,
    publicationRows,
    rebates,
    maps,
    tariffs,
    jobs,
    registry,
    progress,
    audit,
  );
  const publications = new PublicationService(
    db.database,
    repository,
    publicationRows,
    new DemandRepository(),
    rebates,
    jobs,
    registry,
    progress,
    audit,
  );
  runs.onModuleInit();
  publications.onModuleInit();
  const assessments = new AssessmentService(db.database, repository, tariffs, runs, progress, audit);
  /** Another person than the tester, with the figures that the run shows. */
  const publish = async (ctx: Context, run: RunView): Promise<RunView> =>
    publications.publish(second(ctx), run.id, figuresOf(run));
  const runner = new JobRunner(db.database, jobsRepository, registry, new Log(db.config));
  return {
    ledger,
    maps,
    tariffs,
    runs,
    chunks,
    assessments,
    publications,
    publish,
    lapses: new LapseService(db.database, rebateRows, rebatePostings, rebates, tariffs, audit),
    explanations: new ExplanationService(
      db.database,
      new ExplanationRepository(),
      new HistoryRepository(),
      rebates,
      tariffs,
    ),
    history: new HistoryService(db.database, new HistoryRepository(), new DocumentRepository(), tariffs),
    revisions: new RevisionService(db.database, new RevisionRepository(), repository, runs, tariffs),
    stop: () => progress.onApplicationShutdown(),
    /** Does all jobs that wait, `atOnce` of them side by side, until none is left. */
    async work(ctx: Context, atOnce = 1): Promise<void> {
      for (;;) {
        const { rows } = await db.owner.query<{ id: string }>(
          `SELECT id FROM jobs WHERE ulb_id = $1 AND status = 'pending' ORDER BY id`,
          [ctx.ulbId],
        );
        if (!rows.length) return;
        for (let i = 0; i < rows.length; i += atOnce) {
          await Promise.all(rows.slice(i, i + atOnce).map((row) => runner.run(ctx.ulbId, row.id)));
        }
      }
    },
  };
}

/** Who checks what the actor of `ctx` has made. */
export function second(ctx: Context): Context {
  return { ...ctx, actor: { ...ctx.actor, id: null, login: 'checker' } };
}

/** What whoever publishes a run must type. */
export function figuresOf(run: RunView): { assessments: number; totalPaise: string } {
  return { assessments: run.assessed + run.exempt, totalPaise: run.totalPaise };
}

/** A tariff small enough to reckon in the head: rupees 10 or 20 per m2 by use, a cess of a tenth, two halves. */
export function smallTariff(
  options: { status?: string; residential?: number; from?: string; to?: string } = {},
): string {
  const { status = 'sample', residential = 10, from = '2026-27', to = 'null' } = options;
  const label = (en: string) => `{en: ${en}, hi: ${en}, mr: ${en}}`;
  return `
tariff: in-xx/small
kind: assessment
title: ${label('Small tariff')}
law: "Made for a test"
applies_to: {from: ${from}, to: ${to}}
status: ${status}
units: {currency: INR, area: m2}
inputs:
  property: {}
  unit: {area: {area: true, max: 100000}, use: {code: [residential, commercial, worship]}}
  owner: {}
tables:
  rate: {key: {use: exact}, unit: money/area, reference: "Schedule 1", rows: [[residential, ${residential}], [commercial, 20], [worship, 0]]}
steps:
  unit:
    - {name: annual, formula: "area * rate(use)", round: {to: 1, mode: half_up}, label: ${label('Annual')}}
  property: []
exemptions:
  - {name: worship, when: "bool_and(unit.use = 'worship')", label: ${label('Worship')}, reference: "s. 1"}
heads:
  - {name: property_tax, formula: "sum(unit.annual)", round: {to: 1, mode: half_up}, account: income-property-tax, label: ${label('Property tax')}, reference: "s. 2"}
  - {name: cess, formula: "property_tax / 10", round: {to: 0.01, mode: half_up}, account: income-cess, label: ${label('Cess')}, reference: "s. 3"}
instalments: [{n: 1, due: 06-30, share: "0.5"}, {n: 2, due: 12-31, share: "0.5"}]
`;
}

export interface RollProperty {
  number: string;
  ward: string;
  units: { use: string | null; areaM2: number }[];
  owner?: string;
  ownerLocal?: string;
}

/** Puts properties with their units (and owner) on the roll; returns their ids in the same order. */
export async function addProperties(
  db: TestDatabase,
  ctx: Context,
  properties: RollProperty[],
): Promise<string[]> {
  const ids = properties.map((_, i) => uuidV7(ctx.now.getTime() + i));
  for (const [i, property] of properties.entries()) {
    await db.owner.query(
      `INSERT INTO properties (ulb_id, id, number, ward_number, no_parcel_reason, recorded_at)
       VALUES ($1, $2, $3, $4, 'not_mapped', $5)`,
      [ctx.ulbId, ids[i], property.number, property.ward, ctx.now],
    );
    for (const [n, unit] of property.units.entries()) {
      await db.owner.query(
        `INSERT INTO units (ulb_id, property_id, unit_no, effective, use, area_m2, recorded_at)
         VALUES ($1, $2, $3, '[2020-04-01,)', $4, $5, $6)`,
        [ctx.ulbId, ids[i], n + 1, unit.use, unit.areaM2, ctx.now],
      );
    }
    if (!property.owner) continue;
    await db.owner.query(
      `INSERT INTO owners (ulb_id, property_id, owner_no, effective, name, name_local, mobile, recorded_at)
       VALUES ($1, $2, 1, '[2020-04-01,)', $3, $4, '9876541234', $5)`,
      [ctx.ulbId, ids[i], property.owner, property.ownerLocal ?? null, ctx.now],
    );
  }
  return ids;
}
