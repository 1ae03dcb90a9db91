import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { timingSafeEqual } from 'node:crypto';
import { Problem } from '../../../core/problem.js';
import { Public } from '../../auth/allow.js';
import { Config } from '../../config.js';
import { type Health, HealthService } from './health.service.js';
import { Metrics } from './metrics.js';

const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** For the machines that watch this one. */
@ApiExcludeController()
@Controller()
export class WatchController {
  constructor(
    private readonly service: HealthService,
    private readonly collected: Metrics,
    private readonly config: Config,
  ) {}

  @Get('health')
  @Public()
  async health(@Res({ passthrough: true }) reply: FastifyReply): Promise<Health> {
    const health = await this.service.health();
    void reply.status(health.status === 'down' ? 503 : 200).header('cache-control', 'no-store');
    return health;
  }

  /** Open to this machine itself, and to who sends JARIB_METRICS_TOKEN. */
  @Get('metrics')
  @Public()
  async metrics(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    if (!this.mayRead(request)) {
      throw new Problem(
        403,
        'metrics-closed',
        'Ask from the machine itself, or send JARIB_METRICS_TOKEN as Bearer.',
      );
    }
    void reply
      .header('content-type', this.collected.registry.contentType)
      .header('cache-control', 'no-store');
    return this.collected.registry.metrics();
  }

  private mayRead({ headers, socket }: FastifyRequest): boolean {
    const expected = this.config.metricsToken && Buffer.from(`Bearer ${this.config.metricsToken}`);
    const given = Buffer.from(headers.authorization ?? '');
    if (expected && given.length === expected.length && timingSafeEqual(given, expected)) return true;
    // What a proxy on this machine passes on comes from elsewhere.
    const passedOn =
      headers['x-forwarded-for'] ?? headers['forwarded'] ?? headers['x-real-ip'] ?? headers['via'];
    return passedOn === undefined && loopback.has(socket.remoteAddress ?? '');
  }
}
