import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/tx.js';
import { limits } from '../../limits.js';

export interface UserRow {
  id: string;
  login: string;
  name: string;
  role: string;
  ward_numbers: string[] | null;
  has_totp: boolean;
  locked_until: Date | null;
  disabled_at: Date | null;
  created_at: Date;
}

/** What a sign-in needs to know of the account it tries. */
export interface SignInRow {
  id: string;
  login: string;
  password_hash: string;
  totp_secret: string | null;
  totp_last_step: string | null;
  locked_until: Date | null;
}

const columns = `id, login, name, role, ward_numbers, totp_secret IS NOT NULL AS has_totp, locked_until,
                 disabled_at, created_at`;

@Injectable()
export class UsersRepository {
  async all(tx: Tx): Promise<UserRow[]> {
    return tx.rows(`SELECT ${columns} FROM users WHERE ulb_id = $1 ORDER BY login`, [tx.ctx.ulbId]);
  }

  async byLogin(tx: Tx, login: string): Promise<UserRow | null> {
    const sql = `SELECT ${columns} FROM users WHERE ulb_id = $1 AND login = $2 FOR UPDATE`;
    return tx.maybe(sql, [tx.ctx.ulbId, login]);
  }

  async insert(
    tx: Tx,
    user: {
      id: string;
      login: string;
      name: string;
      role: string;
      wardNumbers: string[] | null;
      passwordHash: string;
    },
  ): Promise<number> {
    return tx.run(
      `INSERT INTO users (ulb_id, id, login, name, role, ward_numbers, password_hash, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (ulb_id, login) DO NOTHING`,
      [
        tx.ctx.ulbId,
        user.id,
        user.login,
        user.name,
        user.role,
        user.wardNumbers,
        user.passwordHash,
        tx.ctx.now,
      ],
    );
  }

  /** Sets only what is given; a new password also lifts a lock. */
  async update(
    tx: Tx,
    id: string,
    set: {
      role?: string;
      wardNumbers?: string[] | null;
      passwordHash?: string;
      totpSecret?: string | null;
      disabledAt?: Date | null;
    },
  ): Promise<void> {
    const has = (name: keyof typeof set) => set[name] !== undefined;
    await tx.run(
      `UPDATE users SET role = CASE WHEN $3 THEN $4 ELSE role END,
         ward_numbers = CASE WHEN $5 THEN $6::text[] ELSE ward_numbers END,
         password_hash = CASE WHEN $7 THEN $8 ELSE password_hash END,
         failed_logins = CASE WHEN $7 THEN 0 ELSE failed_logins END,
         locked_until = CASE WHEN $7 THEN NULL ELSE locked_until END,
         totp_secret = CASE WHEN $9 THEN $10 ELSE totp_secret END,
         totp_last_step = CASE WHEN $9 THEN NULL ELSE totp_last_step END,
         disabled_at = CASE WHEN $11 THEN $12::timestamptz ELSE disabled_at END
       WHERE ulb_id = $1 AND id = $2`,
      [
        tx.ctx.ulbId,
        id,
        has('role'),
        set.role ?? null,
        has('wardNumbers'),
        set.wardNumbers ?? null,
        has('passwordHash'),
        set.passwordHash ?? null,
        has('totpSecret'),
        set.totpSecret ?? null,
        has('disabledAt'),
        set.disabledAt ?? null,
      ],
    );
  }

  /**
   * Counts a try as failed before the password is looked at, so that a hundred tries at the same instant are
   * no more than five. Null where the account is unknown, disabled or locked.
   */
  async startTry(tx: Tx, login: string): Promise<SignInRow | null> {
    const lockedUntil = new Date(tx.ctx.now.getTime() + limits.loginLockMs);
    return tx.maybe(
      `UPDATE users u SET failed_logins = tries.n,
         locked_until = CASE WHEN tries.n >= $4 THEN $5::timestamptz END
       FROM (SELECT id, CASE WHEN locked_until IS NULL THEN failed_logins + 1 ELSE 1 END AS n
             FROM users WHERE ulb_id = $1 AND login = $2 FOR UPDATE) tries
       WHERE u.ulb_id = $1 AND u.id = tries.id AND u.disabled_at IS NULL
         AND (u.locked_until IS NULL OR u.locked_until <= $3)
       RETURNING u.id, u.login, u.password_hash, u.totp_secret, u.totp_last_step, u.locked_until`,
      [tx.ctx.ulbId, login, tx.ctx.now, limits.loginFailures, lockedUntil],
    );
  }

  /**
   * The try was right: failures are forgotten, and the code of `totpStep` is used up. False where another was
   * first.
   */
  async endTry(tx: Tx, id: string, totpStep: number | null): Promise<boolean> {
    const touched = await tx.run(
      `UPDATE users SET failed_logins = 0, locked_until = NULL, totp_last_step = coalesce($3, totp_last_step)
       WHERE ulb_id = $1 AND id = $2 AND disabled_at IS NULL
         AND ($3::bigint IS NULL OR totp_last_step IS NULL OR totp_last_step < $3)`,
      [tx.ctx.ulbId, id, totpStep],
    );
    return touched === 1;
  }

  /** The password was right and the code was not sent yet: no failure. */
  async takeBackTry(tx: Tx, id: string): Promise<void> {
    await tx.run(
      `UPDATE users SET failed_logins = greatest(failed_logins - 1, 0), locked_until = NULL
       WHERE ulb_id = $1 AND id = $2`,
      [tx.ctx.ulbId, id],
    );
  }
}
