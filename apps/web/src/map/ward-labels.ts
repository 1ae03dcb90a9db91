import Feature from 'ol/Feature.js';
import GeoJson from 'ol/format/GeoJSON.js';
import type MultiPolygon from 'ol/geom/MultiPolygon.js';
import Point from 'ol/geom/Point.js';
import Polygon from 'ol/geom/Polygon.js';

/**
 * One point inside each ward, with the ward's number and names: tiles would repeat the label in each of
 * them.
 */
export function readWardPoints(wards: GeoJSON.FeatureCollection): Feature<Point>[] {
  const read = new GeoJson({ featureProjection: 'EPSG:3857' }).readFeatures(wards);
  return read.flatMap((ward) => {
    const place = largest(ward.getGeometry() as Polygon | MultiPolygon | undefined)?.getInteriorPoint();
    if (!place) return [];
    const { number, name, name_local } = ward.getProperties();
    const [x = 0, y = 0] = place.getCoordinates();
    return [new Feature({ geometry: new Point([x, y]), number, name, name_local })];
  });
}

function largest(geometry: Polygon | MultiPolygon | undefined): Polygon | undefined {
  if (!geometry || geometry instanceof Polygon) return geometry;
  return geometry.getPolygons().sort((a, b) => b.getArea() - a.getArea())[0];
}
