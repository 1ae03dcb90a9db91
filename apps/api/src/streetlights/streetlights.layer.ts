import type { Label } from '../core/label.js';
import type { Layer, LayerColumn } from '../map/layer.js';

const states: Record<string, Label> = {
  working: { en: 'Working', hi: 'चालू', mr: 'चालू' },
  fault: { en: 'Fault', hi: 'खराबी', mr: 'बिघाड' },
  outage: { en: 'Outage', hi: 'बंद', mr: 'बंद' },
  removed: { en: 'Removed', hi: 'हटाया गया', mr: 'काढलेला' },
};

const poleNo: LayerColumn = {
  name: 'pole_no',
  type: 'text',
  label: { en: 'Pole number', hi: 'खंभा क्रमांक', mr: 'खांब क्रमांक' },
  tileFromZoom: 17,
};
const ward: LayerColumn = {
  name: 'ward_number',
  type: 'text',
  label: { en: 'Ward', hi: 'वार्ड', mr: 'प्रभाग' },
};

/** Poles of any owner, with or without a lamp. */
const poles: Layer = {
  name: 'poles',
  table: 'poles',
  title: { en: 'Poles', hi: 'खंभे', mr: 'खांब' },
  geometry: 'Point',
  columns: [
    poleNo,
    { name: 'kind', type: 'text', label: { en: 'Kind', hi: 'प्रकार', mr: 'प्रकार' }, tileFromZoom: 16 },
    ward,
  ],
  nameColumn: 'pole_no',
  numberColumn: 'pole_no',
  effective: false,
  minZoom: 15,
  exactFromZoom: 15,
  inWard: true,
  read: 'layers:read',
  write: 'lights:write',
  checks: [{ rule: 'outside-ward', severity: 'warning', tolerance: 1, against: 'wards' }],
  search: { numbers: ['pole_no'], names: [] },
};

const streetlights: Layer = {
  name: 'streetlights',
  table: 'streetlights',
  title: { en: 'Streetlights', hi: 'स्ट्रीट लाइट', mr: 'पथदिवे' },
  geometry: 'Point',
  columns: [
    poleNo,
    { name: 'fixture_type', type: 'text', label: { en: 'Fixture', hi: 'फिक्सचर', mr: 'फिक्स्चर' } },
    { name: 'led', type: 'boolean', label: { en: 'LED', hi: 'एल.ई.डी.', mr: 'एल.ई.डी.' }, tileFromZoom: 13 },
    {
      name: 'lamp_count',
      type: 'integer',
      label: { en: 'Lamps', hi: 'लैंप', mr: 'दिवे' },
      min: 0,
      max: 20,
      tileFromZoom: 16,
    },
    {
      name: 'wattage_w',
      type: 'integer',
      label: { en: 'Wattage', hi: 'वाट क्षमता', mr: 'वॅट क्षमता' },
      unit: 'W',
      min: 0,
      max: 5_000,
      tileFromZoom: 16,
    },
    // A department or a company, never a person.
    { name: 'owner', type: 'text', label: { en: 'Owned by', hi: 'स्वामित्व', mr: 'मालकी' } },
    {
      name: 'state',
      type: 'text',
      label: { en: 'State', hi: 'स्थिति', mr: 'स्थिती' },
      codes: states,
      tileFromZoom: 13,
    },
    { name: 'feeder_no', type: 'text', label: { en: 'Feeder panel', hi: 'फीडर पैनल', mr: 'फीडर पॅनेल' } },
    { name: 'road_no', type: 'text', label: { en: 'Road', hi: 'सड़क', mr: 'रस्ता' } },
    {
      name: 'installed_on',
      type: 'date',
      label: { en: 'Installed on', hi: 'स्थापना दिनांक', mr: 'बसविल्याचा दिनांक' },
    },
    ward,
  ],
  nameColumn: 'pole_no',
  numberColumn: 'pole_no',
  effective: false,
  minZoom: 13,
  exactFromZoom: 13,
  inWard: true,
  read: 'layers:read',
  write: 'lights:write',
  checks: [
    { rule: 'outside-ward', severity: 'warning', tolerance: 1, against: 'wards' },
    { rule: 'far-from-road', severity: 'warning', tolerance: 30, against: 'roads' },
  ],
  search: { numbers: ['pole_no', 'feeder_no'], names: [] },
};

/** What lights the streets, in the order in which a map draws it. */
export const streetlightLayers: Layer[] = [poles, streetlights];
