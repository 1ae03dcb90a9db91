import type { FeatureLike } from 'ol/Feature.js';
import type { StyleFunction } from 'ol/style/Style.js';
import type { Palette } from './palette.js';

export interface Appearance {
  palette: Palette;
  language: string;
  fontFamily: string;
}

/** A layer's style is made anew when colours or language change, and kept in between. */
export type StyleMaker = (appearance: Appearance) => StyleFunction;

/** Zoom of a Web Mercator resolution (m per pixel), with fractions. */
export function zoomOf(resolution: number): number {
  return Math.log2(156543.03392804097 / resolution);
}

/** The name in the person's script: the local one except in English, each standing in for the other. */
export function nameOf(feature: FeatureLike, language: string): string {
  const [name, local] = [feature.get('name'), feature.get('name_local')] as (string | undefined)[];
  return (language === 'en' ? name || local : local || name) ?? '';
}
