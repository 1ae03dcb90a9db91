import { useTranslation } from 'react-i18next';
import type { PropertyCard } from '../api/types.js';
import { plain } from '../ui/code-words.js';
import { type Fact, Facts, Section } from '../ui/facts.js';
import { area } from '../ui/format.js';
import { select } from '../ui/selection.js';
import { Tag } from '../ui/tag.js';
import { Owners } from './owners.js';
import { Units } from './units.js';

/** What is known of a property, without its money. */
export function FactsTab({ card, mayReveal }: { card: PropertyCard; mayReveal: boolean }) {
  const { t } = useTranslation();
  const aliases = card.aliases.map(({ alias }) => alias);
  const facts: Fact[] = [
    [t('card.landArea'), area(card.landAreaM2)],
    [t('card.locality'), card.locality],
    [t('card.aliases'), aliases.join(', ')],
    ...Object.entries(card.facts).map(([name, value]): Fact => [factName(name, t), factValue(value, t)]),
  ];
  return (
    <>
      <Owners
        propertyId={card.id}
        owners={card.owners}
        mayReveal={mayReveal}
        hidden={card.ownersHidden ?? false}
      />
      <Units units={card.units} />
      <Section title={t('card.land')}>
        <Facts facts={facts} />
        <Parcels card={card} />
      </Section>
    </>
  );
}

function Parcels({ card }: { card: PropertyCard }) {
  const { t } = useTranslation();
  if (card.parcels.length === 0) {
    return (
      <p className="card-note">
        <Tag tone="warning">{t('card.notOnMap')}</Tag> {t(`noParcel.${card.noParcelReason ?? 'not_mapped'}`)}
      </p>
    );
  }
  return (
    <table className="plain-table">
      <thead>
        <tr>
          <th scope="col">{t('noun.parcel')}</th>
          <th scope="col" className="amount">
            {t('card.areaOnMap')}
          </th>
        </tr>
      </thead>
      <tbody>
        {card.parcels.map((parcel) => (
          <tr key={parcel.id}>
            <td>
              <button
                type="button"
                className="link"
                onClick={() => select({ kind: 'feature', layer: 'parcels', tileId: Number(parcel.tileId) })}
              >
                {parcel.parcelNo ?? t('word.unnumbered')}
              </button>
            </td>
            <td className="amount">{area(parcel.areaM2)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type Translate = ReturnType<typeof useTranslation>['t'];

const factName = (name: string, t: Translate): string => t(`fact.${name}`, { defaultValue: plain(name) });

function factValue(value: unknown, t: Translate): string {
  if (typeof value === 'boolean') return t(value ? 'word.yes' : 'word.no');
  return value === null || value === undefined
    ? ''
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);
}
