import { Global, Module } from '@nestjs/common';
import { PoolState } from '../database/pool-state.js';
import { RedisClient } from '../redis.js';
import { HealthRepository } from './watch/health.repository.js';
import { HealthService } from './watch/health.service.js';
import { Metrics } from './watch/metrics.js';
import { Traffic } from './watch/traffic.js';
import { WatchController } from './watch/watch.controller.js';

/** What every process has for its doors: health, metrics, the shared connection to Redis. */
@Global()
@Module({
  controllers: [WatchController],
  providers: [RedisClient, PoolState, HealthRepository, HealthService, Metrics, Traffic],
  exports: [RedisClient, Metrics, HealthService],
})
export class HttpModule {}
