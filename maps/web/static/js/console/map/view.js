/** The console's map: what the state holds, drawn; what is clicked, told to the state. */

import { get, post, Problem } from '../../kit/api.js';
import { ageSeconds, duration } from '../../kit/clock.js';
import { byId, h } from '../../kit/dom.js';
import { code, t } from '../../kit/i18n.js';
import { ended, unitPhase } from '../../kit/lifecycle.js';
import { boxOf, circle, createMap, fitBox, showCity, showLight } from '../../map/base.js';
import { fanned, groupsOf } from '../../map/fan.js';
import { Motion } from '../../map/motion.js';
import { MarksCanvas } from '../../map/marks_canvas.js';
import { inks, installOverlay } from '../../map/overlay.js';
import { pointsOf } from '../../map/shapes.js';
import { refreshConditionTiles, showConditions } from '../../map/conditions_overlay.js';
import { feature, pointFeature, show } from '../../map/features.js';
import { PRIORITY, STALE_AFTER_S } from '../../kit/symbols.js';
import { refreshRecommendation } from '../incident/actions.js';
import { orderedConditions, stateOf } from '../roads/conditions.js';
import { onPositions } from '../feed.js';
import { isLight, onLight, watchFrames } from './light.js';
import { say } from '../../kit/messages.js';
import { applyLayerChoice } from './tools.js';
import { drawReach, reachClick, refreshReach } from './reach.js';
import { effectOf } from '../roads/effect.js';
import { redrawSketch, sketchClick } from '../roads/sketch.js';
import { candidateIndex, located, openAssignments, selected, selectIncident, store } from '../state.js';

const FRAME_MS = 250;
/** On a light map units move in steps, and only so often. */
const LIGHT_FRAME_MS = 1000;
/** From this zoom on a light map tells the units' call signs. */
const LIGHT_LABEL_ZOOM = 12.5;
const ROUTE_AGAIN_MS = 20_000;
/** Incidents nearer than this cover one another. */
const COVERED_PX = 24;
const MARK_PX = 34;
/** So many stand round their place; of more only the first is shown, with their number. */
const FAN_MOST = 8;
/** Units that stand within such a square share a label. */
const LABEL_PX = 16;
const LABEL_LINES = 3;
/** Side of the world at zoom 0. */
const WORLD_PX = 512;
const motion = new Motion();

/** @type {import('../../map/base.js').CityMap} made before anything is drawn */
let map;
/** On a light map what moves is drawn here. @type {MarksCanvas|null} */
let marks = null;
let lastFrame_ms = 0;
let tilesVersion = 0;
let unitsChanged = true;
let fansShown = false;
let fansDrawn_ms = 0;
/** @type {{unitId: number, geometry: import('../../types.d.ts').LineString, basis: string}|null} */
let unitRoute = null;
/** @type {string|null} */
let fittedIncident = null;
/** @type {number|null} */
let fittedCity = null;

/** @param {import('../../map/marks_canvas.js').MarkSource} source @param {import('../../map/features.js').Feature[]} features */
function showMarks(source, features) {
  if (marks) marks.show(source, features);
  else show(map, source, features);
}

/** What "near" means to a search: where the caller is known to be, else the city's centre; never where the map happens to be. */
export function searchCentre() {
  const incident = selected();
  if (incident && located(incident)) return { lon: incident.lon, lat: incident.lat };
  const [west, south, east, north] = cityBox();
  return { lon: (west + east) / 2, lat: (south + north) / 2 };
}

/** The square of the world, `LABEL_PX` wide, that a place is in at this zoom. @param {number} lon @param {number} lat @param {number} scale */
function squareOf(lon, lat, scale) {
  const y = Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI);
  return `${Math.floor((lon / 360) * scale)} ${Math.floor(y * scale)}`;
}

/** Units that stand at one place share a label: the first has all their lines, or the first lines and how many more.
 * @param {Map<string, {label: string, properties: Record<string, unknown>}[]>} squares */
