import { readFileSync } from 'node:fs';
import { LayerRegistry } from '../../apps/api/src/map/layer-registry.js';
import { ApplyRepository } from '../../apps/api/src/map/import/apply.repository.js';
import { FindingsRepository } from '../../apps/api/src/map/import/findings.repository.js';
import { ImportRepository } from '../../apps/api/src/map/import/import.repository.js';
import { ImportService } from '../../apps/api/src/map/import/import.service.js';
import { readMapping, type Mapping } from '../../apps/api/src/map/import/mapping.js';
import { StagingRepository } from '../../apps/api/src/map/import/staging.repository.js';
import { Audit } from '../../apps/api/src/platform/audit/audit.js';
import { AuditRepository } from '../../apps/api/src/platform/audit/audit.repository.js';
import type { Database } from '../../apps/api/src/platform/database/database.js';
import { parcelLayers } from '../../apps/api/src/parcels/parcels.layer.js';
import { roadLayers } from '../../apps/api/src/roads/roads.layer.js';
import { streetlightLayers } from '../../apps/api/src/streetlights/streetlights.layer.js';
import { ulbLayers } from '../../apps/api/src/ulbs/ulbs.layer.js';

export const layers = new LayerRegistry([...ulbLayers, ...parcelLayers, ...streetlightLayers, ...roadLayers]);

/** The import as the product builds it, on a test's database. */
export function importServiceOn(database: Database): ImportService {
  return new ImportService(
    database,
    layers,
    new ImportRepository(),
    new StagingRepository(),
    new ApplyRepository(),
    new FindingsRepository(),
    new Audit(new AuditRepository()),
  );
}

/** A mapping of `geodata/mappings`. */
export function mappingOf(name: string): Mapping {
  return readMapping(readFileSync(`geodata/mappings/${name}.yaml`, 'utf8'));
}
