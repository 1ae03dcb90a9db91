import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A run computes drafts; a second person publishes them, and only then are its demands posted. What stood before was
 * posted as it was computed, so that it counts as published.
 */
export class PublishRuns1795305620000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...columns, ...runsOfBefore, ...rules]) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error(
      'Migrations are forward only: restore a backup, or write a migration that mends this one.',
    );
  }
}

const columns = [
  // Null on assessments of before: their demands were posted with them.
  'ALTER TABLE assessments ADD amounts_paise bigint[]',
  'ALTER TABLE assessment_chunks ADD net_paise bigint, ADD posted_at timestamptz',
  `ALTER TABLE assessment_runs
     ADD client_key text,
     -- A revision of one property, with the reason and the order that it rests on.
     ADD property_id uuid, ADD reason text, ADD order_ref text,
     -- What each position of amounts_paise stands for: head, instalment, account, dueOn.
     ADD charges jsonb,
     -- By how much publication changes what is demanded.
     ADD net_paise bigint NOT NULL DEFAULT 0,
     ADD published_by uuid, ADD published_by_login text, ADD publish_asked_at timestamptz, ADD published_at timestamptz,
     ADD withdrawn_by_login text, ADD withdrawn_at timestamptz, ADD withdrawn_reason text`,
];

const runsOfBefore = [
  'DROP INDEX assessment_runs_open',
  'ALTER TABLE assessment_runs DROP CONSTRAINT assessment_runs_status_check',
  `UPDATE assessment_chunks SET net_paise = 0, posted_at = finished_at WHERE status = 'done'`,
  `UPDATE assessment_runs SET status = 'failed', finished_at = coalesce(started_at, created_at),
     error = 'Ended by an update of the program. What was posted stands; a new run of the year does what is left.'
   WHERE status IN ('pending', 'running')`,
  `UPDATE assessment_runs r SET published_by_login = 'system', publish_asked_at = finished_at, published_at = finished_at
   WHERE finished_at IS NOT NULL AND (status = 'done' OR EXISTS (SELECT FROM assessment_chunks c
     WHERE c.ulb_id = r.ulb_id AND c.run_id = r.id AND c.status = 'done'))`,
  `UPDATE assessment_runs SET status = 'published' WHERE status = 'done'`,
];

const open = `status IN ('pending', 'running', 'computed', 'publishing')`;

const rules = [
  `ALTER TABLE assessment_runs
     ADD CONSTRAINT assessment_runs_status_check CHECK (status IN ('pending', 'running', 'computed', 'publishing',
       'published', 'withdrawn', 'failed', 'cancelled')),
     ADD CONSTRAINT assessment_runs_second_person CHECK (published_by_login IS NULL
       OR (published_by_login <> created_by_login AND (published_by <> created_by) IS NOT FALSE)),
     ADD CONSTRAINT assessment_runs_published CHECK (published_at IS NULL OR published_by_login IS NOT NULL),
     ADD CONSTRAINT assessment_runs_published_at CHECK (status <> 'published' OR published_at IS NOT NULL),
     ADD CONSTRAINT assessment_runs_revision_reason CHECK (property_id IS NULL OR reason IS NOT NULL),
     -- No property is lost between assessed, exempt, excepted and unchanged.
     ADD CONSTRAINT assessment_runs_reconciled CHECK (status NOT IN ('computed', 'publishing', 'published', 'withdrawn')
       OR properties = assessed + exempt + exceptions + unchanged)`,
  // Two runs of one year at once would race for the same assessment numbers.
  `CREATE UNIQUE INDEX assessment_runs_open ON assessment_runs (ulb_id, fy) WHERE property_id IS NULL AND ${open}`,
  `CREATE UNIQUE INDEX assessment_runs_open_revision ON assessment_runs (ulb_id, fy, property_id)
     WHERE property_id IS NOT NULL AND ${open}`,
  `CREATE UNIQUE INDEX assessment_runs_client_key ON assessment_runs (ulb_id, client_key) WHERE client_key IS NOT NULL`,
];
