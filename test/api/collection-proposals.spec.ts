import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestDatabase } from '../support/database.js';
import { act, at, openProposals, patch } from '../support/proposals.js';
import type { SignedIn, TestServer } from '../support/server.js';

let db: TestDatabase;
let server: TestServer;
let officer: SignedIn;
let commissioner: SignedIn;

beforeAll(async () => {
  ({ db, server, officer, commissioner } = await openProposals());
});

afterAll(async () => {
  await server?.close();
  await db?.drop();
});

describe('a proposal of collection', () => {
  const collection = `tariff: in-xx/small
kind: collection
title: {en: Rebate, hi: Rebate, mr: Rebate}
law: "Made for a test"
in_force: {from: 2026-05-01, to: null}
status: sample
rebates:
  - {name: early, on: [property_tax], given: demand, formula: "0.1 * base", round: {to: 1, mode: half_up}, label: {en: Early, hi: Early, mr: Early}, reference: "s. 4"}
cases:
  - {name: A tenth, kind: computed, given: {units: [{area: 100, use: residential}]}, expect: {rebates: {early: 90}}}
`;

  it('is checked against the assessment file of its days, mended, and put into force from its day', async () => {
    const made = await officer.agent
      .post('/api/tariff-proposals')
      .send({ purpose: 'Early rebate', text: collection });
    const { body: before } = await officer.agent.post(at(made.body.id, '/check'));
    expect(before).toMatchObject({ computed: { passed: 0, failed: 1 }, faults: [{ kind: 'case_failed' }] });
    const edit = { op: 'set', path: ['cases', 0, 'expect', 'rebates', 'early'], value: '100' };
    const { body: mended } = await patch(officer, made.body, [edit]);
    const { body: after } = await officer.agent.post(at(made.body.id, '/check'));
    expect(after).toMatchObject({
      faults: [],
      computed: { passed: 1 },
      outlook: { from: '2026-05-01', refusal: null },
    });
    const { body: submitted } = await act(officer, mended, 'submit');
    expect((await act(commissioner, submitted, 'approve')).body.status).toBe('approved');
    const { body: list } = await officer.agent.get('/api/tariffs');
    expect(list).toContainEqual(
      expect.objectContaining({ kind: 'collection', inForceFrom: '2026-05-01', inForceTo: null }),
    );
  });

  it('that reduces no head of the assessment is told so at its line', async () => {
    const text = collection.replace('on: [property_tax]', 'on: [water]');
    const made = await officer.agent.post('/api/tariff-proposals').send({ purpose: 'Water', text });
    const { body } = await officer.agent.post(at(made.body.id, '/check'));
    expect(body.faults[0]).toMatchObject({ value: 'water', path: ['rebates', 0, 'on'] });
  });
});
