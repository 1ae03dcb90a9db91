import { Button, Skeleton } from '@mantine/core';
import { IconFocus2 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFeature } from '../api/map.js';
import type { Feature, Layer } from '../api/types.js';
import { useMap } from '../map/map-context.js';
import { Failure } from '../ui/failure.js';
import { Facts } from '../ui/facts.js';
import { word } from '../ui/format.js';
import { Panel, type PanelFrame } from '../ui/panel.js';
import { featureFacts, featureTitle } from '../ui/feature-words.js';

interface Props {
  frame: PanelFrame;
  layer: Layer | null;
  name: string;
  tileId: number;
}

/** The card of a road, lamp, pole, ward ...: what its layer's descriptor says of it. */
export function FeatureInspector({ frame, layer, name, tileId }: Props) {
  const { t, i18n } = useTranslation();
  const feature = useFeature(name, tileId);
  const title = word(layer?.title, i18n.language);
  return (
    <Panel
      {...frame}
      head={
        <div className="card-head">
          <span className="quiet">{title}</span>
          <h2>{feature.data && layer ? featureTitle(layer, feature.data, i18n.language, t) : '…'}</h2>
        </div>
      }
      foot={feature.data ? <ShowOnMap feature={feature.data} /> : null}
    >
      {feature.isError ? <Failure error={feature.error} onRetry={() => feature.refetch()} /> : null}
      {feature.isPending ? <Skeleton height={160} m={16} width="auto" /> : null}
      {feature.data && layer ? (
        <div className="section">
          <Facts facts={featureFacts(layer, feature.data, i18n.language, t)} />
        </div>
      ) : null}
    </Panel>
  );
}

function ShowOnMap({ feature }: { feature: Feature }) {
  const { t } = useTranslation();
  const map = useMap();
  return (
    <Button
      size="xs"
      variant="light"
      leftSection={<IconFocus2 size={16} aria-hidden="true" />}
      onClick={() => map?.flyToBox(feature.bbox)}
    >
      {t('action.showOnMap')}
    </Button>
  );
}
