import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import { LayerRegistry } from '../map/layer-registry.js';

/** What can be found besides the features of layers. */
export const rollNouns = ['property', 'owner', 'locality'] as const;

/** Marks of a term: what follows was written as a number, or is the sound of a word. */
export const numberMark = '#';
export const soundMark = '~';

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
   * owners and properties the ids are those of properties. Localities are always made all. Returns the number of terms.
   */
  async refresh(tx: Tx, noun: string, ids: 'all' | readonly string[]): Promise<number> {
    const only = ids === 'all' || noun === 'locality' ? null : ids;
    await tx.run(
      'DELETE FROM search_terms WHERE ulb_id = $1 AND noun = $2 AND ($3::uuid[] IS NULL OR noun_id = ANY ($3))',
      [tx.ctx.ulbId, noun, only],
    );
    return tx.run(
      `INSERT INTO search_terms (ulb_id, noun, term, noun_id)
       SELECT DISTINCT $1::int, $2, left(term, ${termLength}), id FROM (${this.termsSql(noun)}) AS t
       WHERE length(term) > 1`,
      [tx.ctx.ulbId, noun, only],
    );
  }

  /** Every noun that search knows, the features of the layers by their layers' names. */
  get nouns(): string[] {
    return [...rollNouns, ...this.layers.layers.filter((layer) => layer.search).map((layer) => layer.name)];
  }

  /** A SELECT of (id, term); $1 is the municipality, $3 the ids or NULL. */
  private termsSql(noun: string): string {
    const [own, chosen] = ['t.ulb_id = $1', '($3::uuid[] IS NULL OR t.id = ANY ($3))'];
    if (noun === 'property') {
      return `${numbersSql('t.id', 't.number')} FROM properties t WHERE ${own} AND ${chosen}
        UNION ALL ${numbersSql('t.property_id', 't.alias')} FROM property_aliases t
        WHERE ${own} AND ($3::uuid[] IS NULL OR t.property_id = ANY ($3))`;
    }
    if (noun === 'owner') {
      const names = "concat_ws(' / ', t.name, t.name_local)";
      return `${namesSql('t.property_id', names, 'owners t')}
        WHERE ${own} AND ($3::uuid[] IS NULL OR t.property_id = ANY ($3))`;
    }
    if (noun === 'locality') {
      const one = `(SELECT DISTINCT ON (locality) id, locality FROM properties p
        WHERE p.ulb_id = $1 AND locality IS NOT NULL ORDER BY locality, id) AS t`;
      return `${namesSql('t.id', 't.locality', one)} WHERE $3::uuid[] IS NULL`;
    }
    const layer = this.layers.get(noun);
    const { numbers, names } = layer.search ?? { numbers: [], names: [] };
    const parts = numbers.map(
      (column) => `${numbersSql('t.id', `t.${column}`)} FROM ${layer.table} t WHERE ${own} AND ${chosen}`,
    );
    if (names.length) {
      const written = `concat_ws(' / ', ${names.map((column) => `t.${column}`).join(', ')})`;
      parts.push(`${namesSql('t.id', written, `${layer.table} t`)} WHERE ${own} AND ${chosen}`);
    }
    return parts.length
      ? parts.join(' UNION ALL ')
      : 'SELECT NULL::uuid AS id, NULL AS term WHERE $3::uuid[] IS NULL';
  }
}

function numbersSql(id: string, column: string): string {
  return `SELECT ${id} AS id, '${numberMark}' || number_key(${column}) AS term`;
}

/** `written` is the name in one or more scripts, apart by ` / `. */
function namesSql(id: string, written: string, from: string): string {
  return `SELECT ${id} AS id, '${soundMark}' || w.term AS term FROM ${from}
    CROSS JOIN LATERAL (SELECT regexp_split_to_table(${written}, ' / ') AS name) AS n
    CROSS JOIN LATERAL (SELECT name_skeleton(n.name) AS s
      UNION SELECT name_skeleton(regexp_replace(n.name, '([डढ])\u093c|[ड़ढ़]', 'ड', 'g')) WHERE n.name ~ '\u093c|[ड़ढ़]') AS v
    CROSS JOIN LATERAL (SELECT string_to_array(v.s, ' ') AS words) AS a
    CROSS JOIN LATERAL (SELECT word AS term FROM unnest(a.words) AS word
      UNION SELECT a.words[i] || a.words[i + 1] FROM generate_series(1, cardinality(a.words) - 1) AS i) AS w`;
}
