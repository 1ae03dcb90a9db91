import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secureTable } from './support/secure-table.js';

/**
 * What every other table stands on: extensions, municipalities, people and their sessions, the audit log and its
 * chain, and the jobs table which is queue of record and outbox in one.
 */
export class CreatePlatform1795305600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...extensions, ...functions, ...ulbs, ...people, ...audit, ...jobs]) {
      await runner.query(statement);
    }
  }

  async down(): Promise<void> {
    throw new Error(
      'Migrations are forward only: restore a backup, or write a migration that mends this one.',
    );
  }
}

const extensions = ['CREATE EXTENSION IF NOT EXISTS postgis', 'CREATE EXTENSION IF NOT EXISTS btree_gist'];

const functions = [
  // The empty string stands for "not set" on a reused connection; both must mean: no rows.
  `CREATE FUNCTION current_ulb() RETURNS int LANGUAGE sql STABLE PARALLEL SAFE
     AS $$ SELECT nullif(current_setting('jarib.ulb_id', true), '')::int $$`,
  // RFC 9562, version 7: 48 bits of Unix time in ms first, so that keys made together lie together in the index.
  `CREATE FUNCTION uuid_v7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
     SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) PLACING
       substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
       52, 1), 53, 1), 'hex')::uuid $$`,
  // A vector tile's feature id is an integer that JavaScript holds exactly: the low 52 bits of the UUID.
  `CREATE FUNCTION tile_id(id uuid) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
     AS $$ SELECT ('x' || substr(id::text, 23, 1) || right(id::text, 12))::bit(52)::bigint $$`,
  `CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
     RAISE EXCEPTION '% is append only: % refused', TG_TABLE_NAME, TG_OP
       USING ERRCODE = 'restrict_violation', HINT = 'Post a correction instead of changing what was recorded.';
   END $$`,
];

const ulbs = [
  `CREATE TABLE ulbs (
     ulb_id int PRIMARY KEY CHECK (ulb_id > 0),
     code text COLLATE "C" NOT NULL UNIQUE CHECK (code ~ '^[a-z][a-z0-9-]{1,39}$'),
     name text NOT NULL, name_local text,
     utm_srid int NOT NULL CHECK (utm_srid BETWEEN 32601 AND 32760),
     languages text[] NOT NULL DEFAULT '{en,hi,mr}',
     currency text NOT NULL DEFAULT 'INR' CHECK (currency ~ '^[A-Z]{3}$'),
     area_unit text NOT NULL DEFAULT 'm2' CHECK (area_unit IN ('m2', 'ft2', 'yd2')),
     created_at timestamptz NOT NULL)`,
  'GRANT SELECT ON ulbs TO jarib_app',
  // A process that serves tells at /health whether the database is of its own version.
  'GRANT SELECT ON migrations TO jarib_app',
];

const people = [
  `CREATE TABLE users (
     ulb_id int NOT NULL REFERENCES ulbs, id uuid NOT NULL,
     login text COLLATE "C" NOT NULL CHECK (login = lower(login) AND length(login) BETWEEN 3 AND 64),
     name text NOT NULL, role text NOT NULL,
     ward_numbers text[], -- NULL: the whole municipality
     password_hash text NOT NULL, totp_secret text,
     totp_last_step bigint, -- a code is good for one sign-in
     failed_logins int NOT NULL DEFAULT 0, locked_until timestamptz,
     disabled_at timestamptz, created_at timestamptz NOT NULL,
     PRIMARY KEY (ulb_id, id), UNIQUE (ulb_id, login))`,
  ...secureTable('users', 'SELECT, INSERT, UPDATE'),
  `CREATE TABLE sessions (
     ulb_id int NOT NULL, token_hash bytea NOT NULL, user_id uuid NOT NULL,
     csrf_token text NOT NULL, created_at timestamptz NOT NULL, seen_at timestamptz NOT NULL,
     expires_at timestamptz NOT NULL,
     PRIMARY KEY (ulb_id, token_hash), FOREIGN KEY (ulb_id, user_id) REFERENCES users)`,
  ...secureTable('sessions', 'SELECT, INSERT, UPDATE, DELETE'),
  `CREATE TABLE api_tokens (
     ulb_id int NOT NULL, token_hash bytea NOT NULL, user_id uuid NOT NULL,
     name text NOT NULL, permissions text[] NOT NULL,
     created_at timestamptz NOT NULL, expires_at timestamptz, revoked_at timestamptz,
     PRIMARY KEY (ulb_id, token_hash), FOREIGN KEY (ulb_id, user_id) REFERENCES users)`,
  ...secureTable('api_tokens', 'SELECT, INSERT, UPDATE'),
];

