import { Injectable } from '@nestjs/common';
import { uuidV7 } from '../../core/ids.js';
import { financialYearOf, financialYearStart, formatFinancialYear } from '../../core/period.js';
import { Problem } from '../../core/problem.js';
import { Database } from '../../platform/database/database.js';
import type { Context, Tx } from '../../platform/database/tx.js';
import { AssessmentRepository } from '../assessment.repository.js';
import { refuseForeignWards } from '../run/run-rules.js';
import { type RunView, viewOf } from '../run/run-view.js';
import { RunService } from '../run.service.js';
import { TariffFilesService } from '../tariff-files/tariff-files.service.js';
import { RevisionRepository, type RevisedProperty } from './revision.repository.js';
import type { NewRevision } from './revision.schema.js';

/**
 * One property assessed anew after a correction, an objection's order or a mutation: a run of its own with the next
 * number, whose difference a second person publishes as a demand or a credit. What stood before stays as it is.
 */
@Injectable()
export class RevisionService {
  constructor(
    private readonly database: Database,
    private readonly repository: RevisionRepository,
    private readonly runRows: AssessmentRepository,
    private readonly runs: RunService,
    private readonly tariffs: TariffFilesService,
  ) {}

  async start(ctx: Context, propertyId: string, asked: NewRevision): Promise<RunView> {
    const { fy, reason, order, clientKey = null } = asked;
    const effectiveOn = asked.effectiveOn ?? financialYearStart(fy);
    if (financialYearOf(effectiveOn) !== fy) throw outsideYear(fy, effectiveOn);
    return this.database.write(ctx, async (tx) => {
      await this.runRows.lockYear(tx, fy);
      const known = clientKey ? await this.runRows.byClientKey(tx, clientKey) : null;
      if (known?.property_id === propertyId && known.fy === fy) return viewOf(known);
      const property = await this.active(tx, propertyId);
      const wards = property.ward_number === null ? null : [property.ward_number];
      refuseForeignWards(tx.ctx, wards);
      const tariff = await this.tariffs.forYear(tx, fy);
      const id = uuidV7(ctx.now.getTime());
      const revision = { propertyId, reason, orderRef: order ?? null };
      await this.runs.add(tx, { id, fy, wardNumbers: wards, effectiveOn, clientKey, revision }, tariff);
      return viewOf(await this.runRows.found(tx, id));
    });
  }

  private async active(tx: Tx, id: string): Promise<RevisedProperty> {
    const property = await this.repository.property(tx, id);
    if (!property) throw new Problem(404, 'property-unknown', `There is no property ${id}.`);
    if (property.status === 'active') return property;
    const detail = `Property ${property.number} is retired and is not assessed. Put it back on the roll first.`;
    throw new Problem(409, 'property-retired', detail);
  }
}

function outsideYear(fy: number, effectiveOn: string): Problem {
  const detail =
    `${effectiveOn} does not lie in ${formatFinancialYear(fy)}. Give a day from 1 April ${fy} to 31 March ${fy + 1}, ` +
    'or revise the other year too.';
  return new Problem(422, 'day-outside-year', detail, [
    { where: 'effectiveOn', value: effectiveOn, message: 'not in the year' },
  ]);
}
