import type { TileAddress } from './tile-grid.js';

export interface Tile {
  /** Null where nothing lies in the tile. */
  bytes: Buffer | null;
  etag: string;
}

/** Whose tile it is. `day` is part of it for layers that the law dates: at midnight another ward may be in force. */
export interface TileKey extends TileAddress {
  ulbId: number;
  layer: string;
  day: string;
}

interface Entry {
  key: TileKey;
  name: string;
  tile: Tile;
}

interface Loading {
  key: TileKey;
  tile: Promise<Tile>;
  /** Set when the ground changes while the tile is being made: it may show the state before. */
  outdated: boolean;
}

/** What an entry costs beside its bytes. */
const entryBytes = 300;

/**
 * The tiles of one process, the longest unused going first. Two requests for one tile wait for the same making. A tile
 * that was being made when its ground changed is handed to those who waited for it and not kept.
 */
export class TileCache {
  private readonly entries = new Map<string, Entry>();
  private readonly layers = new Map<string, Set<Entry>>();
  private readonly loading = new Map<string, Loading>();
  private totalBytes = 0;
  private open = true;

  constructor(
    private readonly maxBytes: number,
    private readonly maxEntries: number,
  ) {}

  get size(): number {
    return this.entries.size;
  }

  get bytes(): number {
    return this.totalBytes;
  }

  /** The kept tile, at once, and now the most recently used. */
  get(key: TileKey): Tile | undefined {
    const entry = this.entries.get(nameOf(key));
    if (!entry) return undefined;
    this.entries.delete(entry.name);
    this.entries.set(entry.name, entry);
    return entry.tile;
  }

  /** The kept tile, or the one that `make` makes. */
  async getOrMake(key: TileKey, make: () => Promise<Tile>): Promise<Tile> {
    const name = nameOf(key);
    const kept = this.get(key) ?? this.loading.get(name)?.tile;
    if (kept) return kept;
    const loading: Loading = { key, outdated: !this.open, tile: make() };
    this.loading.set(name, loading);
    try {
      const tile = await loading.tile;
      if (!loading.outdated) this.keep({ key, name, tile });
      return tile;
    } finally {
      if (this.loading.get(name) === loading) this.loading.delete(name);
    }
  }

  /** Drops the layer's tiles for which `touched` holds. Returns how many were kept and are gone. */
  evict(ulbId: number, layer: string, touched: (tile: TileAddress) => boolean): number {
    let gone = 0;
    for (const entry of this.layers.get(`${ulbId}/${layer}`) ?? []) {
      if (!touched(entry.key)) continue;
      this.remove(entry);
      gone += 1;
    }
    for (const [name, loading] of this.loading) {
      if (loading.key.ulbId === ulbId && loading.key.layer === layer && touched(loading.key)) {
        this.forget(name, loading);
      }
    }
    return gone;
  }

  clear(): void {
    this.entries.clear();
    this.layers.clear();
    this.totalBytes = 0;
    for (const [name, loading] of this.loading) this.forget(name, loading);
  }

  /** While nobody tells of changes nothing is kept. */
  setOpen(open: boolean): void {
    this.open = open;
    this.clear();
  }

  private forget(name: string, loading: Loading): void {
    loading.outdated = true;
    this.loading.delete(name);
  }

  private keep(entry: Entry): void {
    const old = this.entries.get(entry.name);
    if (old) this.remove(old);
    this.entries.set(entry.name, entry);
    const group = `${entry.key.ulbId}/${entry.key.layer}`;
    const set = this.layers.get(group) ?? new Set();
    this.layers.set(group, set.add(entry));
    this.totalBytes += costOf(entry);
    for (const oldest of this.entries.values()) {
      if (this.totalBytes <= this.maxBytes && this.entries.size <= this.maxEntries) break;
      this.remove(oldest);
    }
  }

  private remove(entry: Entry): void {
    this.entries.delete(entry.name);
    this.layers.get(`${entry.key.ulbId}/${entry.key.layer}`)?.delete(entry);
    this.totalBytes -= costOf(entry);
  }
}

function costOf(entry: Entry): number {
  return (entry.tile.bytes?.length ?? 0) + entryBytes;
}

function nameOf({ ulbId, layer, z, x, y, day }: TileKey): string {
  return `${ulbId}/${layer}/${z}/${x}/${y}/${day}`;
}
