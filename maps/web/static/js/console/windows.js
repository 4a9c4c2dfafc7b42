/** Several windows of one workstation: each shows a part of the desk, all show the same choice. */

import { store, selectIncident } from './state.js';

/** @typedef {'queue'|'map'|'incident'|'units'|'wall'} View */
export const VIEWS = /** @type {const} */ (['queue', 'map', 'incident', 'units', 'wall']);

/** @typedef {{user_id: number|string, city_id: number, view: View|null, incidentId: string|null, unitId: number|null}} Choice */

/** The part of the desk this window shows; null: all of it. @returns {View|null} */
export function ownView() {
  const wanted = new URLSearchParams(location.search).get('view');
  return VIEWS.find((view) => view === wanted) ?? null;
}

/** Open a part of the desk in a window of its own, or bring the one forward that is open. @param {string} view */
export function openWindow(view) {
  const address = `/console?${new URLSearchParams({ city: store.state.city.key, view })}`;
  window.open(address, `goldenhour-${view}`, 'popup')?.focus();
}

/** @type {string} what all the windows were last told or told us */
let known = '';

const choice = () => JSON.stringify([store.state.incidentId, store.state.unitId]);

/** Take what another window chose. Whole desks side by side leave one another alone: they are two desks. @param {Choice} told */
function take(told) {
  const view = ownView();
  if (told.user_id !== store.state.session.user.user_id || told.city_id !== store.state.city.city_id) return;
  if (!view && !told.view) return;
  known = JSON.stringify([told.incidentId, told.unitId]);
  if (known === choice()) return;
  if (told.incidentId !== store.state.incidentId) selectIncident(told.incidentId);
  store.set({ unitId: told.unitId, ...(view === 'units' ? { tab: 'units' } : {}) });
}

export function startWindows() {
  const view = ownView();
  if (view) document.body.dataset.view = view;
  if (view === 'units') store.set({ tab: 'units' });
  const channel = new BroadcastChannel('goldenhour.choice');
  channel.onmessage = ({ data }) => take(data);
  store.on(['incidentId', 'unitId'], () => {
    if (choice() === known) return;
    known = choice();
    const { session, city, incidentId, unitId } = store.state;
    channel.postMessage(/** @type {Choice} */ ({ user_id: session.user.user_id, city_id: city.city_id, view, incidentId, unitId }));
  });
}
