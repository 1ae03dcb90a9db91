import { useEffect, useRef } from 'react';
import { useFeature } from '../api/map.js';
import { useProperty } from '../api/roll.js';
import { useMap } from '../map/map-context.js';
import { formatSelection, takeFlight, useSelection } from '../ui/selection.js';

/** Shows on the map what is selected, and flies there where that was asked. Draws nothing itself. */
export function SelectionOnMap() {
  const map = useMap();
  const selection = useSelection();
  const key = formatSelection(selection);
  const property = useProperty(selection?.kind === 'property' ? selection.id : null);
  const parcels = selection?.kind === 'property' ? (property.data?.parcels ?? []) : [];
  const layer = selection?.kind === 'feature' ? selection.layer : parcels.length ? 'parcels' : null;
  const tileIds =
    selection?.kind === 'feature' ? [selection.tileId] : parcels.map(({ tileId }) => Number(tileId));
  const first = useFeature(layer, tileIds[0] ?? null);
  const flown = useRef<string | null>(null);

  useEffect(() => {
    if (!map) return;
    map.select(layer ? { layer, tileIds, center: first.data?.center ?? null } : null);
    // The ids stand for themselves: a list made anew with the same numbers changes nothing.
  }, [map, layer, tileIds.join(), first.data]);

  useEffect(() => {
    if (!map || !first.data || flown.current === key) return;
    flown.current = key;
    if (takeFlight()) map.flyToBox(first.data.bbox);
  }, [map, key, first.data]);
  return null;
}
