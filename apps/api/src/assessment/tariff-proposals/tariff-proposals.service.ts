import { Injectable } from '@nestjs/common';
import { uuidV7 } from '../../core/ids.js';
import {
  financialYearOf,
  formatFinancialYear,
  isDay,
  parseFinancialYear,
  dayInIndia,
} from '../../core/period.js';
import { Problem } from '../../core/problem.js';
import { Audit } from '../../platform/audit/audit.js';
import { Database } from '../../platform/database/database.js';
import type { Context, Tx } from '../../platform/database/tx.js';
import { dayNumber, dayOfNumber } from '../tariff-files/succession.js';
import { TariffFilesService } from '../tariff-files/tariff-files.service.js';
import { compareFiles } from './comparison.js';
import { ProposalCheckService } from './proposal-check.service.js';
import { ProposalExampleService } from './proposal-example.service.js';
import { type ProposalRow, TariffProposalsRepository } from './tariff-proposals.repository.js';
import type { ExampleOf, NewProposal } from './tariff-proposals.schema.js';
import { titleOf, timeIn, view } from './proposal-view.js';
import { editYaml, readYaml } from './text/yaml-edit.js';
import { type Edit, EditFault, valueAt } from './text/yaml-value.js';

/** Tariffs on their way into force: drafted and edited value by value, checked, submitted, decided by a second person. */
@Injectable()
export class TariffProposalsService {
  constructor(
    private readonly database: Database,
    private readonly proposals: TariffProposalsRepository,
    private readonly tariffs: TariffFilesService,
    private readonly checks: ProposalCheckService,
    private readonly examples: ProposalExampleService,
    private readonly audit: Audit,
  ) {}

  async list(ctx: Context) {
    const rows = await this.database.read(ctx, (tx) => this.proposals.list(tx));
    return rows.map((row) => view(row, ctx));
  }

  /** The proposal with its text, and the same as data for whoever shows it as tables. */
  async get(ctx: Context, id: string) {
    return this.database.read(ctx, async (tx) => this.whole(tx, await this.found(tx, id)));
  }

  async create(ctx: Context, asked: NewProposal) {
    return this.database.write(ctx, async (tx) => {
      const draft = 'text' in asked ? uploaded(asked.text) : await this.drafted(tx, asked);
      const id = uuidV7(ctx.now.getTime());
      await this.proposals.add(tx, { id, purpose: asked.purpose, ...draft });
      const after = { purpose: asked.purpose, base: draft.base_sha256, title: titleOf(draft.source) };
      await this.record(tx, id, 'create', { after });
      return this.whole(tx, await this.found(tx, id));
    });
  }

  /** Changes single values. A Problem 409 tells both versions where somebody was faster. */
  async edit(ctx: Context, id: string, version: number, edits: Edit[]) {
    return this.changed(ctx, id, version, edits, (source) => edited(source, edits));
  }

  /** Puts another text in the place of the whole: an upload, or a step back. */
  async replace(ctx: Context, id: string, version: number, text: string) {
    return this.changed(ctx, id, version, [], () => uploaded(text).source);
  }

  /** All faults, all cases, and what installing it would mean for the file in force. */
  async check(ctx: Context, id: string) {
    const row = await this.database.read(ctx, (tx) => this.found(tx, id));
    const check = await this.checks.check(ctx, row.source, fileName(row));
    const outlook = await this.database.read(ctx, (tx) => this.outlook(tx, row));
    return { version: row.version, ...check, outlook };
  }

  async example(ctx: Context, id: string, of: ExampleOf) {
    const { row, against } = await this.database.read(ctx, async (tx) => {
      const found = await this.found(tx, id);
      return { row: found, against: await this.against(tx, found) };
    });
    const example = await this.examples.example(ctx, row, against?.sha256 ?? null, of);
    return { version: row.version, ...example };
  }

  /** What it changes of the version in force on its first day, or of the file that it was drafted from. */
  async compare(ctx: Context, id: string) {
    return this.database.read(ctx, async (tx) => {
      const row = await this.found(tx, id);
      const against = await this.against(tx, row);
      const [before, after] = [readYaml(against?.source ?? ''), readYaml(row.source)];
      const { source: _text, ...file } = against ?? { source: '' };
      const changes = compareFiles(before ?? {}, after ?? {});
      return { version: row.version, against: against ? file : null, changes };
    });
  }

