import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { Context } from '../../apps/api/src/platform/database/tx.js';
import { JobRunner } from '../../apps/api/src/platform/queue/runner.js';
import { smallTariff } from '../support/assessment.js';
import { createTestUlb, type TestDatabase } from '../support/database.js';
import { act, at, type Draft, openProposals, patch, withCase } from '../support/proposals.js';
import { type SignedIn, signInAs, type TestServer } from '../support/server.js';

let db: TestDatabase;
let server: TestServer;
let ctx: Context;
let officer: SignedIn;
let colleague: SignedIn;
let commissioner: SignedIn;
let base: string;

const rate = ['tables', 'rate', 'rows', 0, 1];

beforeAll(async () => {
  ({ db, server, ctx, officer, colleague, commissioner, base } = await openProposals());
});

afterAll(async () => {
  await server?.close();
  await db?.drop();
});

async function draft(purpose = 'Raise the residential rate', from?: string): Promise<Draft> {
  const answer = await officer.agent.post('/api/tariff-proposals').send({ purpose, sha256: base, from });
  expect(answer.status).toBe(201);
  return answer.body as Draft;
}

async function work(): Promise<void> {
  for (;;) {
    const { rows } = await db.owner.query<{ id: string }>("SELECT id FROM jobs WHERE status = 'pending'");
    if (!rows.length) return;
    for (const { id } of rows) await server.app.get(JobRunner, { strict: false }).run(1, id);
  }
}

describe('a draft', () => {
  it('begins with the text in force, from the next financial year, without an end', async () => {
    const made = await draft();
    expect(made.source).toContain('applies_to: {from: 2027-28, to: null}');
    expect(made.source.replace('2027-28', '2026-27')).toBe(withCase);
    expect(made).toMatchObject({ status: 'draft', version: 1, mine: true, against: { sha256: base } });
  });

  it('is edited cell by cell, and everything else stays as it was written', async () => {
    const made = await draft();
    const answer = await patch(officer, made, [{ op: 'set', path: rate, value: '13' }]);
    expect(answer.status).toBe(200);
    expect(answer.headers['etag']).toBe('"2"');
    expect(answer.body.source).toBe(made.source.replace('[residential, 10]', '[residential, 13]'));
    const log = await db.owner.query(
      "SELECT before, after FROM audit_log WHERE action = 'tariff-proposal.edit'",
    );
    expect(log.rows.at(-1)).toMatchObject({
      before: { version: 1, values: ['10'] },
      after: { edits: [{ path: rate, value: '13' }] },
    });
  });

  it('that a colleague changed meanwhile is not overwritten: both values are told', async () => {
    const made = await draft();
    await patch(colleague, made, [{ op: 'set', path: rate, value: '14' }]).expect(200);
    const late = await patch(officer, made, [{ op: 'set', path: rate, value: '13' }]);
    expect(late.status).toBe(409);
    expect(late.body).toMatchObject({
      type: 'urn:jarib:problem:proposal-changed',
      current: { version: 2, changedByLogin: 'colleague', values: [{ path: rate, value: '14' }] },
      yours: { version: 1, edits: [{ path: rate, value: '13' }] },
    });
  });

  it('is not edited without saying which version was seen, nor at a place that it does not have', async () => {
    const made = await draft();
    const edits = [{ op: 'set', path: ['tables', 'rates', 'rows', 0, 1], value: '13' }];
    expect((await officer.agent.patch(at(made.id)).send({ edits })).status).toBe(428);
    const nowhere = await patch(officer, made, edits);
    expect([nowhere.status, nowhere.body.type]).toEqual([422, 'urn:jarib:problem:edit-not-possible']);
    const number = await patch(officer, made, [{ op: 'set', path: rate, value: 13 }]);
    expect([number.status, number.body.errors[0].where]).toEqual([400, '/edits/0/value']);
  });

  it('steps back by putting the earlier text in the place of the later', async () => {
    const made = await draft();
    const { body } = await patch(officer, made, [{ op: 'remove', path: ['tables', 'rate', 'rows', 2] }]);
    const back = officer.agent.put(at(made.id, '/text')).set('if-match', String(body.version));
    expect((await back.send({ text: made.source })).body).toMatchObject({ version: 3, source: made.source });
  });

  it('may be uploaded, if it is a tariff at all', async () => {
    const send = (text: string) =>
      officer.agent.post('/api/tariff-proposals').send({ purpose: 'From paper', text });
    expect((await send('a: [')).body.type).toBe('urn:jarib:problem:tariff-unreadable');
    expect((await send('a: b')).body.detail).toContain('kind: assessment');
    const good = await send(smallTariff({ from: '2028-29' }));
    expect(good.body).toMatchObject({
      kind: 'assessment',
      from: '2028-29',
      to: null,
      against: { sha256: base },
    });
  });

  it('belongs to its municipality and to who may edit', async () => {
    const made = await draft();
    const other = await signInAs(server, await createTestUlb(db, 2), 'revenue-officer');
    expect((await other.agent.get(at(made.id))).status).toBe(404);
    expect((await patch(commissioner, made, [{ op: 'set', path: rate, value: '13' }])).status).toBe(403);
  });
});

