/** Where a label can stand straight along a bent line. */
export interface StraightRun {
  x: number;
  y: number;
  /**
   * Clockwise from the x axis in radians, between -90 and 90 degrees so that the text is never upside down.
   */
  rotation: number;
  /** In the unit of the coordinates. */
  length: number;
}

/** More than this between the first and the last direction and a straight label would leave the line. */
const mostBend = (14 * Math.PI) / 180;

const turn = (a: number, b: number): number => Math.abs(Math.atan2(Math.sin(a - b), Math.cos(a - b)));

/**
 * The longest part of a line (x, y, x, y ...) that hardly bends. Scripts whose letters join or carry marks,
 * such as Devanagari, are drawn whole on it: bent letter by letter along the line they fall to pieces.
 */
export function longestStraightRun(flat: ArrayLike<number>): StraightRun | null {
  let best: StraightRun | null = null;
  let start = 0;
  let heading: number | null = null;
  for (let at = 2; at + 1 < flat.length; at += 2) {
    const direction = Math.atan2(y(flat, at) - y(flat, at - 2), x(flat, at) - x(flat, at - 2));
    if (heading === null || turn(direction, heading) > mostBend) {
      start = at - 2;
      heading = direction;
    }
    const run = between(flat, start, at);
    if (!best || run.length > best.length) best = run;
  }
  return best && best.length > 0 ? best : null;
}

const x = (flat: ArrayLike<number>, at: number): number => flat[at] ?? 0;
const y = (flat: ArrayLike<number>, at: number): number => flat[at + 1] ?? 0;

function between(flat: ArrayLike<number>, from: number, to: number): StraightRun {
  const [dx, dy] = [x(flat, to) - x(flat, from), y(flat, to) - y(flat, from)];
  let angle = Math.atan2(dy, dx);
  if (angle > Math.PI / 2) angle -= Math.PI;
  if (angle <= -Math.PI / 2) angle += Math.PI;
  return {
    x: x(flat, from) + dx / 2,
    y: y(flat, from) + dy / 2,
    // The map counts upwards, the screen downwards.
    rotation: -angle,
    length: Math.hypot(dx, dy),
  };
}
