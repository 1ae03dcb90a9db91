import CircleStyle from 'ol/style/Circle.js';
import Fill from 'ol/style/Fill.js';
import RegularShape from 'ol/style/RegularShape.js';
import Stroke from 'ol/style/Stroke.js';
import Style from 'ol/style/Style.js';
import { type StyleMaker, zoomOf } from './appearance.js';

/** Lamps: small dots, larger from near; a faulty one also changes its shape, not its colour alone. */
export const lampStyle: StyleMaker = ({ palette }) => {
  const dot = (radius: number) =>
    new Style({
      image: new CircleStyle({
        radius,
        fill: new Fill({ color: palette.lamp }),
        stroke: new Stroke({ color: palette.lampRing, width: 1 }),
      }),
    });
  const faulty = (radius: number) =>
    new Style({
      zIndex: 1,
      image: new RegularShape({
        points: 4,
        radius: radius + 2,
        fill: new Fill({ color: palette.lampFault }),
        stroke: new Stroke({ color: palette.lampRing, width: 1 }),
      }),
    });
  const sizes = [dot(1.8), dot(2.8), dot(4.2)];
  const faults = [faulty(1.2), faulty(2.6), faulty(4.2)];
  return (feature, resolution) => {
    const zoom = zoomOf(resolution);
    const size = zoom < 17 ? 0 : zoom < 18.5 ? 1 : 2;
    const state = feature.get('state');
    return (state === 'fault' || state === 'outage' ? faults : sizes)[size];
  };
};

export const poleStyle: StyleMaker = ({ palette }) => {
  const small = new Style({
    image: new CircleStyle({ radius: 1.5, fill: new Fill({ color: palette.pole }) }),
  });
  const large = new Style({
    image: new CircleStyle({
      radius: 2.6,
      fill: new Fill({ color: palette.lampRing }),
      stroke: new Stroke({ color: palette.pole, width: 1.4 }),
    }),
  });
  return (_feature, resolution) => (zoomOf(resolution) < 18 ? small : large);
};

export const nodeStyle: StyleMaker = ({ palette }) => {
  const style = new Style({
    image: new CircleStyle({
      radius: 2,
      fill: new Fill({ color: palette.lampRing }),
      stroke: new Stroke({ color: palette.node, width: 1 }),
    }),
  });
  return () => style;
};
