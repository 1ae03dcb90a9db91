import { createContext, useContext } from 'react';
import type { JaribMap } from './jarib-map.js';

/** The map on the screen; null before it stands. */
export const MapContext = createContext<JaribMap | null>(null);

export function useMap(): JaribMap | null {
  return useContext(MapContext);
}
