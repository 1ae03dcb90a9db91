import { Injectable } from '@nestjs/common';
import { TariffFilesService } from '../../assessment/tariff-files/tariff-files.service.js';
import type { Tx } from '../../platform/database/tx.js';
import { EstimateRepository } from '../estimate/estimate.repository.js';
import { RecordRepository } from '../finding/record.repository.js';
import { type DiscoveryCounts, type DiscoveryRow, DiscoveryRunRepository } from '../run/run.repository.js';
import { FiguresRepository } from './figures.repository.js';
import { FoundRepository } from './found.repository.js';

/** One ward: figures side by side, what differs, what it would change in the tax, and the register of findings. */
@Injectable()
export class ExamineService {
  constructor(
    private readonly runs: DiscoveryRunRepository,
    private readonly figures: FiguresRepository,
    private readonly found: FoundRepository,
    private readonly estimates: EstimateRepository,
    private readonly records: RecordRepository,
    private readonly tariffs: TariffFilesService,
  ) {}

  /** In the transaction of one ward. */
  async examine(tx: Tx, run: DiscoveryRow, ward: string): Promise<void> {
    await this.figures.compare(tx, run, ward);
    await this.found.find(tx, run, ward);
    const tariff = run.tariff_sha256 ? await this.tariffs.bySha(tx, run.tariff_sha256) : null;
    await this.estimates.estimate(tx, run, ward, tariff);
    const changes = await this.records.record(tx, run, ward, run.settings);
    const before = run.counts.changes ?? { added: 0, seen: 0, keptClosed: 0, lapsed: 0 };
    const sum = (name: keyof typeof changes) => before[name] + changes[name];
    const counts: DiscoveryCounts = {
      footprints: {},
      properties: {},
      findings: await this.records.kinds(tx, run.counts.findings ?? {}),
      changes: {
        added: sum('added'),
        seen: sum('seen'),
        keptClosed: sum('keptClosed'),
        lapsed: sum('lapsed'),
      },
    };
    await this.runs.examined(tx, run.id, ward, changes.added + changes.seen, counts);
  }
}
