import type { Label } from '../core/label.js';
import type { Layer } from '../map/layer.js';

/** Urban road classes of the Indian Roads Congress, and below them what only people on foot use. */
const classes: Record<string, Label> = {
  expressway: { en: 'Expressway', hi: 'एक्सप्रेसवे', mr: 'द्रुतगती मार्ग' },
  arterial: { en: 'Arterial', hi: 'मुख्य मार्ग', mr: 'मुख्य रस्ता' },
  sub_arterial: { en: 'Sub-arterial', hi: 'उप-मुख्य मार्ग', mr: 'उपमुख्य रस्ता' },
  collector: { en: 'Collector', hi: 'संग्राहक मार्ग', mr: 'संकलक रस्ता' },
  local: { en: 'Local street', hi: 'स्थानीय सड़क', mr: 'स्थानिक रस्ता' },
  lane: { en: 'Lane', hi: 'गली', mr: 'गल्ली' },
  path: { en: 'Path', hi: 'पैदल मार्ग', mr: 'पायवाट' },
};

const surfaces: Record<string, Label> = {
  asphalt: { en: 'Asphalt', hi: 'डामर', mr: 'डांबरी' },
  concrete: { en: 'Cement concrete', hi: 'सीमेंट कंक्रीट', mr: 'सिमेंट काँक्रीट' },
  paver: { en: 'Paver blocks', hi: 'पेवर ब्लॉक', mr: 'पेव्हर ब्लॉक' },
  stone: { en: 'Stone setts', hi: 'पत्थर', mr: 'दगडी' },
  gravel: { en: 'Gravel (WBM)', hi: 'गिट्टी', mr: 'खडीचा' },
  earth: { en: 'Earth', hi: 'कच्ची', mr: 'कच्चा' },
};

const oneWay: Record<string, Label> = {
  no: { en: 'Both ways', hi: 'दोनों ओर', mr: 'दुतर्फा' },
  forward: { en: 'One way, as drawn', hi: 'एकतरफा, रेखा की दिशा में', mr: 'एकेरी, रेषेच्या दिशेने' },
  backward: { en: 'One way, against the line', hi: 'एकतरफा, रेखा के विपरीत', mr: 'एकेरी, रेषेच्या विरुद्ध' },
};

/** Centre lines, one a street between two junctions. */
const roads: Layer = {
  name: 'roads',
  table: 'roads',
  title: { en: 'Roads', hi: 'सड़कें', mr: 'रस्ते' },
  geometry: 'LineString',
  columns: [
    {
      name: 'road_no',
      type: 'text',
      label: { en: 'Road number', hi: 'सड़क क्रमांक', mr: 'रस्ता क्रमांक' },
      tileFromZoom: 16,
    },
    { name: 'name', type: 'text', label: { en: 'Name', hi: 'नाम', mr: 'नाव' }, tileFromZoom: 14 },
    {
      name: 'name_local',
      type: 'text',
      label: { en: 'Name in local language', hi: 'स्थानीय भाषा में नाम', mr: 'स्थानिक भाषेतील नाव' },
      tileFromZoom: 14,
    },
    {
      name: 'class',
      type: 'text',
      label: { en: 'Class', hi: 'श्रेणी', mr: 'वर्ग' },
      codes: classes,
      tileFromZoom: 0,
    },
    {
      name: 'one_way',
      type: 'text',
      label: { en: 'One way', hi: 'एकतरफा', mr: 'एकेरी' },
      codes: oneWay,
      tileFromZoom: 16,
    },
    {
      name: 'width_m',
      type: 'numeric',
      label: { en: 'Width', hi: 'चौड़ाई', mr: 'रुंदी' },
      unit: 'm',
      max: 9_999,
    },
    { name: 'lanes', type: 'integer', label: { en: 'Lanes', hi: 'लेन', mr: 'मार्गिका' }, min: 1, max: 20 },
    {
      name: 'surface',
      type: 'text',
      label: { en: 'Surface', hi: 'सतह', mr: 'पृष्ठभाग' },
      codes: surfaces,
      tileFromZoom: 14,
    },
    { name: 'from_node', type: 'text', label: { en: 'From node', hi: 'प्रारंभ बिंदु', mr: 'आरंभ बिंदू' } },
    { name: 'to_node', type: 'text', label: { en: 'To node', hi: 'अंतिम बिंदु', mr: 'शेवट बिंदू' } },
    {
      name: 'length_m',
      type: 'numeric',
      label: { en: 'Length', hi: 'लंबाई', mr: 'लांबी' },
      unit: 'm',
      generated: true,
    },
  ],
  nameColumn: 'name',
  numberColumn: 'road_no',
  effective: false,
  minZoom: 11,
  exactFromZoom: 16,
  inWard: false,
  read: 'layers:read',
  write: 'roads:write',
  checks: [{ rule: 'dangle', severity: 'warning', tolerance: 0.5, against: 'road_nodes' }],
  search: { numbers: ['road_no'], names: ['name', 'name_local'] },
};

/** Junctions and ends of streets. */
const roadNodes: Layer = {
  name: 'road_nodes',
  table: 'road_nodes',
  title: { en: 'Junctions', hi: 'चौराहे', mr: 'चौक' },
  geometry: 'Point',
  columns: [
    {
      name: 'node_no',
      type: 'text',
      label: { en: 'Node number', hi: 'बिंदु क्रमांक', mr: 'बिंदू क्रमांक' },
      tileFromZoom: 17,
    },
    { name: 'name', type: 'text', label: { en: 'Name', hi: 'नाम', mr: 'नाव' }, tileFromZoom: 16 },
  ],
  nameColumn: 'name',
  numberColumn: 'node_no',
  effective: false,
  minZoom: 15,
  exactFromZoom: 15,
  inWard: false,
  read: 'layers:read',
  write: 'roads:write',
  checks: [],
  search: { numbers: ['node_no'], names: ['name'] },
};

/** The street network, in the order in which a map draws it. */
export const roadLayers: Layer[] = [roads, roadNodes];
