import type { Label } from '../core/label.js';
import type { Layer, LayerColumn } from '../map/layer.js';

const residential: Label = { en: 'Residential', hi: 'आवासीय', mr: 'निवासी' };
const commercial: Label = { en: 'Commercial', hi: 'व्यावसायिक', mr: 'व्यावसायिक' };
const industrial: Label = { en: 'Industrial', hi: 'औद्योगिक', mr: 'औद्योगिक' };
const mixed: Label = { en: 'Mixed', hi: 'मिश्रित', mr: 'मिश्र' };
const institutional: Label = { en: 'Institutional', hi: 'संस्थागत', mr: 'संस्थात्मक' };
const government: Label = { en: 'Government', hi: 'शासकीय', mr: 'शासकीय' };
const religious: Label = { en: 'Religious', hi: 'धार्मिक', mr: 'धार्मिक' };
const vacant: Label = { en: 'Vacant', hi: 'रिक्त', mr: 'रिकामे' };

const landUses: Record<string, Label> = {
  residential,
  commercial,
  industrial,
  mixed,
  institutional,
  government,
  religious,
  vacant,
  open_space: { en: 'Open space', hi: 'खुला स्थान', mr: 'मोकळी जागा' },
  agricultural: { en: 'Agricultural', hi: 'कृषि', mr: 'शेती' },
  transport: { en: 'Transport', hi: 'परिवहन', mr: 'वाहतूक' },
  water: { en: 'Water', hi: 'जल क्षेत्र', mr: 'जलक्षेत्र' },
};

const buildingUses: Record<string, Label> = {
  residential,
  commercial,
  industrial,
  mixed,
  institutional,
  government,
  religious,
  vacant,
};

const structures: Record<string, Label> = {
  rcc: { en: 'RCC frame', hi: 'आर.सी.सी.', mr: 'आर.सी.सी.' },
  load_bearing: { en: 'Load-bearing brick', hi: 'ईंट की भार-वाहक दीवार', mr: 'भारवाहक विटांच्या भिंती' },
  stone: { en: 'Stone', hi: 'पत्थर', mr: 'दगडी' },
  steel: { en: 'Steel', hi: 'इस्पात', mr: 'पोलादी' },
  sheet: { en: 'Tin or cement sheet', hi: 'टिन या सीमेंट चादर', mr: 'पत्रा' },
  kutcha: { en: 'Kutcha (mud, thatch)', hi: 'कच्चा', mr: 'कच्चे' },
  other: { en: 'Other', hi: 'अन्य', mr: 'इतर' },
};

const ward: LayerColumn = {
  name: 'ward_number',
  type: 'text',
  label: { en: 'Ward', hi: 'वार्ड', mr: 'प्रभाग' },
  tileFromZoom: 16,
};
const area: LayerColumn = {
  name: 'area_m2',
  type: 'numeric',
  label: { en: 'Area', hi: 'क्षेत्रफल', mr: 'क्षेत्रफळ' },
  unit: 'm2',
  generated: true,
};

/** Land: what a boundary encloses. It may carry no property or hundreds. */
const parcels: Layer = {
  name: 'parcels',
  table: 'parcels',
  title: { en: 'Parcels', hi: 'भूखंड', mr: 'भूखंड' },
  geometry: 'MultiPolygon',
  columns: [
    {
      name: 'parcel_no',
      type: 'text',
      label: { en: 'Parcel number', hi: 'भूखंड क्रमांक', mr: 'भूखंड क्रमांक' },
      tileFromZoom: 16,
    },
    { name: 'ulpin', type: 'text', label: { en: 'ULPIN', hi: 'यू.एल.पी.आई.एन.', mr: 'यू.एल.पी.आय.एन.' } },
    ward,
    { name: 'locality', type: 'text', label: { en: 'Locality', hi: 'मोहल्ला', mr: 'परिसर' } },
    {
      name: 'land_use',
      type: 'text',
      label: { en: 'Land use', hi: 'भूमि उपयोग', mr: 'जमीन वापर' },
      codes: landUses,
      tileFromZoom: 14,
    },
    {
      name: 'recorded_area_m2',
      type: 'numeric',
      label: { en: 'Area on record', hi: 'अभिलेख में क्षेत्रफल', mr: 'अभिलेखातील क्षेत्रफळ' },
      unit: 'm2',
      min: 0,
    },
    area,
  ],
  nameColumn: 'parcel_no',
  numberColumn: 'parcel_no',
  effective: false,
  minZoom: 14,
  exactFromZoom: 16,
  inWard: true,
  read: 'layers:read',
  write: 'parcels:write',
  checks: [
    { rule: 'overlap', severity: 'error', tolerance: 0.1 },
    { rule: 'outside-ward', severity: 'warning', tolerance: 1, against: 'wards' },
  ],
  inUse: { table: 'property_parcels', column: 'parcel_id' },
  search: { numbers: ['parcel_no', 'ulpin'], names: [] },
};

/** Footprints of buildings as surveyed. Floors and their uses are units of a property, not of a footprint. */
const buildings: Layer = {
  name: 'buildings',
  table: 'buildings',
  title: { en: 'Buildings', hi: 'भवन', mr: 'इमारती' },
  geometry: 'MultiPolygon',
  columns: [
    {
      name: 'building_no',
      type: 'text',
      label: { en: 'Building number', hi: 'भवन क्रमांक', mr: 'इमारत क्रमांक' },
      tileFromZoom: 17,
    },
    { name: 'name', type: 'text', label: { en: 'Name', hi: 'नाम', mr: 'नाव' }, tileFromZoom: 16 },
    {
      name: 'name_local',
      type: 'text',
      label: { en: 'Name in local language', hi: 'स्थानीय भाषा में नाम', mr: 'स्थानिक भाषेतील नाव' },
      tileFromZoom: 16,
    },
    {
      name: 'use',
      type: 'text',
      label: { en: 'Use', hi: 'उपयोग', mr: 'वापर' },
      codes: buildingUses,
      tileFromZoom: 15,
    },
    {
      name: 'structure',
      type: 'text',
      label: { en: 'Structure', hi: 'संरचना', mr: 'बांधकाम प्रकार' },
      codes: structures,
    },
    {
      name: 'floors',
      type: 'integer',
      label: { en: 'Floors', hi: 'तल', mr: 'मजले' },
      min: 0,
      max: 200,
      tileFromZoom: 16,
    },
    {
      name: 'height_m',
      type: 'numeric',
      label: { en: 'Height', hi: 'ऊंचाई', mr: 'उंची' },
      unit: 'm',
      max: 9_999,
    },
    {
      name: 'year_built',
      type: 'integer',
      label: { en: 'Year built', hi: 'निर्माण वर्ष', mr: 'बांधकाम वर्ष' },
      min: 1_000,
      max: 2_200,
    },
    ward,
    area,
  ],
  nameColumn: 'name',
  numberColumn: 'building_no',
  effective: false,
  minZoom: 15,
  exactFromZoom: 17,
  inWard: true,
  read: 'layers:read',
  write: 'parcels:write',
  checks: [
    { rule: 'overlap', severity: 'warning', tolerance: 1 },
    { rule: 'outside-parcel', severity: 'warning', tolerance: 1, against: 'parcels' },
  ],
  search: { numbers: ['building_no'], names: ['name', 'name_local'] },
};

/** Land and what stands on it, in the order in which a map draws them. */
export const parcelLayers: Layer[] = [parcels, buildings];