function shareLabels(squares) {
  for (const together of squares.values()) {
    const lines = together.slice(0, LABEL_LINES).map((one) => one.label);
    if (together.length > LABEL_LINES) lines.push(`+${together.length - LABEL_LINES}`);
    together[0].properties.label = lines.join('\n');
  }
}

/** @param {number} now */
function unitFeatures(now) {
  /** @type {{at: [number, number], properties: Record<string, unknown>}[]} */
  const placed = [];
  const bounds = map.getBounds();
  const labelled = !isLight() || map.getZoom() >= LIGHT_LABEL_ZOOM;
  const scale = (WORLD_PX * 2 ** map.getZoom()) / LABEL_PX;
  /** @type {Map<string, {label: string, properties: Record<string, unknown>}[]>} */
  const squares = new Map();
  for (const unit of store.state.units.values()) {
    const at = motion.at(unit.unit_id, now);
    if (!at) continue;
    const age = ageSeconds(unit.device_at);
    const stale = Boolean(unit.device_at) && age > STALE_AFTER_S;
    const group = unitPhase(unit);
    const properties = /** @type {Record<string, unknown>} */ ({
      unit_id: unit.unit_id, group, stale, order: group === 'available' || group === 'off' ? 0 : 1,
      label: '',
    });
    const label = `${unit.call_sign} ${code('level', unit.level)}${stale ? ` · ${duration(age)}` : ''}`;
    if (unit.heading_deg !== null && (unit.speed_kmh ?? 0) > 2) {
      properties.heading = unit.heading_deg;
      if (labelled) properties.label = label;
    } else if (labelled && bounds.contains(at)) {
      const square = squareOf(at[0], at[1], scale);
      squares.set(square, [...(squares.get(square) ?? []), { label, properties }]);
    }
    placed.push({ at, properties });
  }
  shareLabels(squares);
  return placed.map(({ at, properties }) => pointFeature(at[0], at[1], properties));
}

/** `2026-000129` → `129`: the map has little room. @param {string} number */
const shortNumber = (number) => number.replace(/^.*?0*(\d+)$/, '$1');

/**
 * Incidents that would cover one another stand round their place, each with a line to it; many are
 * one mark, the gravest, with their number.
 * @param {ReturnType<typeof pointFeature>[]} marks
 */
function apart(marks) {
  const placed = marks.map((mark) => {
    const at = /** @type {[number, number]} */ (/** @type {import('../../types.d.ts').Point} */ (mark.geometry).coordinates);
    const { x, y } = map.project(at);
    return { mark, at, x, y };
  });
  placed.sort((a, b) => Number(b.mark.properties.order) - Number(a.mark.properties.order));
  const shown = [];
  const spokes = [];
  for (const group of groupsOf(placed, COVERED_PX)) {
    if (group.length > FAN_MOST) {
      const [{ mark }] = group;
      shown.push({ ...mark, properties: { ...mark.properties, label: `${mark.properties.label} ×${group.length}` } });
      continue;
    }
    const places = fanned(group.length, MARK_PX);
    for (const [index, { mark, at }] of group.entries()) {
      if (group.length === 1) {
        shown.push(mark);
        continue;
      }
      const to = map.unproject([group[0].x + places[index].x, group[0].y + places[index].y]);
      shown.push(pointFeature(to.lng, to.lat, mark.properties));
      spokes.push(feature({ type: 'LineString', coordinates: [at, [to.lng, to.lat]] }, {}));
    }
  }
  return { shown, spokes };
}

