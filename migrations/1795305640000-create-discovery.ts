import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secureTable } from './support/secure-table.js';

/** The map held against the roll: settings, runs with their exact accounting, findings with their states, survey tasks. */
export class CreateDiscovery1795305640000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...indexes, ...runs, ...work, ...findings, ...transitions, ...tasks]) {
      await runner.query(statement);
    }
  }

  async down(): Promise<void> {
    throw new Error(
      'Migrations are forward only: restore a backup, or write a migration that mends this one.',
    );
  }
}

const indexes = [
  'CREATE INDEX buildings_ward ON buildings (ulb_id, ward_number)',
  'CREATE INDEX parcels_ward ON parcels (ulb_id, ward_number)',
];

const runs = [
  // Absent: the defaults that the program states.
  `CREATE TABLE discovery_settings (
     ulb_id int NOT NULL REFERENCES ulbs, settings jsonb NOT NULL,
     changed_by text NOT NULL, changed_at timestamptz NOT NULL,
     PRIMARY KEY (ulb_id))`,
  ...secureTable('discovery_settings', 'SELECT, INSERT, UPDATE'),
  `CREATE TABLE discovery_runs (
     ulb_id int NOT NULL REFERENCES ulbs, id uuid NOT NULL,
     fy smallint NOT NULL CHECK (fy BETWEEN 1950 AND 2200), effective_on date NOT NULL,
     ward_numbers text[], tariff_sha256 text, -- without a tariff for the year nothing is estimated
     settings jsonb NOT NULL, -- as they were when it began
     status text NOT NULL CHECK (status IN ('pending', 'running', 'done', 'failed', 'cancelled')),
     counts jsonb NOT NULL DEFAULT '{}', error text,
     created_by_login text NOT NULL, created_at timestamptz NOT NULL,
     started_at timestamptz, finished_at timestamptz,
     PRIMARY KEY (ulb_id, id))`,
  // Two at once would each make the other's findings.
  `CREATE UNIQUE INDEX discovery_runs_open ON discovery_runs (ulb_id) WHERE status IN ('pending', 'running')`,
  ...secureTable('discovery_runs', 'SELECT, INSERT, UPDATE'),
  // '' is the ward of what lies in none.
  `CREATE TABLE discovery_wards (
     ulb_id int NOT NULL, run_id uuid NOT NULL, ward_number text COLLATE "C" NOT NULL,
     linked_at timestamptz, examined_at timestamptz,
     footprints int NOT NULL DEFAULT 0, properties int NOT NULL DEFAULT 0, findings int NOT NULL DEFAULT 0,
     PRIMARY KEY (ulb_id, run_id, ward_number), FOREIGN KEY (ulb_id, run_id) REFERENCES discovery_runs)`,
  ...secureTable('discovery_wards', 'SELECT, INSERT, UPDATE'),
];

/** Which footprint and which property fell into which class: kept of the last run, so that its account can be checked. */
const work = [
  `CREATE TABLE discovery_footprints (
     ulb_id int NOT NULL, run_id uuid NOT NULL, building_id uuid NOT NULL,
     ward_number text COLLATE "C" NOT NULL, own boolean NOT NULL, -- not own: of a ward that the run leaves out
     area_m2 numeric(16,3) NOT NULL, parcel_id uuid, overlap numeric(6,4) NOT NULL DEFAULT 0,
     group_id uuid NOT NULL, class text,
     PRIMARY KEY (ulb_id, run_id, building_id), FOREIGN KEY (ulb_id, run_id) REFERENCES discovery_runs)`,
  'CREATE INDEX discovery_footprints_group ON discovery_footprints (ulb_id, run_id, group_id)',
  ...secureTable('discovery_footprints', 'SELECT, INSERT, UPDATE, DELETE'),
  `CREATE TABLE discovery_accounts (
     ulb_id int NOT NULL, run_id uuid NOT NULL, property_id uuid NOT NULL,
     ward_number text COLLATE "C" NOT NULL, own boolean NOT NULL,
     linked_by text NOT NULL CHECK (linked_by IN ('parcel', 'position', 'nothing')),
     group_id uuid NOT NULL, class text,
     PRIMARY KEY (ulb_id, run_id, property_id), FOREIGN KEY (ulb_id, run_id) REFERENCES discovery_runs)`,
  'CREATE INDEX discovery_accounts_group ON discovery_accounts (ulb_id, run_id, group_id)',
  ...secureTable('discovery_accounts', 'SELECT, INSERT, UPDATE, DELETE'),
  `CREATE TABLE discovery_groups (
     ulb_id int NOT NULL, run_id uuid NOT NULL, group_id uuid NOT NULL, ward_number text COLLATE "C" NOT NULL,
     footprints int NOT NULL, accounts int NOT NULL, lead_building uuid, lead_property uuid, parcel_id uuid,
     PRIMARY KEY (ulb_id, run_id, group_id), FOREIGN KEY (ulb_id, run_id) REFERENCES discovery_runs)`,
  'CREATE INDEX discovery_groups_ward ON discovery_groups (ulb_id, run_id, ward_number)',
  ...secureTable('discovery_groups', 'SELECT, INSERT, DELETE'),
];

