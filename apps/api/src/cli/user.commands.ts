import type { Command } from 'commander';
import { randomBytes } from 'node:crypto';
import { text as readAll } from 'node:stream/consumers';
import { Problem } from '../core/problem.js';
import { UsersService } from '../platform/auth/account/users.service.js';
import { roles } from '../platform/auth/permissions.js';
import { list } from './option-values.js';
import { Output } from './output.js';
import { withSession } from './session.js';

interface UserOptions {
  ulb: string;
  role: string;
  name: string;
  wards?: string[];
  passwordStdin?: boolean;
}

/** `jarib user create|list|password|disable`. */
export function addUserCommands(user: Command): void {
  addUserChanges(user);
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
}

function addUserChanges(user: Command): void {
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
