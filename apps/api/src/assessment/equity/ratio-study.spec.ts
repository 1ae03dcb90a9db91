import { describe, expect, it } from '@jest/globals';
import { type Pair, ratioStudy } from './ratio-study.js';

const pairsOf = (text: string): Pair[] =>
  text
    .trim()
    .split(/\s+/)
    .map((line) => line.split(',').map(Number))
    .map(([value = 0, price = 0]) => ({ value, price }));

/**
 * IAAO, Standard on Ratio Studies (April 2013), Table 1-4, as transcribed in the tests of the Cook County Assessor's
 * `assesspy` (iaao_table_1_4.csv). Published: COD 14.5, PRD 0.98. The further figures are computed, by a second program.
 */
const table14 = pairsOf(`87200,138720 38240,59700 96320,146400 68610,99000 32960,47400 50560,70500 61360,78000
  47360,60000 56580,69000 47040,55500 136000,154500 98000,109500 56000,60000 159100,168000 128000,124500
  132000,127500 160000,150000`);
/** Table D-2 of the same Standard and source: values at 90, 100 and 110 % of prices, and one dear outlier at 75 %. */
const tableD2 = pairsOf(`45000,50000 100000,100000 165000,150000 180000,200000 250000,250000 330000,300000
  315000,350000 400000,400000 495000,450000 450000,500000 550000,550000 660000,600000 585000,650000 700000,700000
  825000,750000 1875000,2500000`);

describe('the example of the Standard', () => {
  const study = ratioStudy(table14)!;

  it('gives its published coefficient of dispersion and price-related differential', () => {
    expect(study.cod.toFixed(1)).toBe('14.5');
    expect(study.prd.toFixed(2)).toBe('0.98');
  });

  it('gives the median, means and bias of a second program (computed)', () => {
    expect(study.sales).toBe(17);
    expect(study.median).toBeCloseTo(0.82, 12);
    expect(study.mean).toBeCloseTo(0.8271676458910721, 12);
    expect(study.weightedMean).toBeCloseTo(0.846998638125502, 12);
    expect(study.prb!.slope).toBeCloseTo(0.13549027502955296, 9);
    expect(study.prb!.t).toBeCloseTo(2.3545750186508325, 7);
  });
});

describe('one dear property that is valued low', () => {
  it('moves the price-related differential more than the bias (computed)', () => {
    const study = ratioStudy(tableD2, false)!;
    expect(study.prd).toBeCloseTo(1.0557965299684542, 12);
    expect(study.cod).toBeCloseTo(7.8125, 10);
    expect(study.prb!.slope).toBeCloseTo(-0.010850449299042334, 9);
  });
});

describe('the bounds of the median', () => {
  // Ranks and confidence of the published table of distribution-free intervals for the median (sign test).
  it.each([
    [6, 1, 0.969],
    [9, 2, 0.961],
    [12, 3, 0.961],
    [16, 4, 0.979],
    [17, 5, 0.951],
    [20, 6, 0.959],
  ])('of %i sales are the ranks from %i on either side', (n, rank, confidence) => {
    const study = ratioStudy(
      Array.from({ length: n }, (_, i) => ({ value: 100 + i, price: 100 })),
      false,
    )!;
    expect(study.medianBetween!.low).toBeCloseTo((100 + rank - 1) / 100, 12);
    expect(study.medianBetween!.high).toBeCloseTo((100 + n - rank) / 100, 12);
    expect(study.medianBetween!.confidence.toFixed(3)).toBe(confidence.toFixed(3));
  });

  it('are none for five sales, which can say nothing with that confidence', () => {
    expect(ratioStudy(pairsOf('1,2 1,2 1,2 1,2 1,2'))!.medianBetween).toBeNull();
  });

  it('hold for a hundred thousand sales', () => {
    const many = Array.from({ length: 100_000 }, (_, i) => ({ value: 100_000 + i, price: 100_000 }));
    const { low, high, confidence } = ratioStudy(many)!.medianBetween!;
    // 1.96 * sqrt(n) / 2 = 310 ranks on either side.
    expect(Math.round((high - low) * 100_000)).toBeGreaterThan(615);
    expect(Math.round((high - low) * 100_000)).toBeLessThan(625);
    expect(confidence).toBeGreaterThanOrEqual(0.95);
  });
});

describe('trimming', () => {
  it('leaves out ratios beyond three interquartile ranges, and counts them', () => {
    const even = Array.from({ length: 40 }, (_, i) => ({ value: 90 + (i % 21), price: 100 }));
    const study = ratioStudy([...even, { value: 900, price: 100 }, { value: 1, price: 100 }])!;
    expect([study.sales, study.trimmed]).toEqual([40, 2]);
    expect(ratioStudy([...even, { value: 900, price: 100 }], false)!.trimmed).toBe(0);
  });

  it('leaves everything where all ratios are alike', () => {
    expect(ratioStudy(pairsOf('5,10 6,12 7,14'))).toMatchObject({ trimmed: 0, cod: 0, prd: 1, median: 0.5 });
  });
});

describe('without sales', () => {
  it('there is no study', () => expect(ratioStudy([])).toBeNull());
});
