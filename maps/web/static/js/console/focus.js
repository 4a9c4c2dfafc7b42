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

/** How many frames a part that is just being drawn is waited for, wherever the focus goes meanwhile. */
const FRAMES = 20;

/** How long one is waited for that the server is still asked for, as long as nobody goes elsewhere. */
const PATIENCE_MS = 5000;

/** Counts what was asked for: the last one counts. */
let asked = 0;

/** Put the focus into a part of the incident, now or once it is drawn; it opens nothing but its own fields. @param {Part} part */
export function goTo(part) {
  if (part !== 'queue') store.set({ tab: 'incident' });
  asked += 1;
  const mine = asked;
  const at = document.activeElement;
  const until = performance.now() + PATIENCE_MS;
  const attempt = (/** @type {number} */ frames) => {
    const now = document.activeElement;
    const stayed = now === at || now === document.body || now === null;
    if (mine !== asked || (frames > FRAMES && !stayed)) return;
    if (!enter[part]?.() && (frames <= FRAMES || performance.now() < until)) {
      requestAnimationFrame(() => attempt(frames + 1));
    }
  };
  requestAnimationFrame(() => attempt(1));
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