  /** Hands it to a second person. Only a proposal without a fault that changes something and fits in is taken. */
  async submit(ctx: Context, id: string, version: number) {
    const row = await this.database.read(ctx, (tx) => this.found(tx, id));
    const { faults } = await this.checks.check(ctx, row.source, fileName(row));
    if (faults.length) throw faulty(faults.map(({ line, value, message }) => ({ line, value, message })));
    return this.act(ctx, id, version, ['draft', 'returned'], async (tx, locked) => {
      const outlook = await this.outlook(tx, locked);
      if (outlook.refusal) throw new Problem(409, outlook.refusal.kind, outlook.refusal.detail);
      if (await this.changesNothing(tx, locked)) {
        throw new Problem(
          409,
          'proposal-unchanged',
          'It says what the file in force says: there is nothing to approve.',
        );
      }
      await this.proposals.submit(tx, id);
      await this.record(tx, id, 'submit', { after: { version } });
    });
  }

  /** Takes a submitted one back to work on it; discarding ends it for good. */
  async withdraw(ctx: Context, id: string, to: 'draft' | 'discarded') {
    const from: ProposalRow['status'][] = to === 'draft' ? ['submitted'] : ['draft', 'returned'];
    return this.act(ctx, id, null, from, async (tx) => {
      await this.proposals.setStatus(tx, id, to);
      await this.record(tx, id, to === 'draft' ? 'recall' : 'discard', {});
    });
  }

  /** Installs the very text that was submitted, in force from its date. Its makers may not. */
  async approve(ctx: Context, id: string, version: number) {
    return this.act(ctx, id, version, ['submitted'], async (tx, row) => {
      refuseMaker(ctx, row);
      const installed = await this.tariffs.put(tx, row.source, fileName(row));
      const decision = { status: 'approved' as const, reason: null, installedSha256: installed.sha256 };
      await this.proposals.decide(tx, id, decision);
      await this.record(tx, id, 'approve', { after: { version, ...installed } });
    });
  }

  async giveBack(ctx: Context, id: string, version: number, reason: string) {
    return this.act(ctx, id, version, ['submitted'], async (tx, row) => {
      refuseMaker(ctx, row);
      await this.proposals.decide(tx, id, { status: 'returned', reason, installedSha256: null });
      await this.record(tx, id, 'return', { reason, after: { version } });
    });
  }

  private async changed(
    ctx: Context,
    id: string,
    version: number,
    edits: Edit[],
    make: (source: string) => string,
  ) {
    return this.database.write(ctx, async (tx) => {
      const row = await this.locked(tx, id, ['draft', 'returned']);
      if (row.version !== version) throw outrun(row, version, edits);
      const source = make(row.source);
      if (source !== row.source) {
        await this.proposals.change(tx, id, source);
        const before = {
          version,
          values: edits.map((edit) => valueAt(readYaml(row.source), edit.path) ?? null),
        };
        await this.record(tx, id, 'edit', { before, after: edits.length ? { edits } : { text: 'replaced' } });
      }
      return this.whole(tx, await this.found(tx, id));
    });
  }

  private async act(
    ctx: Context,
    id: string,
    version: number | null,
    from: ProposalRow['status'][],
    work: (tx: Tx, row: ProposalRow) => Promise<void>,
  ) {
    return this.database.write(ctx, async (tx) => {
      const row = await this.locked(tx, id, from);
      if (version !== null && row.version !== version) throw outrun(row, version, []);
      await work(tx, row);
      return this.whole(tx, await this.found(tx, id));
    });
  }

  private async locked(tx: Tx, id: string, allowed: ProposalRow['status'][]): Promise<ProposalRow> {
    const row = await this.proposals.lock(tx, id);
    if (!row) throw unknown(id);
    if (allowed.includes(row.status)) return row;
    const detail = `The proposal is ${row.status}; this is done to one that is ${allowed.join(' or ')}.`;
    throw new Problem(409, 'proposal-status', detail, [
      { where: 'status', value: row.status, message: 'see detail' },
    ]);
  }

  private async found(tx: Tx, id: string): Promise<ProposalRow> {
    const row = await this.proposals.get(tx, id);
    if (!row) throw unknown(id);
    return row;
  }

  private async whole(tx: Tx, row: ProposalRow) {
    const against = await this.against(tx, row);
    const base = against && {
      sha256: against.sha256,
      title: against.title,
      from: against.from,
      to: against.to,
    };
    return { ...view(row, tx.ctx), source: row.source, content: readYaml(row.source), against: base };
  }

  private async drafted(tx: Tx, asked: { sha256: string; from?: string | undefined }) {
    const file = await this.tariffs.fileOf(tx, asked.sha256);
    const from = asked.from ?? nextStart(file.kind, file.from, dayInIndia(tx.ctx.now));
    const known = file.kind === 'assessment' ? parseFinancialYear(from) !== null : isDay(from);
    if (!known) {
      const form =
        file.kind === 'assessment' ? 'a financial year such as 2027-28' : 'a day such as 2027-04-01';
      throw new Problem(
        422,
        'proposal-start',
        `A file of kind ${file.kind} begins with ${form}, not ${from}.`,
      );
    }
    const key = file.kind === 'assessment' ? 'applies_to' : 'in_force';
    const source = edited(file.source, [
      { op: 'set', path: [key, 'from'], value: from },
      { op: 'set', path: [key, 'to'], value: 'null' },
    ]);
    return { kind: file.kind, base_sha256: file.sha256, source };
  }

