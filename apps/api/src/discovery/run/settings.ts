import { z } from 'zod';

const percent = (least: number, most: number) => z.number().min(least).max(most).multipleOf(0.01);

/** Tolerances of a municipality. Below them a difference between map and roll is no finding. */
export const discoverySettings = z.strictObject({
  /** How far the measured area may exceed the adopted one, as a share of the adopted, before it is a finding. */
  areaPercent: percent(0, 100).default(15),
  /** And by how many square metres at least. */
  areaMinM2: z.number().min(0).max(1_000).default(15),
  /** A floor above the ground counts with this share of the footprint: it stands back, or is a terrace in part. */
  upperFloorPercent: percent(10, 100).default(85),
  /** A footprint smaller than this is a shed or an error: it makes no finding of its own. */
  footprintMinM2: z.number().min(0).max(500).default(12),
  /** A footprint stands on a parcel when this share of it lies on parcels at all; it belongs to the one with the most. */
  overlapPercent: percent(1, 100).default(50),
  /** How far a property's surveyed position may lie from a footprint and still mean it. */
  positionM: z.number().min(0).max(50).default(5),
  /** Height of a floor, for buildings whose storeys nobody counted but whose height was measured. */
  floorHeightM: z.number().min(2).max(6).default(3.1),
  /** Days for objections that a notice gives. */
  objectionDays: z.number().int().min(1).max(180).default(30),
});
export type DiscoverySettings = z.output<typeof discoverySettings>;

/** What holds where a municipality has set nothing. */
export const defaultSettings: DiscoverySettings = discoverySettings.parse({});
