/** The console's state: what was loaded, what is chosen. */

import { now_ms } from '../kit/clock.js';
import { assignmentState } from '../kit/lifecycle.js';
import { createStore } from '../kit/store.js';

/** @typedef {import('../types.d.ts').CityInfo} CityInfo */
/** @typedef {import('../types.d.ts').ConditionShown} ConditionShown */
/** @typedef {import('../types.d.ts').PlaceView} PlaceView */
/** @typedef {import('../types.d.ts').ProtocolView} ProtocolView */
/** @typedef {import('../types.d.ts').Recommendation} Recommendation */
/** @typedef {import('../types.d.ts').Session} Session */
/** @typedef {import('../types.d.ts').UnitView} UnitView */
/** @typedef {import('../types.d.ts').IncidentView & Partial<import('../types.d.ts').IncidentDetail>} Incident  of a list or an event; with calls and patients once it was read by itself */

export const store = createStore({
  session: /** @type {Session} set before anything is shown */ (/** @type {unknown} */ (null)),
  /** @type {CityInfo[]} */ cities: [],
  city: /** @type {CityInfo} set before anything is shown */ (/** @type {unknown} */ (null)),
  /** @type {Map<string, Incident>} */ incidents: new Map(),
  /** @type {Map<number, UnitView>} */ units: new Map(),
  /** @type {string|null} */ incidentId: null,
  /** @type {number|null} */ unitId: null,
  /** @type {'incident'|'units'|'roads'} */ tab: 'incident',
  /** @type {Recommendation|null} of the selected incident */ recommendation: null,
  /** @type {import('../kit/api.js').Problem|null} why there is none */ recommendationProblem: null,
  /** @type {(import('../types.d.ts').Arrivals & {incidentId: string})|null} when the units under way to the selected incident will be there */ arrivals: null,
  /** @type {number|null} the recommended unit that was chosen by hand */ candidateUnit: null,
  /** whether every unit is listed, not the best only */ wholeList: false,
  /** @type {PlaceView[]} places found, shown as numbered rings on the map */ places: [],
  /** @type {((point: {lon: number, lat: number}) => void)|null} */ picking: null,
  /** @type {Map<string, ConditionShown>} road conditions in force and coming */ conditions: new Map(),
  /** @type {string|null} the road condition that was chosen */ conditionId: null,
  /** @type {import('./roads/draft.js').RoadDraft|null} the road condition being drawn */ roadDraft: null,
  /** @type {import('./map/reach.js').Reach|null} how far one comes in some minutes */ reach: null,
  /** @type {ProtocolView|null} */ protocol: null,
  /** @type {{since_ms: number, polled_ms: number|null}|null} */ lost: null,
  /** @type {Map<string, import('./incident/drafts.js').Draft>} calls being taken here, by key */ drafts: new Map(),
  /** @type {string|null} the call shown whose incident the server has not made yet */ draftKey: null,
  /** @type {{assignment_id: string, incident_id: string, unit: string, better: string, loss_s: number}|null} a unit was sent though another would be there first, and nobody said why yet */ deviation: null,
  /** @type {import('../types.d.ts').DeskView[]} the other desks that have the selected incident open */ desks: [],
  loaded: false,
});

/** @param {string} permission */
export const may = (permission) => Boolean(store.state.session?.user?.permissions?.includes(permission));

/** The selected incident. @returns {Incident|null} */
export const selected = () => (store.state.incidentId ? (store.state.incidents.get(store.state.incidentId) ?? null) : null);

/** @typedef {import('../types.d.ts').QueueStep} QueueStep */

/** Where an incident stands now, as the server reckoned it; null once it ended. @param {Incident} incident @returns {QueueStep|null} */
export function stepOf(incident) {
  const begun = incident.queue.filter((step) => Date.parse(step.from_at) <= now_ms());
  return begun.at(-1) ?? incident.queue[0] ?? null;
}

/** Open incidents in the order of what must be done now. @returns {Incident[]} */
export function queueOrder() {
  const open = [...store.state.incidents.values()].flatMap((incident) => {
    const step = stepOf(incident);
    return step ? [{ incident, order: step.order }] : [];
  });
  open.sort((a, b) => {
    const at = a.order.findIndex((value, index) => value !== b.order[index]);
    return at < 0 ? a.incident.number.localeCompare(b.incident.number) : a.order[at] - b.order[at];
  });
  return open.map((one) => one.incident);
}

/** Assignments that hold a unit. @param {Incident} incident */
export const openAssignments = (incident) => incident.assignments.filter((one) => assignmentState(one.state)?.open);

/** Whether it is known where something is.
 * @template {{lon: number|null, lat: number|null}} R
 * @param {R} row @returns {row is R & {lon: number, lat: number}} */
export const located = (row) => row.lon !== null;

/** Index of the unit whose way is drawn strongest: the chosen one, else the first. */
export function candidateIndex() {
  const { recommendation, candidateUnit } = store.state;
  return Math.max(0, recommendation?.units.findIndex((unit) => unit.unit_id === candidateUnit) ?? 0);
}

/** Show a call that has no incident yet. @param {string} draftKey */
export function selectDraft(draftKey) {
  selectIncident(null);
  store.set({ draftKey });
}

/** @param {string|null} incidentId */
export function selectIncident(incidentId) {
  store.set({ incidentId, draftKey: null, unitId: null, tab: 'incident', recommendation: null, recommendationProblem: null, arrivals: null, candidateUnit: null, wholeList: false, places: [], picking: null });
}