describe('the check', () => {
  it('tells each case with what it expects and what comes out, and the published ones apart', async () => {
    const made = await draft();
    await patch(officer, made, [{ op: 'set', path: rate, value: '13' }]);
    const { body } = await officer.agent.post(at(made.id, '/check'));
    expect(body).toMatchObject({
      version: 2,
      published: { passed: 0, failed: 0 },
      computed: { passed: 0, failed: 1 },
      faults: [{ kind: 'case_failed', path: ['cases', 0, 'name'], value: 'A house of 100 m2' }],
      outlook: { from: '2027-28', ends: { sha256: base, last: '2026-27' }, refusal: null },
    });
    expect(body.cases[0].expectations).toEqual([
      { name: 'property_tax', expected: '1000', computed: '1300', passed: false },
      { name: 'cess', expected: '100', computed: '130', passed: false },
    ]);
  });

  it('tells every fault with line, path, value and remedy', async () => {
    const made = await draft();
    const formula = ['steps', 'unit', 0, 'formula'];
    await patch(officer, made, [
      { op: 'set', path: formula, value: 'area * rates(use)' },
      { op: 'set', path: [...rate.slice(0, -1), 0], value: 'dwelling' },
    ]);
    const { body } = await officer.agent.post(at(made.id, '/check'));
    const told = body.faults.map((fault: { path: unknown; value: string }) => [fault.path, fault.value]);
    expect(told).toEqual(
      expect.arrayContaining([
        [formula, 'rates'],
        [[...rate.slice(0, -1), 0], 'dwelling'],
      ]),
    );
    for (const fault of body.faults) expect([fault.line > 0, fault.remedy.length > 0]).toEqual([true, true]);
  });

  it('survives a figure that no column holds, and tells the other cases all the same', async () => {
    const text = readFileSync('tariffs/in-dl/mcd/assessment/2019-20.yaml', 'utf8');
    const made = await officer.agent.post('/api/tariff-proposals').send({ purpose: 'Delhi', text });
    const units = [{ area: '1', use: 'hotel', structure: 'pucca', occupancy: 'self', year_built: '99999' }];
    const absurd = {
      name: 'Absurd',
      kind: 'computed',
      given: { property: { category: 'A' }, units },
      expect: { property_tax: '1' },
    };
    const { body: before } = await officer.agent.post(at(made.body.id, '/check'));
    const edit = { op: 'insert', path: ['cases', before.cases.length], value: absurd };
    await patch(officer, made.body, [edit]).expect(200);
    const { body, status } = await officer.agent.post(at(made.body.id, '/check'));
    expect([status, before.faults, before.published]).toEqual([200, [], { passed: 1, failed: 0 }]);
    expect(body.cases.map((one: { passed: boolean }) => one.passed)).toEqual([
      ...before.cases.map(() => true),
      false,
    ]);
  });

  it('of a real tariff is fast enough to follow each keystroke', async () => {
    const text = readFileSync('tariffs/in-mp/demo/assessment/2026-27.yaml', 'utf8');
    let { body } = await officer.agent.post('/api/tariff-proposals').send({ purpose: 'Demo', text });
    const tookMs: number[] = [];
    for (let n = 0; n < 10; n += 1) {
      const edit = { op: 'set', path: ['tables', 'letting_rate', 'rows', 0, 2], value: String(131 + n) };
      body = (await patch(officer, body, [edit])).body as Draft;
      const begun = performance.now();
      const check = await officer.agent.post(at(body.id, '/check'));
      tookMs.push(performance.now() - begun);
      expect(check.body.cases).toHaveLength(7);
    }
    const median = tookMs.sort((a, b) => a - b)[5] ?? Infinity;
    process.stdout.write(
      `Check of a proposal: median ${Math.round(median)} ms, slowest ${Math.round(tookMs[9] ?? 0)} ms.\n`,
    );
    expect(median).toBeLessThan(1_000);
  });
});

