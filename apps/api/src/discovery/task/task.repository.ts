import { Injectable } from '@nestjs/common';
import type { SqlValue, Tx } from '../../platform/database/tx.js';
import type { TaskQuery, TaskReport } from './task.schema.js';

export interface TaskRow {
  id: string;
  finding_id: string;
  kind: string;
  number: string | null;
  ward_number: string;
  assigned_to: string;
  due_on: string;
  instruction: string | null;
  state: 'open' | 'done' | 'cancelled';
  outcome: 'confirmed' | 'refuted' | 'unclear' | null;
  report: string | null;
  created_by_login: string;
  created_at: Date;
  ended_by_login: string | null;
  ended_at: Date | null;
  lon: number;
  lat: number;
}

const taskSql = `SELECT t.id, t.finding_id, f.kind, p.number, t.ward_number, t.assigned_to, t.due_on, t.instruction,
    t.state, t.outcome, t.report, t.created_by_login, t.created_at, t.ended_by_login, t.ended_at,
    ST_X(ST_PointOnSurface(f.geom)) AS lon, ST_Y(ST_PointOnSurface(f.geom)) AS lat
  FROM survey_tasks t JOIN findings f ON f.ulb_id = t.ulb_id AND f.id = t.finding_id
  LEFT JOIN properties p ON p.ulb_id = f.ulb_id AND p.id = f.property_id WHERE t.ulb_id = $1`;

/** Visits to the places of findings. */
@Injectable()
export class TaskRepository {
  /** Whose account it is: null where nobody has the login or the account is closed. */
  async person(tx: Tx, login: string): Promise<{ login: string; ward_numbers: string[] | null } | null> {
    return tx.maybe(
      'SELECT login, ward_numbers FROM users WHERE ulb_id = $1 AND login = $2 AND disabled_at IS NULL',
      [tx.ctx.ulbId, login],
    );
  }

  /** Wards and states of findings; those that do not exist are not there. */
  async findings(tx: Tx, ids: string[]): Promise<{ id: string; ward_number: string; state: string }[]> {
    return tx.rows(
      'SELECT id, ward_number, state FROM findings WHERE ulb_id = $1 AND id = ANY ($2::uuid[])',
      [tx.ctx.ulbId, ids],
    );
  }

  /** One task a finding; a finding that has an open one keeps it. Returns the ids of the new ones. */
  async add(
    tx: Tx,
    task: { findingIds: string[]; assignedTo: string; dueOn: string; instruction: string | null },
  ): Promise<string[]> {
    const rows = await tx.rows<{ id: string }>(
      `INSERT INTO survey_tasks (ulb_id, id, finding_id, ward_number, assigned_to, due_on, instruction,
         created_by_login, created_at)
       SELECT $1, uuid_v7(), f.id, f.ward_number, $3, $4, $5, $6, $7
       FROM findings f WHERE f.ulb_id = $1 AND f.id = ANY ($2::uuid[])
       ON CONFLICT (ulb_id, finding_id) WHERE state = 'open' DO NOTHING RETURNING id`,
      [
        tx.ctx.ulbId,
        task.findingIds,
        task.assignedTo,
        task.dueOn,
        task.instruction,
        tx.ctx.actor.login,
        tx.ctx.now,
      ],
    );
    return rows.map((row) => row.id);
  }

  async page(tx: Tx, query: TaskQuery): Promise<TaskRow[]> {
    const values: SqlValue[] = [tx.ctx.ulbId];
    const where: string[] = [];
    const add = (sql: (at: string) => string, value: SqlValue) =>
      where.push(` AND ${sql(`$${values.push(value)}`)}`);
    const { wardNumbers } = tx.ctx.actor;
    if (wardNumbers) add((at) => `t.ward_number = ANY (${at}::text[])`, [...wardNumbers]);
    if (query.state) add((at) => `t.state = ${at}`, query.state);
    if (query.ward !== undefined) add((at) => `t.ward_number = ${at}`, query.ward);
    if (query.assignedTo) add((at) => `t.assigned_to = ${at}`, query.assignedTo);
    if (query.after) {
      add(
        (at) => `(t.due_on, t.id) > (SELECT due_on, id FROM survey_tasks WHERE ulb_id = $1 AND id = ${at})`,
        query.after,
      );
    }
    const limit = `$${values.push(query.limit + 1)}`;
    return tx.rows<TaskRow>(`${taskSql}${where.join('')} ORDER BY t.due_on, t.id LIMIT ${limit}`, values);
  }

  async ofFinding(tx: Tx, findingId: string): Promise<TaskRow[]> {
    return tx.rows<TaskRow>(`${taskSql} AND t.finding_id = $2 ORDER BY t.created_at, t.id`, [
      tx.ctx.ulbId,
      findingId,
    ]);
  }

  async task(tx: Tx, id: string): Promise<TaskRow | null> {
    return tx.maybe<TaskRow>(`${taskSql} AND t.id = $2`, [tx.ctx.ulbId, id]);
  }

  /** False where the task is not open any more. */
  async end(tx: Tx, id: string, report: TaskReport | null): Promise<boolean> {
    const ended = await tx.run(
      `UPDATE survey_tasks SET state = $3, outcome = $4, report = $5, ended_by_login = $6, ended_at = $7
       WHERE ulb_id = $1 AND id = $2 AND state = 'open'`,
      [
        tx.ctx.ulbId,
        id,
        report ? 'done' : 'cancelled',
        report?.outcome ?? null,
        report?.report ?? null,
        tx.ctx.actor.login,
        tx.ctx.now,
      ],
    );
    return ended === 1;
  }
}

export function taskView(row: TaskRow) {
  return {
    id: row.id,
    findingId: row.finding_id,
    kind: row.kind,
    number: row.number,
    wardNumber: row.ward_number,
    assignedTo: row.assigned_to,
    dueOn: row.due_on,
    instruction: row.instruction,
    state: row.state,
    outcome: row.outcome,
    report: row.report,
    createdByLogin: row.created_by_login,
    createdAt: row.created_at.toISOString(),
    endedByLogin: row.ended_by_login,
    endedAt: row.ended_at?.toISOString() ?? null,
    center: [row.lon, row.lat],
  };
}
