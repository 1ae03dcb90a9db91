import { Injectable } from '@nestjs/common';
import { formatFinancialYear } from '../../core/period.js';
import type { Label } from '../../core/label.js';
import { Problem } from '../../core/problem.js';
import { Database } from '../../platform/database/database.js';
import type { Context, Tx } from '../../platform/database/tx.js';
import { limits } from '../../platform/limits.js';
import { compileTariff, type CompiledTariff } from '../../tariff/compile.js';
import { TariffFilesService } from '../tariff-files/tariff-files.service.js';
import { type ProposalRow, TariffProposalsRepository } from './tariff-proposals.repository.js';
import type { ExampleOf } from './tariff-proposals.schema.js';

/** The parts of an explanation that a difference is made of. */
interface Told {
  totalPaise: string | null;
  missing: string[] | null;
  heads: { name: string; label: Label; paise: string | null }[];
}

interface HeadDifference {
  name: string;
  label: Label;
  inForcePaise: string | null;
  proposedPaise: string | null;
  /** Null where one of the two has no amount. */
  differencePaise: string | null;
}

export interface Example {
  /** The case's name, or the property's number. */
  of: string;
  fy: string;
  proposed: unknown;
  /** Null where no tariff is in force for the proposal's years, or the case does not fit it. */
  inForce: unknown;
  heads: HeadDifference[];
  total: Omit<HeadDifference, 'name' | 'label'>;
}

/** One property or case under the proposal, beside the version in force in the same year and on the same facts. */
@Injectable()
export class ProposalExampleService {
  constructor(
    private readonly database: Database,
    private readonly proposals: TariffProposalsRepository,
    private readonly tariffs: TariffFilesService,
  ) {}

  async example(ctx: Context, row: ProposalRow, against: string | null, of: ExampleOf): Promise<Example> {
    const proposed = await this.compiled(row);
    const inForce = against ? await this.database.read(ctx, (tx) => this.tariffs.bySha(tx, against)) : null;
    return 'case' in of
      ? this.ofCase(ctx, proposed, inForce, of.case)
      : this.ofProperty(ctx, proposed, inForce, of.property);
  }

  private async compiled(row: ProposalRow): Promise<CompiledTariff> {
    if (row.kind !== 'assessment') {
      const detail =
        'An example is worked under an assessment file; this proposal is one of collection. See its cases.';
      throw new Problem(422, 'example-not-possible', detail);
    }
    const result = await compileTariff(row.source, 'proposal');
    if (result.ok) return result.tariff;
    const detail = `The proposal has ${result.faults.length} fault(s), so that nothing can be worked out under it yet.`;
    throw new Problem(422, 'tariff-faulty', detail);
  }

  private async ofCase(
    ctx: Context,
    proposed: CompiledTariff,
    inForce: CompiledTariff | null,
    name: string,
  ): Promise<Example> {
    const one = proposed.cases.find((each) => each.name === name);
    if (!one) throw new Problem(404, 'case-unknown', `The proposal has no case "${name}".`);
    const fy = one.given.fy ?? proposed.appliesFromFy;
    // The same year under both: what differs is the tariff.
    const given = { ...one.given, fy };
    const explain = (tariff: CompiledTariff) =>
      this.read(ctx, (tx) => this.proposals.explainCase(tx, tariff, given));
    const before = inForce ? await explain(inForce).catch(() => null) : null;
    return compared(name, fy, await explain(proposed), before);
  }

  private async ofProperty(
    ctx: Context,
    proposed: CompiledTariff,
    inForce: CompiledTariff | null,
    number: string,
  ): Promise<Example> {
    const property = await this.read(ctx, (tx) => this.proposals.property(tx, number));
    const own = ctx.actor.wardNumbers;
    if (!property || (own && !own.includes(property.ward ?? ''))) {
      const where = own ? ` in your wards (${own.join(', ')})` : '';
      throw new Problem(404, 'property-unknown', `There is no property ${number}${where}.`);
    }
    const fy = proposed.appliesFromFy;
    const explain = async (tariff: CompiledTariff) => {
      const told = await this.read(ctx, (tx) => this.proposals.explainProperty(tx, tariff, property.id, fy));
      return ctx.actor.permissions.has('owners:read') || !told ? told : { ...(told as object), owners: null };
    };
    return compared(property.number, fy, await explain(proposed), inForce ? await explain(inForce) : null);
  }

  private read<T>(ctx: Context, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.read(ctx, work, { statementTimeoutMs: limits.tariffCheckTimeoutMs });
  }
}

function compared(of: string, fy: number, proposed: unknown, inForce: unknown): Example {
  if (!proposed)
    throw new Problem(404, 'property-retired', `${of} is not active: no tax is worked out for it.`);
  const [now, before] = [proposed as Told, inForce as Told | null];
  const names = [...new Set([...now.heads, ...(before?.heads ?? [])].map(({ name }) => name))];
  const heads = names.map((name) => {
    const [is, was] = [headOf(now, name), headOf(before, name)];
    const label = (is ?? was)!.label;
    return { name, label, ...difference(was?.paise ?? null, is?.paise ?? null) };
  });
  const total = difference(before?.totalPaise ?? null, now.totalPaise);
  return { of, fy: formatFinancialYear(fy), proposed, inForce, heads, total };
}

const headOf = (told: Told | null, name: string) => told?.heads.find((head) => head.name === name) ?? null;

function difference(inForcePaise: string | null, proposedPaise: string | null) {
  const known = inForcePaise !== null && proposedPaise !== null;
  const differencePaise = known ? String(BigInt(proposedPaise) - BigInt(inForcePaise)) : null;
  return { inForcePaise, proposedPaise, differencePaise };
}
