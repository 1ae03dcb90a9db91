import { Injectable } from '@nestjs/common';
import { parse } from 'yaml';
import { financialYearOf, isDay } from '../../core/period.js';
import { Problem } from '../../core/problem.js';
import { now } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { systemActor, type Context, type SqlValue } from '../../platform/database/tx.js';
import { type CaseReport, type Query, runCases, runCollectionCases } from '../../tariff/case.js';
import { compileTariff, type CompiledTariff, type TariffFault } from '../../tariff/compile.js';
import { dayNumber } from './succession.js';
import { compileCollection } from '../../tariff/rebates.js';
import { checkBodies, type FileTime } from '../../tariff/sequence.js';

export interface TariffText {
  name: string;
  text: string;
}

/** What came of one file: everything that is wrong with it, failed cases among that, and how its cases came out. */
export interface TariffCheck {
  file: string;
  kind: 'assessment' | 'collection';
  faults: TariffFault[];
  cases: { published: CaseReport['published']; computed: CaseReport['computed'] };
}

/** What the files before left for those after them. */
interface Known {
  readonly tariffs: CompiledTariff[];
  readonly times: FileTime[];
}

const noCases = { published: { passed: 0, failed: 0 }, computed: { passed: 0, failed: 0 } };

/** Checks tariff files, and runs their cases through the very SQL that would assess the city. Writes nothing. */
@Injectable()
export class TariffCheckService {
  constructor(private readonly database: Database) {}

  /**
   * Checks the files in order. A collection file is checked against each assessment file of its body among them whose
   * years it meets, or against the first where it meets none. Files of one kind and body must join in time.
   */
  async check(files: TariffText[]): Promise<TariffCheck[]> {
    const ctx: Context = { actor: systemActor, ulbId: 0, now: now() };
    return this.database.read(ctx, async (tx) => {
      const query: Query = (sql, values) => tx.rows(sql, values as SqlValue[]);
      const checks: TariffCheck[] = [];
      const tariffs: CompiledTariff[] = [];
      const times: FileTime[] = [];
      for (const file of files.filter((one) => readKind(one.text) !== 'collection')) {
        checks.push(await this.checkAssessment(file, { tariffs, times }, query));
      }
      for (const file of files.filter((one) => readKind(one.text) === 'collection')) {
        checks.push(await this.checkCollection(file, { tariffs, times }, query));
      }
      for (const fault of checkBodies(times))
        checks.find(({ file }) => file === fault.file)?.faults.push(fault);
      return checks;
    });
  }

  private async checkAssessment(file: TariffText, known: Known, query: Query): Promise<TariffCheck> {
    const result = await compileTariff(file.text, file.name);
    if (!result.ok) return { file: file.name, kind: 'assessment', faults: result.faults, cases: noCases };
    known.tariffs.push(result.tariff);
    const { body, appliesFromFy: from, appliesToFy: to } = result.tariff;
    known.times.push({ name: file.name, kind: 'assessment', body, from, to });
    const { faults, published, computed } = await runCases(result.tariff, file.name, query);
    return { file: file.name, kind: 'assessment', faults, cases: { published, computed } };
  }

  private async checkCollection(file: TariffText, known: Known, query: Query): Promise<TariffCheck> {
    const body = bodyOf(file.text);
    const own = known.tariffs.filter((one) => one.body === body);
    const [first, ...rest] = own.some((one) => isBeside(one, file.text))
      ? own.filter((one) => isBeside(one, file.text))
      : own.slice(0, 1);
    if (!first)
      return { file: file.name, kind: 'collection', faults: [withoutAssessment(file, body)], cases: noCases };
    let check = await this.checkBeside(file, first, query, known.times);
    for (const tariff of rest) if (!check.faults.length) check = await this.checkBeside(file, tariff, query);
    return check;
  }

  private async checkBeside(
    file: TariffText,
    tariff: CompiledTariff,
    query: Query,
    times: FileTime[] = [],
  ): Promise<TariffCheck> {
    const result = await compileCollection(file.text, file.name, tariff);
    if (!result.ok) return { file: file.name, kind: 'collection', faults: result.faults, cases: noCases };
    const { body, inForceFrom, inForceTo } = result.collection;
    const to = inForceTo === null ? null : dayNumber(inForceTo);
    times.push({ name: file.name, kind: 'collection', body, from: dayNumber(inForceFrom), to });
    const { faults, published, computed } = await runCollectionCases(
      result.collection,
      tariff,
      file.name,
      query,
    );
    return { file: file.name, kind: 'collection', faults, cases: { published, computed } };
  }
}

/** Whether demands of the assessment are made while the collection file is in force. */
function isBeside(tariff: CompiledTariff, collectionText: string): boolean {
  const { from, to } = (topOf(collectionText)?.['in_force'] ?? {}) as { from?: unknown; to?: unknown };
  const first = typeof from === 'string' && isDay(from) ? financialYearOf(from) : 0;
  const last = typeof to === 'string' && isDay(to) ? financialYearOf(to) : Infinity;
  return tariff.appliesFromFy <= last && (tariff.appliesToFy ?? Infinity) >= first;
}

function withoutAssessment({ name }: TariffText, body: string | null): TariffFault {
  return {
    file: name,
    line: 1,
    column: 1,
    value: body ?? '',
    kind: 'collection_alone',
    message: `A collection file is checked against the assessment file whose heads it reduces; none of ${body ?? 'its body'} was given.`,
    remedy: 'Name that assessment file in the same command.',
  };
}

/** The word after `key:` at the top of a file; what is no YAML is the compiler's to report. */
function topWord(text: string, key: string): string | null {
  const value = topOf(text)?.[key];
  return typeof value === 'string' ? value : null;
}

function topOf(text: string): Record<string, unknown> | null {
  try {
    const data: unknown = parse(text, { schema: 'failsafe' });
    return typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** What kind of file a text says that it is; null where it says none or is no YAML. */
export const readKind = (text: string): string | null => topWord(text, 'kind');
const bodyOf = (text: string) => topWord(text, 'tariff');

/** Body and days of a collection file. A Problem where it does not state them: no file can be found to go with it. */
export function readCollectionTime(text: string): { body: string; from: string; to: string | null } {
  const body = bodyOf(text);
  const { from, to } = (topOf(text)?.['in_force'] ?? {}) as { from?: unknown; to?: unknown };
  const end = typeof to === 'string' && isDay(to) ? to : null;
  if (body !== null && typeof from === 'string' && isDay(from)) return { body, from, to: end };
  const detail =
    'The collection file does not say whose it is (tariff) or from which day it holds (in_force: {from}).';
  throw new Problem(422, 'tariff-faulty', detail, [
    { where: 'in_force', message: 'State tariff and in_force.' },
  ]);
}
