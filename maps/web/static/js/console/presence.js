/** Who else has the incident open that is shown here: said every few seconds, and asked at once when somebody came or went. */

import { newKey, Problem, put, request } from '../kit/api.js';
import { isSignedOut } from './signed_out.js';
import { store } from './state.js';
import { ownView } from './windows.js';

/** A desk that has said nothing for 25 s counts as gone. */
const EVERY_MS = 8000;

/** This page, as long as it is open. */
const DESK = newKey();

let asked = 0;

/** Say what is open here, and read who else has it open. */
async function say() {
  asked += 1;
  const mine = asked;
  const { incidentId } = store.state;
  if (!incidentId || isSignedOut()) return;
  try {
    const { desks } = await put(`/v1/incidents/${incidentId}/desks/${DESK}`, undefined);
    if (mine === asked) store.set({ desks: [...desks] });
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    // Without an answer nobody is shown: who was there may have gone. The next look asks again.
    if (mine === asked) store.set({ desks: [] });
  }
}

/** Nothing is open here any more. */
function leave() {
  request('DELETE', `/v1/desks/${DESK}`, { keepalive: true }).catch((problem) => {
    if (!(problem instanceof Problem)) throw problem;
  });
}

/** Somebody opened or left an incident. @param {string} incidentId */
export function heardPresence(incidentId) {
  if (incidentId === store.state.incidentId) void say();
}

export function startPresence() {
  // Windows beside the incident's own show the same choice: they are not one more desk.
  if (![null, 'incident'].includes(ownView())) return;
  let shown = /** @type {string|null} */ (null);
  store.on(['incidentId'], () => {
    const { incidentId } = store.state;
    if (incidentId === shown) return;
    const left = shown !== null && incidentId === null;
    shown = incidentId;
    store.set({ desks: [] });
    if (left) leave();
    else void say();
  });
  store.on(['lost'], () => {
    if (store.state.lost) store.set({ desks: [] });
    else void say();
  });
  setInterval(() => void say(), EVERY_MS);
  addEventListener('pagehide', () => {
    if (store.state.incidentId) leave();
  });
  shown = store.state.incidentId;
  void say();
}
