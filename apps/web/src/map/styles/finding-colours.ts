import Fill from 'ol/style/Fill.js';
import Stroke from 'ol/style/Stroke.js';
import Style from 'ol/style/Style.js';
import type { Scheme } from './palette.js';

/**
 * One colour for each kind of finding, in the order of the server's classes: no account, area, extra floor, changed use,
 * vacant but built, vacant untaxed, demolished. After Okabe and Ito: told apart by every kind of colour vision.
 */
export const findingColours: Record<Scheme, readonly string[]> = {
  light: ['#d55e00', '#e69f00', '#0072b2', '#cc79a7', '#009e73', '#8a7a00', '#5c5c5c'],
  dark: ['#ff8a3d', '#f0b429', '#56b4e9', '#e59ac4', '#2fc79a', '#e0d04a', '#a5a5ad'],
};

/** Footprints and land with findings by kind; a closed one is only an outline, and with one kind chosen the others step back. */
export function findingStyle(scheme: Scheme, onlyClass: number | null) {
  const made = findingColours[scheme].map((color, index) => {
    const shown = onlyClass === null || onlyClass === index;
    const stroke = new Stroke({ color: shown ? color : `${color}30`, width: shown ? 1.6 : 0.6 });
    return {
      open: new Style({ fill: new Fill({ color: shown ? `${color}a6` : `${color}14` }), stroke }),
      closed: new Style({ fill: new Fill({ color: `${color}10` }), stroke }),
    };
  });
  return (feature: { get(name: string): unknown }) => {
    const state = String(feature.get('state'));
    return made[Number(feature.get('class'))]?.[
      state === 'paid' || state === 'dismissed' ? 'closed' : 'open'
    ];
  };
}
