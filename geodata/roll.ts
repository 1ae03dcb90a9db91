import { houseOn, type House } from './houses.js';
import { body, person, type Person } from './people.js';
import type { Random } from './random.js';
import { withoutSpikes } from './plane.js';
import type { TownTables } from './tables.js';
import type { Holding } from './uses.js';

/**
 * Faults that a revenue officer meets, made on purpose: what was left empty or written wrongly, and how
 * often.
 */
export interface RollFaults {
  structureMissing: number;
  useUnknown: number;
  areaMissing: number;
  occupancyMissing: number;
}

const landUse: Record<Holding['use'], string> = {
  house: 'residential',
  'shop-house': 'mixed',
  shop: 'commercial',
  market: 'commercial',
  flats: 'residential',
  works: 'industrial',
  public: 'institutional',
  vacant: 'vacant',
  park: 'open_space',
  lake: 'water',
  field: 'agricultural',
};
const structureFactor = { pucca: 1, semi_pucca: 0.7, kutcha: 0.4 };
const shares = ['', '1', '0.5', '0.33333333', '0.25'];
const floorNames = Array.from({ length: 20 }, (_, floor) => (floor === 0 ? 'G' : `${floor}`));

/** One unit of a property, before it is written. */
interface Unit {
  floor: string;
  use: string;
  structure: string;
  /** Hundredths of a square metre. */
  area: number;
  yearBuilt: number | null;
}

/** Writes parcels and buildings, and the roll that stands on them. */
export class Roll {
  readonly faults: RollFaults = { structureMissing: 0, useUnknown: 0, areaMissing: 0, occupancyMissing: 0 };
  private readonly year: number;
  private readonly fy: number;
  private properties = 0;

  constructor(private readonly tables: TownTables) {
    const { today } = tables.options;
    this.year = Number(today.slice(0, 4));
    this.fy = Number(today.slice(5, 7)) >= 4 ? this.year : this.year - 1;
  }

  /** A parcel with its building and its properties. `serial` counts the parcels of a ward. */
  write(holding: Holding, serial: number, random: Random): void {
    const { plot, use, ward } = holding;
    const parcel = this.tables.of('parcels').rows + 1;
    const parcelNo = `${ward}/${serial}`;
    const row = this.tables.layer('parcels').ascii(parcelNo);
    (random.chance(0.6) ? row.ascii(`23NGP${String(parcel).padStart(9, '0')}`) : row.none()).ascii(ward);
    row.text(holding.locality.name).ascii(landUse[use]);
    // The record was measured with a chain: within two in a hundred of the map.
    row
      .hundredths(Math.round(plot.areaM2 * 100 * random.between(0.98, 1.02)))
      .polygon(withoutSpikes(plot))
      .end();
    const house = houseOn(holding, this.year, random);
    if (house) this.building(house, parcelNo, ward);
    const family = holding.accounts > 1 && use !== 'flats' && use !== 'market' ? person(random) : undefined;
    for (let account = 0; account < holding.accounts; account += 1) {
      const landArea = Math.round((plot.areaM2 * 100) / holding.accounts);
      this.property(holding, house, account, parcelNo, landArea, family, parcel, random);
    }
  }

  /** A property that is on no map: the reason stands in its place. */
  writeUnmapped(holding: Holding, random: Random): void {
    const areaM2 = random.between(30, 110);
    const house: House = {
      ring: { xs: [], ys: [] },
      footprintM2: areaM2,
      floors: 1,
      structure: 'semi_pucca',
      construction: 'sheet',
      use: 'residential',
      yearBuilt: random.whole(1970, this.year - 1),
    };
    this.property({ ...holding, use: 'house', accounts: 1 }, house, 0, null, 0, undefined, 0, random);
  }

  private building(house: House, parcelNo: string, ward: string): void {
    const row = this.tables
      .layer('buildings')
      .ascii(`B-${parcelNo}`)
      .ascii(house.use)
      .ascii(house.construction);
    row
      .whole(house.floors)
      .hundredths(house.floors * 315)
      .whole(house.yearBuilt)
      .ascii(ward)
      .polygon(house.ring)
      .end();
  }

