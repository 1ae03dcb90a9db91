import { Injectable } from '@nestjs/common';
import { uuidV7 } from '../../../core/ids.js';
import { dayInIndia } from '../../../core/period.js';
import { Problem } from '../../../core/problem.js';
import type { Tx } from '../../../platform/database/tx.js';
import { requireOwnWard } from '../../persons.js';
import { ChangeCheck } from '../change-check.js';
import { CodesService, type RollCodes } from '../codes/codes.service.js';
import { DocumentRepository } from '../document.repository.js';
import { type NewChange, PropertyFileRepository } from '../property-file.repository.js';
import { operation, type Operation } from '../property-file.schema.js';
import { columnOf } from './bulk-columns.js';
import { type BulkReport, sha256Of } from './bulk-report.js';
import { type BulkRow, fault, type GroupIntent, readGroup, type RowAct, type RowFault } from './bulk-rows.js';
import { BulkRepository } from './bulk.repository.js';
import type { BulkBody } from './bulk.schema.js';

type Line = BulkReport['lines'][number];

interface Read {
  intents: { change: Omit<NewChange, 'id' | 'batchId'>; rows: number }[];
  counts: { unchanged: number; refused: number };
  lines: Line[];
}

/** What the rows of one property come to. */
type Group =
  { change: Omit<NewChange, 'id' | 'batchId'>; warnings: RowFault[] } | { faults: RowFault[] } | 'unchanged';

/** Takes a file's rows by property, and checks each property as if it had been typed. */
@Injectable()
export class BulkGroups {
  constructor(
    private readonly batches: BulkRepository,
    private readonly documents: DocumentRepository,
    private readonly changes: PropertyFileRepository,
    private readonly checking: ChangeCheck,
    private readonly codes: CodesService,
  ) {}

  async read(tx: Tx, file: { rows: BulkRow[]; faults: RowFault[] }, body: BulkBody): Promise<Read> {
    const result: Read = { intents: [], counts: { unchanged: 0, refused: file.faults.length }, lines: [] };
    const say = (outcome: Line['outcome'], number: string | null, faults: RowFault[]) =>
      result.lines.push(...faults.map((each) => ({ ...each, outcome, number })));
    say('refused', null, file.faults);
    const codes = await this.codes.of(tx, body.effectiveOn ?? dayInIndia(tx.ctx.now));
    const numbers = new Map<string, BulkRow[]>();
    for (const row of file.rows) {
      const number = row.cells['number'] ?? '';
      numbers.set(number, [...(numbers.get(number) ?? []), row]);
    }
    const ids = await this.batches.idsOfNumbers(tx, [...numbers.keys()]);
    for (const [number, rows] of numbers) {
      const group = await this.group(tx, { number, rows, id: ids.get(number) ?? null, codes, body });
      if (group === 'unchanged') result.counts.unchanged += rows.length;
      else if ('faults' in group) {
        result.counts.refused += rows.length;
        say('refused', number, group.faults);
        const told = new Set(group.faults.map(({ row }) => row));
        const others = rows.filter(({ row }) => !told.has(row));
        const message = `belongs to property ${number}, of which row ${group.faults[0]?.row} is refused`;
        say(
          'refused',
          number,
          others.map((row) => fault(row, null, message, 'Mend that row')),
        );
      } else {
        result.intents.push({ change: group.change, rows: rows.length });
        say('warning', number, group.warnings);
      }
    }
    result.lines.sort((one, other) => one.row - other.row);
    return result;
  }

