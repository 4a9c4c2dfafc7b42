/** The console's state: what was loaded, what is chosen. */

import { createStore } from '../kit/store.js';

/** States in which an incident asks for attention. */
export const CLOSED_STATES = new Set(['closed', 'cancelled']);

export const store = createStore({
  /** @type {any} */ session: null,
  /** @type {any[]} */ cities: [],
  /** @type {any} */ city: null,
  /** @type {Map<string, any>} */ incidents: new Map(),
  /** @type {Map<number, any>} */ units: new Map(),
  /** @type {string|null} */ incidentId: null,
  /** @type {number|null} */ unitId: null,
  /** @type {'incident'|'units'|'roads'} */ tab: 'incident',
  /** @type {any} the recommendation of the selected incident */ recommendation: null,
  /** @type {number|null} the recommended unit that was chosen; null stands for the first */ candidateUnit: null,
  /** whether every unit is listed, not the best only */ wholeList: false,
  /** @type {any[]} places found, shown as numbered rings on the map */ places: [],
  /** @type {((point: {lon: number, lat: number}) => void)|null} */ picking: null,
  /** @type {Map<string, any>} road conditions in force and coming */ conditions: new Map(),
  /** @type {string|null} the road condition that was chosen */ conditionId: null,
  /** @type {import('./roads/draft.js').RoadDraft|null} the road condition being drawn */ roadDraft: null,
  /** @type {import('./map/reach.js').Reach|null} how far one comes in some minutes */ reach: null,
  /** @type {any} */ protocol: null,
  /** @type {{since_ms: number, polled_ms: number|null}|null} */ lost: null,
  /** @type {Map<string, any>} calls being taken here, by key */ drafts: new Map(),
  /** @type {string|null} the call shown whose incident the server has not made yet */ draftKey: null,
  loaded: false,
});

/** @param {string} permission */
export const may = (permission) => Boolean(store.state.session?.user?.permissions?.includes(permission));

/** The selected incident. @returns {any} */
export const selected = () => (store.state.incidentId ? (store.state.incidents.get(store.state.incidentId) ?? null) : null);

const PRIORITY_ORDER = /** @type {Record<string, number>} */ ({ C1: 0, C2: 1, C3: 3, C4: 4 });

/** Open incidents, most urgent first, then oldest first. An uncoded one stands after C2. @returns {any[]} */
export function queueOrder() {
  const open = [...store.state.incidents.values()].filter((incident) => !CLOSED_STATES.has(incident.state));
  const rank = (/** @type {any} */ incident) => PRIORITY_ORDER[incident.category] ?? 2;
  return open.sort((a, b) => rank(a) - rank(b) || Date.parse(a.received_at) - Date.parse(b.received_at));
}

/** Assignments that hold a unit. @param {any} incident @returns {any[]} */
export const openAssignments = (incident) =>
  (incident.assignments ?? []).filter((/** @type {any} */ one) => !ENDED.has(one.state));

const ENDED = new Set(['suggested', 'pre_alerted', 'available', 'home', 'cancelled', 'diverted', 'handed_over', 'no_transport']);

/** Index of the unit that Enter would send. */
export function candidateIndex() {
  const { recommendation, candidateUnit } = store.state;
  return Math.max(0, recommendation?.units?.findIndex((/** @type {any} */ unit) => unit.unit_id === candidateUnit) ?? 0);
}

/** Show a call that has no incident yet. @param {string} draftKey */
export function selectDraft(draftKey) {
  selectIncident(null);
  store.set({ draftKey });
}

/** @param {string|null} incidentId */
export function selectIncident(incidentId) {
  store.set({ incidentId, draftKey: null, unitId: null, tab: 'incident', recommendation: null, candidateUnit: null, wholeList: false, places: [], picking: null });
}
