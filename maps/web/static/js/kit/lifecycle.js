/** What the states of incidents and units mean: read from the server, never kept here. */

import { get } from './api.js';

/** @typedef {import('../types.d.ts').LifecycleView} LifecycleView */
/** @typedef {import('../types.d.ts').IncidentStateView} IncidentStateView */
/** @typedef {import('../types.d.ts').AssignmentStateView} AssignmentStateView */
/** @typedef {import('../types.d.ts').UnitPhase} UnitPhase */

/** @type {Map<string, IncidentStateView>} */
let incidents = new Map();
/** @type {Map<string, AssignmentStateView>} in the order of their progress */
let assignments = new Map();
/** @type {LifecycleView['outcomes']} */
let outcomes = [];
/** @type {LifecycleView['alarms']} */
let alarms = [];

/** @param {LifecycleView} lifecycle */
export function takeLifecycle(lifecycle) {
  incidents = new Map(lifecycle.incident_states.map((one) => [one.state, one]));
  assignments = new Map(lifecycle.assignment_states.map((one) => [one.state, one]));
  outcomes = lifecycle.outcomes;
  alarms = lifecycle.alarms;
}

/** Read it, before anything that has a state is shown. */
export async function loadLifecycle() {
  takeLifecycle(await get('/v1/lifecycle'));
}

/** Whether an incident asks for no attention any more. @param {{state: string}} incident */
export const ended = (incident) => incidents.get(incident.state)?.ended ?? false;

/** Whether nobody has been sent yet. @param {{state: string}} incident */
export const waiting = (incident) => incidents.get(incident.state)?.waiting ?? false;

/** What a state of an assignment means. @param {string} state @returns {AssignmentStateView|undefined} */
export const assignmentState = (state) => assignments.get(state);

/** The next steps on offer, the usual ones in their order, ways out last.
 * @template {string} S @param {S[]} states @returns {S[]} */
export function inOrder(states) {
  const rank = [...assignments.keys()];
  const key = (/** @type {S} */ state) => {
    const known = assignments.get(state);
    return (known?.exit ? 2000 : 0) + (known?.usual ? 1000 : 0) + rank.indexOf(state);
  };
  return [...states].sort((a, b) => key(a) - key(b));
}

/** The step that crews usually report next. @param {string[]} states */
export const usualStep = (states) => inOrder(states).find((state) => assignments.get(state)?.usual);

/** What sounds at a desk. */
export const alarmKinds = () => alarms;

/** How an incident may end. */
export const possibleOutcomes = () => outcomes;

/**
 * What a unit is doing, as maps and lists tell units apart.
 * @param {{assignment_state?: string|null, status?: string, on_shift?: boolean}} unit @returns {UnitPhase}
 */
export function unitPhase(unit) {
  const phase = assignments.get(unit.assignment_state ?? '')?.phase;
  if (phase) return phase;
  return unit.status === 'NotAvailable' || unit.on_shift === false ? 'off' : 'available';
}
