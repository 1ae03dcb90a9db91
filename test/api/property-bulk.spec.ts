import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BulkService } from '../../apps/api/src/parcels/property-file/bulk/bulk.service.js';
import type { BulkReport } from '../../apps/api/src/parcels/property-file/bulk/bulk-report.js';
import type { TestDatabase } from '../support/database.js';
import { type Desk, get, house, openDesk, put, alter, toShop } from '../support/property-file.js';
import type { SignedIn } from '../support/server.js';

let desk: Desk;
let db: TestDatabase;
let asha: SignedIn;
let ravi: SignedIn;

beforeAll(async () => {
  desk = await openDesk();
  ({ db, asha, ravi } = desk);
});

afterAll(() => desk?.close());

const load = async (text: string, more: object = {}, who = asha) => {
  const defaults = { file: 'changes.csv', effectiveOn: '2026-10-01', reason: 'Survey of the ward' };
  const answer = await who.agent.post('/api/property-change-batches').send({ ...defaults, text, ...more });
  return { status: answer.status, body: answer.body as BulkReport & { errors?: { value: string }[] } };
};
const told = ({ body }: { body: BulkReport }) =>
  body.lines.map(
    (line) =>
      `${line.row} ${line.outcome} ${line.column ?? ''}=${line.value ?? ''}: ${line.message} | ${line.remedy}`,
  );
const changesOf = async (number: string) => {
  const { rows } = await db.owner.query<{ n: string }>(
    'SELECT count(*) AS n FROM property_changes WHERE number = $1',
    [number],
  );
  return Number(rows[0]?.n);
};

/** A file with one house to change, a new one of two floors, and a third that stays as it is. */
async function sound() {
  const [changed, same] = [await house(desk), await house(desk)];
  const text = [
    'number,action,ward_number,locality,unit_no,floor,use,area_m2,declared_area_m2,owner_no,owner_name,owner_share',
    `${changed.number},,,Katra,1,,commercial,,91.5,1,,1/2`,
    `${changed.number},,,,2,first,commercial,22.25,,2,Sita Jain,1/2`,
    `NEW-${changed.number},create,1,,1,ground,residential,60,,1,Mohan Sahu,1`,
    `NEW-${changed.number},,,,2,first,residential,55.5,,,,`,
    `${same.number},,,,1,,residential,80.00,,,,`,
  ].join('\n');
  return { text, changed, number: `NEW-${changed.number}` };
}
const decide = async (who: SignedIn, id: string, verb: string, body: object = {}) => {
  const answer = await who.agent.post(`/api/property-change-batches/${id}/${verb}`).send(body);
  return { status: answer.status, body: answer.body as Record<string, unknown> };
};

describe('a file of changes', () => {
  it('writes nothing in a dry run, and says what it would', async () => {
    const { text, changed } = await sound();
    const dry = await load(text, { dryRun: true });
    expect(dry.body).toMatchObject({ result: 'dry-run' });
    expect(told(dry).filter((line) => line.includes('refused'))).toEqual([]);
    expect(dry.body.counts).toEqual({ rows: 5, accepted: 4, unchanged: 1, refused: 0, changes: 2 });
    expect(await changesOf(changed.number)).toBe(0);
    expect(await get(asha, '/api/property-change-batches')).toEqual([]);
  });

  it('is one submitted change a property, and stands on the roll when a second person approves the file', async () => {
    const { text, changed, number } = await sound();
    const made = await load(text);
    expect(made.body).toMatchObject({ result: 'submitted', counts: { changes: 2 } });
    expect(await changesOf(changed.number)).toBe(1);
    expect((await decide(asha, made.body.id, 'approve')).body).toMatchObject({ status: 403 });
    expect(await decide(ravi, made.body.id, 'approve')).toMatchObject({
      status: 200,
      body: { properties: 2 },
    });
    expect(await get(ravi, `/api/properties/${changed.id}`)).toMatchObject({
      locality: 'Katra',
      units: [
        { unitNo: 1, use: 'commercial', areaM2: '80.0000', declaredAreaM2: '91.5000' },
        { unitNo: 2, areaM2: '22.2500', floor: 'first' },
      ],
      owners: [{ share: '0.50000000' }, { name: 'S••• J•••', share: '0.50000000' }],
    });
    const { rows } = await db.owner.query(
      'SELECT unit_no, area_m2 FROM units JOIN properties p ON p.id = property_id WHERE p.number = $1 ORDER BY 1',
      [number],
    );
    expect(rows).toEqual([
      { unit_no: 1, area_m2: '60.0000' },
      { unit_no: 2, area_m2: '55.5000' },
    ]);
  });

  it('makes nothing anew when it is given again, before and after it is approved', async () => {
    const { text, changed } = await sound();
    const made = await load(text);
    expect((await load(text)).body).toMatchObject({ result: 'already', id: made.body.id });
    await decide(ravi, made.body.id, 'approve');
    expect((await load(text)).body).toMatchObject({ result: 'already' });
    expect((await load(`${text}\n`)).body).toMatchObject({ result: 'unchanged', counts: { unchanged: 5 } });
    expect(await changesOf(changed.number)).toBe(1);
  });

  it('may be given again after it was returned', async () => {
    const { text } = await sound();
    const made = await load(text);
    await decide(ravi, made.body.id, 'return', { reason: 'The order is not attached' });
    expect((await decide(ravi, made.body.id, 'approve')).body).toMatchObject({ status: 409 });
    expect((await load(text)).body).toMatchObject({ result: 'submitted' });
  });

  it('can be decided upon as a whole only', async () => {
    const { text, changed } = await sound();
    await load(text);
    const { items } = await get<{ items: { id: string }[] }>(
      ravi,
      `/api/property-changes?propertyId=${changed.id}`,
    );
    const answer = await ravi.agent.post(`/api/property-changes/${items[0]?.id}/approve`).send({});
    expect(answer.body).toMatchObject({ status: 409, type: 'urn:jarib:problem:change-of-batch' });
  });

  it('is not written in part where one of its properties changed meanwhile', async () => {
    const { text, changed, number } = await sound();
    const made = await load(text);
    await db.owner.query('UPDATE properties SET version = version + 1 WHERE id = $1', [changed.id]);
    const answer = await decide(ravi, made.body.id, 'approve');
    expect(answer).toMatchObject({ status: 409, body: { errors: [{ where: changed.number }] } });
    expect((await db.owner.query('SELECT FROM properties WHERE number = $1', [number])).rowCount).toBe(0);
  });

  it('can come from the command line; an officer approves it', async () => {
    const { number } = await house(desk);
    const bulk = desk.server.app.get(BulkService, { strict: false });
    const operator = { ...desk.ctx, actor: { ...desk.ctx.actor, login: 'operator' } };
    const text = `number,effective_on,reason,unit_no,occupancy\n${number},2026-04-01,Survey of 2026,1,tenant\n`;
    const report = await bulk.load(operator, { file: 'x.csv', text, dryRun: false });
    expect(report).toMatchObject({ result: 'submitted' });
    expect((await decide(ravi, report.id, 'approve')).status).toBe(200);
  });
});

