import Feature from 'ol/Feature.js';
import OlMap from 'ol/Map.js';
import View from 'ol/View.js';
import ScaleLine from 'ol/control/ScaleLine.js';
import { createEmpty, extend, isEmpty } from 'ol/extent.js';
import Point from 'ol/geom/Point.js';
import VectorLayer from 'ol/layer/Vector.js';
import VectorTileLayer from 'ol/layer/VectorTile.js';
import { fromLonLat, toLonLat, transformExtent } from 'ol/proj.js';
import VectorSource from 'ol/source/Vector.js';
import type VectorTileSource from 'ol/source/VectorTile.js';
import { drawings, pickOrder, taxZIndex } from './layer-styles.js';
import { tileSource } from './tile-source.js';
import type { Appearance } from './styles/appearance.js';
import { changeStyle } from './styles/change-ramp.js';
import { palettes } from './styles/palette.js';
import { taxStyle, wardLabelStyle } from './styles/areas.js';
import { findingStyle } from './styles/finding-colours.js';
import { markerStyle, selectionStyles } from './styles/selection.js';
import { readWardPoints } from './ward-labels.js';

export interface MapPosition {
  zoom: number;
  center: [lon: number, lat: number];
}
export type Box = [west: number, south: number, east: number, north: number];
export interface MapLayer {
  name: string;
  url: string;
  minZoom: number;
}
export interface Picked {
  layer: string;
  tileId: number;
}
export interface Highlight {
  layer: string;
  tileIds: number[];
  center: [lon: number, lat: number] | null;
}
export interface TaxTheme {
  url: string;
  onlyClass: number | null;
  /** Absent: tax per m2. */
  ramp?: 'change' | 'findings';
}
/** Pixels of the map that panels cover: what is flown to lands in the part that can be seen. */
export type Padding = [top: number, right: number, bottom: number, left: number];

/** The map on the screen. It draws and tells what was clicked; it knows nothing of the server's nouns. */
export class JaribMap {
  readonly ol: OlMap;
  private readonly layers = new Map<string, VectorTileLayer[]>();
  private readonly sources = new Map<string, VectorTileSource>();
  private readonly highlight = new VectorTileLayer({ zIndex: 90, renderMode: 'vector' });
  private readonly marker = new VectorLayer({ source: new VectorSource(), zIndex: 95, maxZoom: 16.2 });
  private readonly wardLabels = new VectorLayer({ zIndex: 85, maxZoom: 17.6, declutter: true });
  private tax: { layer: VectorTileLayer; url: string } | null = null;
  private taxTheme: TaxTheme | null = null;
  private selected: Highlight | null = null;
  private hidden: ReadonlySet<string> = new Set();
  private padding: Padding = [0, 0, 0, 0];

  constructor(
    target: HTMLElement,
    private appearance: Appearance,
    position: MapPosition,
  ) {
    this.ol = new OlMap({
      target,
      controls: [new ScaleLine({ minWidth: 72 })],
      view: new View({ center: fromLonLat(position.center), zoom: position.zoom, minZoom: 4, maxZoom: 21 }),
    });
    for (const layer of [this.highlight, this.marker, this.wardLabels]) this.ol.addLayer(layer);
    this.setAppearance(appearance);
  }

  /** Draws these layers, in the order that the drawings say. Called again, it adds what is new. */
  setLayers(layers: readonly MapLayer[]): void {
    for (const { name, url, minZoom } of layers) {
      if (this.layers.has(name)) continue;
      const source = tileSource(url);
      const made = (drawings[name] ?? []).map(({ style, zIndex, fromZoom, words }) => {
        const layer = new VectorTileLayer({
          source,
          style: style(this.appearance),
          zIndex,
          declutter: words ?? false,
          // Tiles are 512 px wide: the view is one zoom ahead of the tiles that it asks for.
          minZoom: Math.max(fromZoom, minZoom + 0.49) - 1e-6,
          properties: { name: words ? '' : name },
        });
        this.ol.addLayer(layer);
        return layer;
      });
      this.sources.set(name, source);
      this.layers.set(name, made);
    }
    this.applyHidden();
    if (this.selected) this.select(this.selected);
  }

  setHidden(names: ReadonlySet<string>): void {
    this.hidden = names;
    this.applyHidden();
  }

  private applyHidden(): void {
    for (const [name, layers] of this.layers) {
      // The land below the wards stays: without it there is no municipality to look at.
      layers.forEach((layer, index) =>
        layer.setVisible(!this.hidden.has(name) || (name === 'wards' && index === 0)),
      );
    }
    this.wardLabels.setVisible(!this.hidden.has('wards'));
  }

  setAppearance(appearance: Appearance): void {
    this.appearance = appearance;
    const target = this.ol.getTargetElement();
    if (target) target.style.background = appearance.palette.outside;
    for (const [name, layers] of this.layers) {
      layers.forEach((layer, index) => layer.setStyle(drawings[name]?.[index]?.style(appearance)));
    }
    this.wardLabels.setStyle(wardLabelStyle(appearance));
    this.marker.setStyle(markerStyle(appearance.palette));
    if (this.selected) this.select(this.selected);
    if (this.taxTheme) this.setTaxTheme(this.taxTheme);
  }

