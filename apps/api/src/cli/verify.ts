import { HistoryService } from '../assessment/history/history.service.js';
import { LedgerRepository } from '../ledger/ledger.repository.js';
import { AuditChain } from '../platform/audit/audit-chain.js';
import { Database } from '../platform/database/database.js';
import { tenancyFaults } from '../platform/database/tenancy.js';
import { limits } from '../platform/limits.js';
import { UlbsService } from '../ulbs/ulbs.service.js';
import { operatorContext, type Session } from './session.js';

/** One thing proved or refuted. */
export interface Proof {
  /** Null: the database as a whole. */
  ulb: string | null;
  what: 'isolation' | 'audit chain' | 'ledger' | 'assessments';
  ok: boolean;
  /** How much was looked at, in words. */
  seen: string;
  faults: string[];
}

/**
 * Proves isolation, and for each municipality (or the one named) its audit chain, its ledger, and by computing them
 * again as many published assessments as `replays` says.
 */
export async function verifyAll(
  { app, config, contextOf }: Session,
  ulbCode: string | null,
  replays: number,
): Promise<Proof[]> {
  const database = app.get(Database, { strict: false });
  const chain = app.get(AuditChain, { strict: false });
  const ledger = app.get(LedgerRepository, { strict: false });
  const { tables, faults } = await tenancyFaults(config);
  const proofs: Proof[] = [
    { ulb: null, what: 'isolation', ok: !faults.length, seen: `${tables} tables`, faults },
  ];
  if (ulbCode) await contextOf(ulbCode); // an unknown code is an error, not an empty proof
  const ulbs = await app.get(UlbsService, { strict: false }).list();
  for (const { ulbId, code } of ulbs.filter((ulb) => !ulbCode || ulb.code === ulbCode)) {
    const options = { snapshot: true, statementTimeoutMs: limits.jobStatementTimeoutMs };
    const ctx = operatorContext(ulbId);
    const report = await database.read(ctx, (tx) => chain.verify(tx), options);
    proofs.push({
      ulb: code,
      what: 'audit chain',
      ok: !report.faults.length,
      seen: `${report.links} links, ${report.waiting} waiting, head ${report.head?.hash.slice(0, 16) ?? 'none'}`,
      faults: report.faults.map((fault) => fault.message),
    });
    const books = await database.read(
      ctx,
      async (tx) => ({ faults: await ledger.verify(tx), balance: await ledger.trialBalance(tx) }),
      options,
    );
    proofs.push({
      ulb: code,
      what: 'ledger',
      ok: !books.faults.length,
      seen: `${books.balance.length} accounts with postings`,
      faults: books.faults.map(
        ({ rule, count, example }) => `not so: ${rule} (${count}, such as ${example})`,
      ),
    });
    const history = app.get(HistoryService, { strict: false });
    const replay = await database.read(ctx, (tx) => history.verify(tx, replays), options);
    proofs.push({
      ulb: code,
      what: 'assessments',
      ok: !replay.faults.length,
      seen: `${replay.replayed} computed again from what was kept`,
      faults: replay.faults,
    });
  }
  return proofs;
}
