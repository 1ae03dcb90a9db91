/**
 * Joins parcels into one piece of land where a property stands on several of them. Takes the parcels of each such
 * property; gives for each parcel the one that stands for its piece, which is the smallest id of the piece.
 */
export function joinParcels(lands: readonly (readonly string[])[]): Map<string, string> {
  const above = new Map<string, string>();
  const root = (parcel: string): string => {
    let at = parcel;
    for (let next = above.get(at); next !== undefined; next = above.get(at)) at = next;
    // Every parcel passed on the way points at the root from now on, so that long chains are walked once.
    for (let walk = parcel; walk !== at;) {
      const next = above.get(walk)!;
      above.set(walk, at);
      walk = next;
    }
    return at;
  };
  const seen = new Set<string>();
  for (const parcels of lands) {
    for (const parcel of parcels) {
      seen.add(parcel);
      const [a, b] = [root(parcels[0]!), root(parcel)];
      if (a !== b) above.set(a < b ? b : a, a < b ? a : b);
    }
  }
  return new Map([...seen].map((parcel) => [parcel, root(parcel)]));
}
