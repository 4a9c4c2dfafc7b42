/** Where the focus goes: to a part of the incident when it is asked for, and after each step to the next thing to fill in. */

import { byId } from '../kit/dom.js';
import { openAssignments, store } from './state.js';

/** @typedef {'queue'|'call'|'place'|'triage'|'units'|'stamps'|'patient'|'remark'|'close'} Part */

/** What puts the focus into each part of the incident that is shown; false: there is nothing to fill in.
 * @type {Partial<Record<Part, () => boolean>>} */
const enter = {
  queue: () => {
    focusQueue();
    return true;
  },
};

/** @param {Part} part @param {() => boolean} focus */
export function onEnter(part, focus) {
  enter[part] = focus;
}

/** What an incident waits for. @param {import('./state.js').Incident} incident @returns {Part} */
export function nextStep(incident) {
  if (incident.lon === null) return 'place';
  if (!incident.coded_at) return 'triage';
  return openAssignments(incident).length && !incident.missing.length ? 'stamps' : 'units';
}

/** How many frames a part that is just being drawn is waited for. */
const TRIES = 20;

/** Put the focus into a part of the incident, now or once it is drawn; it opens nothing but its own fields. @param {Part} part */
export function goTo(part) {
  if (part !== 'queue') store.set({ tab: 'incident' });
  const attempt = (/** @type {number} */ tries) => {
    if (!enter[part]?.() && tries > 0) requestAnimationFrame(() => attempt(tries - 1));
  };
  requestAnimationFrame(() => attempt(TRIES));
}

/**
 * Note where the focus is before a step; the function returned takes it on, unless somebody has put
 * it elsewhere meanwhile.
 * @returns {(part: Part) => void}
 */
export function fromHere() {
  const at = document.activeElement;
  return (part) => {
    const now = document.activeElement;
    if (now === at || now === document.body || now === null) goTo(part);
  };
}

/** Put the focus into the queue, on the row of the incident that is shown. */
export function focusQueue() {
  const queue = byId('queue');
  (/** @type {HTMLElement|null} */ (queue.querySelector('[aria-current="true"]')) ?? queue).focus();
}
