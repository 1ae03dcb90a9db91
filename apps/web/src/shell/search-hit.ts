import {
  IconBuilding,
  IconBulb,
  IconHome,
  IconMapPin,
  IconMapPins,
  IconPolygon,
  IconRoad,
  IconUser,
  IconVectorBezier2,
} from '@tabler/icons-react';
import { tileIdOf } from '../api/map.js';
import type { SearchHit } from '../api/types.js';
import type { JaribMap } from '../map/jarib-map.js';
import { selectAndFly } from '../ui/selection.js';

const icons: Record<string, typeof IconHome> = {
  property: IconHome,
  owner: IconUser,
  road: IconRoad,
  pole: IconMapPin,
  streetlight: IconBulb,
  ward: IconVectorBezier2,
  zone: IconVectorBezier2,
  parcel: IconPolygon,
  building: IconBuilding,
  locality: IconMapPins,
};

export function nounIcon(noun: string): typeof IconHome {
  return icons[noun] ?? IconMapPin;
}

/** Selects what was found and flies to it; what has no card only moves the map. */
export function goToHit(hit: SearchHit, map: JaribMap | null): void {
  const propertyId = hit.propertyId ?? (hit.noun === 'property' ? hit.id : null);
  if (propertyId) selectAndFly({ kind: 'property', id: propertyId });
  else if (hit.layer) selectAndFly({ kind: 'feature', layer: hit.layer, tileId: tileIdOf(hit.id) });
  else if (hit.center) map?.flyToBox([...hit.center, ...hit.center]);
}
