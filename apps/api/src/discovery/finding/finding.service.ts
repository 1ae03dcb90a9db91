import { Injectable } from '@nestjs/common';
import { dayInIndia, formatFinancialYear } from '../../core/period.js';
import { Problem } from '../../core/problem.js';
import { Audit } from '../../platform/audit/audit.js';
import { Database } from '../../platform/database/database.js';
import type { Context, SqlValue, Tx } from '../../platform/database/tx.js';
import { DiscoveryRunRepository } from '../run/run.repository.js';
import { discoverySettings } from '../run/settings.js';
import { TaskRepository, taskView } from '../task/task.repository.js';
import {
  type FindingCardRow,
  FindingRepository,
  type FindingRow,
  type FunnelRow,
} from './finding.repository.js';
import type { FindingQuery, StateChange } from './finding.schema.js';
import { type FindingKind, type FindingState, nextStates } from './states.js';

/** Findings as officers work them off: listed, looked at, and moved from stage to stage in the order of the law. */
@Injectable()
export class FindingService {
  constructor(
    private readonly database: Database,
    private readonly findings: FindingRepository,
    private readonly tasks: TaskRepository,
    private readonly runs: DiscoveryRunRepository,
    private readonly audit: Audit,
  ) {}

  /** The dearest first; `next` leads on. */
  async list(ctx: Context, query: FindingQuery) {
    const [weight, id] = (query.after ?? '').split('_');
    const after: [string, string] | null = weight && id && /^-?\d{1,18}$/.test(weight) ? [weight, id] : null;
    if (query.after && (!after || !/^[0-9a-f-]{36}$/.test(after[1]))) {
      throw new Problem(400, 'page-unknown', 'after is not the next of an earlier page.');
    }
    return this.database.read(ctx, async (tx) => {
      const rows = await this.findings.page(tx, query, after, query.limit + 1);
      const page = rows.slice(0, query.limit);
      const last = page.at(-1);
      const totals = await this.findings.totals(tx, query);
      const next =
        rows.length > query.limit && last ? `${last.estimate_paise ?? '-9000000000000000'}_${last.id}` : null;
      return { items: page.map(rowView), next, total: totals.n, estimatePaise: totals.estimate_paise };
    });
  }

  async card(ctx: Context, id: string) {
    return this.database.read(ctx, (tx) => this.cardOf(tx, id));
  }

  /** Takes one step. Who may verify and who may decide are different permissions, asked by the caller. */
  async change(ctx: Context, id: string, step: StateChange) {
    return this.database.write(ctx, async (tx) => {
      const now = await this.findings.lock(tx, id);
      if (!now) throw unknown(id);
      refuseForeignWard(tx, now.ward_number);
      if (!nextStates[now.state].includes(step.to)) throw wrongOrder(now.state, step.to);
      const card = await this.findings.card(tx, id);
      const set = await this.columnsOf(tx, step, card as FindingCardRow);
      await this.findings.change(tx, id, step.to, { from: now.state, note: step.note, set });
      await this.audit.record(tx, {
        action: `finding.${step.to}`,
        noun: 'finding',
        nounId: id,
        before: { state: now.state },
        after: { state: step.to, ...set },
        reason: step.note,
      });
      return this.cardOf(tx, id);
    });
  }

  /** Stages per ward and over all, also by kind. */
  async funnel(ctx: Context, kind: FindingKind | null) {
    const rows = await this.database.read(ctx, (tx) =>
      this.findings.funnel(tx, kind, tx.ctx.actor.wardNumbers),
    );
    const wards = [...new Set(rows.map((row) => row.ward_number))];
    const kinds = [...new Set(rows.map((row) => row.kind))];
    return {
      total: stages(rows),
      wards: wards.map((ward) => ({
        wardNumber: ward,
        ...stages(rows.filter((row) => row.ward_number === ward)),
      })),
      kinds: kinds.map((one) => ({ kind: one, ...stages(rows.filter((row) => row.kind === one)) })),
    };
  }

  async tile(ctx: Context, at: { z: number; x: number; y: number }): Promise<Buffer> {
    return this.database.read(ctx, (tx) => this.findings.tile(tx, at));
  }

