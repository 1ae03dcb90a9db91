import { Injectable } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import { now } from '../clock.js';
import { Database } from '../database/database.js';
import { systemActor, type Context } from '../database/tx.js';
import { limits } from '../limits.js';
import { Log } from '../log.js';
import { type Tenant, Tenants } from '../tenant/tenants.js';
import { type Credential, credentialOf } from './credential.js';
import { isRole, roles } from './permissions.js';
import type { Principal } from './principal.js';
import { PrincipalCache } from './principal-cache.js';
import { type PrincipalRow, PrincipalsRepository } from './principals.repository.js';

/**
 * Tells who a request comes from. Who was seen within the last seconds is answered from memory and at once,
 * so that a map's thousands of tiles ask the database once; what ends elsewhere is therefore refused some
 * seconds later.
 */
@Injectable()
export class Authenticator {
  private readonly cache = new PrincipalCache(limits.principalCacheMs, limits.principalCacheEntries, () =>
    performance.now(),
  );
  /** A page asks for fifty tiles at once: they wait for one look-up. */
  private readonly asked = new Map<string, Promise<Principal | null>>();

  constructor(
    private readonly database: Database,
    private readonly tenants: Tenants,
    private readonly repository: PrincipalsRepository,
    private readonly log: Log,
  ) {}

  /** Null where the headers prove nobody. A promise only where the database must be asked. */
  authenticate(headers: IncomingHttpHeaders): Principal | null | Promise<Principal | null> {
    const credential = credentialOf(headers);
    if (!credential) return null;
    const key = `${credential.kind}:${credential.ulbCode}:${credential.hash}`;
    const held = this.cache.get(key);
    if (held) return matching(credential, held);
    let asked = this.asked.get(key);
    if (!asked) {
      asked = this.lookUp(key, credential).finally(() => this.asked.delete(key));
      this.asked.set(key, asked);
    }
    return asked.then((principal) => matching(credential, principal));
  }

  /** After a sign-out or a revoked token. */
  forget(tokenHash: string): void {
    this.cache.drop((principal) => principal.tokenHash === tokenHash);
  }

  /** After a change of a person's account. */
  forgetUser(userId: string): void {
    this.cache.drop((principal) => principal.userId === userId);
  }

  private async lookUp(key: string, credential: Credential): Promise<Principal | null> {
    const tenant = await this.tenants.byCode(credential.ulbCode);
    if (!tenant) return null;
    const ctx: Context = { actor: systemActor, ulbId: tenant.ulbId, now: now() };
    const seenAfter = new Date(ctx.now.getTime() - limits.sessionIdleMs);
    const row = await this.database.read(ctx, (tx) =>
      credential.kind === 'session'
        ? this.repository.ofSession(tx, credential.hash, seenAfter)
        : this.repository.ofToken(tx, credential.hash),
    );
    if (!row) return null;
    const principal = principalOf(row, credential, tenant);
    this.cache.set(key, principal, row.expires_at ? row.expires_at.getTime() - ctx.now.getTime() : Infinity);
    this.touch(ctx, row, credential.hash);
    return principal;
  }

  /** The session's idle time starts anew. Nobody waits for it, and a lost one costs a minute of idle time. */
  private touch(ctx: Context, row: PrincipalRow, hash: string): void {
    if (!row.seen_at || ctx.now.getTime() - row.seen_at.getTime() < limits.sessionTouchMs) return;
    this.database
      .write(ctx, (tx) => this.repository.touch(tx, hash))
      .catch((error: Error) => this.log.warn({ err: error }, 'session not touched'));
  }
}

function matching({ login }: Credential, principal: Principal | null): Principal | null {
  return login === null || principal?.login === login ? principal : null;
}

function principalOf(row: PrincipalRow, { kind, hash }: Credential, tenant: Tenant): Principal {
  // A role that this version does not know may do nothing.
  const role = isRole(row.role) ? row.role : null;
  const allowed: readonly string[] = role ? roles[role] : [];
  return {
    kind,
    ulbId: tenant.ulbId,
    ulbCode: tenant.code,
    userId: row.user_id,
    login: row.login,
    name: row.name,
    role: row.role,
    permissions: new Set(
      row.permissions ? row.permissions.filter((name) => allowed.includes(name)) : allowed,
    ),
    wardNumbers: row.ward_numbers,
    csrfToken: row.csrf_token,
    tokenHash: hash,
  };
}
