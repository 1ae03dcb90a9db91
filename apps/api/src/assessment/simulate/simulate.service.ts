import { Injectable, type OnModuleInit } from '@nestjs/common';
import { uuidV7 } from '../../core/ids.js';
import { financialYearStart } from '../../core/period.js';
import { Problem } from '../../core/problem.js';
import { now } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import type { Context, Tx } from '../../platform/database/tx.js';
import { limits } from '../../platform/limits.js';
import { JobRegistry } from '../../platform/queue/job-registry.js';
import { Jobs } from '../../platform/queue/jobs.js';
import type { Pair } from './compare/compare.repository.js';
import type { Comparison } from './compare/result.js';
import { Reckoner, RollChanged, rollInMotion, type OnChunk, type SideTariff } from './reckoner.js';
import type { RollRow } from './roll/roll.repository.js';
import { simulate } from './simulate.jobs.js';
import { SimulationsRepository, type SimulationRow } from './simulate.repository.js';
import type { NewSimulation } from './simulate.schema.js';
import { type ResolvedSide, SideTariffs } from './values/side-tariffs.js';
import { viewOf, type SimulationView } from './view.js';
import { wardsWithin } from './wards.js';
import { WaitingLine } from './waiting-line.js';

/** A person, or the row's end, took the work away. */
class Stopped extends Error {}