describe('an example', () => {
  it('shows a property under the proposal beside the version in force, with the difference', async () => {
    const made = await draft();
    await patch(officer, made, [{ op: 'set', path: rate, value: '13' }]);
    const { body } = await officer.agent.post(at(made.id, '/example')).send({ property: 'H1' });
    expect(body).toMatchObject({
      of: 'H1',
      fy: '2027-28',
      heads: [
        { name: 'property_tax', inForcePaise: '50000', proposedPaise: '65000', differencePaise: '15000' },
        { name: 'cess', differencePaise: '1500' },
      ],
      total: { inForcePaise: '55000', proposedPaise: '71500', differencePaise: '16500' },
    });
    expect(body.proposed.units[0].steps[0].lookups[0]).toMatchObject({ table: 'rate', value: '13' });
  });

  it('shows a case likewise, and says which property or case there is not', async () => {
    const made = await draft();
    await patch(officer, made, [{ op: 'set', path: rate, value: '13' }]);
    const ask = (body: object) => officer.agent.post(at(made.id, '/example')).send(body);
    const { body } = await ask({ case: 'A house of 100 m2' });
    expect(body.total).toEqual({ inForcePaise: '110000', proposedPaise: '143000', differencePaise: '33000' });
    expect((await ask({ property: 'nowhere' })).status).toBe(404);
    expect((await ask({ case: 'nothing' })).body.detail).toContain('no case "nothing"');
  });

  it('of a property outside their wards is not shown to who is bound to wards', async () => {
    const made = await draft();
    const bound = await signInAs(server, ctx, 'revenue-officer', { login: 'bound', wardNumbers: ['2'] });
    const answer = await bound.agent.post(at(made.id, '/example')).send({ property: 'H1' });
    expect([answer.status, answer.body.detail]).toEqual([404, 'There is no property H1 in your wards (2).']);
  });
});

describe('the comparison', () => {
  it('says table, row, step and case, old and new', async () => {
    const made = await draft();
    await patch(officer, made, [
      { op: 'set', path: rate, value: '13' },
      { op: 'set', path: ['heads', 0, 'reference'], value: 's. 2 as amended' },
      { op: 'set', path: ['cases', 0, 'expect', 'property_tax'], value: '1300' },
      { op: 'insert', path: ['tables', 'rate', 'rows', 3], value: ['hotel', '30'] },
    ]);
    const { body } = await officer.agent.get(at(made.id, '/compare'));
    const told = body.changes.map((one: Record<string, unknown>) => [
      one.section,
      one.name,
      one.row ?? one.field,
      one.kind,
      one.before,
      one.after,
    ]);
    expect(told).toEqual([
      ['file', null, 'applies_to', 'changed', '2026-27', '2027-28'],
      ['tables', 'rate', 'residential', 'changed', '10', '13'],
      ['tables', 'rate', 'hotel', 'added', null, '30'],
      ['heads', 'property_tax', 'reference', 'changed', 's. 2', 's. 2 as amended'],
      ['cases', 'A house of 100 m2', 'expect property_tax', 'changed', '1000', '1300'],
    ]);
  });
});

