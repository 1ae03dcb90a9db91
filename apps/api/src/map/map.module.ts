import { type DynamicModule, Global, Module } from '@nestjs/common';
import { ExportRepository } from './export/export.repository.js';
import { ExportService } from './export/export.service.js';
import { FeaturesController } from './features/features.controller.js';
import { FeaturesRepository } from './features/features.repository.js';
import { FeaturesService } from './features/features.service.js';
import type { Layer } from './layer.js';
import { LayerRegistry } from './layer-registry.js';
import { LayersController } from './layers.controller.js';
import { LayersRepository } from './layers.repository.js';
import { LayersService } from './layers.service.js';
import { TileInvalidation } from './tiles/tile-invalidation.js';
import { TileRoute } from './tiles/tile-route.js';
import { TilesController } from './tiles/tiles.controller.js';
import { TilesRepository } from './tiles/tiles.repository.js';
import { TilesService } from './tiles/tiles.service.js';

/** The doors to the layers: features, tiles, export. Each reads the descriptors; none knows a noun. */
@Global()
@Module({})
export class MapModule {
  static with(layers: readonly Layer[]): DynamicModule {
    return {
      module: MapModule,
      controllers: [LayersController, FeaturesController, TilesController],
      providers: [
        { provide: LayerRegistry, useFactory: () => new LayerRegistry(layers) },
        LayersRepository,
        LayersService,
        FeaturesRepository,
        FeaturesService,
        TilesRepository,
        TilesService,
        TileInvalidation,
        TileRoute,
        ExportRepository,
        ExportService,
      ],
      exports: [LayerRegistry, LayersService, TileInvalidation, ExportService],
    };
  }
}
