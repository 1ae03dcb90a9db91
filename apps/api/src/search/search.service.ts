import { Injectable } from '@nestjs/common';
import { maskName } from '../core/mask.js';
import { dayInIndia } from '../core/period.js';
import { LayerRegistry } from '../map/layer-registry.js';
import { Database } from '../platform/database/database.js';
import type { Context, Tx } from '../platform/database/tx.js';
import { likeness } from './rank.js';
import { type Candidate, type Found, SearchRepository } from './search.repository.js';
import type { SearchQuery } from './search.schema.js';
import { SearchIndex } from './search-index.repository.js';

export interface SearchResult {
  /** `property`, `owner`, `locality`, or a layer's name in the singular. */
  noun: string;
  /** The layer whose feature it is; null for what stands on the roll alone. */
  layer: string | null;
  id: string;
  title: string;
  subtitle: string;
  center: [lon: number, lat: number] | null;
  propertyId?: string;
}

interface Ranked extends SearchResult {
  score: number;
}

/** Words that say what kind of thing is meant: `ward 12`, `वार्ड 12`. */
const kinds: [RegExp, string][] = [
  [/^(ward|वार्ड|प्रभाग)\s*(no\.?|क्र\.?)?\s+(?=\S)/iu, 'wards'],
  [/^(parcel|plot|भूखंड)\s+(?=\S)/iu, 'parcels'],
  [/^(property|संपत्ति|मालमत्ता)\s+(?=\S)/iu, 'property'],
  [/^(pole|खंभा|खांब)\s+(?=\S)/iu, 'poles'],
];

@Injectable()
export class SearchService {
  constructor(
    private readonly database: Database,
    private readonly repository: SearchRepository,
    private readonly index: SearchIndex,
    private readonly layers: LayerRegistry,
  ) {}

  /** Finds things by number or name, spelt in either script. An owner is found only by who may read owners, and masked. */
  async search(ctx: Context, { q, limit }: SearchQuery): Promise<{ results: SearchResult[] }> {
    return this.database.read(ctx, async (tx) => {
      const kind = kinds.find(([word]) => word.test(q));
      const typed = kind ? q.replace(kind[0], '') : q;
      const readable = this.readable(ctx);
      const nouns = kind && readable.includes(kind[1]) ? [kind[1]] : readable;
      const candidates = await this.candidates(tx, nouns, typed, limit);
      const ranked: Ranked[] = [];
      for (const noun of nouns) {
        const own = candidates.filter((candidate) => candidate.noun === noun);
        if (own.length) ranked.push(...(await this.describe(tx, noun, own, typed)));
      }
      ranked.sort(
        (a, b) => b.score - a.score || a.title.localeCompare(b.title) || a.subtitle.localeCompare(b.subtitle),
      );
      return { results: ranked.slice(0, limit).map(({ score: _, ...result }) => result) };
    });
  }

  private readable(ctx: Context): string[] {
    const may = ctx.actor.permissions;
    return this.index.nouns.filter((noun) => {
      if (noun === 'owner') return may.has('owners:read') && may.has('roll:read');
      if (noun === 'property' || noun === 'locality') return may.has('roll:read');
      return may.has(this.layers.get(noun).read);
    });
  }

  /** By number as a whole; by sound, and then with neighbouring words written together, until there is enough. */
  private async candidates(tx: Tx, nouns: string[], typed: string, limit: number): Promise<Candidate[]> {
    const { number, sounds } = await this.repository.termsOf(tx, typed);
    const found = number ? await this.repository.byNumber(tx, nouns, number) : [];
    // What has digits is a number: the letters of W-12 are no name.
    const ways = /\d/.test(number) ? [] : [sounds, ...joined(sounds)];
    for (const way of ways) {
      if (way.length) found.push(...(await this.repository.bySounds(tx, nouns, way)));
      if (found.length >= limit) break;
    }
    const once = new Map<string, Candidate>();
    for (const one of found) {
      const key = `${one.noun} ${one.noun_id}`;
      if (!once.get(key)?.exact) once.set(key, one);
    }
    return [...once.values()];
  }

  private async describe(tx: Tx, noun: string, candidates: Candidate[], typed: string): Promise<Ranked[]> {
    const ids = candidates.map((candidate) => candidate.noun_id);
    const exact = new Map(candidates.map((candidate) => [candidate.noun_id, candidate.exact]));
    const scored = (found: Found, result: SearchResult, written: string): Ranked => {
      const like = Math.max(likeness(typed, written), found.number ? likeness(typed, found.number) : 0);
      return { ...result, score: (exact.get(found.id) ? 1 : 0) + like };
    };
    if (noun === 'property' || noun === 'owner') {
      const rows = await this.repository.properties(tx, ids, dayInIndia(tx.ctx.now));
      const own = tx.ctx.actor.wardNumbers;
      const seen = noun === 'owner' && own ? rows.filter((row) => own.includes(row.ward_number ?? '')) : rows;
      return seen.map((row) => {
        const title = noun === 'owner' ? maskName(row.title) : (row.number ?? '');
        const subtitle = [noun === 'owner' ? row.number : row.address, wardText(row)]
          .filter(Boolean)
          .join(' · ');
        const result = {
          noun,
          layer: null,
          id: row.id,
          title,
          subtitle,
          center: centerOf(row),
          propertyId: row.id,
        };
        return scored(row, result, noun === 'owner' ? `${row.title} ${row.title_local ?? ''}` : '');
      });
    }
    const layer = noun === 'locality' ? null : this.layers.get(noun);
    const day = dayInIndia(tx.ctx.now);
    const rows = layer
      ? await this.repository.features(tx, layer, ids, day)
      : await this.repository.localities(tx, ids);
    return rows.map((row) => {
      const named = row.title === row.number ? null : row.number;
      const subtitle = [row.title_local, named, wardText(row)].filter(Boolean).join(' · ');
      const single = layer ? layer.name.replace(/s$/, '') : noun;
      const result = {
        noun: single,
        layer: layer?.name ?? null,
        id: row.id,
        title: row.title,
        subtitle,
        center: centerOf(row),
      };
      return scored(row, result, `${row.title} ${row.title_local ?? ''}`);
    });
  }
}

/** `ram kumar verma` is also looked for as `ramkumar verma` and `ram kumarverma`. */
function joined(words: string[]): string[][] {
  if (words.length < 2 || words.length > 4) return [];
  return words
    .slice(1)
    .map((word, i) => [...words.slice(0, i), (words[i] ?? '') + word, ...words.slice(i + 2)]);
}

function centerOf({ lon, lat }: Found): [number, number] | null {
  return lon === null || lat === null ? null : [lon, lat];
}

function wardText({ ward_number: ward }: Found): string | null {
  return ward ? `Ward ${ward}` : null;
}
