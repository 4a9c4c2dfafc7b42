/** The citizen's page: call, push, fetch the nearest AED that is open now. */

import { get, post, Problem } from '../kit/api.js';
import { byId, fill, h } from '../kit/dom.js';
import { addWords, nameOf, onAppearance, sentence, startAppearance, switches, t } from '../kit/i18n.js';
import { CITIZEN_LANGUAGES } from '../words/languages.js';
import { emergencyNumber } from './emergency_number.js';
import { aedCard } from './list.js';
import { lookAtResult, showResult, startAedMap } from './map.js';
import { WORDS } from './words.js';

/** @typedef {{lon: number, lat: number}} Point */

/** @type {import('../types.d.ts').CityInfo[]} */
let cities = [];
/** @type {import('../types.d.ts').CityInfo|null} */
let city = null;
/** @type {Point|null} lives in this page only: never stored, never in an address */
let here = null;
/** @type {import('../types.d.ts').AedsFound|null} */
let answer = null;
let chosen = 0;
/** @type {{key: import('../kit/i18n.js').Key, detail?: string}} */
let hint = { key: 'aed.hint' };

/** @param {Point} point @param {import('../types.d.ts').CityInfo} one */
const inside = (point, one) =>
  point.lon >= one.bbox[0] && point.lon <= one.bbox[2] && point.lat >= one.bbox[1] && point.lat <= one.bbox[3];

function draw() {
  const number = emergencyNumber(city?.time_zone);
  const call = byId('call');
  call.textContent = number ? t('aed.call', { number }) : t('aed.call.neutral');
  if (number) call.setAttribute('href', `tel:${number}`);
  else call.removeAttribute('href');
  fill(byId('locate'), h('span', { 'aria-hidden': 'true' }, '◎ '), t('aed.locate'));
  byId('find-hint').textContent = hint.detail ?? t(hint.key);
  byId('find-hint').classList.toggle('warn', hint.key.startsWith('aed.trouble') || Boolean(hint.detail));
  const choice = byId('city-choice');
  choice.hidden = cities.length < 2;
  fill(byId('city'), cities.map((one) => h('option', { value: one.city_id, selected: one === city }, nameOf(one))));
  fill(byId('source'), city ? `${city.attribution}${city.modelled ? ` · ${t('top.modelled.hint')}` : ''}` : '');
  const list = byId('list');
  if (!answer) fill(list);
  else if (!answer.aeds.length) fill(list, h('li', { class: 'notice' }, t('aed.nothing')));
  else fill(list, answer.aeds.map((aed, index) => aedCard(aed, index, index === chosen, () => choose(index))));
}

/** @param {number} index */
function choose(index) {
  chosen = index;
  draw();
  if (here) showResult(here, answer?.aeds ?? [], chosen);
  lookAtResult();
  byId('map').scrollIntoView({ block: 'nearest', behavior: 'smooth' });
}

/** @type {Promise<void>|null} */
let loading = null;

/** @param {Point} point */
async function search(point) {
  here = point;
  if (!(await haveCity())) return;
  const fitting = cities.find((one) => inside(point, one));
  if (fitting && !(city && inside(point, city))) await setCity(fitting);
  if (!city || !inside(point, city)) {
    answer = null;
    hint = { key: 'aed.trouble.outside' };
    draw();
    showResult(point, [], 0);
    return;
  }
  hint = { key: 'aed.searching' };
  draw();
  try {
    answer = await post('/v1/aeds/nearest', { city_id: city.city_id, point: { ...point, datum: 'wgs84' }, limit: 5 });
    chosen = 0;
    hint = { key: 'aed.found' };
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    answer = null;
    hint = { key: 'aed.trouble', detail: sentence(problem) };
  }
  draw();
  showResult(here, answer?.aeds ?? [], chosen);
  lookAtResult();
}

const TIMED_OUT = 3; // GeolocationPositionError.TIMEOUT
const POSITION_TROUBLE = /** @type {Record<number, import('../kit/i18n.js').Key>} */ ({ 1: 'aed.trouble.denied', 2: 'aed.trouble.position', 3: 'aed.trouble.position' });

function locate() {
  if (!window.isSecureContext || !navigator.geolocation) {
    hint = { key: 'aed.trouble.insecure' };
    return draw();
  }
  hint = { key: 'aed.locating' };
  draw();
  const fail = (/** @type {number} */ reason) => {
    hint = { key: POSITION_TROUBLE[reason] ?? 'aed.trouble.position' };
    draw();
  };
  // Some browsers never answer at all; nobody may be left waiting.
  const watchdog = setTimeout(() => fail(TIMED_OUT), 12_000);
  return navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      clearTimeout(watchdog);
      void search({ lon: coords.longitude, lat: coords.latitude });
    },
    (error) => {
      clearTimeout(watchdog);
      fail(error.code);
    },
    { enableHighAccuracy: true, timeout: 10_000, maximumAge: 30_000 },
  );
}

/** @param {import('../types.d.ts').CityInfo} chosenCity */
async function setCity(chosenCity) {
  city = chosenCity;
  answer = null;
  await startAedMap(byId('map'), city, (point) => void search(point));
}

async function start() {
  addWords(WORDS);
  startAppearance(CITIZEN_LANGUAGES);
  fill(byId('switches'), switches());
  onAppearance(draw);
  byId('locate').addEventListener('click', locate);
  const choice = byId('city', HTMLSelectElement);
  choice.addEventListener('change', async () => {
    const other = cities.find((one) => String(one.city_id) === choice.value);
    if (other) await setCity(other);
    draw();
  });
  draw();
  await haveCity();
  return draw();
}

/** Whether there is a city to search in; asks again where the last answer failed. */
async function haveCity() {
  if (city) return true;
  loading ??= loadCities();
  await loading;
  loading = null;
  return Boolean(city);
}

async function loadCities() {
  try {
    ({ cities } = await get('/v1/cities'));
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    hint = { key: 'aed.trouble', detail: sentence(problem) };
    return draw();
  }
  if (!cities.length) {
    hint = { key: 'error.no_city' };
    return draw();
  }
  const key = new URLSearchParams(location.search).get('city');
  return setCity(cities.find((one) => one.key === key) ?? cities[0]);
}

void start();
