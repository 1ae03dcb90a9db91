import type { Geometry, Point } from 'geojson';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** Why the map changed: every version of every feature names the one that made it. */
@Entity('changesets')
@Check('changesets_check', "(status = 'applied') = (applied_at IS NOT NULL)")
@Check('changesets_kind_check', "kind IN ('edit', 'import')")
@Check('changesets_status_check', "status IN ('draft', 'submitted', 'approved', 'returned', 'applied')")
@ForeignKey('ulbs', ['ulbId'], ['ulbId'], { name: 'changesets_ulb_id_fkey' })
export class Changeset {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'text' }) kind!: 'edit' | 'import';
  @Column({ type: 'text' }) status!: 'draft' | 'submitted' | 'approved' | 'returned' | 'applied';
  @Column({ type: 'text', nullable: true }) layer!: string | null;
  @Column({ type: 'text' }) comment!: string;
  @Column({ type: 'uuid', name: 'created_by', nullable: true }) createdBy!: string | null;
  @Column({ type: 'text', name: 'created_by_login' }) createdByLogin!: string;
  @Column({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
  @Column({ type: 'timestamptz', name: 'applied_at', nullable: true }) appliedAt!: Date | null;
  @Column({ type: 'jsonb', default: {} }) counts!: Record<string, unknown>;
}

/** One file brought in, or tried: the mapping used, how it went, and what it counted. */
@Entity('imports')
@Check('imports_status_check', "status IN ('pending', 'running', 'done', 'failed')")
@ForeignKey('changesets', ['ulbId', 'changesetId'], ['ulbId', 'id'], {
  name: 'imports_ulb_id_changeset_id_fkey',
})
@ForeignKey('ulbs', ['ulbId'], ['ulbId'], { name: 'imports_ulb_id_fkey' })
export class Import {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'text' }) layer!: string;
  @Column({ type: 'text', name: 'file_name' }) fileName!: string;
  @Column({ type: 'text', name: 'file_sha256' }) fileSha256!: string;
  @Column({ type: 'jsonb' }) mapping!: Record<string, unknown>;
  @Column({ type: 'boolean', name: 'dry_run' }) dryRun!: boolean;
  @Column({ type: 'boolean', name: 'whole_file' }) wholeFile!: boolean;
  @Column({ type: 'text' }) status!: 'pending' | 'running' | 'done' | 'failed';
  @Column({ type: 'uuid', name: 'changeset_id', nullable: true }) changesetId!: string | null;
  @Column({ type: 'jsonb', default: {} }) counts!: Record<string, unknown>;
  @Column({ type: 'jsonb', nullable: true }) error!: Record<string, unknown> | null;
  @Column({ type: 'text', name: 'created_by_login' }) createdByLogin!: string;
  @Column({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
  @Column({ type: 'timestamptz', name: 'finished_at', nullable: true }) finishedAt!: Date | null;
}

/** What is to be said of one row of an imported file. */
@Entity('import_report_rows')
@Check('import_report_rows_outcome_check', "outcome IN ('repaired', 'rejected', 'warned')")
@ForeignKey('imports', ['ulbId', 'importId'], ['ulbId', 'id'], {
  name: 'import_report_rows_ulb_id_import_id_fkey',
})
export class ImportReportRow {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid', name: 'import_id' }) importId!: string;
  @PrimaryColumn({ type: 'int', name: 'row_no' }) rowNo!: number;
  @PrimaryColumn({ type: 'int', name: 'line_no' }) lineNo!: number;
  @Column({ type: 'text' }) outcome!: 'repaired' | 'rejected' | 'warned';
  @Column({ type: 'text' }) rule!: string;
  @Column({ type: 'text', name: 'column_name', nullable: true }) columnName!: string | null;
  @Column({ type: 'text', nullable: true }) value!: string | null;
  @Column({ type: 'text' }) message!: string;
  @Column({ type: 'geometry', spatialFeatureType: 'Point', srid: 4326, nullable: true }) place!: Point | null;
}

/** A fault that a check found on the map, open until an edit solves it or somebody accepts it. `size` in `sizeUnit`. */
@Entity('map_issues')
@Check('map_issues_severity_check', "severity IN ('error', 'warning')")
@Check('map_issues_size_unit_check', "size_unit IN ('m', 'm2')")
@Check('map_issues_status_check', "status IN ('open', 'solved', 'accepted')")
@ForeignKey('changesets', ['ulbId', 'changesetId'], ['ulbId', 'id'], {
  name: 'map_issues_ulb_id_changeset_id_fkey',
})
@ForeignKey('ulbs', ['ulbId'], ['ulbId'], { name: 'map_issues_ulb_id_fkey' })
@Index('map_issues_geom', ['ulbId', 'geom'], { spatial: true })
// Unique where open, NULLS NOT DISTINCT: more than TypeORM can say. test/drift.spec.ts looks at its definition.
@Index('map_issues_open', { synchronize: false })
export class MapIssue {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'text' }) layer!: string;
  @Column({ type: 'text' }) rule!: string;
  @Column({ type: 'text' }) severity!: 'error' | 'warning';
  @Column({ type: 'uuid', name: 'feature_id' }) featureId!: string;
  @Column({ type: 'uuid', name: 'other_id', nullable: true }) otherId!: string | null;
  @Column({ type: 'numeric', precision: 16, scale: 4, nullable: true }) size!: string | null;
  @Column({ type: 'text', name: 'size_unit', nullable: true }) sizeUnit!: 'm' | 'm2' | null;
  @Column({ type: 'text' }) message!: string;
  @Column({ type: 'geometry', spatialFeatureType: 'Geometry', srid: 4326 }) geom!: Geometry;
  @Column({ type: 'text', default: 'open' }) status!: 'open' | 'solved' | 'accepted';
  @Column({ type: 'uuid', name: 'changeset_id' }) changesetId!: string;
  @Column({ type: 'timestamptz', name: 'found_at' }) foundAt!: Date;
  @Column({ type: 'timestamptz', name: 'ended_at', nullable: true }) endedAt!: Date | null;
}

export const mapEntities = [Changeset, Import, ImportReportRow, MapIssue];
