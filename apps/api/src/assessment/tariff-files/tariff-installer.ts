import type { Label } from '../../core/label.js';
import { dayInIndia, financialYearOf, financialYearStart, formatFinancialYear } from '../../core/period.js';
import { Problem } from '../../core/problem.js';
import type { LedgerRepository } from '../../ledger/ledger.repository.js';
import type { Audit } from '../../platform/audit/audit.js';
import type { Tx } from '../../platform/database/tx.js';
import type { CompiledTariff } from '../../tariff/compile.js';
import type { CompiledCollection } from '../../tariff/rebates.js';
import type { AssessedYear, NewTariffFile, TariffFilesRepository } from './tariff-files.repository.js';
import { dayNumber, dayOfNumber, type Span, type Succession, succession } from './succession.js';

/** What an installed file is, and which file's time it ended. */
export interface Installed {
  sha256: string;
  kind: 'assessment' | 'collection';
  body: string;
  status: 'notified' | 'sample';
  title: Label;
  /** `2026-27` or `2026-04-01`, by the kind; null: until replaced. */
  from: string;
  to: string | null;
  /** The file whose open end it closed, and the last year or day of that; null as its last: it never applied. */
  ended: { sha256: string; last: string | null } | null;
}

/** Puts a compiled file into force, in the caller's transaction, and ends the time of the one before it. */
export class TariffInstaller {
  constructor(
    private readonly files: TariffFilesRepository,
    private readonly ledger: LedgerRepository,
    private readonly audit: Audit,
  ) {}

  /** The same file again changes nothing. A Problem names what stands in the way. */
  async assessment(tx: Tx, tariff: CompiledTariff, source: string): Promise<Installed> {
    const { sha256, body, status, title, law, appliesFromFy, appliesToFy } = tariff;
    const file = { sha256, kind: 'assessment' as const, body, status, title, law, source };
    const installed = await this.put(tx, { ...file, from: appliesFromFy, to: appliesToFy });
    const accounts = tariff.heads.map((head) => ({ code: head.account, title: head.label.en }));
    await this.ledger.ensureAccounts(
      tx,
      accounts.map((account) => ({ ...account, kind: 'income' as const })),
    );
    return installed;
  }

  async collection(tx: Tx, collection: CompiledCollection, source: string): Promise<Installed> {
    const { sha256, body, status, title, law, inForceFrom, inForceTo } = collection;
    const file = { sha256, kind: 'collection' as const, body, status, title, law, source };
    const [from, to] = [dayNumber(inForceFrom), inForceTo === null ? null : dayNumber(inForceTo)];
    return this.put(tx, { ...file, from, to });
  }

  /** What installing a file of that time would mean, or the Problem that it would be refused with. */
  async outlook(
    tx: Tx,
    file: Pick<NewTariffFile, 'kind' | 'from' | 'to'>,
  ): Promise<{ ended: Span | null; lastOf: number | null }> {
    return this.settle(tx, file, await this.files.spans(tx, file.kind));
  }

  private async put(tx: Tx, file: NewTariffFile): Promise<Installed> {
    const spans = await this.files.lockSpans(tx, file.kind);
    const { sha256, kind, body, status, title, from, to } = file;
    const written = { sha256, kind, body, status, title, ...timeOf(kind, from, to) };
    if (await this.files.bySha(tx, sha256)) return { ...written, ended: null };
    const { ended, lastOf } = await this.settle(tx, file, spans);
    if (ended) await this.files.end(tx, kind, ended.sha256, lastOf);
    await this.files.add(tx, file);
    const last = lastOf === null ? null : timeOf(kind, lastOf, null).from;
    const result = { ...written, ended: ended && { sha256: ended.sha256, last } };
    await this.audit.record(tx, { action: 'tariff.install', noun: 'tariff', nounId: sha256, after: result });
    return result;
  }

