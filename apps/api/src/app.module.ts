import { type DynamicModule, Module } from '@nestjs/common';
import { AssessmentModule } from './assessment/assessment.module.js';
import { EquityModule } from './assessment/equity/equity.module.js';
import { SimulateModule } from './assessment/simulate/simulate.module.js';
import { DiscoveryModule } from './discovery/discovery.module.js';
import { TariffProposalsModule } from './assessment/tariff-proposals/tariff-proposals.module.js';
import { entities } from './entities.js';
import { LedgerModule } from './ledger/ledger.module.js';
import { ImportModule } from './map/import/import.module.js';
import { MapModule } from './map/map.module.js';
import { ParcelsModule } from './parcels/parcels.module.js';
import { parcelLayers } from './parcels/parcels.layer.js';
import { AuditModule } from './platform/audit/audit.module.js';
import { AuthModule } from './platform/auth/auth.module.js';
import type { Config } from './platform/config.js';
import { DatabaseModule } from './platform/database/database.module.js';
import { HttpModule } from './platform/http/http.module.js';
import { PlatformModule } from './platform/platform.module.js';
import { QueueModule } from './platform/queue/queue.module.js';
import { roadLayers } from './roads/roads.layer.js';
import { SearchModule } from './search/search.module.js';
import { streetlightLayers } from './streetlights/streetlights.layer.js';
import { ulbLayers } from './ulbs/ulbs.layer.js';
import { UlbsModule } from './ulbs/ulbs.module.js';

/** The layers that exist, in the order in which a map draws them. A new one is a table, a descriptor and a place here. */
export const layers = [...ulbLayers, ...parcelLayers, ...roadLayers, ...streetlightLayers];

@Module({})
export class AppModule {
  /** The whole application, in order of dependency. The same for the server, the worker and the command line. */
  static with(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.with(config),
        DatabaseModule.with(config, entities),
        QueueModule,
        AuditModule,
        AuthModule,
        HttpModule,
        MapModule.with(layers),
        ImportModule,
        SearchModule,
        UlbsModule,
        ParcelsModule,
        LedgerModule,
        AssessmentModule,
        TariffProposalsModule,
        DiscoveryModule,
        EquityModule,
        SimulateModule,
      ],
    };
  }
}
