import type { StyleMaker } from './styles/appearance.js';
import {
  buildingLabelStyle,
  buildingStyle,
  parcelLabelStyle,
  parcelStyle,
  wardFillStyle,
  wardLineStyle,
  zoneStyle,
} from './styles/areas.js';
import { lampStyle, nodeStyle, poleStyle } from './styles/points.js';
import { roadLabelStyle } from './styles/road-labels.js';
import { roadStyle } from './styles/roads.js';

export interface Drawing {
  style: StyleMaker;
  /** The order of drawing: higher stands above. */
  zIndex: number;
  /** Shown from this zoom of the view on, whatever the tiles could give before. */
  fromZoom: number;
  /** Nothing but words: kept apart from each other, and never what a click means. */
  words?: boolean;
}

/**
 * How each layer is drawn: as area or line below, and once more for what must stand above: boundaries and
 * words.
 */
export const drawings: Record<string, Drawing[]> = {
  wards: [
    { style: wardFillStyle, zIndex: 0, fromZoom: 0 },
    { style: wardLineStyle, zIndex: 60, fromZoom: 0 },
  ],
  parcels: [
    { style: parcelStyle, zIndex: 10, fromZoom: 14.5 },
    { style: parcelLabelStyle, zIndex: 82, fromZoom: 18.3, words: true },
  ],
  buildings: [
    { style: buildingStyle, zIndex: 20, fromZoom: 15 },
    { style: buildingLabelStyle, zIndex: 83, fromZoom: 17.4, words: true },
  ],
  roads: [
    { style: roadStyle, zIndex: 40, fromZoom: 0 },
    { style: roadLabelStyle, zIndex: 84, fromZoom: 12.9, words: true },
  ],
  zones: [{ style: zoneStyle, zIndex: 61, fromZoom: 0 }],
  road_nodes: [{ style: nodeStyle, zIndex: 70, fromZoom: 17.5 }],
  poles: [{ style: poleStyle, zIndex: 80, fromZoom: 17 }],
  streetlights: [{ style: lampStyle, zIndex: 81, fromZoom: 16 }],
};

/** Where the shading by tax stands: above land and buildings, below roads. */
export const taxZIndex = 30;

/** What a click means where several things lie under it: the small ones first. */
export const pickOrder = ['streetlights', 'poles', 'road_nodes', 'roads', 'parcels', 'buildings'];
