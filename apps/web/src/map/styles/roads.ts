import Fill from 'ol/style/Fill.js';
import Stroke from 'ol/style/Stroke.js';
import Style from 'ol/style/Style.js';
import Text from 'ol/style/Text.js';
import { type Appearance, nameOf, type StyleMaker, zoomOf } from './appearance.js';

interface RoadClass {
  /** Width in pixels at zoom 16; halves and doubles more slowly than the zoom does. */
  width: number;
  fromZoom: number;
  labelFromZoom: number;
  major: boolean;
  rank: number;
}

const classes: Record<string, RoadClass> = {
  expressway: { width: 11, fromZoom: 0, labelFromZoom: 13, major: true, rank: 6 },
  arterial: { width: 9.5, fromZoom: 0, labelFromZoom: 13.5, major: true, rank: 5 },
  sub_arterial: { width: 8, fromZoom: 12, labelFromZoom: 14, major: true, rank: 4 },
  collector: { width: 6.5, fromZoom: 12.5, labelFromZoom: 15, major: false, rank: 3 },
  local: { width: 5, fromZoom: 13, labelFromZoom: 16, major: false, rank: 2 },
  lane: { width: 3.2, fromZoom: 14.5, labelFromZoom: 17, major: false, rank: 1 },
  path: { width: 1.4, fromZoom: 15.5, labelFromZoom: 18, major: false, rank: 0 },
};
const unknownClass = classes.local as RoadClass;

function lineStyles(road: RoadClass, zoom: number, isPath: boolean, { palette }: Appearance): Style[] {
  const width = Math.max(0.6, road.width * 1.55 ** (zoom - 16));
  if (isPath) {
    return [
      new Style({ stroke: new Stroke({ color: palette.path, width: Math.max(1, width), lineDash: [4, 3] }) }),
    ];
  }
  const fill = new Style({
    zIndex: 10 + road.rank,
    stroke: new Stroke({ color: road.major ? palette.majorRoad : palette.road, width, lineCap: 'round' }),
  });
  // Seen from afar a casing on both sides is only noise: one thin line says street.
  if (zoom < 14.5 && !road.major) {
    return [new Style({ stroke: new Stroke({ color: palette.roadFar, width: Math.max(0.7, width * 0.6) }) })];
  }
  const casing = new Style({
    zIndex: road.rank - 10,
    stroke: new Stroke({ color: palette.roadCasing, width: width + (zoom < 14 ? 1 : 1.6), lineCap: 'round' }),
  });
  return [casing, fill];
}

function labelStyle(text: string, road: RoadClass, appearance: Appearance): Style {
  const { palette, fontFamily } = appearance;
  return new Style({
    zIndex: 100 + road.rank,
    text: new Text({
      text,
      placement: 'line',
      overflow: false,
      repeat: 420,
      maxAngle: 0.6,
      font: `${road.major ? 600 : 500} ${road.major ? 12.5 : 11.5}px ${fontFamily}`,
      fill: new Fill({ color: road.major ? palette.label : palette.labelQuiet }),
      stroke: new Stroke({ color: palette.halo, width: 3 }),
    }),
  });
}

/** White roads with a grey casing, wider by class, named in the person's script. */
export const roadStyle: StyleMaker = (appearance) => {
  const lines = new Map<string, Style[]>();
  const labels = new Map<string, Style>();
  return (feature, resolution) => {
    const zoom = zoomOf(resolution);
    const name = String(feature.get('class') ?? '');
    const road = classes[name] ?? unknownClass;
    if (zoom < road.fromZoom) return [];
    const step = Math.round(zoom * 2) / 2;
    const key = `${name}/${step}`;
    const line = lines.get(key) ?? lineStyles(road, step, name === 'path', appearance);
    lines.set(key, line);
    const text = zoom >= road.labelFromZoom ? nameOf(feature, appearance.language) : '';
    if (!text) return line;
    const label = labels.get(text) ?? labelStyle(text, road, appearance);
    if (labels.size < 4000) labels.set(text, label);
    return [...line, label];
  };
};
