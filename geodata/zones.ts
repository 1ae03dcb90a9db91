import type { Points } from './copy.js';
import { contains, ringArea } from './plane.js';
import type { Face, Street } from './streets.js';

/**
 * A face with every junction that lies on its walls as a point of its own, so that it shares all its points
 * with its neighbours: then their common borders are the same numbers.
 */
export function withJunctions(face: Face, streets: ReadonlySet<Street>): Points {
  const ring: Points = { xs: [], ys: [] };
  for (let i = 0; i < face.xs.length; i += 1) {
    const next = (i + 1) % face.xs.length;
    const [ax, ay] = [face.xs[i] as number, face.ys[i] as number];
    const [bx, by] = [face.xs[next] as number, face.ys[next] as number];
    ring.xs.push(ax);
    ring.ys.push(ay);
    const wall = face.via[i] as Street;
    if (!streets.has(wall)) continue;
    const length2 = (bx - ax) ** 2 + (by - ay) ** 2;
    const on = wall.junctions
      .map(({ x, y }) => ({ x, y, share: ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length2 }))
      .filter(({ x, y, share }) => {
        const off = Math.abs((x - ax) * (by - ay) - (y - ay) * (bx - ax)) / Math.sqrt(length2);
        return off < 0.001 && share > 0 && share < 1 && !same(x, y, ax, ay) && !same(x, y, bx, by);
      })
      .sort((one, other) => one.share - other.share);
    for (const { x, y } of on) {
      ring.xs.push(x);
      ring.ys.push(y);
    }
  }
  return ring;
}

const same = (ax: number, ay: number, bx: number, by: number) =>
  Math.abs(ax - bx) < 0.001 && Math.abs(ay - by) < 0.001;

/**
 * The union of rings that share their points exactly: borders that two of them have fall away, and what is
 * left is drawn together again. Returns polygons, each an outer ring and its holes.
 */
export function dissolve(rings: readonly Points[]): Points[][] {
  const edges = new Map<string, { x: number; y: number; toX: number; toY: number }>();
  for (const { xs, ys } of rings) {
    for (let i = 0; i < xs.length; i += 1) {
      const next = (i + 1) % xs.length;
      const [x, y, toX, toY] = [xs[i] as number, ys[i] as number, xs[next] as number, ys[next] as number];
      if (!edges.delete(`${toX} ${toY} ${x} ${y}`)) edges.set(`${x} ${y} ${toX} ${toY}`, { x, y, toX, toY });
    }
  }
  const from = new Map<string, { x: number; y: number; toX: number; toY: number }[]>();
  for (const edge of edges.values()) {
    const key = `${edge.x} ${edge.y}`;
    from.set(key, [...(from.get(key) ?? []), edge]);
  }
  const found: Points[] = [];
  for (const start of edges.values()) {
    if (!from.get(`${start.x} ${start.y}`)?.includes(start)) continue;
    const ring: Points = { xs: [], ys: [] };
    let edge = start;
    for (;;) {
      ring.xs.push(edge.x);
      ring.ys.push(edge.y);
      const leaving = from.get(`${edge.x} ${edge.y}`) ?? [];
      leaving.splice(leaving.indexOf(edge), 1);
      if (edge.toX === start.x && edge.toY === start.y) break;
      const options = from.get(`${edge.toX} ${edge.toY}`) ?? [];
      const next = leftmost(edge, options);
      if (!next) break;
      edge = next;
    }
    found.push(ring);
  }
  const outer = found.filter((ring) => ringArea(ring) > 0);
  const holes = found.filter((ring) => ringArea(ring) < 0);
  return outer.map((ring) => [
    ring,
    ...holes.filter((hole) =>
      contains(
        ring,
        ((hole.xs[0] as number) + (hole.xs[1] as number)) / 2,
        ((hole.ys[0] as number) + (hole.ys[1] as number)) / 2,
      ),
    ),
  ]);
}

type Edge = { x: number; y: number; toX: number; toY: number };

/**
 * Where several borders leave a point, the sharpest turn to the left keeps pieces apart that only touch
 * there.
 */
function leftmost(edge: Edge, options: Edge[]): Edge | undefined {
  const turn = (option: Edge) => {
    const [ux, uy] = [edge.toX - edge.x, edge.toY - edge.y];
    const [vx, vy] = [option.toX - option.x, option.toY - option.y];
    return Math.atan2(ux * vy - uy * vx, ux * vx + uy * vy);
  };
  return options.toSorted((one, other) => turn(other) - turn(one))[0];
}
