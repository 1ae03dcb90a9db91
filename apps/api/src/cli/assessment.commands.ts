import { type Command, InvalidArgumentError } from 'commander';
import type { INestApplicationContext } from '@nestjs/common';
import { AssessmentService } from '../assessment/assessment.service.js';
import { assessChunk, classifyMap, planRun, postChunk } from '../assessment/assessment.jobs.js';
import { ExplanationService } from '../assessment/explanation/explanation.service.js';
import { PublicationService } from '../assessment/publication/publication.service.js';
import type { RunProgress, RunView } from '../assessment/run/run-view.js';
import { formatPaise } from '../core/money.js';
import { parseFinancialYear } from '../core/period.js';
import { Problem } from '../core/problem.js';
import { ParcelsService } from '../parcels/parcels.service.js';
import { JobWorker } from '../platform/queue/worker.js';
import { Sweeper } from '../platform/queue/sweeper.js';
import { contextBy } from './account.js';
import { explanationLines } from './explanation.js';
import { list, wholeNumber } from './option-values.js';
import { exitCodes, Output } from './output.js';
import { withSession } from './session.js';

function financialYear(text: string): number {
  const fy = parseFinancialYear(text);
  if (fy === null) throw new InvalidArgumentError('A financial year is written 2026-27.');
  return fy;
}

interface AssessOptions {
  ulb: string;
  fy: number;
  wards?: string[];
  by?: string;
}

/**
 * `jarib assess --ulb CODE --fy 2026-27 [--wards 1,2] [--by LOGIN]`, `jarib publish RUN --ulb CODE --by LOGIN` and
 * `jarib explain PROPERTY --ulb CODE --fy 2026-27`.
 */
export function addAssessmentCommands(program: Command): void {
  program
    .command('assess')
    .description(
      'compute what all properties of a year, or of some wards, owe; nothing is demanded before jarib publish',
    )
    .requiredOption('--ulb <code>', 'the municipality')
    .requiredOption('--fy <year>', 'financial year, such as 2026-27', financialYear)
    .option('--wards <numbers>', 'ward numbers, with commas between', list)
    .option('--by <login>', 'the account that makes the run; absent: the operator')
    .action(async (options: AssessOptions, command: Command) => {
      const output = Output.of(command);
      const run = await withSession(async ({ app, contextOf }) => {
        const ctx = await contextBy(app, await contextOf(options.ulb), options.by, 'assessments:run');
        await startWorking(app);
        const service = app.get(AssessmentService, { strict: false });
        const started = await service.start(ctx, { fy: options.fy, wardNumbers: options.wards });
        return follow(service.watch(ctx, started.id, new AbortController().signal), output);
      });
      output.result(run, runWords);
      if (run.status !== 'computed') process.exitCode = exitCodes.failed;
      else if (run.exceptions > 0) process.exitCode = exitCodes.findings;
    });

  program
    .command('publish')
    .description('post the demands of a computed run, in the name of somebody else than who made it')
    .argument('<run>', 'the id that jarib assess printed')
    .requiredOption('--ulb <code>', 'the municipality')
    .requiredOption('--by <login>', 'the account that publishes')
    .action(async (runId: string, options: { ulb: string; by: string }, command: Command) => {
      const output = Output.of(command);
      const run = await withSession(async ({ app, contextOf }) => {
        const ctx = await contextBy(app, await contextOf(options.ulb), options.by, 'assessments:publish');
        await startWorking(app);
        const service = app.get(AssessmentService, { strict: false });
        const { assessed, exempt, totalPaise } = await service.get(ctx, runId);
        const typed = { assessments: assessed + exempt, totalPaise };
        await app.get(PublicationService, { strict: false }).publish(ctx, runId, typed);
        return follow(service.watch(ctx, runId, new AbortController().signal), output);
      });
      output.result(run, runWords);
      if (run.status !== 'published') process.exitCode = exitCodes.failed;
    });

  addExplainCommand(program);
}

function addExplainCommand(program: Command): void {
  program
    .command('explain')
    .description('every step from the roll to the demand of one property')
    .argument('<property>', 'property number')
    .requiredOption('--ulb <code>', 'the municipality')
    .requiredOption('--fy <year>', 'financial year, such as 2026-27', financialYear)
    .option('--no <number>', 'an earlier assessment of the year; absent: the one in force', wholeNumber)
    .option('--language <code>', 'en, hi or mr', 'en')
    .action(
      async (
        number: string,
        options: { ulb: string; fy: number; no?: number; language: 'en' | 'hi' | 'mr' },
        command: Command,
      ) => {
        const output = Output.of(command);
        const explanation = await withSession(async ({ app, contextOf }) => {
          const ctx = await contextOf(options.ulb);
          const id = await app.get(ParcelsService, { strict: false }).idOfNumber(ctx, number);
          return app
            .get(ExplanationService, { strict: false })
            .explain(ctx, id, options.fy, options.no ?? null);
        });
        output.result(explanation, (one) => explanationLines(one, options.language));
      },
    );
}

/** The command is a worker too: the run goes on whether or not another worker is there, and no chunk is done twice. */
async function startWorking(app: INestApplicationContext): Promise<void> {
  app.get(JobWorker, { strict: false }).start([planRun, assessChunk, postChunk, classifyMap] as never[]);
  await app.get(Sweeper, { strict: false }).start();
}

async function follow(progress: AsyncGenerator<RunProgress>, output: Output): Promise<RunView> {
  const bar = output.bar('working');
  let last: RunProgress | null = null;
  for await (const run of progress) {
    last = run;
    const { done, posted, total } = run.chunks;
    bar.update(run.publication ? posted : done, total);
  }
  bar.stop();
  if (!last)
    throw new Problem(
      500,
      'run-lost',
      'The run gave no sign of life. Start it again: it goes on where it was.',
    );
  return last;
}

function runWords(run: RunView): string[] {
  return [
    `Run ${run.id} for ${run.fy}: ${run.status}${run.error ? ` (${run.error})` : ''}`,
    `  properties ${run.properties}: assessed ${run.assessed}, exempt ${run.exempt}, ` +
      `unchanged ${run.unchanged}, exceptions ${run.exceptions}`,
    `  total ${formatPaise(BigInt(run.totalPaise))}, changes the demand by ${formatPaise(BigInt(run.netPaise))}`,
    ...(run.status === 'computed' ? draftWords(run) : []),
  ];
}

function draftWords({ id, createdByLogin }: RunView): string[] {
  return [
    `  nothing is demanded yet: somebody else than ${createdByLogin} publishes it:`,
    `  jarib publish ${id} --ulb CODE --by LOGIN`,
  ];
}