/** Two tariffs over one roll: asked, reckoned, kept for a while. Nothing is assessed and nothing is posted. */
@Injectable()
export class SimulateService implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly simulations: SimulationsRepository,
    private readonly tariffs: SideTariffs,
    private readonly reckoner: Reckoner,
    private readonly line: WaitingLine,
    private readonly jobs: Jobs,
    private readonly registry: JobRegistry,
  ) {}

  onModuleInit(): void {
    this.registry.handle(
      simulate,
      (ctx, { simulationId }, signal) => this.work(ctx, simulationId, signal),
      (ctx, { simulationId }, error) => this.fail(ctx, simulationId, error),
    );
  }

  /**
   * Answers at once where the roll is small enough for that, else hands the work to a worker and tells its row. The
   * same question over the same roll is answered from what is kept. `signal` aborts when the asker has gone.
   */
  async ask(ctx: Context, asked: NewSimulation, signal: AbortSignal): Promise<SimulationView> {
    const wards = wardsWithin(ctx, asked.wardNumbers ?? null);
    const effectiveOn = asked.effectiveOn ?? financialYearStart(asked.fy);
    return this.line.pass(signal, async () => {
      const [sides, roll] = await Promise.all([
        this.database.read(ctx, (tx) => this.tariffs.ofQuestion(tx, asked)),
        this.reckoner.roll(ctx, effectiveOn, wards),
      ]);
      if (roll.properties === 0) throw rollEmpty(wards);
      const large = roll.properties > limits.simulationInlineProperties;
      const known = await this.database.read(ctx, (tx) =>
        this.simulations.same(tx, roll.id, asked.fy, [sides[0].kept.sha256, sides[1].kept.sha256]),
      );
      if (known?.status === 'done' || (known && large)) return viewOf(known);
      if (large) return this.hand(ctx, asked.fy, roll, sides);
      return this.answer(ctx, asked.fy, roll, sides, signal);
    });
  }

  async list(ctx: Context): Promise<SimulationView[]> {
    return (await this.database.read(ctx, (tx) => this.simulations.list(tx))).map(viewOf);
  }

  async get(ctx: Context, id: string): Promise<SimulationView> {
    return viewOf(await this.row(ctx, id));
  }

  async row(ctx: Context, id: string): Promise<SimulationRow> {
    return this.database.read(ctx, (tx) => this.found(tx, id));
  }

  async cancel(ctx: Context, id: string): Promise<SimulationView> {
    return this.database.write(ctx, async (tx) => {
      const { status } = await this.found(tx, id);
      if (!(await this.simulations.end(tx, id, 'cancelled', null))) {
        throw new Problem(
          409,
          'simulation-ended',
          `The simulation is over (${status}) and cannot be cancelled.`,
        );
      }
      return viewOf(await this.found(tx, id));
    });
  }

  /** Both sides of a kept simulation, reckoned again where they were forgotten meanwhile. */
  async pairOf(ctx: Context, row: SimulationRow): Promise<Pair> {
    const roll = await this.reckoner.byId(ctx, row.roll_id);
    if (!roll) {
      const detail = 'The roll has changed since this simulation. Simulate again to see it on the map.';
      throw new Problem(409, 'simulation-outdated', detail);
    }
    const sides = await this.sidesOf(ctx, row);
    return this.reckoner.pair(ctx, roll, sides, nothing).catch(told);
  }

  /** The very text of one side: what a proposal is made from. */
  async textOf(ctx: Context, id: string, side: 'present' | 'proposed'): Promise<string> {
    const row = await this.row(ctx, id);
    return this.database.read(ctx, (tx) => this.tariffs.text(tx, row[side]));
  }

  private async found(tx: Tx, id: string): Promise<SimulationRow> {
    const row = await this.simulations.get(tx, id);
    if (!row)
      throw new Problem(404, 'simulation-unknown', `There is no simulation ${id}. It may be past its time.`);
    return row;
  }

  private async sidesOf(ctx: Context, row: SimulationRow): Promise<[SideTariff, SideTariff]> {
    const load = (tx: Tx) =>
      Promise.all([this.tariffs.kept(tx, row.present), this.tariffs.kept(tx, row.proposed)]);
    return this.database.read(ctx, load);
  }

  /** For a small roll: reckons while the asker waits, then keeps the answer. A roll that changes is taken once more. */
  private async answer(
    ctx: Context,
    fy: number,
    roll: RollRow,
    sides: [ResolvedSide, ResolvedSide],
    signal: AbortSignal,
    again = true,
  ): Promise<SimulationView> {
    const onChunk = async () => signal.throwIfAborted();
    const result = await this.reckon(ctx, roll, sides, onChunk).catch((error: unknown) => {
      if (!(error instanceof RollChanged) || !again) return told(error);
      return null;
    });
    if (!result) {
      const now_ = await this.reckoner.roll(ctx, roll.effective_on, roll.ward_numbers);
      return this.answer(ctx, fy, now_, sides, signal, false);
    }
    return this.database.write(ctx, async (tx) => {
      const id = await this.add(tx, fy, roll, sides);
      await this.simulations.finish(tx, id, result, now());
      return viewOf(await this.found(tx, id));
    });
  }

  private async hand(
    ctx: Context,
    fy: number,
    roll: RollRow,
    sides: [ResolvedSide, ResolvedSide],
  ): Promise<SimulationView> {
    return this.database.write(ctx, async (tx) => {
      const id = await this.add(tx, fy, roll, sides);
      await this.jobs.add(tx, simulate, { simulationId: id });
      return viewOf(await this.found(tx, id));
    });
  }

  private async add(tx: Tx, fy: number, roll: RollRow, sides: [ResolvedSide, ResolvedSide]): Promise<string> {
    const id = uuidV7(tx.ctx.now.getTime());
    await this.simulations.add(tx, {
      id,
      fy,
      effective_on: roll.effective_on,
      ward_numbers: roll.ward_numbers,
      present: sides[0].kept,
      proposed: sides[1].kept,
      roll_id: roll.id,
      properties: roll.properties,
      chunks_total: roll.chunks * 2,
    });
    await this.simulations.forgetOld(tx);
    return id;
  }

  private async reckon(
    ctx: Context,
    roll: RollRow,
    sides: [SideTariff, SideTariff],
    onChunk: OnChunk,
  ): Promise<Comparison> {
    const pair = await this.reckoner.pair(ctx, roll, sides, onChunk);
    return this.reckoner.compare(ctx, roll, pair, sides);
  }

  /** The job: goes on where it was left; ends quietly when a person cancelled it. */
  private async work(ctx: Context, id: string, signal: AbortSignal): Promise<void> {
    const row = await this.row(ctx, id);
    if (row.status !== 'pending' && row.status !== 'running') return;
    const sides = await this.sidesOf(ctx, row);
    const roll = await this.reckoner.roll(ctx, row.effective_on, row.ward_numbers);
    if (roll.id !== row.roll_id) {
      await this.database.write(ctx, (tx) => this.simulations.moveTo(tx, id, roll));
    }
    const onChunk = async (done: number) => {
      signal.throwIfAborted();
      if (!(await this.database.write(ctx, (tx) => this.simulations.advance(tx, id, done))))
        throw new Stopped();
    };
    try {
      const result = await this.reckon(ctx, roll, sides, onChunk);
      await this.database.write(ctx, (tx) => this.simulations.finish(tx, id, result, now()));
    } catch (error) {
      if (error instanceof Stopped) return;
      told(error);
    }
  }

  private async fail(ctx: Context, id: string, error: Error): Promise<void> {
    const text = error instanceof Problem ? error.detail : error.message;
    await this.database.write(ctx, (tx) => this.simulations.end(tx, id, 'failed', text.slice(0, 4_000)));
  }
}

const nothing = async () => undefined;

/** A roll that changed meanwhile is told in words; any other error goes on as it is. */
function told(error: unknown): never {
  throw error instanceof RollChanged ? rollInMotion() : error;
}

function rollEmpty(wards: string[] | null): Problem {
  const where = wards ? `in wards ${wards.join(', ')}` : 'on the roll';
  const detail = `No active property lies ${where}. Import the roll first, or choose other wards.`;
  return new Problem(422, 'roll-empty', detail);
}
