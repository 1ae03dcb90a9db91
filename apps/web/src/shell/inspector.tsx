import { Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { Layer, Session } from '../api/types.js';
import { FeatureInspector } from './feature-inspector.js';
import { ParcelInspector } from '../parcels/parcel-inspector.js';
import { PropertyInspector } from '../parcels/property-inspector.js';
import type { PanelFrame } from '../ui/panel.js';
import { type Selection, select } from '../ui/selection.js';

const TaxTab = lazy(() => import('../assessment/tax-tab.js'));

interface Props {
  session: Session;
  selection: Selection;
  layers: Layer[];
  width: number;
  onWidth: (width: number) => void;
}

/** The card of what is selected. Here the roll's card and the assessment's tab meet. */
export default function Inspector({ session, selection, layers, width, onWidth }: Props) {
  const { t } = useTranslation();
  const frame: PanelFrame = {
    side: 'right',
    label: t('inspector.label'),
    size: width,
    onSize: onWidth,
    limits: [340, 560],
    onClose: () => select(null),
  };
  const mayReveal = session.permissions.includes('owners:reveal');
  const tax = session.permissions.includes('assessments:read')
    ? (propertyId: string) => (
        <Suspense fallback={<Skeleton height={200} m={16} />}>
          <TaxTab propertyId={propertyId} />
        </Suspense>
      )
    : null;
  const property = (id: string) => (
    <PropertyInspector key={id} frame={frame} id={id} mayReveal={mayReveal} tax={tax} layers={layers} />
  );
  if (selection.kind === 'property') return property(selection.id);
  if (selection.layer === 'parcels' && session.permissions.includes('roll:read')) {
    return (
      <ParcelInspector
        key={selection.tileId}
        frame={frame}
        tileId={selection.tileId}
        layers={layers}
        card={property}
      />
    );
  }
  const layer = layers.find(({ name }) => name === selection.layer);
  return (
    <FeatureInspector
      key={`${selection.layer}/${selection.tileId}`}
      frame={frame}
      layer={layer ?? null}
      name={selection.layer}
      tileId={selection.tileId}
    />
  );
}