function drawIncidents() {
  const marks = [];
  const circles = [];
  for (const incident of store.state.incidents.values()) {
    if (ended(incident) || !located(incident)) continue;
    const chosen = incident.incident_id === store.state.incidentId;
    const category = incident.category && incident.category in PRIORITY ? incident.category : 'none';
    marks.push(pointFeature(incident.lon, incident.lat, {
      incident_id: incident.incident_id, category, confirmed: incident.place_confirmed, label: shortNumber(incident.number),
      // The chosen one above those of its category, never above a graver one.
      order: (chosen ? 0.5 : 0) - Object.keys(PRIORITY).indexOf(category),
    }));
    if (!incident.place_confirmed && incident.uncertainty_m) circles.push(feature(circle(incident.lon, incident.lat, incident.uncertainty_m), {}));
  }
  const { shown, spokes } = apart(marks);
  fansShown = spokes.length > 0;
  fansDrawn_ms = performance.now();
  showMarks('incidents', shown);
  showMarks('fans', spokes);
  show(map, 'uncertainty', circles);
}

function drawRoutes() {
  const features = [];
  const { recommendation, unitId } = store.state;
  const incident = selected();
  if (incident && recommendation && !ended(incident) && recommendOpen()) {
    recommendation.units.slice(0, 9).forEach((unit, index) => {
      if (!unit.route) return;
      const best = index === candidateIndex();
      features.push(feature(unit.route, { rank: index + 1, best, order: best ? 10 : -index, basis: recommendation.basis }));
    });
  }
  if (incident && store.state.arrivals?.incidentId === incident.incident_id) {
    for (const unit of store.state.arrivals.units) if (unit.route) features.push(feature(unit.route, { best: false, order: 5, basis: store.state.arrivals.basis }));
  }
  if (unitRoute && unitRoute.unitId === unitId) features.push(feature(unitRoute.geometry, { best: true, order: 20, basis: unitRoute.basis }));
  show(map, 'routes', features);
}

const recommendOpen = () => document.querySelector('.recommend')?.hasAttribute('open') ?? true;

/** @param {number} now */
function drawSelection(now) {
  const rings = [];
  const incident = selected();
  if (incident && located(incident) && !ended(incident)) rings.push(pointFeature(incident.lon, incident.lat, { radius: 24 }));
  const unit = store.state.unitId === null ? null : motion.at(store.state.unitId, now);
  if (unit) rings.push(pointFeature(unit[0], unit[1], { radius: 18 }));
  showMarks('selection', rings);
}

function drawCandidates() {
  showMarks('candidates', store.state.places.map((place, index) => pointFeature(place.lon, place.lat, { label: String(index + 1) })));
}

/** @param {number} now */
function frame(now) {
  requestAnimationFrame(frame);
  if (now - lastFrame_ms < (isLight() ? LIGHT_FRAME_MS : FRAME_MS) || !map?.getSource('units')) return;
  if (!unitsChanged && !motion.moving(now)) return;
  if (isLight() && map.isMoving()) return; // first the hand that moves the map
  lastFrame_ms = now;
  unitsChanged = false;
  showMarks('units', unitFeatures(now));
  if (store.state.unitId !== null) drawSelection(now);
}

function takeUnits() {
  const now = performance.now();
  for (const unit of store.state.units.values()) if (located(unit)) motion.report(unit.unit_id, unit.lon, unit.lat, now);
  unitsChanged = true;
}

/** @param {import('../../types.d.ts').UnitView} unit */
function onTheWay(unit) {
  const phase = unitPhase(unit);
  return phase === 'notified' || phase === 'en_route';
}

/** Draw the way of the selected unit to its incident. */
export async function refreshOnUnitSelect() {
  const unit = store.state.units.get(store.state.unitId ?? -1);
  const incident = unit?.incident_id ? store.state.incidents.get(unit.incident_id) : null;
  unitRoute = null;
  if (unit && located(unit) && incident && located(incident) && onTheWay(unit)) {
    try {
      const route = await post('/v1/routing/route', {
        city_id: store.state.city.city_id,
        from: { lon: unit.lon, lat: unit.lat, datum: 'wgs84' }, to: { lon: incident.lon, lat: incident.lat, datum: 'wgs84' },
      });
      unitRoute = { unitId: unit.unit_id, geometry: route.geometry, basis: route.basis };
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
    }
  }
  drawRoutes();
}

