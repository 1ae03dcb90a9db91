import CircleStyle from 'ol/style/Circle.js';
import Fill from 'ol/style/Fill.js';
import Stroke from 'ol/style/Stroke.js';
import Style from 'ol/style/Style.js';
import type { Palette } from './palette.js';

/** What is selected: the accent with a halo, over everything else. */
export function selectionStyles({ accent, accentFill, halo }: Palette): {
  area: Style[];
  line: Style[];
  point: Style[];
} {
  return {
    area: [
      new Style({ stroke: new Stroke({ color: halo, width: 6 }) }),
      new Style({ stroke: new Stroke({ color: accent, width: 2.6 }), fill: new Fill({ color: accentFill }) }),
    ],
    line: [
      new Style({ stroke: new Stroke({ color: halo, width: 11, lineCap: 'round' }) }),
      new Style({ stroke: new Stroke({ color: accent, width: 5, lineCap: 'round' }) }),
    ],
    point: [
      new Style({
        image: new CircleStyle({
          radius: 9,
          fill: new Fill({ color: accentFill }),
          stroke: new Stroke({ color: accent, width: 2.6 }),
        }),
      }),
    ],
  };
}

/** Stands at the selection's centre while the feature itself is too small to be seen. */
export function markerStyle({ accent, halo }: Palette): Style[] {
  return [
    new Style({ image: new CircleStyle({ radius: 9, fill: new Fill({ color: halo }) }) }),
    new Style({
      image: new CircleStyle({
        radius: 6,
        fill: new Fill({ color: accent }),
        stroke: new Stroke({ color: '#ffffff', width: 2 }),
      }),
    }),
  ];
}
