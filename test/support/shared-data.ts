import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe } from '@jest/globals';

/** Real data that is never committed: beside the checkout, or where JARIB_SHARED_DATA says. */
export const sharedData = resolve(process.env['JARIB_SHARED_DATA'] ?? '../shared/data');

const there = existsSync(`${sharedData}/SOURCES.md`);
if (!there) {
  const where = `SKIPPED: there is no real data at ${sharedData}. Set JARIB_SHARED_DATA to where it is.\n`;
  process.stderr.write(where);
}

/** Tests on real data. Where it is absent they are shown as skipped, and the reason is printed. */
export const describeWithSharedData = there ? describe : describe.skip;
