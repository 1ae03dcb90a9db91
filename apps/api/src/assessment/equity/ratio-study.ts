/**
 * The figures of a ratio study after the Standard on Ratio Studies of the International Association of Assessing Officers
 * (IAAO, April 2013): how high property is valued against what it sells for, how evenly, and whether dear property is
 * valued as cheap property is. They are statistics, not money: they are reckoned in double precision from exact rupees
 * and rounded when shown, ratios to four decimals, COD to two, PRD to three, PRB to four.
 */

/** A value of the roll and the price of a sale, both in rupees and more than nothing. */
export interface Pair {
  value: number;
  price: number;
}

export interface RatioStudy {
  /** Sales that count, after trimming. */
  sales: number;
  /** Sales left out because their ratio lies more than three interquartile ranges outside the quartiles. */
  trimmed: number;
  median: number;
  mean: number;
  /** Sum of values by sum of prices: the mean ratio weighted by price. */
  weightedMean: number;
  /** Coefficient of dispersion: the average distance from the median, in hundredths of the median. */
  cod: number;
  /** Price-related differential: mean by weighted mean; above 1 where dear property is valued lower. */
  prd: number;
  /** Price-related bias: by what share the ratio changes when the value doubles; null for fewer than three sales. */
  prb: PriceRelatedBias | null;
  /** Bounds of the median with at least 95 % confidence by the sign test; null where the sales are too few for any. */
  medianBetween: MedianBounds | null;
}

export interface PriceRelatedBias {
  slope: number;
  /** The slope by its standard error: beyond some 2 it is hardly chance. Null where all points lie on the line. */
  t: number | null;
}

export interface MedianBounds {
  low: number;
  high: number;
  /** How sure: at least 0.95, more where the sales are few. */
  confidence: number;
}

/** Null where there are no sales. */
export function ratioStudy(pairs: readonly Pair[], trim = true): RatioStudy | null {
  const kept = trim ? trimmed(pairs) : [...pairs];
  if (kept.length === 0) return null;
  const ratios = kept.map(ratioOf).sort((a, b) => a - b);
  const median = quantile(ratios, 0.5);
  const mean = sum(ratios) / ratios.length;
  const weightedMean = sum(kept.map(({ value }) => value)) / sum(kept.map(({ price }) => price));
  return {
    sales: kept.length,
    trimmed: pairs.length - kept.length,
    median,
    mean,
    weightedMean,
    cod: (100 * sum(ratios.map((ratio) => Math.abs(ratio - median)))) / ratios.length / median,
    prd: mean / weightedMean,
    prb: priceRelatedBias(kept, median),
    medianBetween: medianBounds(ratios),
  };
}

/**
 * Without the extreme ratios: those further than three interquartile ranges below the first or above the third quartile
 * (IAAO, Appendix B). Quartiles are interpolated between ranks as spreadsheets do.
 */
function trimmed(pairs: readonly Pair[]): Pair[] {
  const ratios = pairs.map(ratioOf).sort((a, b) => a - b);
  if (ratios.length === 0) return [];
  const [q1, q3] = [quantile(ratios, 0.25), quantile(ratios, 0.75)];
  const reach = 3 * (q3 - q1);
  return pairs.filter((pair) => ratioOf(pair) >= q1 - reach && ratioOf(pair) <= q3 + reach);
}

/** The value below which a share of the sorted numbers lies. */
export function quantile(sorted: readonly number[], share: number): number {
  const rank = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(rank)] ?? NaN, sorted[Math.ceil(rank)] ?? NaN];
  return low + (high - low) * (rank - Math.floor(rank));
}

/**
 * The slope of (ratio - median) / median on the binary logarithm of the value, for which stands half of price and value
 * at the median's level (IAAO, Appendix on PRB): neither alone, for each of them would see a slope in mere scatter.
 */
function priceRelatedBias(pairs: readonly Pair[], median: number): PriceRelatedBias | null {
  if (pairs.length < 3) return null;
  const x = pairs.map(({ value, price }) => Math.log2((value / median + price) / 2));
  const y = pairs.map((pair) => (ratioOf(pair) - median) / median);
  const [meanX, meanY] = [sum(x) / x.length, sum(y) / y.length];
  const spread = sum(x.map((each) => (each - meanX) ** 2));
  if (spread === 0) return null;
  const slope = sum(x.map((each, i) => (each - meanX) * ((y[i] ?? 0) - meanY))) / spread;
  const rest = sum(y.map((each, i) => (each - meanY - slope * ((x[i] ?? 0) - meanX)) ** 2));
  const error = Math.sqrt(rest / (pairs.length - 2) / spread);
  return { slope, t: error === 0 ? null : slope / error };
}

/** The narrowest pair of ranks, as far from either end, between which the true median lies with 95 % by the binomial law. */
function medianBounds(sorted: readonly number[]): MedianBounds | null {
  const n = sorted.length;
  let logTerm = -n * Math.LN2;
  let below = Math.exp(logTerm);
  let rank = 0;
  let outside = 1;
  for (let k = 1; 2 * below <= 0.05 && k <= n / 2; k += 1) {
    [rank, outside] = [k, 2 * below];
    logTerm += Math.log((n - k + 1) / k);
    below += Math.exp(logTerm);
  }
  if (rank === 0) return null;
  return { low: sorted[rank - 1]!, high: sorted[n - rank]!, confidence: 1 - outside };
}

const ratioOf = ({ value, price }: Pair): number => value / price;
const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
