import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { uuidV7 } from '../../../core/ids.js';
import { Problem } from '../../../core/problem.js';
import { Audit } from '../../audit/audit.js';
import { Database } from '../../database/database.js';
import type { Context, Tx } from '../../database/tx.js';
import { Authenticator } from '../authenticator.js';
import { isRole, roles } from '../permissions.js';
import { SessionsRepository } from '../session/sessions.repository.js';
import { passwordFault } from './password-rules.js';
import { Passwords } from './passwords.js';
import { makeTotpSecret } from './totp.js';
import { type UserRow, UsersRepository } from './users.repository.js';

export const newUser = z.object({
  login: z
    .string()
    .trim()
    .toLowerCase()
    .regex(
      /^[a-z0-9][a-z0-9._@-]{2,63}$/,
      '3 to 64 letters, digits, or . _ @ -, beginning with a letter or digit',
    ),
  name: z.string().trim().min(1).max(200),
  role: z.string().refine(isRole, `one of: ${Object.keys(roles).join(', ')}`),
  /** Absent or null: the whole municipality. */
  wardNumbers: z.array(z.string().trim().min(1).max(20)).min(1).max(500).nullish(),
  password: z.string(),
});
export type NewUser = z.input<typeof newUser>;

/**
 * Accounts of one municipality, that of the context. Every change is in the audit log, and ends what it must
 * end.
 */
@Injectable()
export class UsersService {
  constructor(
    private readonly database: Database,
    private readonly repository: UsersRepository,
    private readonly sessions: SessionsRepository,
    private readonly passwords: Passwords,
    private readonly authenticator: Authenticator,
    private readonly audit: Audit,
  ) {}

  async list(ctx: Context): Promise<UserRow[]> {
    return this.database.read(ctx, (tx) => this.repository.all(tx));
  }

  /**
   * Returns the new account's id. Throws `user-invalid` with each fault, `password-weak` or `login-taken`.
   */
  async create(ctx: Context, asked: NewUser): Promise<string> {
    const user = this.check(asked);
    const passwordHash = await this.hashOf(user.password, user.login);
    const id = uuidV7(ctx.now.getTime());
    await this.database.write(ctx, async (tx) => {
      const wardNumbers = user.wardNumbers ?? null;
      const { login, name, role } = user;
      if (!(await this.repository.insert(tx, { id, login, name, role, wardNumbers, passwordHash }))) {
        throw new Problem(409, 'login-taken', `There is an account ${login} already. Take another login.`);
      }
      await this.audit.record(tx, {
        action: 'create',
        noun: 'user',
        nounId: id,
        after: { login, role, wardNumbers },
      });
    });
    return id;
  }

  async setPassword(ctx: Context, login: string, password: string): Promise<void> {
    const passwordHash = await this.hashOf(password, login);
    await this.change(ctx, login, 'set-password', {}, async (tx, user) => {
      await this.repository.update(tx, user.id, { passwordHash });
      await this.sessions.deleteOfUser(tx, user.id);
    });
  }

  async setRole(ctx: Context, login: string, role: string): Promise<void> {
    const faults = isRole(role) ? [] : [`role: one of ${Object.keys(roles).join(', ')}`];
    if (faults.length) throw new Problem(400, 'user-invalid', faults.join('; '));
    await this.change(ctx, login, 'set-role', { role }, (tx, user) =>
      this.repository.update(tx, user.id, { role }),
    );
  }

  /** Null: the whole municipality. */
  async setWards(ctx: Context, login: string, wardNumbers: string[] | null): Promise<void> {
    const wards = newUser.shape.wardNumbers.parse(wardNumbers) ?? null;
    await this.change(ctx, login, 'set-wards', { wardNumbers: wards }, (tx, user) =>
      this.repository.update(tx, user.id, { wardNumbers: wards }),
    );
  }

  /** Ends the account's sessions; its tokens stop with it, and work again where it is enabled again. */
  async setDisabled(ctx: Context, login: string, disabled: boolean): Promise<void> {
    await this.change(ctx, login, disabled ? 'disable' : 'enable', {}, async (tx, user) => {
      await this.repository.update(tx, user.id, { disabledAt: disabled ? tx.ctx.now : null });
      if (disabled) await this.sessions.deleteOfUser(tx, user.id);
    });
  }

  /** Demands a code at sign-in from now on, or no longer. Returns the new secret in base32, or null. */
  async setTotp(ctx: Context, login: string, demanded: boolean): Promise<string | null> {
    const totpSecret = demanded ? makeTotpSecret() : null;
    await this.change(ctx, login, demanded ? 'demand-totp' : 'drop-totp', {}, (tx, user) =>
      this.repository.update(tx, user.id, { totpSecret }),
    );
    return totpSecret;
  }

  private async change(
    ctx: Context,
    login: string,
    action: string,
    after: object,
    work: (tx: Tx, user: UserRow) => Promise<void>,
  ): Promise<void> {
    const user = await this.database.write(ctx, async (tx) => {
      const found = await this.repository.byLogin(tx, login.trim().toLowerCase());
      if (!found)
        throw new Problem(404, 'user-unknown', `There is no account ${login} in this municipality.`);
      const before = { login: found.login, role: found.role, wardNumbers: found.ward_numbers };
      await work(tx, found);
      await this.audit.record(tx, { action, noun: 'user', nounId: found.id, before, after });
      return found;
    });
    this.authenticator.forgetUser(user.id);
  }

  private check(asked: NewUser): z.output<typeof newUser> {
    const checked = newUser.safeParse(asked);
    if (checked.success) return checked.data;
    const errors = checked.error.issues.map((issue) => ({
      where: issue.path.join('.'),
      message: issue.message,
    }));
    const detail = errors.map(({ where, message }) => `${where}: ${message}`).join('; ');
    throw new Problem(400, 'user-invalid', `The account is not as it must be. ${detail}`, errors);
  }

  private async hashOf(password: string, login: string): Promise<string> {
    const fault = passwordFault(password, [login.trim().toLowerCase()]);
    if (fault) throw new Problem(400, 'password-weak', `The password cannot be taken. ${fault}`);
    return this.passwords.hash(password);
  }
}