  private async group(
    tx: Tx,
    given: { number: string; rows: BulkRow[]; id: string | null; codes: RollCodes; body: BulkBody },
  ): Promise<Group> {
    const { number, rows, id } = given;
    const first = rows[0] as BulkRow;
    if (!number)
      return { faults: rows.map((row) => fault(row, 'number', 'is empty', 'Give the property number')) };
    const current = id ? await this.documents.version(tx, id, null) : null;
    const { effectiveOn = null, document = null, reason = null } = given.body;
    const intent = readGroup(rows, current?.document ?? null, { effectiveOn, document, reason });
    if (intent.faults.length) return { faults: intent.faults };
    if (!intent.acts.length) return 'unchanged';
    const [open] = id
      ? (await this.changes.open(tx, id, id)).filter(({ status }) => status === 'submitted')
      : [];
    if (open) {
      const message = `has a change of ${open.made_by_login} that waits to be checked`;
      return { faults: [fault(first, 'number', message, 'Have it approved, returned or withdrawn first')] };
    }
    const parsed = parseActs(intent, rows);
    if (!parsed.operations) return { faults: parsed.faults };
    const whole = { propertyId: id ?? uuidV7(tx.ctx.now.getTime()), baseVersion: current?.version ?? 0 };
    const checked = await this.checking.check(
      tx,
      { ...whole, effectiveOn: intent.effectiveOn, operations: parsed.operations },
      { codes: given.codes, current },
    );
    const told = (faults: typeof checked.faults) => faults.map((each) => ofCheck(each, intent.acts, rows));
    if (checked.faults.length) return { faults: told(checked.faults) };
    const { wardNumber } = checked.document.property;
    const strange = wardFault(tx, first, [current?.document.property.wardNumber, wardNumber]);
    if (strange) return { faults: [strange] };
    const { operations } = parsed;
    const acts = operations.map((each) => each.do);
    const kind = acts.includes('create-property')
      ? 'create'
      : acts.includes('retire-property')
        ? 'retire'
        : 'alter';
    const { reason: why, document: paper, effectiveOn: from } = intent;
    const digest = sha256Of(JSON.stringify([whole, intent.effectiveOn, operations]));
    const change = {
      ...whole,
      kind,
      effectiveOn: from,
      document: paper,
      reason: why,
      number,
      wardNumber,
    } as const;
    return { change: { ...change, operations, digest }, warnings: told(checked.warnings) };
  }
}

function wardFault(tx: Tx, row: BulkRow, wards: (string | null | undefined)[]): RowFault | null {
  try {
    for (const ward of wards) if (ward !== undefined) requireOwnWard(tx.ctx, ward);
    return null;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return fault(row, 'ward_number', 'lies in a ward that is not yours', 'Leave the property out');
  }
}

function parseActs(
  intent: GroupIntent,
  rows: readonly BulkRow[],
): { operations: Operation[] | null; faults: RowFault[] } {
  const operations: Operation[] = [];
  const faults: RowFault[] = [];
  for (const { row, act } of intent.acts) {
    const parsed = operation.safeParse(act);
    if (parsed.success) operations.push(parsed.data);
    for (const issue of parsed.error?.issues ?? []) {
      const column = columnOf(String(issue.path.at(-1) ?? ''), act.do);
      faults.push(fault(rowOf(rows, row), column, issue.message, 'Mend the cell'));
    }
  }
  return { operations: faults.length ? null : operations, faults };
}

/** What a check says of an act, said of the row and column that asked for it. */
function ofCheck(
  found: { where: string; message: string },
  acts: readonly RowAct[],
  rows: readonly BulkRow[],
): RowFault {
  const [, index] = /^\/operations\/(\d+)/.exec(found.where) ?? [];
  const asked = index === undefined ? undefined : acts[Number(index)];
  const row = rowOf(rows, asked?.row ?? rows[0]!.row);
  const column = columnOf(found.where.split('/').at(-1) ?? '', asked?.act.do ?? '');
  const [what = found.message, ...remedy] = found.message.split(': ');
  const mend = remedy.join(': ') || 'Mend the row';
  return fault(row, column, what, mend.charAt(0).toUpperCase() + mend.slice(1));
}

const rowOf = (rows: readonly BulkRow[], line: number): BulkRow =>
  rows.find(({ row }) => row === line) ?? (rows[0] as BulkRow);
