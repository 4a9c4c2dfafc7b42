/** What every page on the shell knows: who is there, what is allowed, which city. */

import { get, Problem } from '../kit/api.js';
import { rememberCity, rememberedCity } from '../kit/settings.js';
import { computed, signal } from '../kit/view.js';
import { now_ms } from '../kit/clock.js';

/** @typedef {import('../types.d.ts').Session} Session */
/** @typedef {import('../types.d.ts').CityInfo} CityInfo */

/** What the server wrote into the page: its address and title. @type {{path: string, title: {zh: string, en: string}, public: boolean}} */
export const page = JSON.parse(document.getElementById('page-data')?.textContent ?? '{"path":"/","title":{"zh":"","en":""},"public":true}');

/** @type {import('../kit/view.js').Signal<Session|null>} null: nobody is logged in, or it is not known yet */
export const session = signal(null);
/** @type {import('../kit/view.js').Signal<CityInfo[]>} */
export const cities = signal([]);
const cityKey = signal(new URLSearchParams(location.search).get('city') ?? rememberedCity());
/** The city that is looked at; null where none is loaded. @type {import('../kit/view.js').ReadonlySignal<CityInfo|null>} */
export const city = computed(() => cities.value.find((one) => one.key === cityKey.value) ?? cities.value[0] ?? null);

/** @param {string} key */
export function chooseCity(key) {
  cityKey.value = key;
  rememberCity(key);
  const address = new URL(location.href);
  address.searchParams.set('city', key);
  history.replaceState(null, '', address);
}

/** Whether the viewer holds a permission somewhere. @param {string} permission */
export const can = (permission) => session.value?.user.permissions.includes(permission) ?? false;

/**
 * - `reading` nothing is known yet
 * - `open` the page may be used
 * - `denied` the viewer's rights do not reach it; `removed`: they did when it was opened
 * - `ended` the login is over: what was typed stays on the page
 * @type {import('../kit/view.js').Signal<'reading'|'open'|'denied'|'removed'|'ended'>}
 */
export const access = signal('reading');
/** Since when the server has not answered, by its clock; null while it does. @type {import('../kit/view.js').Signal<number|null>} */
export const lostSince_ms = signal(null);
/** Counts changes of the viewer's rights while the page is open. */
export const rightsChanges = signal(0);

const rightsOf = (/** @type {Session|null} */ one) => JSON.stringify([one?.user.permissions, one?.user.grants, one?.pages]);

/** Ask who is there. Once a page was open it is never taken away for a lost connection. */
export async function recheck() {
  let now = /** @type {Session|null} */ (null);
  try {
    now = await get('/v1/session');
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.status !== 401) {
      lostSince_ms.value ??= now_ms();
      return;
    }
  }
  lostSince_ms.value = null;
  const before = session.value;
  const wasOpen = access.value === 'open' || access.value === 'removed';
  if (now === null) {
    if (before !== null) access.value = 'ended';
    else access.value = page.public ? 'open' : 'ended';
    return;
  }
  const allowed = page.public || now.pages.some((one) => one.path === page.path);
  const changed = rightsOf(before) !== rightsOf(now);
  if (changed) session.value = now;
  access.value = allowed ? 'open' : wasOpen ? 'removed' : 'denied';
  if (before && changed) rightsChanges.value += 1;
}

/** Read the cities; again later if the server is away. */
export async function readCities() {
  try {
    cities.value = (await get('/v1/cities')).cities;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.temporary) setTimeout(readCities, 3000);
  }
}
