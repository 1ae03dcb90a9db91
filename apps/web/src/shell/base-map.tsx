import { IconMapOff } from '@tabler/icons-react';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { tileAddress, type useLayers, useWards } from '../api/map.js';
import { useMap } from '../map/map-context.js';
import { Empty } from '../ui/empty.js';
import { Failure } from '../ui/failure.js';
import { useUrl } from '../ui/url-state.js';

interface Props {
  ulb: string;
  layers: ReturnType<typeof useLayers>;
  /** Only while nothing else on the page says that it is empty. */
  showEmpty: boolean;
}

/** Brings the municipality's own layers onto the map, and says so where there are none. */
export function BaseMap({ ulb, layers, showEmpty }: Props) {
  const { t } = useTranslation();
  const map = useMap();
  const [hide] = useUrl('hide');
  const wards = useWards(ulb);
  const list = layers.data;

  useEffect(() => {
    if (!list) return;
    map?.setLayers(list.map(({ name, minZoom }) => ({ name, minZoom, url: tileAddress(ulb, name) })));
  }, [map, list, ulb]);
  const hidden = useMemo(() => new Set((hide ?? '').split(',').filter(Boolean)), [hide]);
  useEffect(() => map?.setHidden(hidden), [map, hidden]);
  useEffect(() => {
    if (wards.data) map?.setWards(wards.data);
  }, [map, wards.data]);

  if (layers.isError) {
    return (
      <div className="map-note">
        <Failure error={layers.error} onRetry={() => layers.refetch()} />
      </div>
    );
  }
  if (!showEmpty || !list || list.some(({ count }) => count > 0)) return null;
  return (
    <div className="map-note">
      <Empty icon={<IconMapOff size={24} />} title={t('map.empty.title')}>
        {t('map.empty.detail')}
      </Empty>
    </div>
  );
}
