/** Geometry of hand-drawn shapes: whether they can be used, where their label stands. */

/** @typedef {[number, number]} LonLat */

/** Twice the signed area of a triangle. @param {LonLat} a @param {LonLat} b @param {LonLat} c */
const turn = (a, b, c) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

/** Whether two segments share a point. @param {LonLat} a @param {LonLat} b @param {LonLat} c @param {LonLat} d */
export function segmentsMeet(a, b, c, d) {
  const [abc, abd, cda, cdb] = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)];
  if (((abc > 0 && abd < 0) || (abc < 0 && abd > 0)) && ((cda > 0 && cdb < 0) || (cda < 0 && cdb > 0))) return true;
  /** @param {LonLat} p @param {LonLat} q @param {LonLat} r */
  const within = (p, q, r) => Math.min(p[0], q[0]) <= r[0] && r[0] <= Math.max(p[0], q[0])
    && Math.min(p[1], q[1]) <= r[1] && r[1] <= Math.max(p[1], q[1]);
  return (abc === 0 && within(a, b, c)) || (abd === 0 && within(a, b, d))
    || (cda === 0 && within(c, d, a)) || (cdb === 0 && within(c, d, b));
}

/** Whether the closed outline of `points` crosses or touches itself. @param {LonLat[]} points */
export function crossesItself(points) {
  const count = points.length;
  for (let i = 0; i < count; i += 1) {
    for (let j = i + 1; j < count; j += 1) {
      const neighbours = j === i + 1 || (i === 0 && j === count - 1);
      if (neighbours) continue;
      if (segmentsMeet(points[i], points[(i + 1) % count], points[j], points[(j + 1) % count])) return true;
    }
  }
  return false;
}

/** What keeps a drawing from being used; null if nothing does.
 * @param {'polygon'|'line'} mode @param {LonLat[]} points @returns {'few'|'crossed'|null} */
export function drawingFault(mode, points) {
  if (points.length < (mode === 'polygon' ? 3 : 2)) return 'few';
  return mode === 'polygon' && crossesItself(points) ? 'crossed' : null;
}

/** The drawing as GeoJSON. @param {'polygon'|'line'} mode @param {LonLat[]} points
 * @returns {import('../types.d.ts').LineStringIn|import('../types.d.ts').PolygonIn} */
export const drawnGeometry = (mode, points) => (mode === 'polygon'
  ? { type: 'Polygon', coordinates: [[...points, points[0]]] }
  : { type: 'LineString', coordinates: points });

/** All points of a GeoJSON geometry. @param {import('./features.js').Geometry|null|undefined} geometry @returns {LonLat[]} */
export function pointsOf(geometry) {
  switch (geometry?.type) {
    case 'Point': return [geometry.coordinates];
    case 'LineString': return geometry.coordinates;
    case 'MultiLineString':
    case 'Polygon': return geometry.coordinates.flat();
    case 'MultiPolygon': return geometry.coordinates.flat(2);
    default: return [];
  }
}

/** Where a label of the geometry stands: the middle vertex of its longest line, or the middle of
 * the box of its outline. @param {import('./features.js').Geometry} geometry @returns {LonLat|null} */
export function labelPoint(geometry) {
  if (/Polygon$/.test(geometry?.type ?? '')) {
    const points = pointsOf(geometry);
    const middle = (/** @type {number[]} */ values) => (Math.min(...values) + Math.max(...values)) / 2;
    return [middle(points.map((point) => point[0])), middle(points.map((point) => point[1]))];
  }
  const lines = geometry?.type === 'MultiLineString' ? geometry.coordinates : [pointsOf(geometry)];
  const longest = lines.reduce((/** @type {LonLat[]} */ best, /** @type {LonLat[]} */ line) => (length(line) > length(best) ? line : best), lines[0] ?? []);
  return longest.length ? halfway(longest) : null;
}

/** Length in degrees, good enough to compare. @param {LonLat[]} line */
const length = (line) => line.slice(1).reduce((sum, point, index) => sum + Math.hypot(point[0] - line[index][0], point[1] - line[index][1]), 0);

/** @param {LonLat[]} line @returns {LonLat} */
function halfway(line) {
  let left = length(line) / 2;
  for (let index = 1; index < line.length; index += 1) {
    const [from, to] = [line[index - 1], line[index]];
    const step = Math.hypot(to[0] - from[0], to[1] - from[1]);
    if (step >= left && step > 0) {
      const share = left / step;
      return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
    }
    left -= step;
  }
  return line[0];
}
