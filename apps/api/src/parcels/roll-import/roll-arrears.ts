import type { ReportLine } from '../../map/import/report.js';
import type { Due } from './roll-apply.repository.js';
import type { RollMapping } from './roll-mapping.js';

/**
 * Which dues are to be posted, by their place in `dues`, and a line for each that is not. `posted` holds, by
 * property, amounts in paise posted before that differ from those of the file. Dues of nothing are neither.
 */
export function sortDues(
  dues: Due[],
  posted: ReadonlyMap<string, bigint>,
  arrears: RollMapping['arrears'][number],
): { post: boolean[]; lines: ReportLine[] } {
  const lines: ReportLine[] = [];
  const what = `${arrears.head} of ${arrears.fy}`;
  const post = dues.map(({ line, propertyId, amountPaise, given }) => {
    const tell = (rule: string, message: string) => {
      const warned = { row: line, outcome: 'warned' as const, column: arrears.from, place: null };
      lines.push({ ...warned, rule, value: given, message });
      return false;
    };
    const before = posted.get(propertyId);
    if (BigInt(amountPaise) < 0n) {
      return tell('negative-arrears', `arrears below nothing are not posted: ${what} stays as it is`);
    }
    if (before !== undefined) {
      return tell(
        'arrears-differ',
        `${rupees(before)} was posted before for ${what} and stays: post a correction in the ledger`,
      );
    }
    return BigInt(amountPaise) > 0n;
  });
  return { post, lines };
}

function rupees(paise: bigint): string {
  return `Rs ${paise / 100n}.${String(paise % 100n).padStart(2, '0')}`;
}
