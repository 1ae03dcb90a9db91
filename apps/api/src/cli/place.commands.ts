import type { Command } from 'commander';
import { addDemoCommand } from './demo.commands.js';
import { readConfig } from '../platform/config.js';
import { migrate } from '../platform/database/migrate.js';
import { UlbsService } from '../ulbs/ulbs.service.js';
import { list, wholeNumber } from './option-values.js';
import { Output } from './output.js';
import { operatorContext, withSession } from './session.js';
import { addUserCommands } from './user.commands.js';

/** `jarib migrate`, `jarib ulb create|list`, `jarib user create|list|password|disable`, `jarib demo`. */
export function addPlaceCommands(program: Command): void {
  program
    .command('migrate')
    .description('bring the database to this version; npm start does it by itself')
    .action(async (_options: object, command: Command) => {
      const applied = await migrate(readConfig(process.env));
      Output.of(command).result({ applied }, () => [
        applied.length
          ? `Applied ${applied.length} migration(s): ${applied.join(', ')}`
          : 'The database is up to date.',
      ]);
    });
  addUlbCommands(program.command('ulb').description('municipalities'));
  addUserCommands(program.command('user').description('accounts of a municipality'));
  addDemoCommand(program);
}

interface UlbOptions {
  name: string;
  nameLocal?: string;
  utm: number;
  languages?: string[];
  currency?: string;
  areaUnit?: 'm2' | 'ft2' | 'yd2';
}

function addUlbCommands(ulb: Command): void {
  ulb
    .command('create')
    .description('make a municipality')
    .argument('<code>', 'short name in addresses, such as sagar')
    .requiredOption('--name <text>', 'name in Latin letters')
    .option('--name-local <text>', 'name in Devanagari')
    .requiredOption('--utm <srid>', 'UTM zone in which metres are measured, such as 32644', wholeNumber)
    .option('--languages <codes>', 'en,hi,mr', list)
    .option('--currency <code>', 'ISO 4217', 'INR')
    .option('--area-unit <unit>', 'm2, ft2 or yd2', 'm2')
    .action(async (code: string, { utm, ...options }: UlbOptions, command: Command) => {
      const asked = { code, ...options, utmSrid: utm } as Parameters<UlbsService['create']>[1];
      const ulbId = await withSession(({ app }) =>
        app.get(UlbsService, { strict: false }).create(operatorContext(0), asked),
      );
      Output.of(command).result({ ulbId, code }, () => [
        `${options.name} is municipality ${ulbId}, code ${code}.`,
      ]);
    });

  ulb
    .command('list')
    .description('the municipalities that there are')
    .action(async (_options: object, command: Command) => {
      const ulbs = await withSession(({ app }) => app.get(UlbsService, { strict: false }).list());
      Output.of(command).result(ulbs, (all) =>
        all.map((one) => `${one.code}  ${one.name}  ${one.nameLocal ?? ''}`),
      );
    });
}
