import type { Plot } from './plots.js';
import type { Random } from './random.js';
import type { Style } from './styles.js';

/** What stands on a plot. */
export type PlotUse =
  | 'house'
  | 'shop-house'
  | 'shop'
  | 'market'
  | 'flats'
  | 'works'
  | 'public'
  | 'vacant'
  | 'park'
  | 'lake'
  | 'field';

/** Land that is no one's tax account. */
export const isOpen = (use: PlotUse) => use === 'park' || use === 'lake' || use === 'field';

const onMainRoad = new Set(['arterial', 'sub_arterial', 'collector']);

export function usePlot(plot: Plot, style: Style, random: Random): PlotUse {
  if (!plot.quad) return style.kind === 'farm' ? 'field' : 'park';
  if (style.kind === 'farm') return 'field';
  if (random.chance(style.vacant)) return 'vacant';
  if (style.kind === 'industry') return random.chance(0.9) ? 'works' : 'public';
  const isMain = onMainRoad.has(plot.street.divider);
  if (plot.areaM2 > 320 && style.kind !== 'villas' && random.chance(0.3))
    return random.chance(0.55) ? 'flats' : 'public';
  if (isMain && plot.areaM2 > 130 && random.chance(0.12)) return 'market';
  const shops = isMain ? Math.min(0.85, style.shops + 0.4) : style.shops;
  if (!random.chance(shops)) return 'house';
  return random.chance(0.65) ? 'shop-house' : 'shop';
}

/** How many tax accounts a plot carries before the town's number is made exact. */
export function accountsOn(use: PlotUse, plot: Plot, random: Random): number {
  if (isOpen(use)) return 0;
  if (use === 'vacant') return random.chance(0.7) ? 1 : 0;
  if (use === 'flats') return Math.min(96, 4 * random.whole(2, 3 + Math.floor(plot.areaM2 / 120)));
  if (use === 'market') return Math.min(60, random.whole(4, 6 + Math.floor(plot.areaM2 / 25)));
  if (use === 'house') return random.chance(0.03) ? 2 : 1;
  return 1;
}

/** A plot of the town with all that must be known before its rows are written. */
export interface Holding {
  plot: Plot;
  style: Style;
  use: PlotUse;
  accounts: number;
  ward: string;
  zone: string;
  locality: { name: string; nameLocal: string };
}

/**
 * Changes the numbers of accounts so that they sum to `target`: blocks of flats and markets grow, other
 * large plots become such, or single plots lose their account, as land does that nobody has assessed yet.
 */
export function fit(holdings: Holding[], target: number, random: Random): void {
  let missing = target - holdings.reduce((sum, holding) => sum + holding.accounts, 0);
  const many = holdings.filter((holding) => holding.use === 'flats' || holding.use === 'market');
  const single = holdings.filter((holding) => holding.accounts === 1);
  while (missing < 0) {
    // First the great houses shrink, as long as they stay great; the rest falls on single plots here and
    // there.
    const large = many.length && random.chance(0.3) ? random.pick(many) : null;
    const chosen = large && large.accounts > 6 ? large : random.pick(single);
    if (!chosen || chosen.accounts === 0) {
      const any = holdings.find((holding) => holding.accounts > 0);
      if (!any) return;
      if (chosen && single.some((holding) => holding.accounts > 0)) continue;
      any.accounts -= 1;
    } else chosen.accounts -= 1;
    missing += 1;
  }
  const roomy = holdings.filter((holding) => holding.use === 'house' && holding.plot.areaM2 > 90);
  while (missing > 0) {
    if (roomy.length && random.chance(0.1)) {
      const chosen = random.pick(roomy);
      if (chosen.use === 'house') {
        chosen.use = 'flats';
        many.push(chosen);
      }
    }
    const chosen = many.length
      ? random.pick(many)
      : random.pick(holdings.filter((holding) => holding.accounts > 0));
    const more = Math.min(missing, many.length ? random.whole(1, 4) : 1);
    chosen.accounts += more;
    missing -= more;
  }
}
