import { type Command, InvalidArgumentError } from 'commander';
import { randomBytes } from 'node:crypto';
import { text as readAll } from 'node:stream/consumers';
import { addDemoCommand } from './demo.commands.js';
import { Problem } from '../core/problem.js';
import { UsersService } from '../platform/auth/account/users.service.js';
import { roles } from '../platform/auth/permissions.js';
import { readConfig } from '../platform/config.js';
import { migrate } from '../platform/database/migrate.js';
import { UlbsService } from '../ulbs/ulbs.service.js';
import { Output } from './output.js';
import { operatorContext, withSession } from './session.js';

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('A whole number is expected.');
  return Number(text);
}

const list = (text: string) =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);

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

interface UserOptions {
  ulb: string;
  role: string;
  name: string;
  wards?: string[];
  passwordStdin?: boolean;
}

function addUserCommands(user: Command): void {
  user
    .command('create')
    .description('make an account; prints a first password unless one comes on standard input')
    .argument('<login>')
    .requiredOption('--ulb <code>', 'the municipality')
    .requiredOption('--role <role>', Object.keys(roles).join(', '))
    .requiredOption('--name <text>', 'the person')
    .option('--wards <numbers>', 'limit to wards, with commas between', list)
    .option('--password-stdin', 'read the password from standard input')
    .action(async (login: string, options: UserOptions, command: Command) => {
      const given = options.passwordStdin ? (await readAll(process.stdin)).replace(/\r?\n$/, '') : null;
      const password = given ?? randomBytes(12).toString('base64url');
      const id = await withSession(async ({ app, contextOf }) => {
        const { name, role, wards } = options;
        const asked = { login, name, role, wardNumbers: wards ?? null, password } as Parameters<
          UsersService['create']
        >[1];
        return app.get(UsersService, { strict: false }).create(await contextOf(options.ulb), asked);
      });
      const result = given === null ? { id, login, password } : { id, login };
      Output.of(command).result(result, () => [
        `${login} (${options.role}) is an account of ${options.ulb}.`,
        ...(given === null ? [`First password, shown once: ${password}`] : []),
      ]);
    });

  user
    .command('list')
    .requiredOption('--ulb <code>', 'the municipality')
    .action(async ({ ulb }: { ulb: string }, command: Command) => {
      const users = await withSession(async ({ app, contextOf }) =>
        app.get(UsersService, { strict: false }).list(await contextOf(ulb)),
      );
      const shown = users.map(({ login, name, role, ward_numbers, disabled_at }) => ({
        login,
        name,
        role,
        wardNumbers: ward_numbers,
        disabled: disabled_at !== null,
      }));
      Output.of(command).result(shown, (all) =>
        all.map((one) => `${one.login}  ${one.role}  ${one.name}${one.disabled ? '  (disabled)' : ''}`),
      );
    });

  user
    .command('password')
    .description("set a password, read from standard input; ends the account's sessions")
    .argument('<login>')
    .requiredOption('--ulb <code>', 'the municipality')
    .action(async (login: string, { ulb }: { ulb: string }, command: Command) => {
      const password = (await readAll(process.stdin)).replace(/\r?\n$/, '');
      if (!password) throw new Problem(400, 'password-missing', 'Give the new password on standard input.');
      await withSession(async ({ app, contextOf }) =>
        app.get(UsersService, { strict: false }).setPassword(await contextOf(ulb), login, password),
      );
      Output.of(command).result({ login }, () => [`${login} has a new password; its sessions have ended.`]);
    });

  user
    .command('disable')
    .argument('<login>')
    .requiredOption('--ulb <code>', 'the municipality')
    .option('--undo', 'enable it again')
    .action(async (login: string, { ulb, undo }: { ulb: string; undo?: boolean }, command: Command) => {
      await withSession(async ({ app, contextOf }) =>
        app.get(UsersService, { strict: false }).setDisabled(await contextOf(ulb), login, !undo),
      );
      Output.of(command).result({ login, disabled: !undo }, () => [
        `${login} is ${undo ? 'enabled' : 'disabled'}.`,
      ]);
    });
}
