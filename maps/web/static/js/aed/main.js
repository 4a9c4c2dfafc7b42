/** The citizen's page: the words stand in its HTML; this finds the number and the AEDs of a position. */

import { get, post, Problem } from '../kit/api.js';
import { distance } from '../kit/clock.js';
import { byId, fill, h } from '../kit/dom.js';
import { addWords, language, nameOf, onAppearance, startAppearance, switches, t } from '../kit/i18n.js';
import { settings } from '../kit/settings.js';
import { CITIZEN_LANGUAGES } from '../words/languages.js';
import { hoursInWords, openAt } from './hours.js';
import { keepArea, keepPage, keptArea } from './kept.js';
import { aedCard } from './list.js';
import { straightLine } from './place.js';
import { WORDS } from './words.js';

/** @typedef {import('./place.js').Point} Point */
/** @typedef {import('./list.js').Shown} Shown */

const SHOWN = 8;
const POOR_M = 50;
const MOVED_M = 15;
/** So far from where the walks were asked for, they are asked for anew: the way follows whoever walks. */
const WALKED_M = 40;
const WALKS_PAUSE_MS = 10_000;
/** So far from where the list was asked for, it is asked for anew. */
const ASKED_ANEW_M = 300;

/** @type {Point|null} lives in this page only: never stored, never in an address */
let here = null;
let accuracy_m = 0;
/** @type {Point|null} */
let askedAt = null;
/** @type {Point|null} where the walks begin */
let walkedFrom = null;
let walksAsked_ms = 0;
/** @type {import('../types.d.ts').AedsAround|null} */
let around = null;
/** @type {Map<number, import('../types.d.ts').AedView>} the walks of the nearest, once they are known */
let walks = new Map();
/** @type {number[]} ids in the order in which they stand, which only a search or a press changes */
let order = [];
/** @type {number|null} */
let chosen = null;
/** @type {'network'|'server'|null} what is away */
let away = null;
/** Whether somebody has put a finger on the list since it was made. */
let touched = false;
/** @type {import('../kit/i18n.js').Key} */
let hint = 'aed.hint';
/** @type {typeof import('./map.js')|null} */
let map = null;

/** @returns {Shown[]} every device of the answer as it is now, from where the phone is now */
function devices() {
  if (!around?.city || !here) return [];
  const now_ms = Date.now();
  const until_ms = Date.parse(around.valid_until_at);
  const at = here;
  const walked = walkedFrom && straightLine(walkedFrom, at) < MOVED_M;
  const zone = around.city.time_zone;
  return around.aeds.map((aed) => {
    const known = walks.get(aed.aed_id);
    const walk = walked ? known : undefined;
    return {
      ...aed,
      open: openAt(aed.periods, now_ms, until_ms),
      hours: hoursInWords(aed.periods, now_ms, until_ms, zone),
      distance_m: walk?.walking_distance_m ?? straightLine(at, aed),
      walking_time_s: walk?.walking_time_s ?? null,
      straight: walk ? walk.basis === 'straight_line' : true,
      // The way stays drawn under whoever walks it, until the next one is known.
      route: known?.route ?? null,
    };
  });
}

const RANK = /** @type {Record<string, number>} */ ({ true: 0, null: 1, false: 2 });

/** @param {Shown[]} all */
const sorted = (all) =>
  [...all].sort((a, b) => RANK[String(a.open)] - RANK[String(b.open)]
    || (a.walking_time_s !== null && b.walking_time_s !== null ? a.walking_time_s - b.walking_time_s : a.distance_m - b.distance_m))
    .map((one) => one.aed_id);

/** @param {Shown[]} all the first open ones and the first of each other kind */
function worthShowing(all) {
  const nearest = sorted(all);
  const byId = new Map(all.map((one) => [one.aed_id, one]));
  const open = nearest.filter((id) => byId.get(id)?.open === true).slice(0, SHOWN);
  const unknown = nearest.filter((id) => byId.get(id)?.open === null).slice(0, Math.max(3, SHOWN - open.length));
  return [...open, ...unknown, ...nearest.filter((id) => byId.get(id)?.open === false).slice(0, 3)];
}