  private async settle(tx: Tx, file: Pick<NewTariffFile, 'kind' | 'from' | 'to'>, spans: Span[]) {
    const { kind } = file;
    const found = succession(spans, file);
    if (found.kind === 'overlaps' || found.kind === 'gap') throw misplaced(kind, file, found);
    if (found.kind !== 'supersedes' && found.kind !== 'replaces') return { ended: null, lastOf: null };
    if (kind === 'assessment') {
      const years = await this.files.yearsAssessed(tx, found.file.sha256, file.from);
      if (years.length) throw relied(file.from, years);
    } else await this.refusePast(tx, file.from);
    return { ended: found.file, lastOf: found.kind === 'supersedes' ? found.lastOf : null };
  }

  /** Rebates were given with the demands under the file of that day: it keeps every day on which any were posted. */
  private async refusePast(tx: Tx, from: number): Promise<void> {
    const last = await this.files.lastPublishedOn(tx);
    if (!last || dayNumber(last) < from) return;
    const day = dayOfNumber(from);
    const detail =
      `Demands were published on ${last} under the collection file in force then, so it cannot end before ${day}. ` +
      `Let the new one begin on ${dayOfNumber(dayNumber(last) + 1)} or later.`;
    throw new Problem(409, 'tariff-relied-on', detail, [
      { where: 'in_force', value: day, message: `demands were published on ${last}` },
    ]);
  }
}

/** A file's time as it is written in the file. */
export function timeOf(kind: 'assessment' | 'collection', from: number, to: number | null) {
  const write = kind === 'assessment' ? formatFinancialYear : dayOfNumber;
  return { from: write(from), to: to === null ? null : write(to) };
}

/** The day on which a file of that time begins. */
export const firstDay = (kind: 'assessment' | 'collection', from: number): string =>
  kind === 'assessment' ? financialYearStart(from) : dayOfNumber(from);

/** Whether a time is over, holds at an instant, or is still to come. */
export function standing(
  kind: 'assessment' | 'collection',
  from: number,
  to: number | null,
  at: Date,
): 'past' | 'now' | 'future' {
  const today = dayInIndia(at);
  const point = kind === 'assessment' ? financialYearOf(today) : dayNumber(today);
  return point < from ? 'future' : to !== null && point > to ? 'past' : 'now';
}

type Misplaced = Extract<Succession, { kind: 'overlaps' | 'gap' }>;

function misplaced(
  kind: 'assessment' | 'collection',
  file: Pick<NewTariffFile, 'from' | 'to'>,
  found: Misplaced,
): Problem {
  const own = timeOf(kind, file.from, file.to);
  const other = timeOf(kind, found.file.from, found.file.to);
  const where = kind === 'assessment' ? 'applies_to' : 'in_force';
  const words = ({ from, to }: { from: string; to: string | null }) =>
    to ? `${from} to ${to}` : `${from} on`;
  if (found.kind === 'gap') {
    const gap = timeOf(kind, found.from, found.to);
    const detail =
      `The file applies from ${words(own)}, and its neighbour from ${words(other)}: nothing would apply from ` +
      `${words(gap)}. Let each file begin where the one before it ends.`;
    return new Problem(409, 'tariff-gap', detail, [{ where, value: own.from, message: `gap ${words(gap)}` }]);
  }
  const detail =
    `The file applies from ${words(own)}, but another is installed for ${words(other)}. A file may begin later than one ` +
    `without an end, which it then closes, or in the same ${kind === 'assessment' ? 'year' : 'day'}. State another start.`;
  return new Problem(409, 'tariff-overlap', detail, [
    { where, value: own.from, message: `overlaps ${found.file.sha256.slice(0, 12)}` },
  ]);
}

function relied(from: number, years: AssessedYear[]): Problem {
  const list = (some: AssessedYear[]) => some.map(({ fy }) => formatFinancialYear(fy)).join(', ');
  const published = years.filter((year) => year.published);
  const after = formatFinancialYear((years.at(-1)?.fy ?? from) + 1);
  const detail = published.length
    ? `Published assessments of ${list(published)} rest on the tariff in force: it cannot end before them. ` +
      `Let the new one begin in ${after}.`
    : `A run of ${list(years)} under the tariff in force is open or waits for publication. Withdraw it first, or let ` +
      `the new one begin in ${after}.`;
  return new Problem(409, 'tariff-relied-on', detail, [
    { where: 'applies_to', value: formatFinancialYear(from), message: `assessed: ${list(years)}` },
  ]);
}
