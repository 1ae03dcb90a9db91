import type { Box, MapPosition } from './jarib-map.js';

const india: MapPosition = { zoom: 5, center: [79, 22.5] };

/** `15.50/23.25990/77.41260` (zoom, latitude, longitude) as it stands in the address. */
export function formatPosition({ zoom, center: [lon, lat] }: MapPosition): string {
  return `${zoom.toFixed(2)}/${lat.toFixed(5)}/${lon.toFixed(5)}`;
}

export function parsePosition(text: string | null): MapPosition | null {
  const [zoom, lat, lon] = (text ?? '').split('/').map(Number);
  if (zoom === undefined || lat === undefined || lon === undefined) return null;
  const sound = [zoom, lat, lon].every(Number.isFinite) && Math.abs(lat) < 85 && Math.abs(lon) <= 180;
  return sound ? { zoom, center: [lon, lat] } : null;
}

/** Where to begin so that a box fills a window of so many pixels; India where there is no box. */
export function positionOf(box: Box | null, width: number, height: number): MapPosition {
  if (!box) return india;
  const [west, south, east, north] = box;
  const latitude = (south + north) / 2;
  const across = Math.log2((width * 360) / (256 * Math.max(east - west, 1e-4)));
  const shrink = Math.cos((latitude * Math.PI) / 180);
  const down = Math.log2((height * 360 * shrink) / (256 * Math.max(north - south, 1e-4)));
  return { zoom: Math.min(across, down, 17) - 0.15, center: [(west + east) / 2, latitude] };
}
