import { simulationEntities } from './assessment/simulate/simulate.entity.js';
import { rebateEntities } from './assessment/rebate/rebate.entity.js';
import { runEntities } from './assessment/run/run.entity.js';
import { tariffFileEntities } from './assessment/tariff-files/tariff-files.entity.js';
import { tariffProposalEntities } from './assessment/tariff-proposals/tariff-proposals.entity.js';
import { taxMapEntities } from './assessment/tax-map/tax-map.entity.js';
import { equityEntities } from './assessment/equity/equity.entity.js';
import { findingEntities } from './discovery/finding/finding.entity.js';
import { discoveryRunEntities } from './discovery/run/run.entity.js';
import { surveyTaskEntities } from './discovery/task/task.entity.js';
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
  ...tariffFileEntities,
  ...tariffProposalEntities,
  ...runEntities,
  ...rebateEntities,
  ...taxMapEntities,
  ...simulationEntities,
  ...ledgerEntities,
  ...discoveryRunEntities,
  ...findingEntities,
  ...surveyTaskEntities,
  ...equityEntities,
];
