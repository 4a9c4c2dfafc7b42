/** Loading the lists, and keeping them current by the stream or, without it, by polling. */

import { get, Problem, request } from '../kit/api.js';
import { t } from '../kit/i18n.js';
import { ended } from '../kit/lifecycle.js';
import { startLive } from '../live/live.js';
import { readAdvisories } from './advisories.js';
import { readCrewAlarms } from './safety/crew_alarms.js';
import { roadEvent } from './roads/conditions.js';
import { say, sayProblem } from '../kit/messages.js';
import { heardPresence } from './presence.js';
import { loginEnded } from './signed_out.js';
import { selectIncident, store } from './state.js';

const POLL_MS = 5000;
const RETRY_MS = 3000;
const PAGE = 500;

/** @type {Set<(positions: import('../types.d.ts').VehiclePosition[]) => void>} */
const positionListeners = new Set();
/** @param {(positions: import('../types.d.ts').VehiclePosition[]) => void} listener */
export const onPositions = (listener) => positionListeners.add(listener);

/** @type {{close: () => void}|null} */
let live = null;
let pollTimer = 0;
let followed = 0;

/** Load the city's lists, however long the server is away, then follow its stream from there. */
export async function follow() {
  live?.close();
  live = null;
  clearInterval(pollTimer);
  followed += 1;
  const mine = followed;
  const city = store.state.city;
  const from = await firstLists(() => mine === followed);
  if (mine !== followed) return;
  void readAdvisories();
  void readCrewAlarms();
  store.set({ lost: null });
  live = startLive(city.city_id, from, {
    onDomain: applyEvent,
    onGone: dropIncident,
    onPositions: applyPositions,
    onResync: () => {
      void loadLists().catch(untilNext);
      void readAdvisories();
    },
    onPresence: heardPresence,
    onLogout: loginEnded,
    onLost: (lost, since_ms) => {
      store.set({ lost: lost ? { since_ms, polled_ms: null } : null });
      clearInterval(pollTimer);
      if (lost) {
        void poll();
        pollTimer = window.setInterval(() => void poll(), POLL_MS);
      }
    },
  });
}

/** @param {() => boolean} wanted @returns {Promise<string|null>} */
async function firstLists(wanted) {
  for (;;) {
    try {
      return await loadLists();
    } catch (problem) {
      if (!wanted()) return null;
      if (!(problem instanceof Problem) || !problem.temporary) throw problem;
      sayProblem(problem);
      store.set({ lost: store.state.lost ?? { since_ms: Date.now(), polled_ms: null } });
      await new Promise((resume) => { setTimeout(resume, RETRY_MS); });
      if (!wanted()) return null;
    }
  }
}

/** The banner already says that nothing comes in; the next poll or resync tries again.
 * @param {unknown} problem */
function untilNext(problem) {
  if (!(problem instanceof Problem)) throw problem;
}

async function poll() {
  try {
    await loadLists();
    if (store.state.lost) store.set({ lost: { ...store.state.lost, polled_ms: Date.now() } });
  } catch (problem) {
    untilNext(problem);
  }
}

/** For each load under way the incidents and units that changed here since it began.
 * @type {Set<Set<string|number>>} */
const loads = new Set();
let loadsStarted = 0;
let newestLoad = 0;

/** @param {string|number} id */
function noteChange(id) {
  for (const changed of loads) changed.add(id);
}

/** @returns {Promise<string|null>} the stream position the lists stand at */
async function loadLists() {
  const changed = new Set();
  loadsStarted += 1;
  const mine = loadsStarted;
  loads.add(changed);
  try {
    const cityId = store.state.city.city_id;
    const { incidents, units, position } = await readLists(cityId);
    if (store.state.city.city_id !== cityId || mine < newestLoad) return position;
    newestLoad = mine;
    takeLists(incidents, units, changed);
    return position;
  } finally {
    loads.delete(changed);
  }
}

/** @param {number} cityId */
async function readLists(cityId) {
  const first = await request('GET', `/v1/incidents?city_id=${cityId}&open=true&limit=${PAGE}`);
  const position = first.headers.get('X-Stream-Position');
  const incidents = [...first.data.incidents];
  let cursor = first.data.next_cursor;
  while (cursor) {
    const more = await get(`/v1/incidents?city_id=${cityId}&open=true&limit=${PAGE}&cursor=${encodeURIComponent(cursor)}`);
    incidents.push(...more.incidents);
    cursor = more.next_cursor;
  }
  const { units } = await get(`/v1/units?city_id=${cityId}`);
  return { incidents, units, position };
}

/**
 * Put the lists in place of what is held. What changed here while they were read is newer than they
 * are: it stays, unless a row's version says otherwise, and what was dropped stays away.
 * @param {import('./state.js').Incident[]} incidents @param {import('../types.d.ts').UnitView[]} units @param {Set<string|number>} changed
 */