const age = () => {
  const minutes = Math.max(1, Math.round((Date.now() - Date.parse(around?.at ?? '')) / 60_000));
  if (minutes < 90) return t('aed.age.minutes', { n: minutes });
  return minutes < 48 * 60 ? t('aed.age.hours', { n: Math.round(minutes / 60) }) : t('aed.age.days', { n: Math.round(minutes / 1440) });
};

const GROUPS = /** @type {{open: boolean|null, word: import('../kit/i18n.js').Key|null}[]} */ ([
  { open: true, word: null }, { open: null, word: 'aed.unknown.group' }, { open: false, word: 'aed.closed.group' },
]);

function drawNumber() {
  const number = away ? null : around?.emergency_number;
  const call = byId('call');
  call.textContent = number ? t('aed.call', { number }) : t('aed.call.neutral');
  if (number) call.setAttribute('href', `tel:${number}`);
  else call.removeAttribute('href');
  byId('numbers').hidden = Boolean(number);
}

function draw() {
  drawNumber();
  const none = hint === 'aed.found' && around?.aeds.length && !devices().some((one) => one.open);
  byId('find-hint').textContent = away && around ? t(away === 'network' ? 'aed.kept' : 'aed.kept.server', { age: age() }) : t(none ? 'aed.none_open' : hint);
  byId('find-hint').classList.toggle('warn', hint.startsWith('aed.trouble') || away !== null || Boolean(none));
  const poor = here !== null && accuracy_m > POOR_M;
  byId('accuracy').hidden = !poor;
  byId('accuracy').textContent = poor ? t('aed.accuracy.poor', { metres: Math.round(accuracy_m / 10) * 10 }) : '';
  const city = around?.city;
  byId('source').textContent = city ? `${city.attribution}${city.modelled ? ` · ${t('top.modelled.hint')}` : ''}` : '';
  const all = devices();
  const byNumber = new Map(all.map((one) => [one.aed_id, one]));
  const shown = order.flatMap((id) => byNumber.get(id) ?? []);
  byId('locate').textContent = t(shown.length ? 'aed.again' : 'aed.locate');
  byId('locate').classList.toggle('done', shown.length > 0);
  byId('sort').hidden = !shown.length || worthShowing(all).join() === order.join();
  drawList(shown);
  if (here) map?.showResult(here, accuracy_m, shown, shown.findIndex((one) => one.aed_id === chosen));
}

/** What the list says now: it is put in anew only when that changes, and never under a finger. */
let said = '';
let pressed = false;

/** @param {Shown[]} shown */
function drawList(shown) {
  if (pressed) return;
  const says = JSON.stringify([language(), chosen, Boolean(map), around?.city?.city_id, shown.map((one) => ({ ...one, route: null, distance_m: distance(one.distance_m) }))]);
  if (says === said) return;
  said = says;
  const list = byId('list');
  const focused = /** @type {HTMLElement|null} */ (document.activeElement?.closest('[data-aed]') ?? null);
  const within = focused ? [...focused.querySelectorAll('a, button')].indexOf(/** @type {Element} */ (document.activeElement)) : -1;
  if (!shown.length) {
    fill(list, around?.city ? h('p', { class: 'notice' }, t('aed.nothing')) : '');
    return;
  }
  let index = 0;
  fill(list, GROUPS.flatMap(({ open, word }) => {
    const group = shown.filter((one) => one.open === open);
    if (!group.length) return [];
    return [word && h('h3', {}, t(word)), h('ol', { class: 'aed-list' }, group.map((aed) => {
      const place = index++;
      return aedCard(aed, place, aed.aed_id === chosen, around?.city?.time_zone ?? 'UTC', {
        choose: () => choose(aed.aed_id), report: () => void report(aed), showMap: map ? showMap : null,
      });
    }))];
  }));
  const again = focused && list.querySelectorAll(`[data-aed="${focused.dataset.aed}"] :is(a, button)`)[within];
  if (again instanceof HTMLElement) again.focus({ preventScroll: true });
}

