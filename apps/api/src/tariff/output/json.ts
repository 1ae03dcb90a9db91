import type { BoundInput } from '../binding.js';
import type { Type } from '../language/types.js';

/** A member of a JSON object that is written by joining texts, four times as fast as json_build_object. */
export interface Member {
  readonly key: string;
  readonly column: string;
  readonly type: Type;
  readonly nullable: boolean;
}

export function memberOf(input: BoundInput): Member {
  const { column, symbol, name } = input;
  return { key: name, column, type: symbol.type, nullable: symbol.optional };
}

/**
 * The members `"a":1,"b":"x"` as an SQL text, for rows whose members are all known. Codes need no escapes
 * (see schema).
 */
export function knownMembersSql(members: readonly Member[]): string {
  const parts = members.map(({ key, column, type, nullable }, i) => {
    const name = `${i === 0 ? '' : ','}"${key}":`;
    if (nullable) return `'${name}' || coalesce(to_json(${column})::text, 'null')`;
    return type.kind === 'code' || type.kind === 'date'
      ? `'${name}"' || ${column} || '"'`
      : `'${name}' || ${column}`;
  });
  return parts.join(' || ') || `''`;
}

/** The same for rows in which something is missing: it becomes null. */
export function anyMembersSql(members: readonly Member[]): string {
  const parts = members.map(({ key, column }, i) => {
    return `'${i === 0 ? '' : ','}"${key}":' || coalesce(to_json(${column})::text, 'null')`;
  });
  return parts.join(' || ') || `''`;
}

/** Chooses between the two by the row's own state. */
export function membersSql(members: readonly Member[], complete: string): string {
  if (members.length === 0) return `''`;
  return `CASE WHEN ${complete} THEN ${knownMembersSql(members)} ELSE ${anyMembersSql(members)} END`;
}
