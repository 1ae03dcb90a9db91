import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { PoolState } from '../../database/pool-state.js';

/**
 * What a collector reads of this process. Routes are told by their pattern, so that no number of a person
 * gets in.
 */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  private readonly duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the first byte of a request to the last of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
    registers: [this.registry],
  });

  constructor(pool: PoolState) {
    collectDefaultMetrics({ register: this.registry });
    new Gauge({
      name: 'db_pool_connections',
      help: 'Connections of the application to PostgreSQL, and requests that wait for one.',
      labelNames: ['state'],
      registers: [this.registry],
      collect() {
        for (const [state, count] of Object.entries(pool.read())) this.set({ state }, count);
      },
    });
  }

  /** One answered request; `ms` is its duration. */
  request(method: string, route: string, status: number, ms: number): void {
    this.duration.observe({ method, route, status: String(status) }, ms / 1_000);
  }
}