/** @param {number} id */
function choose(id) {
  chosen = id;
  draw();
  map?.lookAtResult();
}

function showMap() {
  map?.lookAtResult();
  byId('map').scrollIntoView({ block: 'center' });
}

/** @param {Shown} aed */
async function report(aed) {
  const { openReport } = await import('./report.js');
  openReport(aed, (reported) => {
    if (around) around = { ...around, aeds: around.aeds.map((one) => (one.aed_id === aed.aed_id ? { ...one, reported } : one)) };
    draw();
  });
}

function sortAgain() {
  order = worthShowing(devices());
  touched = false;
  draw();
}

/** Bring the map once the list stands: it is the heaviest thing here and the last one needed. */
async function bringMap() {
  if (map || !around?.city) return;
  const found = await import('./map.js');
  byId('map').hidden = false;
  await found.startAedMap(byId('map'), around.city, tapped);
  map = found;
  draw();
  map.lookAtResult();
}

/** @param {Point} point @param {number} uncertainty_m */
async function search(point, uncertainty_m) {
  here = point;
  askedAt = point;
  accuracy_m = uncertainty_m;
  hint = 'aed.searching';
  draw();
  const place = { ...point, datum: 'wgs84', uncertainty_m: Math.min(uncertainty_m, 50_000) };
  try {
    around = await post('/v1/aeds/around', { point: place, limit: 60 });
    away = null;
    walks = new Map();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    await withoutServer(problem);
    return;
  }
  hint = around.city ? 'aed.found' : 'aed.trouble.outside';
  settle();
  void keepArea(around);
  if (!around.city) return;
  await walk(around.city.city_id, place);
  if (!touched) order = worthShowing(devices());
  draw();
  await bringMap();
}

/** A new list: the nearest that is open is chosen. */
function settle() {
  order = worthShowing(devices());
  chosen = order[0] ?? null;
  touched = false;
  draw();
}

/** @param {number} cityId @param {{lon: number, lat: number, datum: string, uncertainty_m: number}} place */
async function walk(cityId, place) {
  walksAsked_ms = Date.now();
  try {
    const found = await post('/v1/aeds/nearest', { city_id: cityId, point: place, limit: 10 });
    walks = new Map(found.aeds.map((one) => [one.aed_id, one]));
    walkedFrom = place;
  } catch (problem) {
    // Straight lines stand in the list already, and say so.
    if (!(problem instanceof Problem)) throw problem;
  }
}

/** Whoever has walked on is told the way from there; the list keeps its order. @param {Point} point */
async function walkOn(point) {
  const city = around?.city;
  if (!city || away || Date.now() - walksAsked_ms < WALKS_PAUSE_MS || (walkedFrom && straightLine(walkedFrom, point) < WALKED_M)) return;
  await walk(city.city_id, { ...point, datum: 'wgs84', uncertainty_m: Math.min(accuracy_m, 50_000) });
  draw();
}

/** @param {Problem} problem */
async function withoutServer(problem) {
  around = (await keptArea()) ?? around;
  away = problem.status === 0 ? 'network' : 'server';
  walks = new Map();
  const nearest = Math.min(...devices().map((one) => one.distance_m));
  if (!(nearest < 20_000)) {
    around = null;
    hint = problem.status === 0 ? 'aed.trouble.network' : 'aed.trouble.server';
  }
  settle();
}

/** @param {GeolocationPosition} position */
function moved({ coords }) {
  const point = { lon: coords.longitude, lat: coords.latitude };
  if (!askedAt || straightLine(askedAt, point) > ASKED_ANEW_M) {
    void search(point, coords.accuracy);
    return;
  }
  here = point;
  accuracy_m = coords.accuracy;
  draw();
  void walkOn(point);
}

