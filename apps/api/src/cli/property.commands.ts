import type { Command } from 'commander';
import { basename } from 'node:path';
import { Problem } from '../core/problem.js';
import type { BulkReport } from '../parcels/property-file/bulk/bulk-report.js';
import { bulkBody } from '../parcels/property-file/bulk/bulk.schema.js';
import { BulkService } from '../parcels/property-file/bulk/bulk.service.js';
import { exitCodes, Output } from './output.js';
import { readText } from './read-text.js';
import { withSession } from './session.js';

interface ImportOptions {
  ulb: string;
  dryRun?: boolean;
  from?: string;
  document?: string;
  reason?: string;
  lines: string;
}

/** `jarib property import FILE --ulb CODE [--dry-run]`: many changes of the roll, for an officer to check. */
export function addPropertyCommands(program: Command): void {
  const property = program.command('property').description('the property file');
  property
    .command('import')
    .description(
      'changes of properties from a CSV file; an officer approves them before they stand on the roll',
    )
    .argument('<file>', 'CSV: number, and the columns to change; one row a unit or owner')
    .requiredOption('--ulb <code>', 'the municipality')
    .option('--dry-run', 'check every row, report, and write nothing')
    .option('--from <day>', 'day from which the changes hold, where the rows do not say it')
    .option('--document <text>', 'order or deed, where the rows do not say it')
    .option('--reason <text>', 'why, where the rows do not say it')
    .option('--lines <n>', 'how many report lines to print', '20')
    .action(async (file: string, options: ImportOptions, command: Command) => {
      const report = await withSession(async ({ app, contextOf }) => {
        const ctx = await contextOf(options.ulb);
        return app.get(BulkService, { strict: false }).load(ctx, bodyOf(file, options));
      });
      Output.of(command).result(report, (one) => reportWords(one, Number(options.lines)));
      if (report.result === 'refused') process.exitCode = exitCodes.failed;
      else if (report.counts.refused) process.exitCode = exitCodes.findings;
    });
}

function bodyOf(file: string, { from, document, reason, dryRun }: ImportOptions) {
  const given = { file: basename(file), text: readText(file), effectiveOn: from, document, reason, dryRun };
  const parsed = bulkBody.safeParse(given);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map(({ path, message }) => ({ where: path.join('/'), message }));
  throw new Problem(400, 'file-unfit', 'The file or an option is not as it must be; see errors.', errors);
}

function reportWords({ file, result, counts, lines }: BulkReport, most: number): string[] {
  const shown = lines.slice(0, most).map((line) => {
    const where = line.column ? ` ${line.column}${line.value === null ? '' : ` = "${line.value}"`}` : '';
    return `  row ${line.row} ${line.outcome}${where}: ${line.message}. ${line.remedy}.`;
  });
  const more = lines.length > most ? [`  ... ${lines.length - most} more lines; --json prints them all`] : [];
  return [
    `${file}: ${result}`,
    `  rows ${counts.rows}: accepted ${counts.accepted}, unchanged ${counts.unchanged}, refused ${counts.refused}; ` +
      `changes to check ${counts.changes}`,
    ...shown,
    ...more,
  ];
}
