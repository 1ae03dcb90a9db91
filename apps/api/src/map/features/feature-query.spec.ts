import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Problem } from '../../core/problem.js';
import { limits } from '../../platform/limits.js';
import type { Layer } from '../layer.js';
import { formatAfter, parseFeatureQuery, parseInstantOrInterval } from './feature-query.js';

const label = { en: 'x', hi: 'x', mr: 'x' };
const layer = {
  name: 'parcels',
  columns: [
    { name: 'parcel_no', type: 'text', label },
    { name: 'floors', type: 'integer', label },
  ],
} as unknown as Layer;
const parse = (raw: Record<string, string | string[]>) => parseFeatureQuery(layer, layer.columns, raw);

describe('a request for features', () => {
  it('has its usual limit and no filter where nothing is asked', () => {
    expect(parse({})).toEqual({
      limit: limits.pageFeaturesDefault,
      bbox: null,
      datetime: null,
      filters: [],
      after: null,
    });
  });

  it('reads boxes with every digit that a client sends', () => {
    expect(parse({ bbox: '73.7999999999999972,18.5,7.4e1, 19' }).bbox).toEqual([73.8, 18.5, 74, 19]);
  });

  it('knows a place to go on from only by the token that it gave', () => {
    const id = '0195f000-0000-7000-8000-000000000001';
    expect(parse({ after: formatAfter(id, 12) }).after).toEqual({ id, matched: 12 });
    expect(() => parse({ after: `${id}.-1` })).toThrow(Problem);
    expect(() => parse({ after: `${id}' OR 1=1.1` })).toThrow(Problem);
  });

  it('takes a day as the whole day in India', () => {
    const day = parseInstantOrInterval('2022-07-14');
    expect(day).toMatchObject({ single: true, fromDay: '2022-07-14', toDay: '2022-07-14' });
    expect(day?.from?.toISOString()).toBe('2022-07-13T18:30:00.000Z');
    expect(day?.to?.toISOString()).toBe('2022-07-14T18:29:59.999Z');
    expect(parseInstantOrInterval('/2020-01-01T00:00:00+05:30')).toMatchObject({ from: null, single: false });
  });

  it('never fails otherwise than by a problem that names the parameter, whatever it is given', () => {
    const names = fc.constantFrom(
      'limit',
      'bbox',
      'datetime',
      'after',
      'f',
      'floors',
      '__proto__',
      'constructor',
    );
    fc.assert(
      fc.property(
        names,
        fc.oneof(fc.string(), fc.constant('1e999'), fc.constant('NaN,0,0,0')),
        (name, value) => {
          try {
            const query = parse(Object.fromEntries([[name, value]]));
            expect(query.limit).toBeGreaterThan(0);
          } catch (error) {
            expect(error).toBeInstanceOf(Problem);
            expect((error as Problem).detail).toContain(`"${name}"`);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
