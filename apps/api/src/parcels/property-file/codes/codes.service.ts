import { Injectable } from '@nestjs/common';
import { dayInIndia, financialYearOf } from '../../../core/period.js';
import { Database } from '../../../platform/database/database.js';
import type { Context, Tx } from '../../../platform/database/tx.js';
import { CodesRepository } from './codes.repository.js';
import { type AskedFact, tariffCodes, type TariffCodes } from './tariff-codes.js';

/** What a clerk chooses from. Codes that the law knows come first, then those that the roll uses besides. */
export interface RollCodes {
  floor: string[];
  use: string[];
  structure: string[];
  occupancy: string[];
  class: string[];
  zone: string[];
  /** Names of the lists above that the tariff in force gives: a code outside of them cannot be assessed. */
  byLaw: string[];
  facts: AskedFact[];
  wards: { number: string; zoneNumber: string | null }[];
}

const floors = ['basement', 'ground', 'first', 'second', 'third', 'fourth', 'fifth'];

@Injectable()
export class CodesService {
  /** Reading a long tariff takes longer than asking for it; the digest says that it is the same. */
  private readonly read = new Map<string, TariffCodes>();

  constructor(
    private readonly database: Database,
    private readonly repository: CodesRepository,
  ) {}

  async codes(ctx: Context): Promise<RollCodes> {
    return this.database.read(ctx, (tx) => this.of(tx, dayInIndia(ctx.now)));
  }

  /** The codes of the year in which `day` lies. */
  async of(tx: Tx, day: string): Promise<RollCodes> {
    const used = await this.repository.used(tx);
    const law = await this.law(tx, day);
    const both = (byLaw: string[] | undefined, others: string[]) => [
      ...new Set([...(byLaw ?? []), ...others]),
    ];
    const wards = await this.repository.wards(tx, day);
    const zones = wards.flatMap(({ zoneNumber }) => (zoneNumber ? [zoneNumber] : []));
    const unitLists = ['floor', 'use', 'structure', 'occupancy'].filter((name) => law?.unit[name]);
    return {
      // Where neither law nor roll names a floor, the usual words do.
      floor: both(law?.unit['floor'], used.floor.length ? used.floor : floors),
      use: both(law?.unit['use'], used.use),
      structure: both(law?.unit['structure'], used.structure),
      occupancy: both(law?.unit['occupancy'], used.occupancy),
      class: both(law?.owner['class'], both(['none'], used.class)),
      zone: both(law?.property['zone'], zones),
      byLaw: [
        ...unitLists,
        ...(law?.owner['class'] ? ['class'] : []),
        ...(law?.property['zone'] ? ['zone'] : []),
      ],
      facts: law?.facts ?? [],
      wards,
    };
  }

  private async law(tx: Tx, day: string): Promise<TariffCodes | null> {
    const tariff = await this.repository.tariff(tx, financialYearOf(day));
    if (!tariff) return null;
    const known = this.read.get(tariff.sha256) ?? tariffCodes(tariff.body);
    if (this.read.size > 50) this.read.clear();
    this.read.set(tariff.sha256, known);
    return known;
  }
}
