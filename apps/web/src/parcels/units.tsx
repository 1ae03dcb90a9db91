import { useTranslation } from 'react-i18next';
import type { Unit } from '../api/types.js';
import { useCodeWords } from '../ui/code-words.js';
import { Section } from '../ui/facts.js';
import { area } from '../ui/format.js';

/** Floors and parts of floors, one line each: what, how used, how large. */
export function Units({ units }: { units: Unit[] }) {
  const { t } = useTranslation();
  const codeWords = useCodeWords();
  const total = units.reduce((sum, { areaM2 }) => sum + Number(areaM2 ?? 0), 0);
  return (
    <Section title={t('card.units')} aside={<span className="quiet number">{units.length}</span>}>
      {units.length === 0 ? <p className="card-note quiet">{t('card.noUnits')}</p> : null}
      {units.length > 0 ? (
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">{t('unit.floor')}</th>
              <th scope="col">{t('unit.use')}</th>
              <th scope="col" className="amount">
                {t('unit.area')}
              </th>
            </tr>
          </thead>
          <tbody>
            {units.map((unit) => (
              <tr key={unit.unitNo}>
                <td>
                  {unit.floor ? codeWords('floor', unit.floor) : t('unit.number', { number: unit.unitNo })}
                  <small>
                    {[unit.structure && codeWords('structure', unit.structure), unit.yearBuilt]
                      .filter(Boolean)
                      .join(' · ')}
                  </small>
                </td>
                <td>
                  {codeWords('use', unit.use)}
                  <small>{codeWords('occupancy', unit.occupancy)}</small>
                </td>
                <td className="amount">
                  {area(unit.areaM2)}
                  {unit.declaredAreaM2 ? (
                    <small>{t('file.declaredIs', { area: area(unit.declaredAreaM2) })}</small>
                  ) : null}
                  {unit.measuredAreaM2 ? (
                    <small>{t('file.measuredIs', { area: area(unit.measuredAreaM2) })}</small>
                  ) : null}
                </td>
              </tr>
            ))}
          </tbody>
          {units.length > 1 ? (
            <tfoot>
              <tr>
                <td colSpan={2}>{t('unit.total')}</td>
                <td className="amount">{area(total)}</td>
              </tr>
            </tfoot>
          ) : null}
        </table>
      ) : null}
    </Section>
  );
}
