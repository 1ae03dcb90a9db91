import type { FeatureLike } from 'ol/Feature.js';
import Point from 'ol/geom/Point.js';
import Fill from 'ol/style/Fill.js';
import Stroke from 'ol/style/Stroke.js';
import Style from 'ol/style/Style.js';
import Text from 'ol/style/Text.js';
import { longestStraightRun } from '../straight-run.js';
import { type Appearance, nameOf, type StyleMaker, zoomOf } from './appearance.js';
import { type RoadClass, roadClassOf } from './roads.js';

/** Letters that join or carry marks are not bent along a line. */
const joins = (text: string): boolean => /[\u0300-\uffff]/.test(text);

const fontOf = ({ major }: RoadClass, fontFamily: string): string =>
  `${major ? 600 : 500} ${major ? 12.5 : 11.5}px ${fontFamily}`;

function textOf(text: string, road: RoadClass, { palette, fontFamily }: Appearance): Text {
  return new Text({
    text,
    font: fontOf(road, fontFamily),
    fill: new Fill({ color: road.major ? palette.label : palette.labelQuiet }),
    stroke: new Stroke({ color: palette.halo, width: 3.5 }),
  });
}

function bentLabel(text: string, road: RoadClass, appearance: Appearance): Style {
  const label = textOf(text, road, appearance);
  label.setPlacement('line');
  label.setRepeat(420);
  label.setMaxAngle(0.6);
  return new Style({ zIndex: road.rank, text: label });
}

interface Wanted {
  feature: FeatureLike;
  resolution: number;
  text: string;
  road: RoadClass;
  appearance: Appearance;
}

/** The label whole on the straightest part of the road, or none where it does not fit. */
function straightLabel({ feature, resolution, text, road, appearance }: Wanted): Style | undefined {
  const geometry = feature.getGeometry();
  const flat = geometry && 'getFlatCoordinates' in geometry ? geometry.getFlatCoordinates() : null;
  const run = flat ? longestStraightRun(flat) : null;
  // A letter of this script is about 0.62 em wide; measuring each name would cost more than it gains.
  const widthPx = [...text.replace(/\p{M}/gu, '')].length * 0.62 * 12.5;
  if (!run || run.length / resolution < widthPx) return undefined;
  const label = textOf(text, road, appearance);
  label.setRotation(run.rotation);
  return new Style({ zIndex: road.rank, text: label, geometry: new Point([run.x, run.y]) });
}

/** Names of roads in the person's script, above everything that is drawn. */
export const roadLabelStyle: StyleMaker = (appearance) => {
  const bent = new Map<string, Style>();
  return (feature, resolution) => {
    const road = roadClassOf(feature);
    const text = zoomOf(resolution) >= road.labelFromZoom ? nameOf(feature, appearance.language) : '';
    if (!text) return undefined;
    if (joins(text)) return straightLabel({ feature, resolution, text, road, appearance });
    const label = bent.get(text) ?? bentLabel(text, road, appearance);
    if (bent.size < 4000) bent.set(text, label);
    return label;
  };
};
