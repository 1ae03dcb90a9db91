import { Injectable } from '@nestjs/common';
import { dayInIndia } from '../../core/period.js';
import type { ProblemDetail } from '../../core/problem.js';
import type { Tx } from '../../platform/database/tx.js';
import { applyOperations } from './apply-operations.js';
import { CodesService, type RollCodes } from './codes/codes.service.js';
import { type DifferenceLine, differenceOf } from './difference.js';
import { DocumentRepository } from './document.repository.js';
import { emptyDocument, type PropertyDocument } from './property-document.js';
import { PropertyFileRepository } from './property-file.repository.js';
import type { Operation } from './property-file.schema.js';

/** What is to be done to a property, whoever asks for it and in whatever form. */
export interface Intent {
  propertyId: string;
  baseVersion: number;
  effectiveOn: string;
  operations: Operation[];
}

export interface Checked {
  /** The property as it stands; null for one that is not on the roll. */
  current: { version: number; document: PropertyDocument } | null;
  /** As it would stand. */
  document: PropertyDocument;
  /** Why it cannot be done. */
  faults: ProblemDetail[];
  /** What should be looked at again, and hinders nothing. */
  warnings: ProblemDetail[];
  lines: DifferenceLine[];
  /** What others have changed since the maker looked; null where nobody has. */
  changedSince: DifferenceLine[] | null;
}

interface Known {
  codes?: RollCodes | undefined;
  /** Null: the property is not on the roll. */
  current?: { version: number; document: PropertyDocument } | null;
}

const earliestDay = '1900-01-01';

/** Tells what a change would make of a property and what stands against it. Writes nothing. */
@Injectable()
export class ChangeCheck {
  constructor(
    private readonly documents: DocumentRepository,
    private readonly changes: PropertyFileRepository,
    private readonly codes: CodesService,
  ) {}

  /** `known` spares reading again what the caller has read for the same property, or for all of a file. */
  async check(tx: Tx, intent: Intent, known: Known = {}): Promise<Checked> {
    const current =
      known.current === undefined ? await this.documents.version(tx, intent.propertyId, null) : known.current;
    const base = current?.document ?? emptyDocument();
    const { document, faults } = applyOperations(base, intent.effectiveOn, intent.operations);
    faults.push(...dayFaults(tx, intent));
    faults.push(...(await this.unknown(tx, intent, document)));
    const lines = differenceOf(current?.document ?? null, document);
    if (!lines.length && !faults.length) {
      faults.push({
        where: '/operations',
        message: 'The property is so already: the change would change nothing',
      });
    }
    const codes = known.codes ?? (await this.codes.of(tx, intent.effectiveOn));
    const changedSince =
      (current?.version ?? 0) === intent.baseVersion ? null : await this.since(tx, intent, current?.document);
    return {
      current,
      document,
      faults,
      warnings: unknownCodes(intent.operations, codes),
      lines,
      changedSince,
    };
  }

  /** What has changed since the version that the maker saw. */
  private async since(tx: Tx, intent: Intent, now: PropertyDocument | undefined): Promise<DifferenceLine[]> {
    if (!now) return [];
    const versions = await this.documents.versions(tx, intent.propertyId);
    const seen = versions.find(({ version }) => version === intent.baseVersion);
    return differenceOf(seen?.document ?? null, now);
  }

  private async unknown(tx: Tx, intent: Intent, document: PropertyDocument): Promise<ProblemDetail[]> {
    const { wardNumber, number } = document.property;
    const asked = { wardNumber, number, day: intent.effectiveOn, propertyId: intent.propertyId };
    const found = await this.changes.unknown(tx, { ...asked, parcelIds: document.parcelIds });
    const faults: ProblemDetail[] = [];
    const at = (names: string[], below: string) => {
      const index = intent.operations.findIndex((operation) => names.includes(operation.do));
      return { set: index >= 0, where: `/operations/${index}${below}` };
    };
    const created = at(['create-property'], '');
    const inSet = created.set ? '' : '/set';
    const ward = at(['create-property', 'alter-property'], `${inSet}/wardNumber`);
    if (found.ward && ward.set) {
      const message = `There is no ward ${wardNumber} on ${intent.effectiveOn}: choose one of the list`;
      faults.push({ where: ward.where, value: wardNumber, message });
    }
    if (created.set && found.takenBy) {
      const message = `Another property has the number ${number}: take the next free one`;
      faults.push({ where: `${created.where}/number`, value: number, message });
    }
    const land = at(['create-property', 'set-land'], '/parcelIds');
    for (const id of land.set ? found.parcels : []) {
      const message = 'There is no such parcel on the map: choose it on the map, or say why there is none';
      faults.push({ where: land.where, value: id, message });
    }
    return faults;
  }
}

/** Units and owners are dated; the property itself is not, so that what it will be tomorrow cannot be written today. */
function dayFaults(tx: Tx, { effectiveOn, operations }: Intent): ProblemDetail[] {
  const today = dayInIndia(tx.ctx.now);
  const nextYear = `${Number(today.slice(0, 4)) + 1}${today.slice(4)}`;
  const fault = (message: string) => [{ where: '/effectiveOn', value: effectiveOn, message }];
  if (effectiveOn < earliestDay) return fault(`No change of the roll holds from before ${earliestDay}`);
  if (effectiveOn > nextYear) return fault(`At most a year ahead: up to ${nextYear}`);
  const undated = operations.some(
    ({ do: act }) => /property$|^set-land$/.test(act) && act !== 'create-property',
  );
  if (effectiveOn > today && undated) {
    return fault(
      `Ward, address, land and retirement hold from the day of approval: give ${today} or earlier`,
    );
  }
  return [];
}

/** A code that neither the law nor the roll knows may be right, but no tariff will take it. */
function unknownCodes(operations: readonly Operation[], codes: RollCodes): ProblemDetail[] {
  const lists: Record<string, string[]> = {
    floor: codes.floor,
    use: codes.use,
    structure: codes.structure,
    occupancy: codes.occupancy,
    class: codes.class,
    zoneNumber: codes.zone,
  };
  return operations.flatMap((operation, index) => {
    const below = 'set' in operation ? '/set' : '';
    const given = 'set' in operation ? operation.set : operation;
    return Object.entries(given).flatMap(([field, value]): ProblemDetail[] => {
      const list = lists[field];
      if (!list || typeof value !== 'string' || list.includes(value) || !list.length) return [];
      const message = `"${value}" is not among the codes in use: write one of ${list.slice(0, 12).join(', ')}`;
      return [{ where: `/operations/${index}${below}/${field}`, value, message }];
    });
  });
}