  setWards(wards: GeoJSON.FeatureCollection): void {
    this.wardLabels.setSource(new VectorSource({ features: readWardPoints(wards) }));
  }

  /** Shades parcels by tax per m2, or takes the shading away. */
  setTaxTheme(theme: TaxTheme | null): void {
    this.taxTheme = theme;
    if (this.tax && this.tax.url !== theme?.url) {
      const old = this.tax.layer;
      this.tax = null;
      // The old shading stays until the new one is drawn, so that a moved slider does not blink.
      if (theme?.ramp) this.ol.once('rendercomplete', () => this.ol.removeLayer(old));
      else this.ol.removeLayer(old);
    }
    if (!theme) return;
    if (!this.tax) {
      const minZoom = theme.ramp ? 0 : 11;
      const layer = new VectorTileLayer({ source: tileSource(theme.url), zIndex: taxZIndex, minZoom });
      this.ol.addLayer(layer);
      this.tax = { layer, url: theme.url };
    }
    const { palette } = this.appearance;
    const scheme = palette === palettes.dark ? 'dark' : 'light';
    const style =
      theme.ramp === 'findings'
        ? findingStyle(scheme, theme.onlyClass)
        : theme.ramp
          ? changeStyle(scheme, palette.parcelLine, theme.onlyClass)
          : taxStyle(palette.parcelLine, theme.onlyClass);
    this.tax.layer.setStyle(style);
  }

  /** Shows what is selected; null shows nothing. */
  select(selected: Highlight | null): void {
    this.selected = selected;
    const source = selected ? this.sources.get(selected.layer) : undefined;
    const marks = this.marker.getSource();
    marks?.clear();
    if (selected?.center) marks?.addFeature(new Feature(new Point(fromLonLat(selected.center))));
    this.highlight.setVisible(source !== undefined);
    if (!source || !selected) return;
    const ids = new Set(selected.tileIds);
    const styles = selectionStyles(this.appearance.palette);
    this.highlight.setStyle((feature) => {
      if (!ids.has(Number(feature.getId()))) return [];
      const type = feature.getGeometry()?.getType() ?? '';
      return type.endsWith('Polygon')
        ? styles.area
        : type.endsWith('LineString')
          ? styles.line
          : styles.point;
    });
    if (this.highlight.getSource() !== source) this.highlight.setSource(source);
  }

  setPadding(padding: Padding): void {
    this.padding = padding;
  }

  /** Moves the view so that the box is seen, no nearer than a house and its neighbours. */
  flyToBox(box: Box, maxZoom = 18.5, durationMs = 350): void {
    const extent = extend(createEmpty(), transformExtent(box, 'EPSG:4326', 'EPSG:3857'));
    if (isEmpty(extent) && extent[0] !== extent[2]) return;
    const padding = this.padding.map((each) => each + 48);
    this.ol.getView().fit(extent, { padding, maxZoom, duration: reducedMotion() ? 0 : durationMs });
  }

  zoomBy(steps: number): void {
    const view = this.ol.getView();
    view.animate({ zoom: (view.getZoom() ?? 12) + steps, duration: reducedMotion() ? 0 : 180 });
  }

  position(): MapPosition {
    const view = this.ol.getView();
    const [lon = 0, lat = 0] = toLonLat(view.getCenter() ?? [0, 0]);
    return { zoom: view.getZoom() ?? 12, center: [lon, lat] };
  }

  /** What stands at a pixel, the small things first; null where nothing does. */
  pick(pixel: number[]): Picked | null {
    const found = new Map<string, number>();
    this.ol.forEachFeatureAtPixel(
      pixel,
      (feature, layer) => {
        const name = String(layer?.get('name') ?? '');
        if (!found.has(name) && feature.getId() !== undefined) found.set(name, Number(feature.getId()));
      },
      { hitTolerance: 4, layerFilter: (layer) => pickOrder.includes(String(layer.get('name'))) },
    );
    const layer = pickOrder.find((name) => found.has(name));
    const tileId = layer ? found.get(layer) : undefined;
    return layer && tileId !== undefined ? { layer, tileId } : null;
  }

  onClick(listener: (picked: Picked | null) => void): void {
    this.ol.on('singleclick', (event) => listener(this.pick(event.pixel)));
  }

  /** What stands in the middle of the map: the keyboard's click. */
  pickCentre(): Picked | null {
    const [width = 0, height = 0] = this.ol.getSize() ?? [];
    return this.pick([width / 2, height / 2]);
  }

  onMoved(listener: (position: MapPosition) => void): void {
    this.ol.on('moveend', () => listener(this.position()));
  }

  dispose(): void {
    this.ol.setTarget(undefined);
    this.ol.dispose();
  }
}

function reducedMotion(): boolean {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches;
}