const findings = [
  `CREATE TABLE findings (
     ulb_id int NOT NULL REFERENCES ulbs, id uuid NOT NULL,
     tile_id bigint GENERATED ALWAYS AS (tile_id(id)) STORED,
     kind text NOT NULL CHECK (kind IN
       ('no_account', 'area', 'extra_floor', 'changed_use', 'vacant_built', 'vacant_untaxed', 'demolished')),
     subject text COLLATE "C" NOT NULL, -- building:<id>, property:<id> or parcel:<id>
     building_id uuid, parcel_id uuid, property_id uuid, ward_number text COLLATE "C" NOT NULL,
     state text NOT NULL DEFAULT 'found' CHECK (state IN
       ('found', 'verified', 'noticed', 'objected', 'demanded', 'paid', 'dismissed', 'lapsed')),
     fingerprint text NOT NULL, -- of the geometry and the roll's figures: a dismissed one comes again only with another
     measured_m2 numeric(16,3), declared_m2 numeric(16,4), adopted_m2 numeric(16,4),
     evidence jsonb NOT NULL,
     fy smallint NOT NULL, estimate_paise bigint, estimate jsonb NOT NULL, -- an estimate is no demand
     previous_id uuid, first_run_id uuid NOT NULL, last_run_id uuid NOT NULL,
     found_at timestamptz NOT NULL, verified_at timestamptz, noticed_on date, objections_until date,
     objected_on date, demanded_on date, demanded_paise bigint CHECK (demanded_paise > 0),
     paid_on date, paid_paise bigint CHECK (paid_paise > 0),
     ended_at timestamptz, ended_reason text, changed_at timestamptz NOT NULL,
     geom geometry(Geometry, 4326) NOT NULL,
     geom_3857 geometry(Geometry, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
     PRIMARY KEY (ulb_id, id),
     CONSTRAINT findings_no_notice_unverified CHECK (noticed_on IS NULL OR verified_at IS NOT NULL),
     CONSTRAINT findings_no_demand_unnoticed CHECK (demanded_on IS NULL OR noticed_on IS NOT NULL),
     CONSTRAINT findings_no_demand_early CHECK
       (demanded_on IS NULL OR objected_on IS NOT NULL OR demanded_on > objections_until),
     CONSTRAINT findings_stage CHECK (CASE state WHEN 'verified' THEN verified_at IS NOT NULL
       WHEN 'noticed' THEN noticed_on IS NOT NULL AND objections_until IS NOT NULL
       WHEN 'objected' THEN objected_on IS NOT NULL
       WHEN 'demanded' THEN demanded_on IS NOT NULL AND demanded_paise IS NOT NULL
       WHEN 'paid' THEN paid_on IS NOT NULL AND paid_paise IS NOT NULL AND demanded_on IS NOT NULL
       WHEN 'dismissed' THEN ended_at IS NOT NULL AND ended_reason IS NOT NULL
       WHEN 'lapsed' THEN ended_at IS NOT NULL ELSE true END),
     FOREIGN KEY (ulb_id, first_run_id) REFERENCES discovery_runs)`,
  // One open allegation about one thing.
  `CREATE UNIQUE INDEX findings_open ON findings (ulb_id, subject, kind)
     WHERE state NOT IN ('paid', 'dismissed', 'lapsed')`,
  'CREATE INDEX findings_subject ON findings (ulb_id, subject, kind, found_at)',
  'CREATE INDEX findings_ward ON findings (ulb_id, ward_number, state)',
  'CREATE UNIQUE INDEX findings_tile_id ON findings (ulb_id, tile_id)',
  'CREATE INDEX findings_geom_3857 ON findings USING gist (ulb_id, geom_3857)',
  ...secureTable('findings', 'SELECT, INSERT, UPDATE'),
  `CREATE TABLE finding_events (
     ulb_id int NOT NULL, finding_id uuid NOT NULL, event_no smallint NOT NULL CHECK (event_no > 0),
     from_state text, to_state text NOT NULL, note text,
     by_login text NOT NULL, at timestamptz NOT NULL,
     PRIMARY KEY (ulb_id, finding_id, event_no), FOREIGN KEY (ulb_id, finding_id) REFERENCES findings)`,
  ...secureTable('finding_events', 'SELECT, INSERT'),
  `CREATE TRIGGER finding_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON finding_events
     EXECUTE FUNCTION refuse_change()`,
];

