/** The dispatcher's console: who is there, which city, then everything comes alive. */

import { get, Problem } from '../kit/api.js';
import { startAges } from '../kit/clock.js';
import { byId, fill, h } from '../kit/dom.js';
import { addWords, sentence, startAppearance, switches, t } from '../kit/i18n.js';
import { loadLifecycle } from '../kit/lifecycle.js';
import { startCommandBar } from './command_bar.js';
import { startConditions } from './roads/conditions.js';
import { sendAll, startDrafts } from './incident/drafts.js';
import { follow, reload } from './feed.js';
import { startIncidentPanel } from './incident/panel.js';
import { startKeys } from './keys.js';
import { startPanes } from './panes.js';
import { startMapTools } from './map/tools.js';
import { fitWork, loadProtocol, startMap } from './map/view.js';
import { sayProblem } from '../kit/messages.js';
import { startNewCall } from './incident/new_call.js';
import { startOffers } from './incident/offers.js';
import { startPresence } from './presence.js';
import { startQueue } from './queue.js';
import { toLogin } from '../kit/sign_in.js';
import { startSignedOut } from './signed_out.js';
import { startSearch } from './search.js';
import { startSounds } from './sounds.js';
import { startSketch } from './roads/sketch.js';
import { may, selectIncident, store } from './state.js';
import { startAdvisories } from './advisories.js';
import { startCrewAlarms } from './safety/crew_alarms.js';
import { signOut, startBanner, startTopbar } from './topbar.js';
import { startTabs, startUnitsPanel } from './units_panel.js';
import { WORDS as STAFF_WORDS } from '../staff/words.js';
import { ownView, startWindows } from './windows.js';
import { WORDS } from './words.js';

const RETRY_MS = 3000;

/** @param {{code?: string, detail?: string}} problem */
function stop(problem) {
  fill(byId('queue'), h('p', { class: 'notice bad', role: 'alert' }, sentence(problem)));
  // Without the desk there is still a way out: to one's own pages, or to another account.
  if (problem.code === 'no_console') {
    fill(byId('topbar'),
      h('a', { class: 'brand', href: '/' }, 'GoldenHour'), h('span', { class: 'grow' }), ...switches(),
      h('button', { class: 'quiet', 'data-testid': 'sign-out', onclick: signOut }, t('top.sign_out')));
  }
}

/** Without a login there is no console. */
async function signedIn() {
  const session = await get('/v1/session');
  if (!session.user) throw new Problem({ status: 401, code: 'not_authenticated' });
  if (!session.user.permissions.includes('incident_read')) throw new Problem({ status: 403, code: 'no_console' });
  return session;
}

/** @param {import('../types.d.ts').CityInfo[]} cities */
function chosenCity(cities) {
  const key = new URLSearchParams(location.search).get('city');
  return cities.find((city) => city.key === key) ?? cities[0];
}

async function start() {
  addWords(STAFF_WORDS);
  addWords(WORDS);
  startAppearance();
  const [session, { cities }] = await whenBack(() => Promise.all([signedIn(), get('/v1/cities')]), stop);
  if (!cities.length) throw new Problem({ status: 404, code: 'no_city' });
  await whenBack(loadLifecycle, stop);
  store.set({ session, cities, city: chosenCity(cities) });
  startTopbar();
  startBanner();
  startAdvisories();
  startCrewAlarms();
  startPanes();
  startWindows();
  startSignedOut(resume);
  if (ownView() === 'wall') (await import('./wall.js')).startWall();
  startTabs();
  startQueue();
  startSounds(byId('sounds'));
  const map = startMap();
  startMapTools(map, fitWork);
  startSketch(map);
  startIncidentPanel();
  startOffers();
  startPresence();
  startUnitsPanel();
  startRoads();
  startCommandBar();
  startNewCall(byId('new-call'));
  startSearch(byId('queue-head'));
  startKeys();
  startAges();
  startConditions();
  /** @type {any} */ (window).goldenhour = { map, store };
  // Before kept calls are sent: one that gets its incident now must not take its place.
  const looked = new URLSearchParams(location.search).get('incident');
  if (looked) selectIncident(looked);
  if (may('incident_write')) startDrafts();
  await Promise.all([follow().then(() => lookAgain(looked)), whenBack(loadProtocol, sayProblem)]);
}

/** The roads' panel is fetched when its tab is first opened, or a drawing begins. */
function startRoads() {
  let fetched = false;
  const look = () => {
    if (fetched || (store.state.tab !== 'roads' && !store.state.roadDraft)) return;
    fetched = true;
    void import('./roads/panel.js').then(({ startRoadsPanel }) => startRoadsPanel());
  };
  store.on(['tab', 'roadDraft'], look);
  look();
}

/** The same person is signed in again: take up the stream, send what was kept. */
async function resume() {
  await follow();
  sendAll();
}

/** Show the incident that was being looked at when this page was left or loaded anew. @param {string|null} looked */
async function lookAgain(looked) {
  if (looked && !store.state.incidents.has(looked)) await reload(looked).catch(() => null);
  if (looked && store.state.incidentId === looked) {
    if (store.state.incidents.has(looked)) store.touch('incidentId');
    else selectIncident(null);
  }
  store.on(['incidentId'], rememberLooked);
  rememberLooked();
}

function rememberLooked() {
  const query = new URLSearchParams(location.search);
  if (store.state.incidentId) query.set('incident', store.state.incidentId);
  else query.delete('incident');
  history.replaceState(null, '', query.size ? `/console?${query}` : '/console');
}

/**
 * A server that is away or just starting is waited for, and the page says so.
 * @template T
 * @param {() => Promise<T>} read @param {(problem: Problem) => void} tell @returns {Promise<T>}
 */
async function whenBack(read, tell) {
  for (;;) {
    try {
      return await read();
    } catch (problem) {
      if (!(problem instanceof Problem) || !problem.temporary) throw problem;
      tell(problem);
      await new Promise((resume) => { setTimeout(resume, RETRY_MS); });
    }
  }
}

start().catch((problem) => {
  if (problem?.status === 401) toLogin();
  else if (problem instanceof Problem) stop(problem);
  else {
    stop({ detail: t('error.unknown') });
    throw problem;
  }
});