  private property(
    holding: Holding,
    house: House | null,
    account: number,
    parcelNo: string | null,
    landArea: number,
    family: Person | undefined,
    parcel: number,
    random: Random,
  ): void {
    this.properties += 1;
    const id = this.properties;
    const { ward, zone, locality } = holding;
    const serial = String(id).padStart(7, '0');
    const row = this.tables
      .of('properties')
      .ascii(this.tables.ulbId)
      .uuid(this.tables.head('properties'), id);
    row.ascii(`NGP-${ward}-${serial}`).ascii(ward).ascii(zone).text(locality.name);
    this.address(holding, account, parcelNo, row);
    if (parcelNo) row.hundredths(landArea).none();
    else row.none().ascii(random.chance(0.7) ? 'not_mapped' : random.chance(0.5) ? 'no_key' : 'disputed');
    row.ascii(this.tables.recordedAt).end();
    if (parcelNo) {
      this.tables.ofProperty('property_parcels', id).uuid(this.tables.head('parcels'), parcel).end();
    }
    if (random.chance(0.25)) {
      const alias = this.tables.of('property_aliases').ascii(this.tables.ulbId).ascii(`OLD/${ward}/${id}`);
      alias.uuid(this.tables.head('properties'), id).ascii('former_number').end();
    }
    this.units(unitsOf(holding, house, account, landArea, random), id, holding, random);
    this.owners(holding, id, family, random);
    if (random.chance(0.15)) this.arrears(id, random);
  }

  private address(
    holding: Holding,
    account: number,
    parcelNo: string | null,
    row: ReturnType<TownTables['of']>,
  ): void {
    const { street } = holding.plot;
    const { locality } = holding;
    const door = parcelNo ? parcelNo.slice(parcelNo.indexOf('/') + 1) : 'x';
    const isFlat = holding.use === 'flats' && holding.accounts > 1;
    const part = isFlat
      ? `Flat ${100 * (1 + Math.floor(account / 4)) + 1 + (account % 4)}, `
      : holding.accounts > 1
        ? `Shop ${account + 1}, `
        : '';
    const partLocal = isFlat
      ? `फ्लैट ${100 * (1 + Math.floor(account / 4)) + 1 + (account % 4)}, `
      : holding.accounts > 1
        ? `दुकान ${account + 1}, `
        : '';
    row.text(`${part}H.No. ${door}, ${street.name}, ${locality.name}`);
    row.text(`${partLocal}म.नं. ${door}, ${street.nameLocal}, ${locality.nameLocal}`);
  }

  private units(units: Unit[], id: number, holding: Holding, random: Random): void {
    for (let i = 0; i < units.length; i += 1) {
      const unit = units[i] as Unit;
      const fault = random.next();
      const row = this.tables.ofProperty('units', id).whole(i + 1);
      row
        .ascii(unit.yearBuilt && unit.yearBuilt > 2015 ? `[${unit.yearBuilt}-04-01,)` : '[2015-04-01,)')
        .ascii(unit.floor);
      const isLand = unit.use === 'vacant';
      if (fault < 0.0006) row.ascii(this.note('useUnknown', 'godown'));
      else row.ascii(unit.use);
      if (fault >= 0.0006 && fault < 0.0012) row.ascii(this.note('structureMissing', '\\N'));
      else row.ascii(unit.structure);
      const luck = random.next();
      if (fault >= 0.0012 && fault < 0.0016) row.ascii(this.note('occupancyMissing', '\\N'));
      else
        row.ascii(
          isLand || luck < 0.05
            ? 'vacant'
            : luck < (unit.use === 'commercial' ? 0.6 : 0.25)
              ? 'tenant'
              : 'self',
        );
      unit.yearBuilt === null ? row.none() : row.whole(unit.yearBuilt);
      if (fault >= 0.0016 && fault < 0.002) row.ascii(this.note('areaMissing', '\\N'));
      else row.hundredths(unit.area);
      // Owners declare a little less than what stands there; a survey has measured some of it.
      row.hundredths(random.chance(0.2) ? Math.round(unit.area * random.between(0.7, 0.98)) : unit.area);
      random.chance(0.5) ? row.hundredths(unit.area) : row.none();
      row
        .ascii(`${this.capitalRupees(unit, holding)}.00`)
        .ascii(this.tables.recordedAt)
        .end();
    }
  }

  private note(fault: keyof RollFaults, value: string): string {
    this.faults[fault] += 1;
    return value;
  }

