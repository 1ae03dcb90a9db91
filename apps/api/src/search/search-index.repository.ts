import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import { LayerRegistry } from '../map/layer-registry.js';

/** What can be found besides the features of layers. */
export const rollNouns = ['property', 'owner', 'locality'] as const;

/** Marks of a term: what follows was written as a number, or is the sound of a word. */
export const numberMark = '#';
export const soundMark = '~';

/** A word with ड़ and ढ़ (written as one sign or as two) made plain ड. */
const hardR = "regexp_replace(word, '[डढ]\u093c|[\u095c\u095d]', 'ड', 'g')";

/** Longer terms would only fill the index. */
const termLength = 60;

/**
 * The terms by which search finds things. A name is found by each of its words and by two neighbours written together
 * (Ram Kumar, Ramkumar); ड़ and ढ़ are both r and d in Latin letters.
 */
@Injectable()
export class SearchIndex {
  constructor(private readonly layers: LayerRegistry) {}

  /**
   * Makes the terms of a noun (`property`, `owner`, `locality` or a layer's name) anew, of all its rows or of some. For
   * owners and properties the ids are those of properties. Localities are always made all. A whole city takes longer
   * than a request may: give the transaction a job's time. Returns the number of terms.
   */
  async refresh(tx: Tx, noun: string, ids: 'all' | readonly string[]): Promise<number> {
    const only = ids === 'all' || noun === 'locality' ? null : ids;
    await tx.run(
      'DELETE FROM search_terms WHERE ulb_id = $1 AND noun = $2 AND ($3::uuid[] IS NULL OR noun_id = ANY ($3))',
      [tx.ctx.ulbId, noun, only],
    );
    return tx.run(
      `WITH ${soundsSql(this.names(noun).join(' UNION ALL '))}
       INSERT INTO search_terms (ulb_id, noun, term, noun_id)
       SELECT DISTINCT $1::int, $2, left(term, ${termLength}), id FROM (
         SELECT id, '${soundMark}' || sound AS term FROM sounding
         UNION ALL SELECT id, '${numberMark}' || number_key(written) FROM (${this.numbers(noun).join(' UNION ALL ')}) AS n
       ) AS t WHERE length(term) > 1
       ORDER BY 3, 4`,
      [tx.ctx.ulbId, noun, only],
    );
  }

  /** Every noun that search knows, the features of the layers by their layers' names. */
  get nouns(): string[] {
    return [...rollNouns, ...this.layers.layers.filter((layer) => layer.search).map((layer) => layer.name)];
  }

  /** SELECTs of (id, written), the names of a noun's rows; $1 is the municipality, $3 the ids or NULL. */
  private names(noun: string): string[] {
    if (noun === 'property') return [none];
    if (noun === 'owner') {
      return ['name', 'name_local'].map((column) => chosen('owners', 'property_id', column));
    }
    if (noun === 'locality') {
      return [
        `(SELECT DISTINCT ON (locality) id, locality AS written FROM properties
          WHERE ulb_id = $1 AND locality IS NOT NULL AND $3::uuid[] IS NULL ORDER BY locality, id)`,
      ];
    }
    const { table, search } = this.layers.get(noun);
    return search?.names.length ? search.names.map((column) => chosen(table, 'id', column)) : [none];
  }

  private numbers(noun: string): string[] {
    if (noun === 'owner' || noun === 'locality') return [none];
    if (noun === 'property') {
      return [chosen('properties', 'id', 'number'), chosen('property_aliases', 'property_id', 'alias')];
    }
    const { table, search } = this.layers.get(noun);
    return search?.numbers.length ? search.numbers.map((column) => chosen(table, 'id', column)) : [none];
  }
}

const none = 'SELECT NULL::uuid AS id, NULL::text AS written WHERE false';

const chosen = (table: string, id: string, column: string) =>
  `SELECT ${id} AS id, ${column} AS written FROM ${table}
   WHERE ulb_id = $1 AND ${column} IS NOT NULL AND ($3::uuid[] IS NULL OR ${id} = ANY ($3))`;

/**
 * `sounding` (id, sound) from SELECTs of (id, written). A city has a thousand names for each ten that differ, so that
 * each word is sounded once and joined back: ten times as fast as sounding every name.
 */
function soundsSql(names: string): string {
  return `word AS MATERIALIZED (
      SELECT id, words[i] AS word, words[i + 1] AS next
      FROM (SELECT id, string_to_array(translate(written, '.,()/&-', '       '), ' ') AS words FROM (${names}) AS n OFFSET 0) AS w
      CROSS JOIN LATERAL generate_series(1, cardinality(words)) AS i WHERE words[i] <> ''),
    sound AS MATERIALIZED (
      SELECT word, replace(skeleton, ' ', '') AS sound FROM (SELECT DISTINCT word FROM word) AS d
      CROSS JOIN LATERAL (SELECT name_skeleton(word) AS skeleton
        UNION SELECT name_skeleton(${hardR}) WHERE word <> ${hardR}) AS s
      WHERE skeleton <> ''),
    sounding AS (
      SELECT id, sound FROM word JOIN sound USING (word)
      UNION ALL SELECT id, s.sound || t.sound FROM word JOIN sound s USING (word) JOIN sound t ON t.word = word.next)`;
}
