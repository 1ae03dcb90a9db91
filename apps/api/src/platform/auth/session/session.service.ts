import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '../../../core/problem.js';
import { Audit } from '../../audit/audit.js';
import { now } from '../../clock.js';
import { Database } from '../../database/database.js';
import type { Actor, Context } from '../../database/tx.js';
import { limits } from '../../limits.js';
import { type Tenant, Tenants } from '../../tenant/tenants.js';
import { Passwords } from '../account/passwords.js';
import { totpStep } from '../account/totp.js';
import { type SignInRow, UsersRepository } from '../account/users.repository.js';
import { Authenticator } from '../authenticator.js';
import { makeSecret } from '../credential.js';
import type { Principal } from '../principal.js';
import { AddressLimit } from './address-limit.js';
import type { SessionView, SignIn } from './session.schema.js';
import { SessionsRepository } from './sessions.repository.js';

const anybody: Actor = { id: null, login: 'public', permissions: new Set(), wardNumbers: null };

/** Sign-in and sign-out with a local account. */
@Injectable()
export class SessionService {
  private readonly addresses = new AddressLimit(limits.signInsPerMinute);

  constructor(
    private readonly database: Database,
    private readonly tenants: Tenants,
    private readonly users: UsersRepository,
    private readonly sessions: SessionsRepository,
    private readonly passwords: Passwords,
    private readonly authenticator: Authenticator,
    private readonly audit: Audit,
  ) {}

  /**
   * Returns the cookie's value. Every refusal reads the same and takes the same time, whichever part was
   * wrong.
   */
  async signIn(asked: SignIn, address: string): Promise<string> {
    const startedMs = performance.now();
    this.addresses.take(address, now());
    const tenant = await this.tenants.byCode(asked.ulb);
    const ctx: Context = { actor: anybody, ulbId: tenant?.ulbId ?? 0, now: now() };
    const account = await this.database.write(ctx, (tx) => this.users.startTry(tx, asked.login));
    const right = await this.passwords.verify(account?.password_hash ?? null, asked.password);
    if (tenant && account && right) {
      const cookie = await this.open(ctx, tenant, account, asked.totp);
      if (cookie) return cookie;
    } else if (account?.locked_until) await this.recordLock(ctx, account);
    const leftMs = limits.signInRefusalMs - (performance.now() - startedMs);
    if (leftMs > 0) await pause(leftMs);
    throw refused();
  }

  async signOut(ctx: Context, principal: Principal): Promise<void> {
    await this.database.write(ctx, (tx) => this.sessions.delete(tx, principal.tokenHash));
    this.authenticator.forget(principal.tokenHash);
  }

  async describe(principal: Principal): Promise<SessionView> {
    const tenant = await this.tenants.byCode(principal.ulbCode);
    if (!tenant) throw new Problem(404, 'ulb-unknown', `There is no municipality ${principal.ulbCode}.`);
    const { code, name, nameLocal, languages, bbox } = tenant;
    const { userId: id, login, role, wardNumbers, permissions, csrfToken } = principal;
    return {
      ulb: { code, name, nameLocal, languages, bbox },
      user: { id, login, name: principal.name, role, wardNumbers: wardNumbers ? [...wardNumbers] : null },
      permissions: [...permissions],
      csrfToken,
    };
  }

  /** Null where the code of the second factor is wrong. */
  private async open(
    ctx: Context,
    { code }: Tenant,
    account: SignInRow,
    totp: string | undefined,
  ): Promise<string | null> {
    const step = account.totp_secret ? await this.stepOf(ctx, account, totp) : null;
    if (account.totp_secret && step === null) return null;
    const { secret, hash } = makeSecret(code);
    const actor = { ...ctx.actor, id: account.id, login: account.login };
    return this.database.write({ ...ctx, actor }, async (tx) => {
      if (!(await this.users.endTry(tx, account.id, step))) return null;
      const csrfToken = randomBytes(24).toString('base64url');
      await this.sessions.insert(tx, { hash, userId: account.id, csrfToken });
      await this.audit.record(tx, { action: 'sign-in', noun: 'user', nounId: account.id });
      return secret;
    });
  }

  private async stepOf(ctx: Context, account: SignInRow, totp: string | undefined): Promise<number | null> {
    if (!totp) {
      await this.database.write(ctx, (tx) => this.users.takeBackTry(tx, account.id));
      const detail = 'This account needs the six digits of its authenticator app as well. Send them as totp.';
      throw new Problem(401, 'totp-needed', detail);
    }
    const last = account.totp_last_step === null ? null : Number(account.totp_last_step);
    return totpStep(account.totp_secret ?? '', totp, ctx.now, last);
  }

  private async recordLock(ctx: Context, { id, locked_until }: SignInRow): Promise<void> {
    const after = { lockedUntil: locked_until };
    await this.database.write(ctx, (tx) =>
      this.audit.record(tx, { action: 'lock', noun: 'user', nounId: id, after, reason: 'wrong passwords' }),
    );
  }
}

function refused(): Problem {
  const minutes = limits.loginLockMs / 60_000;
  const detail =
    'Municipality, login, password or code is not right, or the account is closed. ' +
    `After ${limits.loginFailures} wrong tries an account is locked for ${minutes} minutes.`;
  return new Problem(401, 'sign-in-refused', detail);
}
