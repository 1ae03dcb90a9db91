import type { INestApplicationContext } from '@nestjs/common';
import { Problem } from '../core/problem.js';
import { UsersService } from '../platform/auth/account/users.service.js';
import { isRole, type Permission, roles } from '../platform/auth/permissions.js';
import type { Context } from '../platform/database/tx.js';

/**
 * The context of an account of the municipality, in whose name a command acts (`--by LOGIN`): with that account's wards
 * and with its role's permissions. Throws a Problem where there is no such account or its role may not do it.
 */
export async function contextBy(
  app: INestApplicationContext,
  operator: Context,
  login: string | undefined,
  permission: Permission,
): Promise<Context> {
  if (!login) return operator;
  const users = await app.get(UsersService, { strict: false }).list(operator);
  const user = users.find((one) => one.login === login && !one.disabled_at);
  if (!user || !isRole(user.role)) {
    const detail = `There is no account ${login} in this municipality that may sign in. See: jarib user list.`;
    throw new Problem(404, 'user-unknown', detail, [
      { where: '--by', value: login, message: 'unknown account' },
    ]);
  }
  const permissions: ReadonlySet<string> = new Set(roles[user.role]);
  if (!permissions.has(permission)) {
    const detail = `The account ${login} is a ${user.role}, who may not do this (${permission}).`;
    throw new Problem(403, 'not-allowed', detail, [{ where: '--by', value: login, message: permission }]);
  }
  const actor = { id: user.id, login: user.login, permissions, wardNumbers: user.ward_numbers };
  return { ...operator, actor };
}
