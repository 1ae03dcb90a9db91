import { Injectable } from '@nestjs/common';
import { uuidV7 } from '../../core/ids.js';
import { Problem } from '../../core/problem.js';
import { Database } from '../../platform/database/database.js';
import type { Context } from '../../platform/database/tx.js';
import { limits } from '../../platform/limits.js';
import type { CompiledTariff } from '../../tariff/compile.js';
import { CompareRepository, type Pair } from './compare/compare.repository.js';
import { comparisonOf, headPlaces, listedIds } from './compare/comparison.js';
import type { Comparison } from './compare/result.js';
import { type RollRow, SimulationRollRepository } from './roll/roll.repository.js';
import { SimulationSideRepository } from './roll/side.repository.js';

/** A tariff with the financial year under which it is reckoned. */
export interface SideTariff {
  tariff: CompiledTariff;
  fy: number;
}

/** Called after each chunk with how many are done on both sides. Whoever throws here stops the work. */
export type OnChunk = (done: number) => Promise<void>;

/** The roll was written to while it was being reckoned: the sides would be of two different rolls. */
export class RollChanged extends Error {}

const patient = { statementTimeoutMs: limits.jobStatementTimeoutMs };

/** Reckons tariffs over the roll. What is reckoned already is not reckoned again: a moved slider costs one side. */
@Injectable()
export class Reckoner {
  constructor(
    private readonly database: Database,
    private readonly rolls: SimulationRollRepository,
    private readonly sides: SimulationSideRepository,
    private readonly comparing: CompareRepository,
  ) {}

  /** The roll of the wards as it stands now. */
  async roll(ctx: Context, effectiveOn: string, wardNumbers: string[] | null): Promise<RollRow> {
    const work = { ...patient, snapshot: true };
    const roll = await this.database.write(
      ctx,
      async (tx) => {
        const fingerprint = await this.rolls.fingerprint(tx);
        const known = await this.rolls.find(tx, effectiveOn, wardNumbers, fingerprint);
        if (known) return known;
        const id = uuidV7(tx.ctx.now.getTime());
        return this.rolls.add(tx, { id, effectiveOn, wardNumbers, fingerprint });
      },
      work,
    );
    // Outside of the snapshot, in which two who ask at once could not both write the same row.
    await this.database.write(ctx, (tx) => this.rolls.touch(tx, roll.id));
    return roll;
  }

  async byId(ctx: Context, rollId: string): Promise<RollRow | null> {
    return this.database.read(ctx, (tx) => this.rolls.byId(tx, rollId));
  }

  /** Sees to it that both sides are reckoned over the roll. */
  async pair(
    ctx: Context,
    roll: RollRow,
    [present, proposed]: [SideTariff, SideTariff],
    onChunk: OnChunk,
  ): Promise<Pair> {
    let done = 0;
    const count = async (chunks: number) => onChunk((done += chunks));
    const presentId = await this.side(ctx, roll, present, count);
    const proposedId = await this.side(ctx, roll, proposed, count);
    return { rollId: roll.id, presentId, proposedId };
  }

  /** Compares two sides. Throws RollChanged where the roll is no longer the one that they were reckoned over. */
  async compare(
    ctx: Context,
    roll: RollRow,
    pair: Pair,
    sides: [SideTariff, SideTariff],
  ): Promise<Comparison> {
    const places = headPlaces(sides[0].tariff, sides[1].tariff);
    const [rows, spread, fingerprint] = await Promise.all([
      this.database.read(ctx, (tx) => this.comparing.groups(tx, pair), patient),
      this.database.read(ctx, (tx) => this.comparing.spread(tx, pair), patient),
      this.database.read(ctx, (tx) => this.rolls.fingerprint(tx)),
    ]);
    if (fingerprint !== roll.fingerprint || rows.properties !== roll.properties) throw new RollChanged();
    const apart = rows.one_sided.length > 0;
    const [heads, numbers] = await Promise.all([
      this.database.read(ctx, (tx) => this.comparing.heads(tx, pair, places, apart), patient),
      this.database.read(ctx, (tx) => this.comparing.numbers(tx, listedIds(rows))),
    ]);
    return comparisonOf(rows, spread, { rows: heads, places }, numbers);
  }

  /** Chunks are taken from one list by a few lanes, each chunk in a transaction of its own. */
  private async side(
    ctx: Context,
    roll: RollRow,
    { tariff, fy }: SideTariff,
    count: OnChunk,
  ): Promise<string> {
    const id = uuidV7(ctx.now.getTime());
    const { sideId, left } = await this.database.write(ctx, async (tx) => {
      const opened = await this.sides.open(tx, { id, rollId: roll.id, sha256: tariff.sha256, fy });
      await this.sides.forgetOld(tx);
      return { sideId: opened, left: await this.sides.chunksLeft(tx, roll.id, opened) };
    });
    await count(roll.chunks - left.length);
    const lane = async () => {
      for (let chunkNo = left.shift(); chunkNo !== undefined; chunkNo = left.shift()) {
        const at = { roll, sideId, chunkNo };
        const same = await this.database.write(ctx, (tx) => this.sides.reckon(tx, tariff, fy, at), patient);
        if (!same) throw new RollChanged();
        await count(1);
      }
    };
    const ended = await Promise.allSettled(Array.from({ length: limits.simulationLanes }, lane));
    const failed = ended.find((each) => each.status === 'rejected');
    if (failed) throw failed.reason;
    return sideId;
  }
}

/** What the officer is told when the roll would not stand still. */
export function rollInMotion(): Problem {
  const detail =
    'The roll is being changed right now, so that both tariffs would be reckoned over different properties. ' +
    'Wait until the import or the corrections are done, then ask again.';
  return new Problem(409, 'roll-in-motion', detail);
}
