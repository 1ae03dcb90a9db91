import { Injectable } from '@nestjs/common';
import { Problem } from '../../core/problem.js';
import { Audit } from '../../platform/audit/audit.js';
import { Database } from '../../platform/database/database.js';
import type { Context, Tx } from '../../platform/database/tx.js';
import { type TaskRow, TaskRepository, taskView } from './task.repository.js';
import type { NewTasks, TaskQuery, TaskReport } from './task.schema.js';

/** Survey tasks: somebody is sent to look, by a day, and tells what was seen. The finding itself is verified by its own step. */
@Injectable()
export class TaskService {
  constructor(
    private readonly database: Database,
    private readonly tasks: TaskRepository,
    private readonly audit: Audit,
  ) {}

  /** One task for each finding that has none open; `existing` counts those that had. */
  async create(ctx: Context, asked: NewTasks) {
    return this.database.write(ctx, async (tx) => {
      const person = await this.tasks.person(tx, asked.assignedTo);
      if (!person) {
        const detail = `Nobody here has the login "${asked.assignedTo}". Give that of a surveyor of this municipality.`;
        throw new Problem(422, 'person-unknown', detail, [
          { where: '/assignedTo', value: asked.assignedTo, message: 'no such account' },
        ]);
      }
      const findings = await this.tasks.findings(tx, asked.findingIds);
      this.refuse(tx, asked, findings, person.ward_numbers);
      const ids = await this.tasks.add(tx, { ...asked, instruction: asked.instruction || null });
      const after = { ids, assignedTo: asked.assignedTo, dueOn: asked.dueOn };
      await this.audit.record(tx, { action: 'survey-task.create', noun: 'survey-task', after });
      return { created: ids.length, existing: findings.length - ids.length, ids };
    });
  }

  async list(ctx: Context, query: TaskQuery) {
    return this.database.read(ctx, async (tx) => {
      const rows = await this.tasks.page(tx, query);
      const page = rows.slice(0, query.limit);
      return {
        items: page.map(taskView),
        next: rows.length > query.limit ? (page.at(-1)?.id ?? null) : null,
      };
    });
  }

  async report(ctx: Context, id: string, report: TaskReport) {
    return this.end(ctx, id, report);
  }

  async cancel(ctx: Context, id: string) {
    return this.end(ctx, id, null);
  }

  private async end(ctx: Context, id: string, report: TaskReport | null) {
    return this.database.write(ctx, async (tx) => {
      const task = await this.found(tx, id);
      if (!(await this.tasks.end(tx, id, report))) {
        throw new Problem(409, 'task-ended', `The task is ${task.state} already.`);
      }
      const action = report ? 'survey-task.report' : 'survey-task.cancel';
      await this.audit.record(tx, { action, noun: 'survey-task', nounId: id, after: report ?? {} });
      return taskView(await this.found(tx, id));
    });
  }

  private async found(tx: Tx, id: string): Promise<TaskRow> {
    const task = await this.tasks.task(tx, id);
    const own = tx.ctx.actor.wardNumbers;
    if (!task || (own && !own.includes(task.ward_number))) {
      throw new Problem(404, 'task-unknown', `There is no survey task ${id} in your wards.`);
    }
    return task;
  }

  private refuse(
    tx: Tx,
    asked: NewTasks,
    findings: { id: string; ward_number: string; state: string }[],
    goesTo: string[] | null,
  ): void {
    const fault = (kind: string, status: 403 | 409 | 422, detail: string, ids: string[]) => {
      if (!ids.length) return;
      const errors = ids.slice(0, 20).map((id) => ({ where: '/findingIds', value: id, message: kind }));
      throw new Problem(status, kind, detail, errors);
    };
    const known = new Set(findings.map(({ id }) => id));
    fault(
      'finding-unknown',
      422,
      'Some findings do not exist.',
      asked.findingIds.filter((id) => !known.has(id)),
    );
    const outside = (wards: readonly string[] | null) =>
      findings.filter(({ ward_number: ward }) => wards && !wards.includes(ward)).map(({ id }) => id);
    fault('ward-not-yours', 403, 'Some findings lie outside your wards.', outside(tx.ctx.actor.wardNumbers));
    const detail = `Some findings lie outside the wards of ${asked.assignedTo} (${goesTo?.join(', ')}).`;
    fault('ward-not-theirs', 422, detail, outside(goesTo));
    const closed = findings.filter(({ state }) => ['paid', 'dismissed', 'lapsed'].includes(state));
    fault(
      'finding-closed',
      409,
      'Some findings are closed: there is nothing to look at.',
      closed.map(({ id }) => id),
    );
  }
}
