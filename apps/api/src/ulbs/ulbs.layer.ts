import type { Layer, LayerColumn } from '../map/layer.js';

const number: LayerColumn = {
  name: 'number',
  type: 'text',
  label: { en: 'Number', hi: 'क्रमांक', mr: 'क्रमांक' },
  required: true,
  tileFromZoom: 0,
};
const names: LayerColumn[] = [
  { name: 'name', type: 'text', label: { en: 'Name', hi: 'नाम', mr: 'नाव' }, tileFromZoom: 0 },
  {
    name: 'name_local',
    type: 'text',
    label: { en: 'Name in local language', hi: 'स्थानीय भाषा में नाम', mr: 'स्थानिक भाषेतील नाव' },
    tileFromZoom: 0,
  },
];
const area: LayerColumn = {
  name: 'area_m2',
  type: 'numeric',
  label: { en: 'Area', hi: 'क्षेत्रफल', mr: 'क्षेत्रफळ' },
  unit: 'm2',
  generated: true,
};
const search = { numbers: ['number'], names: ['name', 'name_local'] };

/** Zones: groups of wards under one zonal office. The law dates them. */
const zones: Layer = {
  name: 'zones',
  table: 'zones',
  title: { en: 'Zones', hi: 'ज़ोन', mr: 'झोन' },
  geometry: 'MultiPolygon',
  columns: [number, ...names, area],
  nameColumn: 'name',
  numberColumn: 'number',
  effective: true,
  minZoom: 6,
  exactFromZoom: 16,
  inWard: false,
  read: 'layers:read',
  write: 'wards:write',
  checks: [{ rule: 'overlap', severity: 'warning', tolerance: 100 }],
  search,
};

/** Wards, dated by law: a delimitation ends the old ones and begins the new ones on one day. */
const wards: Layer = {
  name: 'wards',
  table: 'wards',
  title: { en: 'Wards', hi: 'वार्ड', mr: 'प्रभाग' },
  geometry: 'MultiPolygon',
  columns: [
    number,
    ...names,
    { name: 'zone_number', type: 'text', label: { en: 'Zone', hi: 'ज़ोन', mr: 'झोन' }, tileFromZoom: 0 },
    {
      name: 'population',
      type: 'integer',
      label: { en: 'Population', hi: 'जनसंख्या', mr: 'लोकसंख्या' },
      min: 0,
      max: 100_000_000,
    },
    area,
  ],
  nameColumn: 'name',
  numberColumn: 'number',
  effective: true,
  minZoom: 6,
  exactFromZoom: 16,
  inWard: false,
  read: 'layers:read',
  write: 'wards:write',
  checks: [{ rule: 'overlap', severity: 'warning', tolerance: 100 }],
  search,
};

/** The municipality's own divisions, in the order in which a map draws them. */
export const ulbLayers: Layer[] = [zones, wards];
