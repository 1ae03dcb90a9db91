import { Injectable } from '@nestjs/common';
import { Problem } from '../../../core/problem.js';
import { Audit } from '../../audit/audit.js';
import { Database } from '../../database/database.js';
import type { Context } from '../../database/tx.js';
import { limits } from '../../limits.js';
import { Authenticator } from '../authenticator.js';
import { makeSecret } from '../credential.js';
import type { Permission } from '../permissions.js';
import { TokensRepository, type TokenRow } from './tokens.repository.js';
import type { NewToken, TokenView } from './tokens.schema.js';

/** What only a person who signed in may do: a token must not make tokens or accounts. */
const neverByToken: readonly Permission[] = ['tokens:own', 'session:own', 'users:manage'];
const yearMs = 365 * 86_400_000;

/** API tokens of the one who asks: for QGIS, GDAL and devices. */
@Injectable()
export class TokensService {
  constructor(
    private readonly database: Database,
    private readonly repository: TokensRepository,
    private readonly authenticator: Authenticator,
    private readonly audit: Audit,
  ) {}

  /** The secret is shown this once. Throws `token-permission`, `token-expiry` or `tokens-full`. */
  async create(ctx: Context, ulbCode: string, asked: NewToken): Promise<{ id: string; token: string }> {
    const granted: Permission[] = [...new Set(asked.permissions ?? ['layers:read' as const])];
    const refused = granted.filter((name) => !ctx.actor.permissions.has(name) || neverByToken.includes(name));
    if (refused.length) {
      const errors = refused.map((value) => ({
        where: '/permissions',
        value,
        message: 'cannot be given to a token',
      }));
      throw new Problem(403, 'token-permission', 'A token can hold only what you may do yourself.', errors);
    }
    const expiresAt = asked.expiresOn
      ? new Date(`${asked.expiresOn}T23:59:59.999Z`)
      : new Date(ctx.now.getTime() + yearMs);
    if (expiresAt <= ctx.now)
      throw new Problem(400, 'token-expiry', `expiresOn ${asked.expiresOn} is in the past.`);
    const { secret, hash } = makeSecret(ulbCode);
    const userId = personOf(ctx);
    await this.database.write(ctx, async (tx) => {
      if ((await this.repository.ofUser(tx, userId)).length >= limits.tokensPerUser) {
        throw new Problem(409, 'tokens-full', `You have ${limits.tokensPerUser} tokens. Revoke one first.`);
      }
      await this.repository.insert(tx, { hash, userId, name: asked.name, permissions: granted, expiresAt });
      const after = { name: asked.name, permissions: granted, expiresAt };
      await this.audit.record(tx, { action: 'create', noun: 'token', nounId: hash, after });
    });
    return { id: hash, token: secret };
  }

  async list(ctx: Context): Promise<TokenView[]> {
    const rows = await this.database.read(ctx, (tx) => this.repository.ofUser(tx, personOf(ctx)));
    return rows.map(viewOf);
  }

  async revoke(ctx: Context, id: string): Promise<void> {
    await this.database.write(ctx, async (tx) => {
      if (!(await this.repository.revoke(tx, id, personOf(ctx)))) {
        throw new Problem(404, 'token-unknown', 'You have no such token, or it was revoked already.');
      }
      await this.audit.record(tx, { action: 'revoke', noun: 'token', nounId: id });
    });
    this.authenticator.forget(id);
  }
}

function personOf(ctx: Context): string {
  if (!ctx.actor.id) throw new Problem(403, 'person-needed', 'Only a person has tokens.');
  return ctx.actor.id;
}

function viewOf({ id, name, permissions, created_at, expires_at }: TokenRow): TokenView {
  return {
    id,
    name,
    permissions,
    createdAt: created_at.toISOString(),
    expiresAt: expires_at?.toISOString() ?? null,
  };
}
