import { Injectable } from '@nestjs/common';
import type { Layer } from '../map/layer.js';
import type { Tx } from '../platform/database/tx.js';
import { numberMark, soundMark } from './search-index.repository.js';

export interface Candidate {
  noun: string;
  noun_id: string;
  /** True where a term is just what was typed, not only its beginning. */
  exact: boolean;
}

/** What a candidate is, in words; `written` is for ranking only and is never shown. */
export interface Found {
  id: string;
  title: string;
  title_local: string | null;
  number: string | null;
  ward_number: string | null;
  lon: number | null;
  lat: number | null;
}

/** A point that lies on the thing itself, also where it is bent. */
const placeSql = (from: string, where: string) => `SELECT ST_X(at) AS lon, ST_Y(at) AS lat
  FROM (SELECT ST_PointOnSurface(g.geom) AS at FROM ${from} WHERE ${where} LIMIT 1) AS placed`;
const ofProperty = placeSql(
  'property_parcels pp JOIN parcels g ON g.ulb_id = pp.ulb_id AND g.id = pp.parcel_id',
  'pp.ulb_id = $1 AND pp.property_id = p.id',
);

/** Of one noun; more would not be looked at. */
const mostCandidates = 200;

@Injectable()
export class SearchRepository {
  /** What was typed, as the index writes it: the whole as a number, and its words by sound. */
  async termsOf(tx: Tx, typed: string): Promise<{ number: string; sounds: string[] }> {
    const { number, sound } = await tx.one<{ number: string; sound: string }>(
      'SELECT number_key($1) AS number, name_skeleton($1) AS sound',
      [typed],
    );
    return { number, sounds: sound.split(' ').filter(Boolean) };
  }

  async byNumber(tx: Tx, nouns: string[], number: string): Promise<Candidate[]> {
    return this.byTerms(tx, nouns, [numberMark + number]);
  }

  async bySounds(tx: Tx, nouns: string[], sounds: string[]): Promise<Candidate[]> {
    return this.byTerms(
      tx,
      nouns,
      sounds.map((sound) => soundMark + sound),
    );
  }

  /**
   * What has a term beginning with each of `terms`. A prefix is written as a range of bytes: row-level security lets the
   * index answer that, LIKE it would not. U+10FFFF sorts behind every letter.
   */
  private async byTerms(tx: Tx, nouns: string[], terms: string[]): Promise<Candidate[]> {
    const [longest, ...others] = [...terms].sort((a, b) => b.length - a.length);
    if (!longest) return [];
    const within = (alias: string, place: number) =>
      `${alias}.term >= $${place} AND ${alias}.term < $${place} || chr(1114111)`;
    const also = others.map(
      (_, i) => `AND EXISTS (SELECT FROM search_terms u WHERE u.ulb_id = $1 AND u.noun = n.noun
        AND u.noun_id = t.noun_id AND ${within('u', i + 4)})`,
    );
    return tx.rows<Candidate>(
      `SELECT n.noun, found.noun_id, bool_or(found.term = $3) AS exact FROM unnest($2::text[]) AS n(noun)
       CROSS JOIN LATERAL (SELECT t.noun_id, t.term FROM search_terms t
         WHERE t.ulb_id = $1 AND t.noun = n.noun AND ${within('t', 3)} ${also.join(' ')}
         ORDER BY t.term LIMIT ${mostCandidates}) AS found
       GROUP BY n.noun, found.noun_id`,
      [tx.ctx.ulbId, nouns, longest, ...others],
    );
  }

  /** Properties, or owners by the ids of their properties: number, owners' names as written, ward, and a place. */
  async properties(tx: Tx, ids: string[], day: string): Promise<(Found & { address: string | null })[]> {
    return tx.rows(
      `SELECT p.id, coalesce(o.names, '') AS title, o.names_local AS title_local, p.number, p.ward_number, p.address,
         place.lon, place.lat
       FROM properties p
       LEFT JOIN LATERAL (SELECT string_agg(name, ' / ' ORDER BY owner_no) AS names,
           string_agg(name_local, ' / ' ORDER BY owner_no) AS names_local
         FROM owners WHERE ulb_id = $1 AND property_id = p.id AND effective @> $3::date) AS o ON true
       LEFT JOIN LATERAL (${ofProperty}) AS place ON true
       WHERE p.ulb_id = $1 AND p.id = ANY ($2::uuid[])`,
      [tx.ctx.ulbId, ids, day],
    );
  }

  /** A locality is named by one of its properties. */
  async localities(tx: Tx, ids: string[]): Promise<Found[]> {
    return tx.rows(
      `SELECT p.id, p.locality AS title, NULL AS title_local, NULL AS number, p.ward_number, place.lon, place.lat
       FROM properties p LEFT JOIN LATERAL (${ofProperty}) AS place ON true
       WHERE p.ulb_id = $1 AND p.id = ANY ($2::uuid[])`,
      [tx.ctx.ulbId, ids],
    );
  }

  /** What the law dates is shown as of `day`: a ward of old bears the same number as the one of today. */
  async features(tx: Tx, layer: Layer, ids: string[], day: string): Promise<Found[]> {
    const has = (name: string) => layer.columns.some((column) => column.name === name);
    const text = (name: string) => (has(name) ? `g.${name}::text` : 'NULL::text');
    return tx.rows(
      `SELECT g.id, coalesce(${text(layer.nameColumn)}, ${text(layer.numberColumn)}, '') AS title,
         ${text('name_local')} AS title_local, ${text(layer.numberColumn)} AS number,
         ${text('ward_number')} AS ward_number, place.lon, place.lat
       FROM ${layer.table} g LEFT JOIN LATERAL (${placeSql('(SELECT g.geom) AS g', 'true')}) AS place ON true
       WHERE g.ulb_id = $1 AND g.id = ANY ($2::uuid[]) AND ${layer.effective ? 'g.effective @> $3::date' : '$3::date IS NOT NULL'}`,
      [tx.ctx.ulbId, ids, day],
    );
  }
}
