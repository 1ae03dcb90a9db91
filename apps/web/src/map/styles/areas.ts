import type { FeatureLike } from 'ol/Feature.js';
import Fill from 'ol/style/Fill.js';
import Stroke from 'ol/style/Stroke.js';
import Style from 'ol/style/Style.js';
import Text from 'ol/style/Text.js';
import { nameOf, type StyleMaker, zoomOf } from './appearance.js';
import { taxRamp } from './palette.js';

/** Land of the municipality: everything outside is a shade darker. */
export const wardFillStyle: StyleMaker = ({ palette }) => {
  const style = new Style({ fill: new Fill({ color: palette.land }) });
  return () => style;
};

export const wardLineStyle: StyleMaker = ({ palette }) => {
  const near = new Style({ stroke: new Stroke({ color: palette.wardLine, width: 1.4, lineDash: [7, 4] }) });
  const far = new Style({ stroke: new Stroke({ color: palette.wardLine, width: 1 }) });
  return (_feature, resolution) => (zoomOf(resolution) > 14 ? near : far);
};

export const zoneStyle: StyleMaker = ({ palette }) => {
  const style = new Style({ stroke: new Stroke({ color: palette.zoneLine, width: 2 }) });
  return () => style;
};

/** Parcels are a thin line and nothing else; parks, fields and water alone have a colour. */
export const parcelStyle: StyleMaker = ({ palette }) => {
  const colours: Record<string, string> = {
    open_space: palette.green,
    agricultural: palette.green,
    water: palette.water,
  };
  const made = new Map<string, Style>();
  return (feature, resolution) => {
    const use = String(feature.get('land_use') ?? '');
    const width = zoomOf(resolution) < 16 ? 0.4 : 0.8;
    const key = `${use in colours ? use : ''}/${width}`;
    const style =
      made.get(key) ??
      new Style({
        stroke: new Stroke({ color: palette.parcelLine, width }),
        // A transparent fill makes the whole parcel, not only its line, answer a click.
        fill: new Fill({ color: colours[use] ?? 'rgba(0,0,0,0.002)' }),
      });
    made.set(key, style);
    return style;
  };
};

/** Footprints of buildings. */
export const buildingStyle: StyleMaker = ({ palette }) => {
  const fill = new Fill({ color: palette.building });
  const plain = new Style({ fill });
  const lined = new Style({ fill, stroke: new Stroke({ color: palette.buildingLine, width: 0.8 }) });
  return (_feature, resolution) => (zoomOf(resolution) < 16.5 ? plain : lined);
};

/** Words that stand in the middle of a feature, from a zoom on; `textOf` says which. */
function labelStyle(
  fromZoom: number,
  strong: boolean,
  textOf: (feature: FeatureLike, language: string) => string,
): StyleMaker {
  return ({ palette, fontFamily, language }) => {
    const made = new Map<string, Style>();
    return (feature, resolution) => {
      const text = zoomOf(resolution) >= fromZoom ? textOf(feature, language) : '';
      if (!text) return undefined;
      const style =
        made.get(text) ??
        new Style({
          text: new Text({
            text,
            font: `500 11px ${fontFamily}`,
            fill: new Fill({ color: strong ? palette.label : palette.labelQuiet }),
            stroke: new Stroke({ color: palette.halo, width: 3 }),
          }),
        });
      if (made.size < 4000) made.set(text, style);
      return style;
    };
  };
}

export const parcelLabelStyle = labelStyle(18.4, false, (feature) => String(feature.get('parcel_no') ?? ''));
export const buildingLabelStyle = labelStyle(17.5, true, nameOf);

/** Tax per m2 in seven classes; with one class chosen the others step back. */
export function taxStyle(outline: string, onlyClass: number | null) {
  const styles = taxRamp.map((color, index) => {
    const shown = onlyClass === null || onlyClass === index;
    return new Style({
      fill: new Fill({ color: shown ? `${color}d9` : `${color}14` }),
      stroke: shown ? new Stroke({ color: outline, width: 0.5 }) : undefined,
    });
  });
  return (feature: { get(name: string): unknown }) => styles[Number(feature.get('class'))];
}

/** Ward numbers and names, one label in each ward, while wards are what a person looks at. */
export const wardLabelStyle: StyleMaker = ({ palette, fontFamily, language }) => {
  const made = new Map<string, Style>();
  return (feature, resolution) => {
    const zoom = zoomOf(resolution);
    const number = String(feature.get('number') ?? '');
    const name = zoom >= 13 ? nameOf(feature, language) : '';
    const key = `${number}/${name}`;
    const style =
      made.get(key) ??
      new Style({
        text: new Text({
          text: [
            number,
            `600 13px ${fontFamily}`,
            ...(name ? ['\n', '', name, `500 11.5px ${fontFamily}`] : []),
          ],
          fill: new Fill({ color: palette.wardLabel }),
          stroke: new Stroke({ color: palette.halo, width: 4 }),
          textAlign: 'center',
        }),
      });
    made.set(key, style);
    return style;
  };
};
