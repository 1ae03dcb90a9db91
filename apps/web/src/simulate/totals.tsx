import { useTranslation } from 'react-i18next';
import type { Comparison } from '../../../api/src/assessment/simulate/compare/result.js';
import type { Simulation } from '../api/simulation.js';
import { count } from '../ui/format.js';
import { percentChange, signedRupees, wholeRupees } from './amounts.js';

/** What the city would owe: the change first, then both sums, then how every property is counted. */
export function Totals({ result }: { result: Comparison }) {
  const { t } = useTranslation();
  const { properties, present, proposed, comparable, onlyPresent, onlyProposed } = result.whole;
  const tone = comparable.changePaise.startsWith('-')
    ? 'down'
    : comparable.changePaise === '0'
      ? 'same'
      : 'up';
  const counts = [
    ['assessed', present.assessed, proposed.assessed],
    ['exempt', present.exempt, proposed.exempt],
    ['exceptions', present.exceptions, proposed.exceptions],
  ] as const;
  return (
    <section className="section totals" aria-label={t('simulate.totals')}>
      <p className="totals-change" data-tone={tone}>
        <strong className="number">{signedRupees(comparable.changePaise)}</strong>
        <span className="number">{percentChange(comparable.presentPaise, comparable.proposedPaise)}</span>
      </p>
      <p className="quiet totals-movers">
        {t('simulate.movers', {
          up: count(comparable.up),
          down: count(comparable.down),
          same: count(comparable.same),
        })}
      </p>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">{t('simulate.properties', { number: count(properties) })}</th>
            <th scope="col" className="amount">
              {t('simulate.present')}
            </th>
            <th scope="col" className="amount">
              {t('simulate.proposed')}
            </th>
          </tr>
        </thead>
        <tbody>
          {counts.map(([name, before, after]) => (
            <tr key={name}>
              <td>{t(`assess.count.${name}`)}</td>
              <td className="amount number">{count(before)}</td>
              <td className="amount number">{count(after)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td>{t('simulate.total')}</td>
            <td className="amount number">{wholeRupees(present.totalPaise)}</td>
            <td className="amount number">{wholeRupees(proposed.totalPaise)}</td>
          </tr>
        </tfoot>
      </table>
      {onlyPresent.properties + onlyProposed.properties > 0 ? (
        <p className="totals-apart">
          {t('simulate.apart', {
            number: count(onlyPresent.properties + onlyProposed.properties),
            present: wholeRupees(onlyPresent.paise),
            proposed: wholeRupees(onlyProposed.paise),
          })}
        </p>
      ) : null}
    </section>
  );
}

/** A file is reckoned under a year that it applies to; where that is not the year asked for, it is said. */
export function OtherYears({ simulation }: { simulation: Simulation }) {
  const { t } = useTranslation();
  const other = (['present', 'proposed'] as const).filter((side) => simulation[side].fy !== simulation.fy);
  if (!other.length) return null;
  return (
    <p className="section totals-apart other-years">
      {other
        .map((side) => t('simulate.underYear', { side: t(`simulate.${side}`), fy: simulation[side].fy }))
        .join(' ')}
    </p>
  );
}