  private async cardOf(tx: Tx, id: string) {
    const row = await this.findings.card(tx, id);
    if (!row) throw unknown(id);
    refuseForeignWard(tx, row.ward_number);
    const [events, tasks] = [await this.findings.events(tx, id), await this.tasks.ofFinding(tx, id)];
    return {
      ...rowView(row),
      bbox: row.bbox,
      evidence: row.evidence,
      estimate: { ...row.estimate, tariffStatus: row.tariff_status },
      verifiedAt: row.verified_at?.toISOString() ?? null,
      noticedOn: row.noticed_on,
      objectionsUntil: row.objections_until,
      objectedOn: row.objected_on,
      demandedOn: row.demanded_on,
      demandedPaise: row.demanded_paise,
      paidOn: row.paid_on,
      paidPaise: row.paid_paise,
      endedReason: row.ended_reason,
      previousId: row.previous_id,
      nextStates: nextStates[row.state].filter((state) => state !== 'lapsed'),
      events: events.map((event) => ({ ...event, at: event.at.toISOString() })),
      tasks: tasks.map(taskView),
    };
  }

  private async columnsOf(tx: Tx, step: StateChange, row: FindingCardRow): Promise<Record<string, SqlValue>> {
    const today = dayInIndia(tx.ctx.now);
    if (step.to === 'verified') return { verified_at: tx.ctx.now };
    if (step.to === 'dismissed') return { ended_at: tx.ctx.now, ended_reason: step.note };
    if (step.to === 'objected') return { objected_on: step.objectedOn ?? today };
    if (step.to === 'paid') return { paid_on: step.paidOn ?? today, paid_paise: step.amountPaise };
    if (step.to === 'noticed') {
      const on = step.noticedOn ?? today;
      const { objectionDays } = discoverySettings.parse((await this.runs.settings(tx))?.settings ?? {});
      const until = step.objectionsUntil ?? addDays(on, objectionDays);
      if (until <= on)
        throw tooEarly('objectionsUntil', until, `The term for objections ends before the notice of ${on}.`);
      return { noticed_on: on, objections_until: until };
    }
    const on = step.demandedOn ?? today;
    if (row.state === 'noticed' && on <= (row.objections_until ?? '')) {
      const detail = `The owner may object until ${row.objections_until}. Demand after that day, or record the objection.`;
      throw tooEarly('demandedOn', on, detail);
    }
    return { demanded_on: on, demanded_paise: step.amountPaise };
  }
}

function unknown(id: string): Problem {
  return new Problem(404, 'finding-unknown', `There is no finding ${id}.`);
}

function wrongOrder(from: FindingState, to: FindingState): Problem {
  const next = nextStates[from].filter((state) => state !== 'lapsed');
  const may = next.length ? `It can become: ${next.join(', ')}.` : 'It is closed.';
  const detail = `A finding that is ${from} cannot become ${to}. ${may} Nothing is demanded before verification and notice.`;
  return new Problem(409, 'finding-order', detail, [
    { where: '/to', value: to, message: `not after ${from}` },
  ]);
}

function tooEarly(where: string, value: string, detail: string): Problem {
  return new Problem(422, 'finding-too-early', detail, [{ where: `/${where}`, value, message: 'too early' }]);
}

function refuseForeignWard(tx: Tx, ward: string): void {
  const own = tx.ctx.actor.wardNumbers;
  if (own === null || own.includes(ward)) return;
  throw new Problem(
    403,
    'ward-not-yours',
    `The finding lies in ward ${ward || '(none)'}, which is not one of yours.`,
  );
}

function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

function rowView(row: FindingRow) {
  return {
    id: row.id,
    tileId: row.tile_id,
    kind: row.kind,
    state: row.state,
    wardNumber: row.ward_number,
    number: row.number,
    parcelNo: row.parcel_no,
    propertyId: row.property_id,
    buildingTileId: row.building_tile,
    parcelTileId: row.parcel_tile,
    measuredM2: row.measured_m2,
    declaredM2: row.declared_m2,
    adoptedM2: row.adopted_m2,
    estimatePaise: row.estimate_paise,
    fy: formatFinancialYear(row.fy),
    foundAt: row.found_at.toISOString(),
    changedAt: row.changed_at.toISOString(),
    center: [row.lon, row.lat],
  };
}

const stageNames = ['found', 'verified', 'noticed', 'objected', 'demanded', 'paid', 'dismissed'] as const;

function stages(rows: FunnelRow[]) {
  const sum = (name: (typeof stageNames)[number]) => ({
    stage: name,
    count: rows.reduce((total, row) => total + row[name], 0),
    paise: rows.reduce((total, row) => total + BigInt(row[`${name}_paise`]), 0n).toString(),
  });
  return {
    stages: stageNames.map(sum),
    withoutEstimate: rows.reduce((total, row) => total + row.without_estimate, 0),
  };
}
