import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

interface Pool {
  totalCount: number;
  idleCount: number;
  waitingCount: number;
}

/** How the application's connections to PostgreSQL stand at this instant. */
@Injectable()
export class PoolState {
  constructor(private readonly dataSource: DataSource) {}

  read(): { idle: number; busy: number; waiting: number } {
    const { totalCount, idleCount, waitingCount } = (this.dataSource.driver as unknown as { master: Pool })
      .master;
    return { idle: idleCount, busy: totalCount - idleCount, waiting: waitingCount };
  }
}
