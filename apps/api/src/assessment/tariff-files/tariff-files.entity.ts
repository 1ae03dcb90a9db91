import { Check, Column, Entity, Exclusion, ForeignKey, PrimaryColumn } from 'typeorm';

/** An installed tariff, by the digest of its text. */
@Entity('tariff_files')
@Check('tariff_files_check', "(kind = 'assessment') = (fy_range IS NOT NULL)")
@Check('tariff_files_check1', "(kind = 'collection') = (in_force IS NOT NULL)")
@Check('tariff_files_kind_check', "kind IN ('assessment', 'collection')")
@Check('tariff_files_sha256_check', "sha256 ~ '^[0-9a-f]{64}$'")
@Check('tariff_files_status_check', "status IN ('notified', 'sample')")
@ForeignKey('ulbs', ['ulbId'], ['ulbId'], { name: 'tariff_files_ulb_id_fkey' })
@Exclusion('tariff_files_one_a_day', 'USING gist (ulb_id WITH =, in_force WITH &&)')
@Exclusion('tariff_files_one_a_year', 'USING gist (ulb_id WITH =, fy_range WITH &&)')
export class TariffFile {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'text' }) sha256!: string;
  @Column({ type: 'text' }) kind!: 'assessment' | 'collection';
  @Column({ type: 'text' }) body!: string;
  @Column({ type: 'text' }) status!: 'notified' | 'sample';
  @Column({ type: 'jsonb' }) title!: Record<string, unknown>;
  @Column({ type: 'text' }) law!: string;
  @Column({ type: 'int4range', name: 'fy_range', nullable: true }) fyRange!: string | null;
  @Column({ type: 'daterange', name: 'in_force', nullable: true }) inForce!: string | null;
  @Column({ type: 'text' }) source!: string;
  @Column({ type: 'text', name: 'installed_by' }) installedBy!: string;
  @Column({ type: 'timestamptz', name: 'installed_at' }) installedAt!: Date;
}

export const tariffFileEntities = [TariffFile];
