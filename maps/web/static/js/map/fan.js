/** Marks that would cover one another: which lie together, and where each of them is drawn. */

const TURN = 2 * Math.PI;

/**
 * Marks nearer than `near_px` to the first of a group are of that group, in the order given.
 * @template {{x: number, y: number}} P  in pixels of the screen
 * @param {P[]} points @param {number} near_px @returns {P[][]}
 */
export function groupsOf(points, near_px) {
  /** @type {P[][]} */
  const groups = [];
  for (const point of points) {
    const group = groups.find(([first]) => Math.hypot(first.x - point.x, first.y - point.y) < near_px);
    if (group) group.push(point);
    else groups.push([point]);
  }
  return groups;
}

/**
 * Where `count` marks stand round a place so that none covers another: the first on top, then clockwise.
 * @param {number} count @param {number} size_px  of a mark @returns {{x: number, y: number}[]}  pixels from the place
 */
export function fanned(count, size_px) {
  if (count < 2) return [{ x: 0, y: 0 }];
  const radius = size_px / 2 / Math.sin(Math.PI / count);
  return Array.from({ length: count }, (_, index) => ({
    x: radius * Math.sin((index / count) * TURN), y: -radius * Math.cos((index / count) * TURN),
  }));
}
