/** Loading the lists, and keeping them current by the stream or, without it, by polling. */

import { get, request } from '../api.js';
import { startLive } from '../live/live.js';
import { CLOSED_STATES, store } from './state.js';

const POLL_MS = 5000;
const PAGE = 500;

/** @type {Set<(positions: any[]) => void>} */
const positionListeners = new Set();
/** @param {(positions: any[]) => void} listener */
export const onPositions = (listener) => positionListeners.add(listener);

/** @type {{close: () => void}|null} */
let live = null;
let pollTimer = 0;

/** Load the city's lists, then follow its stream from where they stand. */
export async function follow() {
  live?.close();
  const city = store.state.city;
  const from = await loadLists();
  if (store.state.city !== city) return;
  live = startLive(city.city_id, from, {
    onDomain: applyEvent,
    onPositions: applyPositions,
    onResync: () => void loadLists().catch(ignoreUntilNext),
    onLogout: () => location.assign('/login'),
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

/** The banner already says that nothing comes in; the next poll or resync tries again. */
function ignoreUntilNext() {}

async function poll() {
  try {
    await loadLists();
    if (store.state.lost) store.set({ lost: { ...store.state.lost, polled_ms: Date.now() } });
  } catch {
    ignoreUntilNext();
  }
}

/** @returns {Promise<string|null>} the stream position the lists stand at */
async function loadLists() {
  const cityId = store.state.city.city_id;
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
  if (store.state.city.city_id !== cityId) return position;
  const known = store.state.incidents;
  const fresh = new Map(incidents.map((incident) => [incident.incident_id, incident]));
  for (const [id, incident] of known) {
    const newer = fresh.get(id);
    // An event may have overtaken the list; a closed one that is being looked at stays readable.
    if (newer) fresh.set(id, merged(incident, newer));
    else if (id === store.state.incidentId) fresh.set(id, incident);
  }
  store.set({ incidents: fresh, units: new Map(units.map((/** @type {any} */ unit) => [unit.unit_id, unit])), loaded: true });
  const looked = store.state.incidentId;
  if (looked && !incidents.some((incident) => incident.incident_id === looked)) void reload(looked).catch(ignoreUntilNext);
  return position;
}

/** Read one incident anew. @param {string} incidentId */
export async function reload(incidentId) {
  const incident = await get(`/v1/incidents/${incidentId}`);
  putIncident(incident);
  return incident;
}

/** Take an incident, unless a newer one is known. @param {any} incident */
export function putIncident(incident) {
  const known = store.state.incidents.get(incident.incident_id);
  store.state.incidents.set(incident.incident_id, known ? merged(known, incident) : incident);
  store.touch('incidents');
}

/** The newer of two states of an incident. Lists and events carry no calls and patients: those that
 * a reading brought are kept. @param {any} known @param {any} incoming */
function merged(known, incoming) {
  if (known.version > incoming.version) return known;
  return { calls: known.calls, patients: known.patients, ...incoming };
}

/** @param {any} event */
function applyEvent(event) {
  if (event.incident && event.incident.city_id === store.state.city.city_id) {
    putIncident(event.incident);
    forgetOldClosed();
  }
  if (event.unit) putUnit(event.unit);
}

/** @param {any} unit */
function putUnit(unit) {
  const known = store.state.units.get(unit.unit_id);
  if (known && known.version > unit.version) return;
  const merged = { ...known, ...unit };
  if (known?.device_at && (!unit.device_at || known.device_at > unit.device_at)) {
    const { lon, lat, heading_deg, speed_kmh, device_at, received_at } = known;
    Object.assign(merged, { lon, lat, heading_deg, speed_kmh, device_at, received_at });
  }
  store.state.units.set(unit.unit_id, merged);
  store.touch('units');
}

const KEPT_CLOSED = 50;

function forgetOldClosed() {
  const closed = [...store.state.incidents.values()].filter(
    (incident) => CLOSED_STATES.has(incident.state) && incident.incident_id !== store.state.incidentId,
  );
  for (const incident of closed.slice(0, Math.max(0, closed.length - KEPT_CLOSED))) {
    store.state.incidents.delete(incident.incident_id);
  }
}

/** @param {any[]} positions */
function applyPositions(positions) {
  for (const position of positions) {
    const unit = store.state.units.get(position.unit_id);
    if (unit) Object.assign(unit, position);
  }
  for (const listener of positionListeners) listener(positions);
}
