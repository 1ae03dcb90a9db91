import { assessmentEntities } from './assessment/assessment.entity.js';
import { ledgerEntities } from './ledger/ledger.entity.js';
import { mapEntities } from './map/map.entity.js';
import { parcelEntities } from './parcels/parcels.entity.js';
import { auditEntities } from './platform/audit/audit.entity.js';
import { authEntities } from './platform/auth/auth.entity.js';
import { queueEntities } from './platform/queue/jobs.entity.js';
import { roadEntities } from './roads/roads.entity.js';
import { searchEntities } from './search/search.entity.js';
import { streetlightEntities } from './streetlights/streetlights.entity.js';
import { ulbEntities } from './ulbs/ulbs.entity.js';

/** Every table as TypeORM knows it, in order of dependency. test/drift.spec.ts holds this list against the migrations. */
export const entities = [
  ...ulbEntities,
  ...authEntities,
  ...auditEntities,
  ...queueEntities,
  ...mapEntities,
  ...parcelEntities,
  ...streetlightEntities,
  ...roadEntities,
  ...searchEntities,
  ...assessmentEntities,
  ...ledgerEntities,
];
