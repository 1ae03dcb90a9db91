import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secureTable } from './support/secure-table.js';

/** A later tariff ends the open time of the one before; proposals are what it goes through before it is installed. */
export class SucceedTariffs1795305630000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...ending, ...proposals]) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error(
      'Migrations are forward only: restore a backup, or write a migration that mends this one.',
    );
  }
}

const ending = [
  // What was installed stays as it is; only its open end may close (an empty range: replaced before it applied).
  `CREATE FUNCTION end_tariff_only() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     IF to_jsonb(NEW) - ARRAY['fy_range', 'in_force'] IS DISTINCT FROM to_jsonb(OLD) - ARRAY['fy_range', 'in_force']
       OR NOT coalesce(NEW.fy_range <@ OLD.fy_range AND (isempty(NEW.fy_range)
         OR (upper_inf(OLD.fy_range) AND lower(NEW.fy_range) = lower(OLD.fy_range))), OLD.fy_range IS NULL)
       OR NOT coalesce(NEW.in_force <@ OLD.in_force AND (isempty(NEW.in_force)
         OR (upper_inf(OLD.in_force) AND lower(NEW.in_force) = lower(OLD.in_force))), OLD.in_force IS NULL)
     THEN RAISE EXCEPTION 'An installed tariff is not changed: only its open end may close.'; END IF;
     RETURN NEW;
   END $$`,
  `CREATE TRIGGER tariff_files_only_end BEFORE UPDATE ON tariff_files FOR EACH ROW EXECUTE FUNCTION end_tariff_only()`,
  'GRANT UPDATE ON tariff_files TO jarib_app',
];

const proposals = [
  `CREATE TABLE tariff_proposals (
     ulb_id int NOT NULL REFERENCES ulbs, id uuid NOT NULL,
     kind text NOT NULL CHECK (kind IN ('assessment', 'collection')),
     purpose text NOT NULL CHECK (length(purpose) BETWEEN 1 AND 500),
     -- The file that it was drafted from; none where a text was uploaded.
     base_sha256 text, source text NOT NULL, version int NOT NULL DEFAULT 1 CHECK (version > 0),
     status text NOT NULL CHECK (status IN ('draft', 'submitted', 'returned', 'approved', 'discarded')),
     -- Everyone who had a hand in the text: none of them decides upon it.
     makers uuid[] NOT NULL CHECK (cardinality(makers) > 0 AND array_position(makers, NULL) IS NULL),
     created_by_login text NOT NULL, created_at timestamptz NOT NULL,
     changed_by_login text NOT NULL, changed_at timestamptz NOT NULL,
     submitted_by_login text, submitted_at timestamptz,
     decided_by uuid, decided_by_login text, decided_at timestamptz, reason text,
     installed_sha256 text,
     PRIMARY KEY (ulb_id, id),
     CONSTRAINT tariff_proposals_base_fkey FOREIGN KEY (ulb_id, base_sha256) REFERENCES tariff_files,
     CONSTRAINT tariff_proposals_installed_fkey FOREIGN KEY (ulb_id, installed_sha256) REFERENCES tariff_files,
     CONSTRAINT tariff_proposals_second_person CHECK (decided_by IS NULL OR NOT decided_by = ANY (makers)),
     CONSTRAINT tariff_proposals_submitted CHECK (status <> 'submitted' OR submitted_at IS NOT NULL),
     CONSTRAINT tariff_proposals_decided CHECK (status NOT IN ('returned', 'approved') OR decided_by IS NOT NULL),
     CONSTRAINT tariff_proposals_reason CHECK (status <> 'returned' OR reason IS NOT NULL),
     CONSTRAINT tariff_proposals_approved CHECK ((status = 'approved') = (installed_sha256 IS NOT NULL)))`,
  ...secureTable('tariff_proposals', 'SELECT, INSERT, UPDATE'),
  // What is approved is what was submitted, and what was decided stays decided.
  `CREATE FUNCTION keep_tariff_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     IF OLD.status IN ('approved', 'discarded') THEN RAISE EXCEPTION 'The proposal is closed.'; END IF;
     IF NEW.source <> OLD.source AND OLD.status = 'submitted' THEN
       RAISE EXCEPTION 'A proposal that was submitted is not changed.';
     END IF;
     IF NEW.status = 'approved' AND OLD.status <> 'submitted' THEN
       RAISE EXCEPTION 'Only a proposal that was submitted is approved.';
     END IF;
     IF NOT NEW.makers @> OLD.makers THEN RAISE EXCEPTION 'Who made a proposal stays its maker.'; END IF;
     RETURN NEW;
   END $$`,
  `CREATE TRIGGER tariff_proposals_keep BEFORE UPDATE ON tariff_proposals
     FOR EACH ROW EXECUTE FUNCTION keep_tariff_proposal()`,
];
