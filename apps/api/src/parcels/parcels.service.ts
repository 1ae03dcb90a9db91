import { Injectable } from '@nestjs/common';
import { maskMobile, maskName } from '../core/mask.js';
import { dayInIndia, formatFinancialYear } from '../core/period.js';
import { Problem } from '../core/problem.js';
import { Audit } from '../platform/audit/audit.js';
import { Database } from '../platform/database/database.js';
import type { Context, Tx } from '../platform/database/tx.js';
import {
  type CardRow,
  type DuesRow,
  type OwnerRow,
  ParcelsRepository,
  type RollFilter,
  type RollRow,
  type UnitRow,
} from './parcels.repository.js';
import { seesPersons } from './persons.js';
import type { ParcelQuery, RevealBody, RollQuery } from './parcels.schema.js';

/** The roll: its table, one property's card, and its owners' names, which nobody sees without leaving a trace. */
@Injectable()
export class ParcelsService {
  constructor(
    private readonly database: Database,
    private readonly repository: ParcelsRepository,
    private readonly audit: Audit,
  ) {}

  async roll(ctx: Context, query: RollQuery) {
    const { ward = null, use = null, status = 'active' } = query;
    return this.database.read(ctx, (tx) => this.page(tx, { ward, use, status, parcelId: null }, query));
  }

  /** The properties that stand on a parcel: none, one, or a tower's hundreds. */
  async onParcel(ctx: Context, parcelId: string, query: ParcelQuery) {
    return this.database.read(ctx, async (tx) => {
      if (!(await this.repository.hasParcel(tx, parcelId))) {
        throw new Problem(404, 'parcel-unknown', `There is no parcel ${parcelId}.`);
      }
      return this.page(tx, { ward: null, use: null, status: 'active', parcelId }, query);
    });
  }

  async card(ctx: Context, id: string) {
    const day = dayInIndia(ctx.now);
    return this.database.read(ctx, async (tx) => {
      const card = await this.found(tx, id);
      const personal = seesPersons(ctx, card.ward_number);
      const owners = personal ? await this.repository.owners(tx, id, day) : [];
      const units = await this.repository.units(tx, id, day);
      const dues = await this.repository.dues(tx, id);
      return {
        ...cardView(card),
        units: units.map(unitView),
        owners: owners.map((owner) => ownerView(owner, true)),
        ownersHidden: !personal,
        assessment: assessmentView(dues),
        ledger: {
          openingPaise: dues.opening_paise,
          demandPaise: dues.demand_paise,
          rebatePaise: dues.rebate_paise,
          balancePaise: (
            BigInt(dues.opening_paise) +
            BigInt(dues.demand_paise) -
            BigInt(dues.rebate_paise)
          ).toString(),
        },
      };
    });
  }

  /** Owners unmasked, for a reason that the audit log keeps together with who read them and when. */
  async reveal(ctx: Context, id: string, { reason }: RevealBody) {
    return this.database.write(ctx, async (tx) => {
      const card = await this.found(tx, id);
      if (!seesPersons(ctx, card.ward_number)) {
        const detail = `The property lies in ward ${card.ward_number ?? '(none)'}, which is not one of yours.`;
        throw new Problem(403, 'ward-not-yours', detail);
      }
      const owners = await this.repository.owners(tx, id, dayInIndia(ctx.now));
      const after = { number: card.number, ownerNos: owners.map((owner) => owner.owner_no) };
      await this.audit.record(tx, { action: 'owners.reveal', noun: 'property', nounId: id, after, reason });
      return { owners: owners.map((owner) => ownerView(owner, false)) };
    });
  }

  /** The property that bears a number, or bore it before. */
  async idOfNumber(ctx: Context, number: string): Promise<string> {
    const id = await this.database.read(ctx, (tx) => this.repository.idOfNumber(tx, number));
    if (!id) {
      const detail = `No property, or more than one, bears the number "${number.slice(0, 60)}". Look for it with search.`;
      throw new Problem(404, 'property-unknown', detail, [
        { where: 'number', value: number, message: 'not found' },
      ]);
    }
    return id;
  }

  private async page(tx: Tx, filter: RollFilter, { after, limit }: ParcelQuery) {
    const day = dayInIndia(tx.ctx.now);
    const rows = await this.repository.page(tx, filter, day, after ?? null, limit + 1);
    const items = rows.slice(0, limit).map((row) => rollView(row, seesPersons(tx.ctx, row.ward_number)));
    const next = rows.length > limit ? (items.at(-1)?.number ?? null) : null;
    return { items, next, total: await this.repository.count(tx, filter, day) };
  }

  private async found(tx: Tx, id: string): Promise<CardRow> {
    const card = await this.repository.card(tx, id);
    if (!card) throw new Problem(404, 'property-unknown', `There is no property ${id}.`);
    return card;
  }
}

function rollView(row: RollRow, personal: boolean) {
  return {
    id: row.id,
    number: row.number,
    wardNumber: row.ward_number,
    address: row.address,
    use: row.use,
    units: row.units,
    areaM2: row.area_m2,
    ownerMasked: personal && row.owner ? maskName(row.owner) : null,
    owners: row.owners,
    parcelId: row.parcel_id,
    noParcelReason: row.no_parcel_reason,
    demandPaise: row.demand_paise,
    fy: row.fy === null ? null : formatFinancialYear(row.fy),
  };
}

function cardView(card: CardRow) {
  return {
    id: card.id,
    number: card.number,
    aliases: card.aliases,
    status: card.status,
    wardNumber: card.ward_number,
    zoneNumber: card.zone_number,
    category: card.category,
    locality: card.locality,
    address: card.address,
    addressLocal: card.address_local,
    landAreaM2: card.land_area_m2,
    facts: card.facts,
    parcels: card.parcels,
    noParcelReason: card.no_parcel_reason,
  };
}

function unitView(unit: UnitRow) {
  return {
    unitNo: unit.unit_no,
    floor: unit.floor,
    use: unit.use,
    structure: unit.structure,
    occupancy: unit.occupancy,
    yearBuilt: unit.year_built,
    areaM2: unit.area_m2,
    declaredAreaM2: unit.declared_area_m2,
    measuredAreaM2: unit.measured_area_m2,
    capitalValue: unit.capital_value,
    facts: unit.facts,
    effectiveFrom: unit.from_day,
  };
}

function ownerView(owner: OwnerRow, masked: boolean) {
  const name = (text: string | null) => (text === null || !masked ? text : maskName(text));
  return {
    ownerNo: owner.owner_no,
    name: name(owner.name),
    nameLocal: name(owner.name_local),
    mobile: owner.mobile === null || !masked ? owner.mobile : maskMobile(owner.mobile),
    share: owner.share,
    class: owner.class,
  };
}

function assessmentView(dues: DuesRow) {
  if (dues.fy === null) return null;
  return {
    fy: formatFinancialYear(dues.fy),
    totalPaise: dues.total_paise,
    exempt: dues.exempt,
    tariffTitle: dues.tariff_title,
    status: dues.tariff_status,
    assessmentNo: dues.assessment_no,
  };
}