  /** The installed file that it is held against: in force on its first day, else the one that it was drafted from. */
  private async against(tx: Tx, row: ProposalRow) {
    const { from } = timeIn(row.source);
    const inForce = from ? await this.tariffs.inForceOn(tx, row.kind, from) : null;
    if (inForce && inForce.sha256 !== row.installed_sha256) return inForce;
    return row.base_sha256 ? this.tariffs.fileOf(tx, row.base_sha256) : null;
  }

  private async changesNothing(tx: Tx, row: ProposalRow): Promise<boolean> {
    const against = await this.against(tx, row);
    if (!against) return false;
    const changes = compareFiles(readYaml(against.source) ?? {}, readYaml(row.source) ?? {});
    // Another start alone is no change of the law.
    return changes.every(
      ({ field, section }) => section === 'file' && /^(applies_to|in_force)$/.test(field ?? ''),
    );
  }

  private async outlook(tx: Tx, row: ProposalRow) {
    const { from, to } = timeIn(row.source);
    if (!from || row.status === 'approved') return { from, to, ends: null, refusal: null };
    return { from, to, ...(await this.tariffs.outlook(tx, row.kind, from, to)) };
  }

  private async record(
    tx: Tx,
    id: string,
    action: string,
    entry: { before?: object; after?: object; reason?: string },
  ): Promise<void> {
    await this.audit.record(tx, {
      action: `tariff-proposal.${action}`,
      noun: 'tariff-proposal',
      nounId: id,
      ...entry,
    });
  }
}

/** The next financial year, or day, on which a draft may begin: after the file in force began, and not before today. */
function nextStart(kind: ProposalRow['kind'], from: string, today: string): string {
  if (kind === 'collection') return dayOfNumber(Math.max(dayNumber(from), dayNumber(today)) + 1);
  return formatFinancialYear(Math.max(parseFinancialYear(from) ?? 0, financialYearOf(today)) + 1);
}

const fileName = (row: ProposalRow): string => `proposal ${row.id.slice(0, 8)}`;

function uploaded(text: string) {
  const data = readYaml(text);
  const kind = valueAt(data, ['kind']);
  if (kind === 'assessment' || kind === 'collection')
    return { kind, base_sha256: null, source: text } as const;
  const detail =
    data === null
      ? 'The text is not readable as YAML. Check it with: jarib tariff check FILE.'
      : 'The text does not say what it is: its first lines state "kind: assessment" or "kind: collection".';
  throw new Problem(422, 'tariff-unreadable', detail);
}

function edited(source: string, edits: Edit[]): string {
  try {
    return editYaml(source, edits);
  } catch (error) {
    if (!(error instanceof EditFault)) throw error;
    const where = error.path.join('/');
    throw new Problem(422, 'edit-not-possible', error.message, [{ where, message: error.message }]);
  }
}

function refuseMaker(ctx: Context, row: ProposalRow): void {
  if (ctx.actor.id && !row.makers.includes(ctx.actor.id)) return;
  const detail = ctx.actor.id
    ? 'You had a hand in this proposal: a second person decides upon it.'
    : 'A person who is signed in decides upon a proposal.';
  throw new Problem(403, 'second-person-needed', detail);
}

/** Somebody else saved first: theirs and yours, so that the person sees both and chooses. */
function outrun(row: ProposalRow, version: number, edits: Edit[]): Problem {
  const detail =
    `${row.changed_by_login} changed the proposal meanwhile: it is version ${row.version}, you saw version ${version}. ` +
    'Look at theirs, then make your change again.';
  const data = readYaml(row.source);
  const theirs = edits.map(({ path }) => ({ path, value: valueAt(data, path) ?? null }));
  const current = {
    version: row.version,
    changedByLogin: row.changed_by_login,
    changedAt: row.changed_at.toISOString(),
    values: theirs,
  };
  return new Problem(409, 'proposal-changed', detail, [], { current, yours: { version, edits } });
}

function faulty(faults: { line: number; value: string; message: string }[]): Problem {
  const errors = faults.map(({ line, value, message }) => ({ where: `line ${line}`, value, message }));
  const detail = `The proposal has ${faults.length} fault(s). Mend them, then submit it.`;
  return new Problem(422, 'tariff-faulty', detail, errors);
}

function unknown(id: string): Problem {
  return new Problem(404, 'proposal-unknown', `There is no tariff proposal ${id}.`);
}
