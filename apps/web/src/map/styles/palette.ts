/** Colours of the quiet base map. Panels serve the map, and the map serves the selection on it. */
export interface Palette {
  outside: string;
  land: string;
  water: string;
  green: string;
  wardLine: string;
  wardLabel: string;
  zoneLine: string;
  parcelLine: string;
  building: string;
  buildingLine: string;
  road: string;
  majorRoad: string;
  roadCasing: string;
  roadFar: string;
  path: string;
  lamp: string;
  lampFault: string;
  lampRing: string;
  pole: string;
  node: string;
  label: string;
  labelQuiet: string;
  halo: string;
  accent: string;
  accentFill: string;
}

export type Scheme = 'light' | 'dark';

export const palettes: Record<Scheme, Palette> = {
  light: {
    outside: '#ecebe6',
    land: '#f7f6f2',
    water: '#cfe3ee',
    green: '#e6eedb',
    wardLine: 'rgba(112,90,145,0.6)',
    wardLabel: '#584578',
    zoneLine: 'rgba(112,84,156,0.65)',
    parcelLine: '#cdc8ba',
    building: '#e4e1d9',
    buildingLine: '#cfcabd',
    road: '#ffffff',
    majorRoad: '#fff6dd',
    roadCasing: '#c9c5bb',
    roadFar: '#d6d2c8',
    path: '#b9b3a5',
    lamp: '#d18b00',
    lampFault: '#b42318',
    lampRing: '#ffffff',
    pole: '#6f6a60',
    node: '#9a958a',
    label: '#33312d',
    labelQuiet: '#67635b',
    halo: 'rgba(255,255,255,0.9)',
    accent: '#3b4cca',
    accentFill: 'rgba(59,76,202,0.16)',
  },
  dark: {
    outside: '#121316',
    land: '#1d1f24',
    water: '#1b2d3a',
    green: '#1f2a22',
    wardLine: 'rgba(150,132,192,0.6)',
    wardLabel: '#b3a3d6',
    zoneLine: 'rgba(150,128,205,0.65)',
    parcelLine: '#373b43',
    building: '#2c3038',
    buildingLine: '#3b404a',
    road: '#3d424c',
    majorRoad: '#4d4a40',
    roadCasing: '#141519',
    roadFar: '#343840',
    path: '#4a4f59',
    lamp: '#f0b429',
    lampFault: '#ff7b6b',
    lampRing: '#1d1f24',
    pole: '#8a8f99',
    node: '#5d626c',
    label: '#e4e5e8',
    labelQuiet: '#a4a8b0',
    halo: 'rgba(18,19,22,0.85)',
    accent: '#9aa6f2',
    accentFill: 'rgba(141,153,228,0.28)',
  },
};

/** Viridis in seven steps, dark is little: order survives in grey and for every kind of colour vision. */
export const taxRamp = ['#440154', '#443983', '#31688e', '#21918c', '#35b779', '#90d743', '#fde725'] as const;
