import Fill from 'ol/style/Fill.js';
import Stroke from 'ol/style/Stroke.js';
import Style from 'ol/style/Style.js';
import type { Scheme } from './palette.js';

/**
 * Purple for less, orange for more, away from the ground in both schemes: told apart by every kind of colour vision, and
 * by lightness on either side of nothing. The tenth colour is for what cannot be compared.
 */
export const changeRamps: Record<Scheme, readonly string[]> = {
  light: [
    '#542788',
    '#8073ac',
    '#b2abd2',
    '#d8daeb',
    '#e9e8e4',
    '#fee0b6',
    '#fdb863',
    '#e08214',
    '#a44f04',
    '#a3a3a3',
  ],
  dark: [
    '#cbb8f2',
    '#9d86d3',
    '#7361ad',
    '#4b4271',
    '#33353b',
    '#5f4526',
    '#96601a',
    '#d08420',
    '#ffb45c',
    '#6c6c73',
  ],
};

/** Wards and parcels by their class of change; with one class chosen the others step back. */
export function changeStyle(scheme: Scheme, outline: string, onlyClass: number | null) {
  const styles = changeRamps[scheme].map((color, index) => {
    const shown = onlyClass === null || onlyClass === index;
    return new Style({
      fill: new Fill({ color: shown ? `${color}e0` : `${color}18` }),
      stroke: new Stroke({ color: outline, width: shown ? 0.6 : 0.3 }),
    });
  });
  return (feature: { get(name: string): unknown }) => styles[Number(feature.get('class'))];
}
