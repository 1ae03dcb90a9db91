import type { Command } from 'commander';
import type { Installed } from '../assessment/tariff-files/tariff-installer.js';
import { TariffFilesService } from '../assessment/tariff-files/tariff-files.service.js';
import { TariffCheckService, type TariffCheck } from '../assessment/tariff-files/tariff-check.service.js';
import { exitCodes, Output } from './output.js';
import { readText } from './read-text.js';
import { withSession } from './session.js';

/** `jarib tariff check FILE...` and `jarib tariff install FILE --ulb CODE`. */
export function addTariffCommands(program: Command): void {
  const tariff = program.command('tariff').description('tax law as data files');

  tariff
    .command('check')
    .description('read the files, check every rule and run every case; exit code 1 where one fails')
    .argument('<files...>', 'assessment or collection files (YAML)')
    .action(async (files: string[], _options: object, command: Command) => {
      const output = Output.of(command);
      const checks = await withSession(({ app }) =>
        app
          .get(TariffCheckService, { strict: false })
          .check(files.map((file) => ({ name: file, text: readText(file) }))),
      );
      output.result(checks, (all) => all.flatMap(wordsOf));
      if (checks.some((check) => check.faults.length)) process.exitCode = exitCodes.failed;
    });

  tariff
    .command('install')
    .description(
      'check a file, run its cases, and put it into force from its year or day; it ends the one before. ' +
        'The same file again changes nothing',
    )
    .argument('<file>', 'assessment or collection file (YAML)')
    .requiredOption('--ulb <code>', 'the municipality')
    .action(async (file: string, { ulb }: { ulb: string }, command: Command) => {
      const output = Output.of(command);
      const installed = await withSession(async ({ app, contextOf }) => {
        const tariffs = app.get(TariffFilesService, { strict: false });
        return tariffs.installFile(await contextOf(ulb), readText(file), file);
      });
      output.result(installed, (one) => [
        `${one.title.en} (${one.status}) is in force in ${ulb} from ${one.from}${one.to ? ` to ${one.to}` : ''}.`,
        ...(one.ended ? [endOf(one.ended)] : []),
      ]);
    });
}

function endOf({ sha256, last }: NonNullable<Installed['ended']>): string {
  const file = `The ${sha256.slice(0, 12)} before it`;
  return last ? `${file} ends with ${last}.` : `${file} is replaced and never applies.`;
}

function wordsOf(check: TariffCheck): string[] {
  const faults = check.faults.map(
    (fault) => `  ${fault.file}:${fault.line}:${fault.column} ${fault.message} ${fault.remedy}`,
  );
  const { published, computed } = check.cases;
  const cases =
    `${published.passed} of ${published.passed + published.failed} published and ` +
    `${computed.passed} of ${computed.passed + computed.failed} computed cases pass`;
  return [
    `${check.file}: ${check.faults.length ? `${check.faults.length} fault(s)` : 'in order'}; ${cases}`,
    ...faults,
  ];
}
