import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** The tax map: derived, and made anew after each run. */
@Entity('parcel_taxes')
@Check('parcel_taxes_class_check', 'class BETWEEN 0 AND 6')
@ForeignKey('ulbs', ['ulbId'], ['ulbId'], { name: 'parcel_taxes_ulb_id_fkey' })
export class ParcelTax {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'smallint' }) fy!: number;
  @PrimaryColumn({ type: 'uuid', name: 'parcel_id' }) parcelId!: string;
  @Column({ type: 'numeric', name: 'per_m2_paise', precision: 18, scale: 4 }) perM2Paise!: string;
  @Column({ type: 'smallint' }) class!: number;
}

export const taxMapEntities = [ParcelTax];
