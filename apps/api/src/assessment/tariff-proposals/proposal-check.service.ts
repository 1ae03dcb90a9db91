import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Problem } from '../../core/problem.js';
import { now } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { type Context, type SqlValue, systemActor, type Tx } from '../../platform/database/tx.js';
import { limits } from '../../platform/limits.js';
import { type Query, runCases, runCollectionCases } from '../../tariff/case.js';
import { compileTariff, type CompiledTariff, type TariffFault } from '../../tariff/compile.js';
import { compileCollection } from '../../tariff/rebates.js';
import { readKind } from '../tariff-files/tariff-check.service.js';
import { TariffFilesService } from '../tariff-files/tariff-files.service.js';
import { type CaseRow, type Expectation, expectations, runCasesAtOnce } from './case-batch.js';
import { placesOf } from './text/yaml-place.js';
import type { YamlPath } from './text/yaml-value.js';

/** A fault with the path of the value at which it stands, as an edit would name it. */
export type PlacedFault = TariffFault & { path: YamlPath };

export interface CheckedCase {
  name: string;
  kind: 'published' | 'computed';
  passed: boolean;
  /** Empty where the statement could not be run at all: the faults say why. */
  expectations: Expectation[];
}

export interface ProposalCheck {
  faults: PlacedFault[];
  cases: CheckedCase[];
  published: { passed: number; failed: number };
  computed: { passed: number; failed: number };
}

const none = { passed: 0, failed: 0 };
const impatient = { statementTimeoutMs: limits.tariffCheckTimeoutMs };

/** Checks a text as it is typed: every fault with its place, and every case with what was expected and what came out. */
@Injectable()
export class ProposalCheckService {
  /** A text's check depends on nothing else, so that the next person who looks is answered from here. */
  private readonly kept = new Map<string, Promise<ProposalCheck>>();
  private running = 0;

  constructor(
    private readonly database: Database,
    private readonly tariffs: TariffFilesService,
  ) {}

  async check(ctx: Context, text: string, fileName: string): Promise<ProposalCheck> {
    if (readKind(text) === 'collection') return this.bounded(() => this.checkCollection(ctx, text, fileName));
    const key = createHash('sha256').update(text).digest('hex');
    const known = this.kept.get(key);
    if (known) return known;
    const check = this.bounded(() => this.checkAssessment(text, fileName));
    check.catch(() => this.kept.delete(key));
    if (this.kept.size >= limits.tariffChecksKept) this.kept.delete([...this.kept.keys()][0] ?? '');
    this.kept.set(key, check);
    return check;
  }

  private async bounded<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= limits.tariffChecksAtOnce) {
      throw new Problem(503, 'busy', 'Other tariffs are being checked. Ask again in a moment.', [], {
        retryAfterS: 1,
      });
    }
    this.running += 1;
    try {
      return await work();
    } finally {
      this.running -= 1;
    }
  }

  private async checkAssessment(text: string, fileName: string): Promise<ProposalCheck> {
    const result = await compileTariff(text, fileName);
    if (!result.ok) return faulty(text, result.faults);
    const { tariff } = result;
    const rows = await this.rowsOf(tariff);
    // The compiler's own judgement, fed with the rows of the one statement: nothing here can disagree with it.
    let next = 0;
    const report = await runCases(tariff, fileName, async () => {
      const row = rows[next++];
      return row ? [row] : [];
    });
    const failed = new Set(report.faults.map(({ value }) => value));
    const cases = tariff.cases.map((one, index) => ({
      name: one.name,
      kind: one.kind,
      passed: !failed.has(shown(one.name)),
      expectations: expectations(tariff, one.expect, rows[index]),
    }));
    return { ...report, faults: placed(text, report.faults), cases };
  }

  /** One statement for all cases; where a figure of one breaks it, each by itself, so that the others still count. */
  private async rowsOf(tariff: CompiledTariff): Promise<(CaseRow | undefined)[]> {
    try {
      return await this.ask((query) => runCasesAtOnce(tariff, query));
    } catch (error) {
      if (!isDataError(error)) throw error;
      const rows: (CaseRow | undefined)[] = [];
      for (const one of tariff.cases) {
        const alone = { ...tariff, cases: [one] };
        const found = await this.ask((query) => runCasesAtOnce(alone, query)).catch(() => []);
        rows.push(found[0]);
      }
      return rows;
    }
  }

  /** The cases bring their own rows: no municipality's are read. */
  private ask<T>(work: (query: Query) => Promise<T>): Promise<T> {
    const ctx: Context = { actor: systemActor, ulbId: 0, now: now() };
    return this.database.read(ctx, (tx) => work(queryOf(tx)), impatient);
  }

  private async checkCollection(ctx: Context, text: string, fileName: string): Promise<ProposalCheck> {
    const read = async (tx: Tx) => {
      const tariffs = await this.tariffs.assessmentsBeside(tx, text, fileName);
      const faults: TariffFault[] = [];
      for (const tariff of tariffs) {
        const result = await compileCollection(text, fileName, tariff);
        if (!result.ok) faults.push(...result.faults);
      }
      const first = faults.length ? null : await compileCollection(text, fileName, tariffs[0]!);
      if (!first?.ok) return faulty(text, unique(faults));
      const report = await runCollectionCases(first.collection, tariffs[0]!, fileName, queryOf(tx));
      const failed = new Set(report.faults.map(({ value }) => value));
      const cases = first.collection.cases.map(({ name, kind }) => {
        return { name, kind, passed: !failed.has(shown(name)), expectations: [] };
      });
      return { ...report, faults: placed(text, report.faults), cases };
    };
    try {
      return await this.database.read(ctx, read, impatient);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return faulty(text, [problemAsFault(fileName, error)]);
    }
  }
}

const queryOf =
  (tx: Tx): Query =>
  (sql, values) =>
    tx.rows(sql, values as SqlValue[]);

/** A fault shows the start of a long value only. */
const shown = (name: string): string => (name.length > 80 ? `${name.slice(0, 80)}...` : name);

/** SQLSTATE class 22: a number too large, a text that is no number. */
function isDataError(error: unknown): boolean {
  return String((error as { code?: unknown } | null)?.code ?? '').startsWith('22');
}

function faulty(text: string, faults: TariffFault[]): ProposalCheck {
  return { faults: placed(text, faults), cases: [], published: none, computed: none };
}

function placed(text: string, faults: TariffFault[]): PlacedFault[] {
  const pathAt = placesOf(text);
  return faults.map((fault) => ({ ...fault, path: pathAt(fault.line, fault.column) }));
}

function unique(faults: TariffFault[]): TariffFault[] {
  return [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()];
}

function problemAsFault(file: string, problem: Problem): TariffFault {
  const [first] = problem.errors;
  const value = String(first?.value ?? '');
  return { file, line: 1, column: 1, value, kind: 'collection_alone', message: problem.detail, remedy: '' };
}