  /** Whole hundreds of rupees: rate by area, structure and age, at least a third of the new value. */
  private capitalRupees(unit: Unit, { style }: Holding): number {
    const factor = structureFactor[unit.structure as keyof typeof structureFactor] ?? 0.6;
    const age = unit.yearBuilt === null ? 0 : this.year - unit.yearBuilt;
    const kept = Math.max(0.34, 1 - age * 0.012);
    const premium = unit.use === 'commercial' ? 1.6 : 1;
    return Math.round((unit.area * style.rupeesPerM2 * factor * kept * premium) / 10_000) * 100;
  }

  private owners(holding: Holding, id: number, family: Person | undefined, random: Random): void {
    if (holding.use === 'public') {
      const owner = body(random);
      this.owner(id, 1, owner.name, owner.nameLocal, false, '1', 'none', random);
      return;
    }
    const luck = random.next();
    const count = luck < 0.78 ? 1 : luck < 0.93 ? 2 : luck < 0.98 ? 3 : 4;
    const head = family ? person(random, family) : person(random);
    for (let no = 1; no <= count; no += 1) {
      const one = no === 1 ? head : person(random, head);
      const share = count === 3 && no === 3 ? '0.33333334' : (shares[count] as string);
      const kind = random.next();
      const owned =
        kind < 0.06
          ? 'senior'
          : one.isWoman && kind < 0.4
            ? 'woman'
            : kind > 0.985
              ? 'ex_serviceman'
              : kind > 0.97
                ? 'disabled'
                : 'none';
      this.owner(id, no, one.name, one.nameLocal, true, share, owned, random);
    }
  }

  /** Mobile numbers begin with 5: no Indian mobile does, so that none of them can be anyone's. */
  private owner(
    id: number,
    no: number,
    name: string,
    nameLocal: string,
    isPerson: boolean,
    share: string,
    kind: string,
    random: Random,
  ): void {
    const row = this.tables
      .ofProperty('owners', id)
      .whole(no)
      .ascii('[2015-04-01,)')
      .ascii(name)
      .text(nameLocal);
    if (isPerson && random.chance(0.82))
      row.ascii(`5${String(random.whole(0, 999_999_999)).padStart(9, '0')}`);
    else row.none();
    row.ascii(share).ascii(kind).ascii(this.tables.recordedAt).end();
  }

  private arrears(id: number, random: Random): void {
    const years = random.chance(0.3) ? 2 : 1;
    for (let back = years; back >= 1; back -= 1) {
      const fy = this.fy - back;
      const row = this.tables
        .ofProperty('postings', id)
        .whole(fy)
        .ascii('property_tax')
        .whole(0)
        .ascii('opening')
        .whole(1);
      row
        .ascii('receivables')
        .ascii('opening-balances')
        .whole(random.whole(3, 180) * 10_000);
      row
        .ascii(`${fy + 1}-03-31`)
        .ascii(`${this.fy}-04-01`)
        .ascii(this.tables.changesetId)
        .end();
    }
  }
}

/**
 * The floors of a property; a flat or a shop in a larger house is one unit, open land is one unit of its
 * own.
 */
function unitsOf(
  holding: Holding,
  house: House | null,
  account: number,
  landArea: number,
  random: Random,
): Unit[] {
  if (!house)
    return [
      { floor: 'land', use: 'vacant', structure: 'none', area: Math.max(100, landArea), yearBuilt: null },
    ];
  const { structure, yearBuilt, floors } = house;
  const isShared = holding.accounts > 1;
  if (isShared) {
    const built = house.footprintM2 * floors * (holding.use === 'flats' ? 0.82 : 0.78);
    const area = Math.max(400, Math.round((built * 100 * random.between(0.92, 1.06)) / holding.accounts));
    const floor = floorNames[Math.min(19, Math.floor((account * floors) / holding.accounts))] as string;
    return [{ floor, use: house.use === 'mixed' ? 'commercial' : house.use, structure, area, yearBuilt }];
  }
  const units: Unit[] = [];
  for (let floor = 0; floor < floors; floor += 1) {
    const built = Math.round(house.footprintM2 * 100 * (floor === 0 ? 1 : random.between(0.7, 1)));
    const name = floorNames[floor] as string;
    if (floor === 0 && house.use === 'mixed') {
      const shop = Math.round(built * random.between(0.25, 0.6));
      units.push({ floor: name, use: 'commercial', structure, area: shop, yearBuilt });
      units.push({ floor: name, use: 'residential', structure, area: built - shop, yearBuilt });
    } else {
      units.push({
        floor: name,
        use: house.use === 'mixed' ? 'residential' : house.use,
        structure,
        area: built,
        yearBuilt,
      });
    }
  }
  return units;
}
