import type { BulkRow } from './bulk-rows.js';

/** Columns of a file of changes by what they tell of; in the file they may stand in any order, and most may be absent. */
export const propertyColumns: Record<string, string> = {
  ward_number: 'wardNumber',
  zone_number: 'zoneNumber',
  category: 'category',
  locality: 'locality',
  address: 'address',
  address_local: 'addressLocal',
  land_area_m2: 'landAreaM2',
};
export const unitColumns: Record<string, string> = {
  floor: 'floor',
  use: 'use',
  structure: 'structure',
  occupancy: 'occupancy',
  year_built: 'yearBuilt',
  declared_area_m2: 'declaredAreaM2',
  measured_area_m2: 'measuredAreaM2',
  capital_value: 'capitalValue',
};
export const ownerColumns: Record<string, string> = {
  owner_name: 'name',
  owner_name_local: 'nameLocal',
  owner_mobile: 'mobile',
  owner_share: 'share',
  owner_class: 'class',
};

/** `action`: create, alter (also where it is empty), retire (the unit of the row, or the property where none is named). */
export const knownColumns = [
  'number',
  'action',
  'effective_on',
  'document',
  'reason',
  ...Object.keys(propertyColumns),
  'no_parcel_reason',
  'unit_no',
  ...Object.keys(unitColumns),
  'area_m2',
  'adopt',
  'owner_no',
  ...Object.keys(ownerColumns),
];

/** What the cells of a row tell of some columns, empty cells left out. */
export function toldOf(row: BulkRow, columns: Record<string, string>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(columns).flatMap(([column, field]) => {
      const cell = row.cells[column];
      if (!cell) return [];
      // What is no number is left as it is, for the check of the field to refuse with its own words.
      return [[field, field === 'yearBuilt' && /^\d+$/.test(cell) ? Number(cell) : cell]];
    }),
  );
}

/** The column of a file that a field of an act came from. */
export function columnOf(field: string, act: string): string | null {
  const lists = /owner/.test(act) ? [ownerColumns] : /unit/.test(act) ? [unitColumns] : [propertyColumns];
  for (const list of lists) {
    const found = Object.entries(list).find(([, name]) => name === field);
    if (found) return found[0];
  }
  const others: Record<string, string> = {
    number: 'number',
    noParcelReason: 'no_parcel_reason',
    parcelIds: 'no_parcel_reason',
    unitNo: 'unit_no',
    ownerNo: 'owner_no',
    areaM2: 'area_m2',
    from: 'adopt',
    effectiveOn: 'effective_on',
  };
  return others[field] ?? null;
}
