import { Injectable } from '@nestjs/common';
import { parse } from 'yaml';
import { now } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { systemActor, type Context, type SqlValue } from '../../platform/database/tx.js';
import { type CaseReport, type Query, runCases, runCollectionCases } from '../../tariff/case.js';
import { compileTariff, type CompiledTariff, type TariffFault } from '../../tariff/compile.js';
import { compileCollection } from '../../tariff/rebates.js';

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

const noCases = { published: { passed: 0, failed: 0 }, computed: { passed: 0, failed: 0 } };

/** Checks tariff files, and runs their cases through the very SQL that would assess the city. Writes nothing. */
@Injectable()
export class TariffCheckService {
  constructor(private readonly database: Database) {}

  /** Checks the files in order. A collection file is checked against an assessment file of its body among them. */
  async check(files: TariffText[]): Promise<TariffCheck[]> {
    const ctx: Context = { actor: systemActor, ulbId: 0, now: now() };
    return this.database.read(ctx, async (tx) => {
      const query: Query = (sql, values) => tx.rows(sql, values as SqlValue[]);
      const checks: TariffCheck[] = [];
      const tariffs: CompiledTariff[] = [];
      for (const file of files.filter((one) => kindOf(one.text) !== 'collection')) {
        checks.push(await this.checkAssessment(file, tariffs, query));
      }
      for (const file of files.filter((one) => kindOf(one.text) === 'collection')) {
        checks.push(await this.checkCollection(file, tariffs, query));
      }
      return checks;
    });
  }

  private async checkAssessment(
    file: TariffText,
    known: CompiledTariff[],
    query: Query,
  ): Promise<TariffCheck> {
    const result = await compileTariff(file.text, file.name);
    if (!result.ok) return { file: file.name, kind: 'assessment', faults: result.faults, cases: noCases };
    known.push(result.tariff);
    const { faults, published, computed } = await runCases(result.tariff, file.name, query);
    return { file: file.name, kind: 'assessment', faults, cases: { published, computed } };
  }

  private async checkCollection(
    file: TariffText,
    known: CompiledTariff[],
    query: Query,
  ): Promise<TariffCheck> {
    const body = bodyOf(file.text);
    const tariff = known.find((one) => one.body === body);
    if (!tariff)
      return { file: file.name, kind: 'collection', faults: [withoutAssessment(file, body)], cases: noCases };
    const result = await compileCollection(file.text, file.name, tariff);
    if (!result.ok) return { file: file.name, kind: 'collection', faults: result.faults, cases: noCases };
    const { faults, published, computed } = await runCollectionCases(
      result.collection,
      tariff,
      file.name,
      query,
    );
    return { file: file.name, kind: 'collection', faults, cases: { published, computed } };
  }
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
  try {
    const value = (parse(text) as Record<string, unknown> | null)?.[key];
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}

const kindOf = (text: string) => topWord(text, 'kind');
const bodyOf = (text: string) => topWord(text, 'tariff');
