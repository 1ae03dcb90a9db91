import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Installed } from '../assessment/tariff-files/tariff-installer.js';
import { TariffFilesService } from '../assessment/tariff-files/tariff-files.service.js';
import { TariffCheckService, type TariffCheck } from '../assessment/tariff-files/tariff-check.service.js';
import { Problem } from '../core/problem.js';
import { describeFault } from '../tariff/file/fault.js';
import { tariffJsonSchema } from '../tariff/file/json-schema.js';
import { exitCodes, Output } from './output.js';
import { readText } from './read-text.js';
import { withSession } from './session.js';

/** `jarib tariff check FILE|DIR...`, `jarib tariff schema` and `jarib tariff install FILE --ulb CODE`. */
export function addTariffCommands(program: Command): void {
  const tariff = program.command('tariff').description('tax law as data files');

  tariff
    .command('check')
    .description('read the files, check every rule and run every case; exit code 1 where one fails')
    .argument('<files...>', 'assessment and collection files (YAML), or folders of them')
    .action(async (files: string[], _options: object, command: Command) => {
      const output = Output.of(command);
      const texts = tariffFiles(files).map((file) => ({ name: file, text: readText(file) }));
      const checks = await withSession(({ app }) =>
        app.get(TariffCheckService, { strict: false }).check(texts),
      );
      output.result(checks, (all) => all.flatMap(wordsOf));
      if (checks.some((check) => check.faults.length)) process.exitCode = exitCodes.failed;
    });

  tariff
    .command('schema')
    .description('write the JSON Schema by which editors complete and check tariff files')
    .argument('[file]', 'where to', 'tariffs/tariff.schema.json')
    .action((file: string, _options: object, command: Command) => {
      writeFileSync(file, `${JSON.stringify(tariffJsonSchema(), null, 2)}\n`);
      Output.of(command).result({ file }, () => [`${file} is written.`]);
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

/** The files named, and of a folder every YAML file below it; a Problem where a folder has none. */
export function tariffFiles(paths: readonly string[]): string[] {
  const found = paths.flatMap((path) => {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path];
    const names = readdirSync(path, { recursive: true, encoding: 'utf8' });
    const files = names.filter((name) => /\.ya?ml$/.test(name)).map((name) => join(path, name));
    if (files.length > 0) return files.sort();
    const detail = `${path} holds no tariff file (.yaml).`;
    throw new Problem(404, 'file-unreadable', detail, [{ where: path, message: 'no YAML file in it' }]);
  });
  return [...new Set(found)];
}

/** What a check found, as lines for a terminal: the file, its cases, and each fault at its place. */
export function wordsOf(check: TariffCheck): string[] {
  const faults = check.faults.map((fault) => `  ${describeFault(fault)}`);
  const { published, computed } = check.cases;
  const ran = published.passed + published.failed + computed.passed + computed.failed > 0;
  const cases = ran
    ? `${published.passed} of ${published.passed + published.failed} published and ` +
      `${computed.passed} of ${computed.passed + computed.failed} computed cases pass`
    : 'no case was run';
  const count = check.faults.length === 1 ? '1 fault' : `${check.faults.length} faults`;
  return [`${check.file}: ${check.faults.length ? count : 'in order'}; ${cases}`, ...faults];
}