const audit = [
  `CREATE TABLE audit_log (
     ulb_id int NOT NULL REFERENCES ulbs, id uuid NOT NULL, at timestamptz NOT NULL,
     actor_id uuid, actor_login text NOT NULL, action text NOT NULL, noun text NOT NULL, noun_id text,
     before jsonb, after jsonb, reason text,
     PRIMARY KEY (ulb_id, id))`,
  'CREATE INDEX audit_log_noun ON audit_log (ulb_id, noun, noun_id)',
  ...secureTable('audit_log', 'SELECT, INSERT'),
  'CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log EXECUTE FUNCTION refuse_change()',
  // The chain is a table of its own, written by a job after commit, so that hashing serialises no writer.
  `CREATE TABLE audit_chain (
     ulb_id int NOT NULL, seq bigint NOT NULL CHECK (seq > 0), audit_id uuid NOT NULL, hash bytea NOT NULL,
     PRIMARY KEY (ulb_id, seq), UNIQUE (ulb_id, audit_id), FOREIGN KEY (ulb_id, audit_id) REFERENCES audit_log)`,
  ...secureTable('audit_chain', 'SELECT, INSERT'),
  'CREATE TRIGGER audit_chain_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_chain EXECUTE FUNCTION refuse_change()',
];

const jobs = [
  `CREATE TABLE jobs (
     ulb_id int NOT NULL REFERENCES ulbs, id uuid NOT NULL,
     queue text NOT NULL CHECK (queue IN ('quick', 'batch', 'import')), name text NOT NULL,
     key text, payload jsonb NOT NULL,
     status text NOT NULL DEFAULT 'pending'
       CHECK (status IN ('pending', 'running', 'done', 'failed', 'cancelled')),
     attempts int NOT NULL DEFAULT 0, max_attempts int NOT NULL CHECK (max_attempts > 0),
     run_after timestamptz NOT NULL, rung_at timestamptz, lease_until timestamptz,
     error text, actor jsonb NOT NULL, created_at timestamptz NOT NULL, finished_at timestamptz,
     PRIMARY KEY (ulb_id, id))`,
  // One waiting job a key: asking twice is the same work. A running one may have read its rows before the asking.
  `CREATE UNIQUE INDEX jobs_open_key ON jobs (ulb_id, name, key)
     WHERE key IS NOT NULL AND status = 'pending'`,
  "CREATE INDEX jobs_open ON jobs (ulb_id, run_after) WHERE status IN ('pending', 'running')",
  ...secureTable('jobs', 'SELECT, INSERT, UPDATE, DELETE'),
  // The sweeper serves all municipalities, so it alone sees across them, and it sees nothing but numbers.
  `CREATE FUNCTION jobs_due(at timestamptz, re_ring_before timestamptz, most int)
     RETURNS TABLE (ulb_id int, id uuid, queue text, name text)
     LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
       SELECT j.ulb_id, j.id, j.queue, j.name FROM jobs j
       WHERE (j.status = 'pending' AND j.run_after <= at AND (j.rung_at IS NULL OR j.rung_at < re_ring_before))
          OR (j.status = 'running' AND j.lease_until < at AND (j.rung_at IS NULL OR j.rung_at < re_ring_before))
       ORDER BY j.run_after, j.id LIMIT most $$`,
  'REVOKE ALL ON FUNCTION jobs_due(timestamptz, timestamptz, int) FROM PUBLIC',
  'GRANT EXECUTE ON FUNCTION jobs_due(timestamptz, timestamptz, int) TO jarib_app',
];