const POSITION_TROUBLE = /** @type {Record<number, import('../kit/i18n.js').Key>} */ ({ 1: 'aed.trouble.denied', 2: 'aed.trouble.position', 3: 'aed.trouble.position' });
/** @type {number|null} */
let watching = null;

/** @param {import('../kit/i18n.js').Key} trouble */
function noPosition(trouble) {
  if (here) return;
  hint = trouble;
  byId('on-map').hidden = false;
  draw();
}

function locate() {
  if (!window.isSecureContext || !navigator.geolocation) return noPosition('aed.trouble.insecure');
  hint = 'aed.locating';
  draw();
  if (watching !== null) navigator.geolocation.clearWatch(watching);
  askedAt = null;
  // Some browsers never answer at all; nobody may be left waiting.
  const watchdog = setTimeout(() => noPosition('aed.trouble.position'), 12_000);
  watching = navigator.geolocation.watchPosition(
    (position) => {
      clearTimeout(watchdog);
      moved(position);
    },
    (error) => {
      clearTimeout(watchdog);
      noPosition(POSITION_TROUBLE[error.code] ?? 'aed.trouble.position');
    },
    { enableHighAccuracy: true, timeout: 10_000, maximumAge: 30_000 },
  );
  return undefined;
}

/** Who says where they are is believed: the phone's own position no longer moves the list. @param {Point} point */
function tapped(point) {
  if (watching !== null) navigator.geolocation.clearWatch(watching);
  watching = null;
  void search(point, 0);
}

/** Show the map of a city, to be tapped by whoever has no position. */
async function chooseOnMap() {
  let cities;
  try {
    ({ cities } = await get('/v1/cities'));
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    return noPosition(problem.status === 0 ? 'aed.trouble.network' : 'aed.trouble.server');
  }
  const key = new URLSearchParams(location.search).get('city');
  const first = cities.find((one) => one.key === key) ?? cities[0];
  if (!first) return noPosition('aed.trouble.outside');
  const choice = byId('city', HTMLSelectElement);
  fill(choice, cities.map((one) => h('option', { value: one.city_id, selected: one === first }, nameOf(one))));
  byId('city-choice').hidden = cities.length < 2;
  hint = 'aed.onmap.hint';
  draw();
  byId('map').hidden = false;
  map = await import('./map.js');
  const shown = map;
  choice.onchange = () => {
    const other = cities.find((one) => String(one.city_id) === choice.value);
    if (other) void shown.startAedMap(byId('map'), other, tapped);
  };
  await shown.startAedMap(byId('map'), first, tapped);
  byId('map').scrollIntoView({ block: 'nearest' });
  return undefined;
}

async function start() {
  const asked = CITIZEN_LANGUAGES.find((one) => one === new URLSearchParams(location.search).get('lang'));
  if (asked) settings.languages.unshift(asked);
  addWords(WORDS);
  startAppearance(CITIZEN_LANGUAGES);
  fill(byId('switches'), switches());
  onAppearance(draw);
  byId('locate').hidden = false;
  byId('on-map').hidden = false;
  byId('locate').addEventListener('click', locate);
  byId('on-map').addEventListener('click', () => void chooseOnMap());
  byId('sort').addEventListener('click', sortAgain);
  byId('list').addEventListener('pointerdown', () => { pressed = true; });
  for (const end of ['pointerup', 'pointercancel']) addEventListener(end, () => setTimeout(() => { pressed = false; draw(); }));
  for (const sign of ['pointerdown', 'focusin']) byId('list').addEventListener(sign, () => { touched = true; });
  draw();
  await keepPage().catch((/** @type {unknown} */ error) => {
    // Storage may be full or switched off: the page then works with a network only.
    if (!(error instanceof DOMException || error instanceof TypeError)) throw error;
  });
}

void start();