function drawConditions() {
  showConditions(map, orderedConditions().map((condition) => ({
    condition, planned: stateOf(condition) === 'upcoming', chosen: condition.condition_id === store.state.conditionId, label: effectOf(condition),
  })));
}

let knownConditions = '';

/** Roads have changed: the map, the ways and the times that were shown are old. */
function conditionsChanged() {
  drawConditions();
  const now = JSON.stringify(orderedConditions().map((one) => [one.condition_id, one.version, stateOf(one)]));
  if (now === knownConditions) return;
  const first = knownConditions === '';
  knownConditions = now;
  tilesVersion += 1;
  refreshConditionTiles(map, tilesVersion);
  if (first) return;
  refreshReach();
  void refreshRecommendation();
  if (store.state.unitId !== null) void refreshOnUnitSelect();
}

/** Show a condition that was chosen from the list. */
function showChosenCondition() {
  drawConditions();
  const chosen = store.state.conditions.get(store.state.conditionId ?? '');
  const points = pointsOf(chosen?.geometry);
  if (points.length) fitBox(map, boxOf(points), { padding: 120 });
}

function drawAll() {
  installOverlay(map);
  marks?.remove();
  marks = isLight() ? new MarksCanvas(map, inks(map)) : null;
  applyLayerChoice(map);
  unitsChanged = true;
  drawIncidents();
  drawRoutes();
  drawSelection(performance.now());
  drawCandidates();
  drawConditions();
  refreshConditionTiles(map, tilesVersion);
  drawReach(map);
  redrawSketch();
}

/** Where the city works: all its units' places, else its whole extent. */
function cityBox() {
  const places = [...store.state.units.values()].filter(located).map((unit) => [unit.lon, unit.lat]);
  return places.length > 1 ? boxOf(/** @type {[number, number][]} */ (places)) : store.state.city.bbox;
}

/** Show the chosen incident with the ways to it, once, when they are first known. */
function fitFirstRoutes() {
  const { recommendation, incidentId } = store.state;
  if (!recommendation || recommendation.incident_id !== incidentId || fittedIncident === incidentId) return;
  if (!recommendOpen() || !recommendation.units.some((unit) => unit.route)) return;
  fittedIncident = incidentId;
  fitWork();
}

/** Show the working city once, when its units are first known. */
function fitFirstUnits() {
  const key = store.state.city.city_id;
  if (fittedCity === key || !store.state.units.size) return;
  fittedCity = key;
  if (!selected()) fitBox(map, cityBox(), { padding: 60, duration: 0 });
}

/** Fit the selected incident with its units and routes, else the city. */
export function fitWork() {
  const incident = selected();
  if (!incident || !located(incident)) return fitBox(map, cityBox(), { padding: 60 });
  const points = /** @type {[number, number][]} */ ([[incident.lon, incident.lat]]);
  const routes = store.state.recommendation?.units.slice(0, 5) ?? [];
  for (const unit of routes) if (unit.route && recommendOpen()) points.push(...unit.route.coordinates);
  for (const one of openAssignments(incident)) {
    const at = motion.at(one.unit_id, performance.now());
    if (at) points.push(at);
  }
  if (points.length === 1) return map.easeTo({ center: points[0], zoom: Math.max(map.getZoom(), 15) });
  return fitBox(map, boxOf(points), { padding: 80 });
}

/** Bring a point into view. @param {number} lon @param {number} lat @param {number} [zoom] */
export function lookAt(lon, lat, zoom = 15.5) {
  map.easeTo({ center: [lon, lat], zoom: Math.max(map.getZoom(), zoom) });
}

