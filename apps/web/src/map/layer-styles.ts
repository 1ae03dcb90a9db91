import type { StyleMaker } from './styles/appearance.js';
import { buildingStyle, parcelStyle, wardFillStyle, wardLineStyle, zoneStyle } from './styles/areas.js';
import { lampStyle, nodeStyle, poleStyle } from './styles/points.js';
import { roadStyle } from './styles/roads.js';

export interface Drawing {
  style: StyleMaker;
  /** The order of drawing: higher stands above. */
  zIndex: number;
  /** Shown from this zoom of the view on, whatever the tiles could give before. */
  fromZoom: number;
  labelled?: boolean;
}

/** How each layer of the base map is drawn; wards are drawn twice, as land below and as a line above. */
export const drawings: Record<string, Drawing[]> = {
  wards: [
    { style: wardFillStyle, zIndex: 0, fromZoom: 0 },
    { style: wardLineStyle, zIndex: 60, fromZoom: 0 },
  ],
  parcels: [{ style: parcelStyle, zIndex: 10, fromZoom: 14.5, labelled: true }],
  buildings: [{ style: buildingStyle, zIndex: 20, fromZoom: 15, labelled: true }],
  roads: [{ style: roadStyle, zIndex: 40, fromZoom: 0, labelled: true }],
  zones: [{ style: zoneStyle, zIndex: 61, fromZoom: 0 }],
  road_nodes: [{ style: nodeStyle, zIndex: 70, fromZoom: 17.5 }],
  poles: [{ style: poleStyle, zIndex: 80, fromZoom: 17 }],
  streetlights: [{ style: lampStyle, zIndex: 81, fromZoom: 16 }],
};

/** Where the shading by tax stands: above land and buildings, below roads. */
export const taxZIndex = 30;

/** What a click means where several things lie under it: the small ones first. */
export const pickOrder = ['streetlights', 'poles', 'road_nodes', 'roads', 'parcels', 'buildings'];