describe('a row that is refused', () => {
  it.each([
    ['an area that is none', 'unit_no,area_m2', '1,-4', '2 refused area_m2=-4: Write a plain number'],
    ['an enormous area', 'unit_no,area_m2', '1,99999999', '2 refused area_m2=99999999: At most 10,00,000 m2'],
    ['a year that is no number', 'unit_no,year_built', '1,old', '2 refused year_built=old: '],
    [
      'a unit without number',
      'use',
      'commercial',
      '2 refused unit_no=: is empty | Give the number of the unit',
    ],
    [
      'a day that is none',
      'unit_no,use,effective_on',
      '1,commercial,2026-13-01',
      '2 refused effective_on=2026-13-01: is no day',
    ],
    [
      'shares that do not sum',
      'owner_no,owner_share',
      '1,0.4',
      '2 refused owner_share=0.4: From 2026-10-01 on',
    ],
    [
      'adopting what nobody measured',
      'unit_no,adopt',
      '1,measured',
      '2 refused adopt=measured: Unit 1 has no measured area',
    ],
    [
      'a mobile number, without telling it',
      'owner_no,owner_mobile',
      '1,12x',
      '2 refused owner_mobile=: A mobile number',
    ],
  ])('for %s names cell and remedy', async (_, columns, cells, expected) => {
    const { number } = await house(desk);
    const answer = await load(`number,${columns}\n${number},${cells}\n`);
    expect(answer.body).toMatchObject({ result: 'refused', counts: { rows: 1, refused: 1, changes: 0 } });
    expect(told(answer)[0]).toContain(expected);
    expect(told(answer)[0]?.split(' | ')[1]).not.toBe('');
    expect(await changesOf(number)).toBe(0);
  });

  it('leaves the other rows of its property undone, and other properties done', async () => {
    const [bad, good, unknown] = [await house(desk), await house(desk), { number: 'Z-404' }];
    const rows = [`${bad.number},1,commercial`, `${bad.number},x,commercial`, `${good.number},1,commercial`];
    const answer = await load(
      `number,unit_no,use\n${rows.join('\n')}\n${unknown.number},1,commercial\n"open,1,x\n`,
    );
    expect(answer.body).toMatchObject({
      result: 'submitted',
      counts: { accepted: 1, refused: 4, changes: 1 },
    });
    expect(told(answer)).toEqual([
      `2 refused =: belongs to property ${bad.number}, of which row 3 is refused | Mend that row`,
      '3 refused unit_no=x: is no number of a unit or owner | Write a whole number from 1 on',
      '5 refused number=Z-404: is not on the roll | Mend the number, or write create in the column action',
      '6 refused =: a quote is opened and never closed | Mend the line',
    ]);
  });

  it('is one whose property has a change that waits', async () => {
    const { id, number } = await house(desk);
    await put(ravi, alter(id, [toShop]));
    const answer = await load(`number,unit_no,use\n${number},1,vacant\n`);
    expect(told(answer)[0]).toContain(`2 refused number=${number}: has a change of ravi that waits`);
  });

  it('is one of another ward for who is bound to his', async () => {
    const { number } = await house(desk, '1');
    const answer = await load(`number,unit_no,use\n${number},1,vacant\n`, {}, desk.ward2);
    expect(told(answer)[0]).toContain('lies in a ward that is not yours');
  });

  it('is not one whose code nobody knows: it is accepted with a warning', async () => {
    const { number } = await house(desk);
    const answer = await load(`number,unit_no,use\n${number},1,palace\n`);
    expect(answer.body.result).toBe('submitted');
    expect(told(answer)[0]).toContain('2 warning use=palace: "palace" is not among the codes in use');
  });
});

describe('a file that cannot be read', () => {
  it.each([
    ['an unknown column', 'number,colour\nA,red\n', 'colour'],
    ['no number', 'use\nshop\n', 'number'],
    ['a column twice', 'number,use,use\nA,b,c\n', 'use'],
  ])('for %s is refused whole', async (_, text, value) => {
    const answer = await load(text);
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ value }] } });
  });
});