/** @param {import('../../map/base.js').MapClick} event */
function clicked(event) {
  if (sketchClick(event)) return;
  if (store.state.picking) {
    const pick = store.state.picking;
    store.set({ picking: null });
    pick({ lon: event.lngLat.lng, lat: event.lngLat.lat });
    return;
  }
  const mark = marks?.at(event.point, 6);
  if (reachClick(map, event, mark ?? null)) return;
  /** @type {[[number, number], [number, number]]} */
  const around = [[event.point.x - 6, event.point.y - 6], [event.point.x + 6, event.point.y + 6]];
  const hit = mark ?? map.queryRenderedFeatures(around, { layers: ['incident', 'unit', 'condition-mark'] })[0];
  if (!hit) return;
  const { condition_id: conditionId, incident_id: incidentId, unit_id: unitId } = /** @type {{condition_id?: string, incident_id?: string, unit_id: number}} */ (hit.properties);
  if (conditionId) return void store.set({ conditionId, tab: 'roads' });
  if (incidentId) return void selectIncident(incidentId);
  store.set({ unitId });
  void refreshOnUnitSelect();
}

export function startMap() {
  map = createMap(byId('map'), store.state.city, drawAll, { light: isLight() });
  onLight((light) => showLight(map, light));
  watchFrames(map, () => say(t('map.light.chosen')));
  map.on('click', clicked);
  // Marks that stand apart do so on the screen: while it zooms their places change.
  map.on('zoom', () => {
    if (fansShown && performance.now() - fansDrawn_ms > FRAME_MS) drawIncidents();
  });
  map.on('zoomend', () => {
    drawIncidents();
    unitsChanged = true;
  });
  map.on('moveend', () => { unitsChanged = true; });
  let overMark = false;
  const aiming = () => store.state.picking || store.state.roadDraft?.drawing;
  for (const layer of ['incident', 'unit', 'condition-mark']) {
    map.on('mouseenter', layer, () => { map.getCanvas().style.cursor = aiming() ? 'crosshair' : 'pointer'; });
    map.on('mouseleave', layer, () => { map.getCanvas().style.cursor = aiming() ? 'crosshair' : ''; });
  }
  map.on('mousemove', (event) => {
    if (!marks || aiming()) return;
    const over = marks.at(event.point, 0) !== null;
    if (over !== overMark) map.getCanvas().style.cursor = over ? 'pointer' : '';
    overMark = over;
  });
  const hint = byId('map-hint');
  store.on(['picking'], () => {
    hint.hidden = !store.state.picking;
    hint.replaceChildren(t('place.pick.hint'), ' ', h('button', { onclick: () => store.set({ picking: null }) }, t('cancel')));
    map.getCanvas().style.cursor = store.state.picking ? 'crosshair' : '';
  });
  store.on(['units'], () => { takeUnits(); fitFirstUnits(); });
  store.on(['recommendation'], fitFirstRoutes);
  store.on(['incidents', 'incidentId'], () => { drawIncidents(); drawSelection(performance.now()); });
  store.on(['recommendation', 'arrivals', 'candidateUnit', 'unitId', 'incidents'], drawRoutes);
  store.on(['conditions'], conditionsChanged);
  store.on(['conditionId'], showChosenCondition);
  store.on(['reach'], () => drawReach(map));
  store.on(['unitId'], () => drawSelection(performance.now()));
  store.on(['places'], () => {
    drawCandidates(); // and the map stays where it is while somebody types
  });
  store.on(['incidentId'], () => {
    const incident = selected();
    if (incident && located(incident) && !map.getBounds().contains([incident.lon, incident.lat])) lookAt(incident.lon, incident.lat, 13.5);
  });
  store.on(['city'], () => {
    motion.clear();
    showCity(map, store.state.city);
  });
  onPositions((positions) => {
    const now = performance.now();
    for (const one of positions) motion.report(one.unit_id, one.lon, one.lat, now);
  });
  setInterval(() => {
    unitsChanged = true; // ages and stale marks move on without reports
    if (store.state.unitId !== null) void refreshOnUnitSelect();
  }, ROUTE_AGAIN_MS);
  requestAnimationFrame(frame);
  return map;
}

/** Read the protocol once it is first needed. */
export async function loadProtocol() {
  if (!store.state.protocol) store.set({ protocol: await get('/v1/protocol') });
}
