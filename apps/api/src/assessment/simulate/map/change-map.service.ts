import { Injectable } from '@nestjs/common';
import { Problem } from '../../../core/problem.js';
import { Database } from '../../../platform/database/database.js';
import type { Context } from '../../../platform/database/tx.js';
import { limits } from '../../../platform/limits.js';
import type { SimulationRow } from '../simulate.repository.js';
import { SimulationsRepository } from '../simulate.repository.js';
import { SimulateService } from '../simulate.service.js';
import { changeClass, changeClasses, notComparable } from './change-class.js';
import { ChangeMapRepository, type WardChange } from './change-map.repository.js';

/** From this zoom on a tile shows parcels, below it wards. */
const parcelZoom = 13;

/** The map of a simulation: drawn when it is first looked at, from both sides. */
@Injectable()
export class ChangeMapService {
  constructor(
    private readonly database: Database,
    private readonly simulate: SimulateService,
    private readonly simulations: SimulationsRepository,
    private readonly maps: ChangeMapRepository,
  ) {}

  async legend(ctx: Context, id: string) {
    const row = await this.done(ctx, id);
    const drawn = row.map_counts && (await this.database.read(ctx, (tx) => this.maps.isDrawn(tx, id)));
    const counts = drawn ? row.map_counts! : await this.draw(ctx, row);
    const wards = wardChanges(row);
    const wardCounts = Array.from(
      { length: changeClasses },
      (_, i) => wards.filter((ward) => ward.class === i).length,
    );
    return {
      simulationId: id,
      parcelZoom,
      parcels: counts.slice(0, changeClasses),
      notComparable: counts[notComparable] ?? 0,
      wards: wardCounts,
    };
  }

  async tile(ctx: Context, id: string, at: [z: number, x: number, y: number]): Promise<Buffer> {
    if (at[0] >= parcelZoom) {
      // The row is asked for as well: it is what the caller's wards open or not.
      await this.done(ctx, id);
      return this.database.read(ctx, (tx) => this.maps.parcelTile(tx, id, at));
    }
    const row = await this.done(ctx, id);
    return this.database.read(ctx, (tx) => this.maps.wardTile(tx, row.effective_on, wardChanges(row), at));
  }

  private async draw(ctx: Context, row: SimulationRow): Promise<number[]> {
    const pair = await this.simulate.pairOf(ctx, row);
    const patient = { statementTimeoutMs: limits.jobStatementTimeoutMs };
    return this.database.write(
      ctx,
      async (tx) => {
        await this.simulations.lock(tx, row.id);
        const counts = await this.maps.draw(tx, row.id, pair);
        await this.simulations.keepMapCounts(tx, row.id, counts);
        return counts;
      },
      patient,
    );
  }

  private async done(ctx: Context, id: string): Promise<SimulationRow> {
    const row = await this.simulate.row(ctx, id);
    if (row.status === 'done' && row.result) return row;
    const detail = `The simulation is ${row.status}: its map comes when it is done.`;
    throw new Problem(409, 'simulation-not-done', detail);
  }
}

function wardChanges({ result }: SimulationRow): WardChange[] {
  return (result?.wards ?? []).flatMap(({ name, comparable }) => {
    if (name === null || comparable.properties === 0) return [];
    const { presentPaise, proposedPaise, changePaise } = comparable;
    return [{ number: name, class: changeClass(BigInt(presentPaise), BigInt(proposedPaise)), changePaise }];
  });
}