describe('approval', () => {
  /** 13 instead of 10, with the case mended. */
  async function mended(from?: string): Promise<Draft> {
    const made = await draft('Council order 114', from);
    const answer = await patch(officer, made, [
      { op: 'set', path: rate, value: '13' },
      { op: 'set', path: ['cases', 0, 'expect', 'property_tax'], value: '1300' },
      { op: 'set', path: ['cases', 0, 'expect', 'cess'], value: '130' },
    ]);
    return answer.body as Draft;
  }

  it('is not asked for while a case fails, nor for what changes nothing', async () => {
    const made = await draft();
    const { body } = await patch(officer, made, [{ op: 'set', path: rate, value: '13' }]);
    const refused = await act(officer, body, 'submit');
    expect([refused.status, refused.body.errors[0].value]).toEqual([422, 'A house of 100 m2']);
  });

  it('is not given by who had a hand in it, and the database refuses that too', async () => {
    const made = await mended();
    const administrator = await signInAs(server, ctx, 'administrator');
    const touched = await patch(administrator, made, [{ op: 'set', path: ['law'], value: 'Order 114' }]);
    const submitted = await act(officer, touched.body, 'submit');
    expect(submitted.body).toMatchObject({ status: 'submitted', submittedByLogin: 'revenue-officer-1' });
    expect((await act(officer, submitted.body, 'approve')).status).toBe(403);
    const own = await act(administrator, submitted.body, 'approve');
    expect(own.body.type).toBe('urn:jarib:problem:second-person-needed');
    const past = `UPDATE tariff_proposals SET status = 'approved', installed_sha256 = base_sha256, decided_by = makers[1]
      WHERE id = '${made.id}'`;
    await expect(db.owner.query(past)).rejects.toThrow(/tariff_proposals_second_person/);
    await expect(
      db.owner.query(`UPDATE tariff_proposals SET source = 'x' WHERE id = '${made.id}'`),
    ).rejects.toThrow(/submitted is not changed/);
  });

  it('may be refused with a reason; the proposal is then mended and submitted again', async () => {
    const { body: submitted } = await act(officer, await mended(), 'submit');
    expect((await act(commissioner, submitted, 'return', { reason: ' ' })).status).toBe(400);
    const returned = await act(commissioner, submitted, 'return', { reason: 'The order says 12.50.' });
    expect(returned.body).toMatchObject({
      status: 'returned',
      reason: 'The order says 12.50.',
      decidedByLogin: 'commissioner-1',
    });
    const again = await patch(officer, returned.body, [{ op: 'set', path: ['law'], value: 'Order 114 b' }]);
    expect((await act(officer, again.body, 'submit')).body).toMatchObject({
      status: 'submitted',
      reason: null,
    });
  });

  it('puts the very text into force from its year, ends the one before, and the next run uses it', async () => {
    const { body: submitted } = await act(officer, await mended(), 'submit');
    const approved = await act(commissioner, submitted, 'approve');
    expect(approved.body).toMatchObject({ status: 'approved', decidedByLogin: 'commissioner-1' });
    const { body: list } = await officer.agent.get('/api/tariffs');
    expect(
      list.map((one: Record<string, unknown>) => [one.appliesFromFy, one.appliesToFy, one.installedBy]),
    ).toEqual([
      ['2027-28', null, 'commissioner-1'],
      ['2026-27', '2026-27', 'tester'],
    ]);
    const stored = await officer.agent.get(`/api/tariffs/${approved.body.installedSha256}`);
    expect(stored.body.source).toBe(submitted.source);
    const run = await officer.agent.post('/api/assessment-runs').send({ fy: '2027-28' });
    expect([run.status, run.body.tariffSha256]).toEqual([202, approved.body.installedSha256]);
    await work();
    const { body: ran } = await officer.agent.get(`/api/assessment-runs/${run.body.id}`);
    expect(ran).toMatchObject({ assessed: 1, totalPaise: '71500' });
    const log = await db.owner.query("SELECT after FROM audit_log WHERE action = 'tariff-proposal.approve'");
    expect(log.rows[0]?.after).toMatchObject({ ended: { sha256: base, last: '2026-27' } });
  });

  it('of a tariff that would end one with assessments is refused, with the years', async () => {
    const answer = await officer.agent.get('/api/tariffs');
    const newest = answer.body[0].sha256 as string;
    const made = await officer.agent
      .post('/api/tariff-proposals')
      .send({ purpose: 'Too late', sha256: newest, from: '2027-28' });
    const changed = await patch(officer, made.body, [{ op: 'set', path: ['law'], value: 'Order 115' }]);
    const refused = await act(officer, changed.body, 'submit');
    expect([refused.status, refused.body.type]).toEqual([409, 'urn:jarib:problem:tariff-relied-on']);
    expect(refused.body.detail).toContain('2027-28');
  });

  it('is closed for good: what was approved is neither changed nor decided again', async () => {
    const { rows } = await db.owner.query<Draft>(
      "SELECT id, version FROM tariff_proposals WHERE status = 'approved'",
    );
    const [row] = rows as [Draft];
    expect((await patch(officer, row, [{ op: 'set', path: rate, value: '1' }])).body.type).toBe(
      'urn:jarib:problem:proposal-status',
    );
    await expect(
      db.owner.query(`UPDATE tariff_proposals SET status = 'draft' WHERE id = '${row.id}'`),
    ).rejects.toThrow(/closed/);
    await expect(db.owner.query(`UPDATE tariff_files SET source = 'x'`)).rejects.toThrow(/only its open end/);
  });
});