/** The order of the law: nobody is noticed before somebody has looked, and nothing is demanded before a notice. */
const transitions = [
  `CREATE FUNCTION finding_may_become(now text, next text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
     SELECT now = next OR next = ANY (CASE now
       WHEN 'found' THEN ARRAY['verified', 'dismissed', 'lapsed']
       WHEN 'verified' THEN ARRAY['noticed', 'dismissed']
       WHEN 'noticed' THEN ARRAY['objected', 'demanded', 'dismissed']
       WHEN 'objected' THEN ARRAY['demanded', 'dismissed']
       WHEN 'demanded' THEN ARRAY['paid', 'dismissed']
       ELSE ARRAY[]::text[] END) $$`,
  `CREATE FUNCTION check_finding_state() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
     IF TG_OP = 'INSERT' AND NEW.state <> 'found' THEN
       RAISE EXCEPTION 'a finding begins as found, not as %', NEW.state USING ERRCODE = 'check_violation';
     END IF;
     IF TG_OP = 'UPDATE' AND NOT finding_may_become(OLD.state, NEW.state) THEN
       RAISE EXCEPTION 'a finding that is % cannot become %', OLD.state, NEW.state
         USING ERRCODE = 'check_violation', CONSTRAINT = 'findings_transition';
     END IF;
     RETURN NEW;
   END $$`,
  `CREATE TRIGGER findings_transition BEFORE INSERT OR UPDATE ON findings
     FOR EACH ROW EXECUTE FUNCTION check_finding_state()`,
];

const tasks = [
  `CREATE TABLE survey_tasks (
     ulb_id int NOT NULL, id uuid NOT NULL, finding_id uuid NOT NULL, ward_number text COLLATE "C" NOT NULL,
     assigned_to text COLLATE "C" NOT NULL, due_on date NOT NULL, instruction text,
     state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'cancelled')),
     outcome text CHECK (outcome IN ('confirmed', 'refuted', 'unclear')), report text,
     created_by_login text NOT NULL, created_at timestamptz NOT NULL,
     ended_by_login text, ended_at timestamptz,
     PRIMARY KEY (ulb_id, id),
     CHECK ((state = 'done') = (outcome IS NOT NULL)), CHECK ((state = 'open') = (ended_at IS NULL)),
     FOREIGN KEY (ulb_id, finding_id) REFERENCES findings)`,
  "CREATE UNIQUE INDEX survey_tasks_open ON survey_tasks (ulb_id, finding_id) WHERE state = 'open'",
  'CREATE INDEX survey_tasks_ward ON survey_tasks (ulb_id, ward_number, state, due_on)',
  ...secureTable('survey_tasks', 'SELECT, INSERT, UPDATE'),
];