function takeLists(incidents, units, changed) {
  const freshIncidents = new Map();
  for (const row of incidents) {
    const known = store.state.incidents.get(row.incident_id);
    const touched = changed.has(row.incident_id);
    if (known) freshIncidents.set(row.incident_id, newer(row, known, touched) ? merged(known, row) : known);
    else if (!touched) freshIncidents.set(row.incident_id, row);
  }
  const looked = store.state.incidentId;
  for (const [id, known] of store.state.incidents) {
    // One that is being looked at stays readable after its end.
    if (!freshIncidents.has(id) && (changed.has(id) || id === looked)) freshIncidents.set(id, known);
  }
  const freshUnits = new Map();
  for (const row of units) {
    const known = store.state.units.get(row.unit_id);
    freshUnits.set(row.unit_id, known ? mergedUnit(known, newer(row, known, changed.has(row.unit_id)) ? row : known, row) : row);
  }
  for (const [id, known] of store.state.units) if (!freshUnits.has(id) && changed.has(id)) freshUnits.set(id, known);
  store.set({ incidents: freshIncidents, units: freshUnits, loaded: true });
  if (looked && !incidents.some((incident) => incident.incident_id === looked)) void rereadLooked(looked);
}

/** @param {{version: number}} row @param {{version: number}} known @param {boolean} touched  known has changed since the row was asked for */
const newer = (row, known, touched) => row.version > known.version || (row.version === known.version && !touched);

/** What left the list has ended, or is no longer for this viewer. @param {string} incidentId */
async function rereadLooked(incidentId) {
  try {
    await reload(incidentId);
  } catch (problem) {
    if (problem instanceof Problem && [403, 404].includes(problem.status)) dropIncident(incidentId);
    else untilNext(problem);
  }
}

/** Read one incident anew. @param {string} incidentId */
export async function reload(incidentId) {
  const incident = await get(`/v1/incidents/${incidentId}`);
  putIncident(incident);
  return incident;
}

/** Show an incident, also one that ended and is in no list. @param {string} incidentId */
export async function openIncident(incidentId) {
  await reload(incidentId);
  selectIncident(incidentId);
}

/** Take an incident, unless a newer one is known. @param {import('./state.js').Incident} incident */
export function putIncident(incident) {
  const known = store.state.incidents.get(incident.incident_id);
  store.state.incidents.set(incident.incident_id, known ? merged(known, incident) : incident);
  noteChange(incident.incident_id);
  store.touch('incidents');
}

/** The newer of two states of an incident. Lists and events carry no calls and patients: those that
 * a reading brought are kept. @param {import('./state.js').Incident} known @param {import('./state.js').Incident} incoming */
function merged(known, incoming) {
  if (known.version > incoming.version) return known;
  return { calls: known.calls, patients: known.patients, ...incoming };
}

/** Take an incident off the desk that is no longer this viewer's. @param {string} incidentId */
function dropIncident(incidentId) {
  noteChange(incidentId);
  if (!store.state.incidents.delete(incidentId)) return;
  store.touch('incidents');
  if (store.state.incidentId !== incidentId) return;
  selectIncident(null);
  say(t('incident.gone'), 'bad');
}

/** @param {import('../types.d.ts').DomainFrame} event */
function applyEvent(event) {
  if (event.subject_kind === 'incident' && !event.incident) dropIncident(event.subject_id);
  if (event.incident && event.incident.city_id === store.state.city.city_id) {
    putIncident(event.incident);
    forgetOldClosed();
  }
  // Events carry no patients: those of the incident that is looked at are read.
  if (event.type === 'incident.patient_added' && event.subject_id === store.state.incidentId) void rereadLooked(event.subject_id);
  if (event.unit) putUnit(event.unit);
  if (event.subject_kind === 'advisory') void readAdvisories();
  if (/^unit\.(distress|welfare)/.test(event.type)) void readCrewAlarms();
  roadEvent(event);
}

/** @param {import('../types.d.ts').UnitView} unit */
function putUnit(unit) {
  const known = store.state.units.get(unit.unit_id);
  if (known && known.version > unit.version) return;
  store.state.units.set(unit.unit_id, mergedUnit(known, unit, unit));
  noteChange(unit.unit_id);
  store.touch('units');
}

/**
 * A unit as `state` tells it, at the later of the positions known and reported.
 * @param {import('../types.d.ts').UnitView|undefined} known @param {import('../types.d.ts').UnitView} state @param {import('../types.d.ts').UnitView} report
 */
function mergedUnit(known, state, report) {
  const from = known?.device_at && (!report.device_at || known.device_at > report.device_at) ? known : report;
  const { lon, lat, heading_deg, speed_kmh, device_at, received_at } = from;
  return { ...known, ...state, lon, lat, heading_deg, speed_kmh, device_at, received_at };
}

const KEPT_CLOSED = 50;

function forgetOldClosed() {
  const closed = [...store.state.incidents.values()].filter(
    (incident) => ended(incident) && incident.incident_id !== store.state.incidentId,
  );
  for (const incident of closed.slice(0, Math.max(0, closed.length - KEPT_CLOSED))) {
    store.state.incidents.delete(incident.incident_id);
  }
}

/** @param {import('../types.d.ts').VehiclePosition[]} positions */
function applyPositions(positions) {
  for (const position of positions) {
    const unit = store.state.units.get(position.unit_id);
    if (unit) Object.assign(unit, position);
  }
  for (const listener of positionListeners) listener(positions);
}
