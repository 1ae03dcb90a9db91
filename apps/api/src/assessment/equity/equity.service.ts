import { Injectable } from '@nestjs/common';
import type { Label } from '../../core/label.js';
import { formatFinancialYear } from '../../core/period.js';
import { Problem } from '../../core/problem.js';
import { Database } from '../../platform/database/database.js';
import type { Context } from '../../platform/database/tx.js';
import type { CompiledTariff } from '../../tariff/compile.js';
import { TariffFilesService } from '../tariff-files/tariff-files.service.js';
import { type Asked, type ComparedSale, EquityRepository } from './equity.repository.js';
import type { EquityQuery } from './equity.schema.js';
import { type Pair, quantile, type RatioStudy, ratioStudy } from './ratio-study.js';

interface Sale extends Pair {
  ward: string;
  use: string;
}

const taxLabel: Label = { en: 'Tax of the year', hi: 'वर्ष का कर', mr: 'वर्षाचा कर' };

/** How evenly the roll values what has been sold: over all and by ward, use and price. */
@Injectable()
export class EquityService {
  constructor(
    private readonly database: Database,
    private readonly equity: EquityRepository,
    private readonly tariffs: TariffFilesService,
  ) {}

  async report(ctx: Context, query: EquityQuery) {
    return this.database.read(ctx, async (tx) => {
      const tariff = await this.tariffs.forYear(tx, query.fy);
      const bases = basesOf(tariff);
      const basis = query.basis ?? bases.at(-1)!.name;
      if (!bases.some(({ name }) => name === basis)) {
        const names = bases.map(({ name }) => name).join(', ');
        const detail = `The tariff has no value "${basis}" of a property. Choose one of: ${names}.`;
        throw new Problem(422, 'basis-unknown', detail, [
          { where: 'basis', value: basis, message: 'not a step' },
        ]);
      }
      const asked = { fy: query.fy, basis, ...periodOf(query) };
      const compared = await this.equity.compared(tx, asked);
      const counts = await this.equity.counts(tx, asked);
      return { ...view(asked, compared, counts), bases, tariffStatus: tariff.status };
    });
  }
}

/** The tax, and each value that the tariff reckons of a whole property; the last one is nearest to what is taxed. */
function basesOf(tariff: CompiledTariff): { name: string; label: Label }[] {
  const steps = tariff.steps.filter(({ level }) => level === 'property');
  return [{ name: 'tax', label: taxLabel }, ...steps.map(({ name, label }) => ({ name, label }))];
}

/** Three years of sales up to the end of the financial year, where nothing else is asked. */
function periodOf({ fy, from, until }: EquityQuery): { from: string; until: string } {
  return { from: from ?? `${fy - 2}-04-01`, until: until ?? `${fy + 1}-03-31` };
}

function view(
  asked: Asked,
  compared: ComparedSale[],
  counts: { all: number; period: number; excluded: number },
) {
  const sales: Sale[] = compared.flatMap(({ price, value, ward, use }) =>
    value !== null && Number(value) > 0
      ? [{ price: Number(price), value: Number(value), ward: ward ?? '', use: use ?? '' }]
      : [],
  );
  const prices = sales.map(({ price }) => price).sort((a, b) => a - b);
  const bounds = [0.25, 0.5, 0.75].map((share) => quantile(prices, share));
  const quarter = ({ price }: Sale) => String(1 + bounds.filter((bound) => price > bound).length);
  const overall = ratioStudy(sales);
  return {
    fy: formatFinancialYear(asked.fy),
    basis: asked.basis,
    from: asked.from,
    until: asked.until,
    counts: {
      registered: counts.all,
      inPeriod: counts.period,
      notArmsLength: counts.excluded,
      compared: sales.length,
      withoutValue: compared.length - sales.length,
      /** Sold more than once in the period: the last sale counts. */
      earlierSales: counts.period - counts.excluded - compared.length,
    },
    overall: overall && studyView(overall),
    byWard: strata(sales, ({ ward }) => ward),
    byUse: strata(sales, ({ use }) => use),
    byPrice: strata(sales, quarter),
    priceBoundsPaise: sales.length ? bounds.map((bound) => String(Math.round(bound * 100))) : [],
    histogram: overall ? histogram(sales, overall.median) : [],
  };
}

function strata(sales: Sale[], keyOf: (sale: Sale) => string) {
  const keys = [...new Set(sales.map(keyOf))].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return keys.map((key) => {
    const study = ratioStudy(sales.filter((sale) => keyOf(sale) === key));
    return { key, ...(study ? studyView(study) : { sales: 0 }) };
  });
}

/** How many ratios lie in each tenth of the median, from nothing to twice the median and beyond. */
function histogram(sales: Sale[], median: number): { from: number; sales: number }[] {
  const bins = Array.from({ length: 21 }, (_, i) => ({ from: i / 10, sales: 0 }));
  for (const { value, price } of sales) {
    bins[Math.min(20, Math.floor((value / price / median) * 10 + 1e-9))]!.sales += 1;
  }
  return bins;
}

type Verdict = 'good' | 'low' | 'high';
const within = (figure: number, [low, high]: readonly [number, number]): Verdict =>
  figure < low ? 'low' : figure > high ? 'high' : 'good';

/** What the Standard calls acceptable (Table 1-3 and section 5.6): COD of older mixed residential property; PRD; PRB. */
export const bands = { cod: [5, 15], prd: [0.98, 1.03], prb: [-0.05, 0.05] } as const;

function studyView(study: RatioStudy) {
  const { prb, medianBetween } = study;
  return {
    sales: study.sales,
    trimmed: study.trimmed,
    median: study.median.toFixed(6),
    mean: study.mean.toFixed(6),
    weightedMean: study.weightedMean.toFixed(6),
    cod: study.cod.toFixed(2),
    codVerdict: within(study.cod, bands.cod),
    prd: study.prd.toFixed(3),
    prdVerdict: within(study.prd, bands.prd),
    prb: prb ? prb.slope.toFixed(4) : null,
    prbT: prb?.t == null ? null : prb.t.toFixed(2),
    prbVerdict: prb ? within(prb.slope, bands.prb) : null,
    medianLow: medianBetween?.low.toFixed(6) ?? null,
    medianHigh: medianBetween?.high.toFixed(6) ?? null,
    confidence: medianBetween?.confidence.toFixed(3) ?? null,
  };
}
