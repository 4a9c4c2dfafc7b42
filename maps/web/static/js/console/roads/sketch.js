/** Drawing on the map: areas, lines, roads picked one by one; by mouse or by keys alone. */

import { post, Problem } from '../../kit/api.js';
import { byId, h } from '../../kit/dom.js';
import { onAppearance, t } from '../../kit/i18n.js';
import { feature, pointFeature, show } from '../../map/features.js';
import { sayProblem } from '../../kit/messages.js';
import { changeDraft, dropDraft, finishDrawing } from './draft.js';
import { store } from '../state.js';

const SAME_PLACE_PX = 6;
const PICK_WITHIN_M = 60;

/** @type {import('../../map/base.js').CityMap} made before anything is drawn */
let map;
/** Where the map was before a drawing began, and what was being looked at. @type {{camera: {center: import('../../map/base.js').maplibre.LngLat, zoom: number}, incidentId: string|null}|null} */
let before = null;
/** Index of the corner being dragged. @type {number|null} */
let dragged = null;

const drawing = () => {
  const draft = store.state.roadDraft;
  return draft?.drawing ? draft : null;
};

/** @param {[number, number]} a @param {[number, number]} b */
function samePlace(a, b) {
  const [from, to] = [map.project(a), map.project(b)];
  return Math.hypot(from.x - to.x, from.y - to.y) < SAME_PLACE_PX;
}

/** A click while drawing; true if it was taken. @param {import('../../map/base.js').MapClick} event */
export function sketchClick(event) {
  if (!drawing()) return false;
  addPoint([event.lngLat.lng, event.lngLat.lat]);
  return true;
}

/** @param {[number, number]} point */
function addPoint(point) {
  const draft = drawing();
  if (!draft) return;
  if (draft.mode === 'edges') return void pickRoad(point);
  const { points } = draft;
  const first = points[0];
  if (draft.mode === 'polygon' && points.length > 2 && samePlace(first, point)) return finishDrawing();
  // The second click of a double click lands where the first did.
  if (points.length && samePlace(points[points.length - 1], point)) return;
  changeDraft({ points: [...points, point] });
}

/** Add the road at a point, or take it away again. @param {[number, number]} point */
async function pickRoad([lon, lat]) {
  const key = drawing()?.key;
  try {
    const { points: [found] } = await post('/v1/routing/snap', {
      city_id: store.state.city.city_id, points: { lonlat: [[lon, lat]], datum: 'wgs84' }, profile: 'ambulance_lights',
      limit_m: PICK_WITHIN_M, geometry: true,
    });
    const draft = drawing();
    if (!draft || draft.key !== key) return;
    const [nearest] = found.candidates;
    if (!nearest) return sayProblem({ code: 'no_road_nearby' });
    const without = draft.pieces.filter((piece) => piece.segment_id !== nearest.segment_id);
    const { segment_id, name, geometry } = nearest;
    changeDraft({ pieces: without.length < draft.pieces.length ? without : [...without, { segment_id, name, geometry }] });
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    sayProblem(problem);
  }
}

export function undoPoint() {
  const draft = drawing();
  if (!draft) return;
  if (draft.mode === 'edges') changeDraft({ pieces: draft.pieces.slice(0, -1) });
  else changeDraft({ points: draft.points.slice(0, -1) });
}

/** Keys while drawing, before any other shortcut; true if it was one. @param {KeyboardEvent} event */
export function sketchKey(event) {
  if (!drawing()) return false;
  const onButton = event.target instanceof HTMLElement && event.target.closest('button, summary, a');
  if (event.key === 'Enter' && !onButton) finishDrawing();
  else if (event.key === 'Backspace') undoPoint();
  else if (event.key === ' ' && !onButton) {
    const { lng, lat } = map.getCenter();
    addPoint([lng, lat]);
  } else return false;
  return true;
}

/** Esc while a condition is being made: stop; true if there was one. */
export function sketchEscape() {
  if (!store.state.roadDraft) return false;
  dropDraft();
  return true;
}

function draw() {
  const draft = store.state.roadDraft;
  const features = [];
  if (draft) {
    const { points, mode, pieces, preview } = draft;
    const seen = preview?.answer?.lines;
    if (seen) features.push(feature(seen, { part: 'hit' }));
    for (const piece of pieces) if (piece.geometry) features.push(feature(piece.geometry, { part: 'piece' }));
    if (mode !== 'edges') {
      if (mode === 'polygon' && points.length > 2) features.push(feature({ type: 'Polygon', coordinates: [[...points, points[0]]] }, { part: 'area' }));
      if (points.length > 1) features.push(feature({ type: 'LineString', coordinates: mode === 'polygon' && !draft.drawing ? [...points, points[0]] : points }, { part: 'line' }));
      points.forEach((point, index) => features.push(pointFeature(point[0], point[1], { part: 'corner', index })));
    }
  }
  show(map, 'sketch', features);
}

function showHint() {
  const draft = drawing();
  const hint = byId('sketch-hint');
  hint.hidden = !draft;
  byId('sketch-cross').hidden = !draft;
  map.getCanvas().style.cursor = draft ? 'crosshair' : '';
  if (draft) map.doubleClickZoom.disable();
  else map.doubleClickZoom.enable();
  if (!draft) return;
  hint.replaceChildren(
    h('span', {}, h('b', {}, t(`road.hint.${draft.mode}`)), h('span', { class: 'small' }, t('road.hint.keys'))),
    h('button', { 'data-testid': 'sketch-undo', onclick: undoPoint }, t('road.undo')),
    h('button', { class: 'primary', 'data-testid': 'sketch-finish', onclick: finishDrawing }, t('road.finish')),
    h('button', { onclick: dropDraft }, t('cancel')));
}

/** Corners can be moved, while drawing and after. @param {import('../../map/base.js').maplibre.MapLayerMouseEvent} event */
function grab(event) {
  const draft = store.state.roadDraft;
  const index = event.features?.[0]?.properties.index;
  if (!draft || index === undefined) return;
  event.preventDefault();
  dragged = index;
  const move = (/** @type {import('../../map/base.js').MapClick} */ at) => {
    const now = store.state.roadDraft;
    if (!now || dragged === null) return;
    const points = now.points.map((point, place) => (place === dragged ? /** @type {[number, number]} */ ([at.lngLat.lng, at.lngLat.lat]) : point));
    changeDraft({ points });
  };
  map.on('mousemove', move);
  map.once('mouseup', () => {
    map.off('mousemove', move);
    dragged = null;
  });
}

/** After a drawing the map goes back to where it was, unless another incident was chosen meanwhile. */
function comeBack() {
  const { roadDraft, incidentId } = store.state;
  if (roadDraft) {
    before ??= { camera: { center: map.getCenter(), zoom: map.getZoom() }, incidentId };
    return;
  }
  const was = before;
  before = null;
  // The new condition is chosen at the same moment, and shown: going back comes after that.
  if (was && was.incidentId === incidentId) queueMicrotask(() => map.easeTo(was.camera));
}

/** Put the drawing back after the style was loaded. */
export const redrawSketch = () => map && draw();

/** @param {import('../../map/base.js').CityMap} made */
export function startSketch(made) {
  map = made;
  map.on('dblclick', () => {
    if (drawing()) finishDrawing();
  });
  map.on('mousedown', 'sketch-corner', grab);
  store.on(['roadDraft'], () => {
    draw();
    showHint();
    comeBack();
  });
  onAppearance(showHint);
}
