import type { FeatureLike } from 'ol/Feature.js';
import Stroke from 'ol/style/Stroke.js';
import Style from 'ol/style/Style.js';
import { type StyleMaker, zoomOf } from './appearance.js';
import type { Palette } from './palette.js';

export interface RoadClass {
  /** Width in pixels at zoom 16; grows more slowly than the zoom does. */
  width: number;
  fromZoom: number;
  labelFromZoom: number;
  major: boolean;
  rank: number;
}

const unknownClass: RoadClass = { width: 5, fromZoom: 13, labelFromZoom: 16, major: false, rank: 2 };
const classes: Record<string, RoadClass> = {
  expressway: { width: 11, fromZoom: 0, labelFromZoom: 13, major: true, rank: 6 },
  arterial: { width: 9.5, fromZoom: 0, labelFromZoom: 13.5, major: true, rank: 5 },
  sub_arterial: { width: 8, fromZoom: 12, labelFromZoom: 14, major: true, rank: 4 },
  collector: { width: 6.5, fromZoom: 12.5, labelFromZoom: 15, major: false, rank: 3 },
  local: unknownClass,
  lane: { width: 3.2, fromZoom: 14.5, labelFromZoom: 17, major: false, rank: 1 },
  path: { width: 1.4, fromZoom: 15.5, labelFromZoom: 18, major: false, rank: 0 },
};

export function roadClassOf(feature: FeatureLike): RoadClass {
  return classes[String(feature.get('class'))] ?? unknownClass;
}

function lineStyles(road: RoadClass, zoom: number, palette: Palette): Style[] {
  const width = Math.max(0.6, road.width * 1.55 ** (zoom - 16));
  if (road.rank === 0) {
    const stroke = new Stroke({ color: palette.path, width: Math.max(1, width), lineDash: [4, 3] });
    return [new Style({ stroke })];
  }
  // Seen from afar a casing on both sides is only noise: one thin line says street.
  if (zoom < 14.5 && !road.major) {
    return [new Style({ stroke: new Stroke({ color: palette.roadFar, width: Math.max(0.7, width * 0.6) }) })];
  }
  const color = road.major ? palette.majorRoad : palette.road;
  const fill = new Style({ zIndex: 10 + road.rank, stroke: new Stroke({ color, width, lineCap: 'round' }) });
  const casingWidth = width + (zoom < 14 ? 1 : 1.6);
  // Cut off straight: round ends would stand out of the fill at every junction.
  const stroke = new Stroke({ color: palette.roadCasing, width: casingWidth, lineCap: 'butt' });
  return [new Style({ zIndex: road.rank - 10, stroke }), fill];
}

/** White roads with a grey casing, wider by class. */
export const roadStyle: StyleMaker = ({ palette }) => {
  const made = new Map<string, Style[]>();
  return (feature, resolution) => {
    const zoom = zoomOf(resolution);
    const road = roadClassOf(feature);
    if (zoom < road.fromZoom) return undefined;
    const step = Math.round(zoom * 2) / 2;
    const key = `${road.rank}/${step}`;
    const styles = made.get(key) ?? lineStyles(road, step, palette);
    made.set(key, styles);
    return styles;
  };
};
