import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** A registered sale of a property. One that was not at arm's length stays on record with the reason and counts in no ratio. */
@Entity('sales')
@Check('sales_price_paise_check', 'price_paise > 0')
@Check('sales_check', 'arms_length OR reason IS NOT NULL')
@Unique('sales_ulb_id_document_property_id_key', ['ulbId', 'document', 'propertyId'])
@ForeignKey('properties', ['ulbId', 'propertyId'], ['ulbId', 'id'], { name: 'sales_ulb_id_property_id_fkey' })
@Index('sales_property', ['ulbId', 'propertyId', 'soldOn'])
export class Sale {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'uuid', name: 'property_id' }) propertyId!: string;
  @Column({ type: 'date', name: 'sold_on' }) soldOn!: string;
  @Column({ type: 'bigint', name: 'price_paise' }) pricePaise!: string;
  @Column({ type: 'text', collation: 'C' }) document!: string;
  @Column({ type: 'boolean', name: 'arms_length' }) armsLength!: boolean;
  @Column({ type: 'text', nullable: true }) reason!: string | null;
  @Column({ type: 'uuid', name: 'import_id', nullable: true }) importId!: string | null;
  @Column({ type: 'text', name: 'recorded_by' }) recordedBy!: string;
  @Column({ type: 'timestamptz', name: 'recorded_at' }) recordedAt!: Date;
}

export const equityEntities = [Sale];
