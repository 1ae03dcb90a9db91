import { Injectable } from '@nestjs/common';
import { dayInIndia } from '../../core/period.js';
import { Problem } from '../../core/problem.js';
import { Database } from '../../platform/database/database.js';
import type { Context, Tx } from '../../platform/database/tx.js';
import { seesPersons } from '../persons.js';
import { differenceOf } from './difference.js';
import { DocumentRepository } from './document.repository.js';
import { maskedDocument, maskedLines } from './masked.js';
import { PropertyFileRepository } from './property-file.repository.js';
import type { KnownQuery } from './property-file.schema.js';

/** The property file read: as it stands with all its days, as it was known, and what made each version. */
@Injectable()
export class PropertyHistoryService {
  constructor(
    private readonly database: Database,
    private readonly documents: DocumentRepository,
    private readonly changes: PropertyFileRepository,
  ) {}

  /** The whole file to be edited, or with a day or an instant the property as it was known then. */
  async file(ctx: Context, propertyId: string, query: KnownQuery) {
    return this.database.read(ctx, async (tx) => {
      const knownAt = query.knownAt ? new Date(query.knownAt) : null;
      const effectiveOn = query.on ?? dayInIndia(ctx.now);
      const known =
        query.on || knownAt
          ? await this.documents.propertyAsKnown(tx, propertyId, { effectiveOn, knownAt })
          : await this.documents.version(tx, propertyId, null);
      if (!known) throw unknownProperty(propertyId, query.knownAt);
      const seen = await this.personsSeen(tx, propertyId, known.document.property.wardNumber);
      const open = await this.changes.open(tx, propertyId, propertyId);
      return {
        propertyId,
        version: known.version,
        recordedAt: known.recordedAt,
        ...maskedDocument(known.document, seen),
        ownersHidden: !seen,
        open: open
          .filter(({ status, made_by_login: login }) => status === 'submitted' || login === ctx.actor.login)
          .map((row) => ({
            id: row.id,
            kind: row.kind,
            status: row.status,
            madeByLogin: row.made_by_login,
            since: row.submitted_at ?? row.made_at,
          })),
      };
    });
  }

  /** Every version, the newest first: who, when, why, by which paper, and what it changed. */
  async history(ctx: Context, propertyId: string) {
    return this.database.read(ctx, async (tx) => {
      const versions = await this.documents.versions(tx, propertyId);
      const last = versions.at(-1);
      if (!last) throw unknownProperty(propertyId);
      const seen = await this.personsSeen(tx, propertyId, last.document.property.wardNumber);
      const items = versions.map(({ document, ...act }, index) => {
        const before = versions[index - 1]?.document ?? null;
        return { ...act, lines: maskedLines(differenceOf(before, document), seen) };
      });
      return { items: items.reverse(), ownersHidden: !seen };
    });
  }

  /** By the ward of today: who was moved out of a ward takes his past with him. */
  private async personsSeen(tx: Tx, propertyId: string, wardThen: string | null): Promise<boolean> {
    const now = await this.documents.version(tx, propertyId, null);
    return seesPersons(tx.ctx, now ? now.document.property.wardNumber : wardThen);
  }
}

function unknownProperty(id: string, knownAt?: string): Problem {
  const detail = knownAt
    ? `The roll did not know property ${id} at ${knownAt}.`
    : `There is no property ${id}.`;
  return new Problem(404, 'property-unknown', detail);
}
