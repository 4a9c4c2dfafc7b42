/** Road conditions of the city: read once, kept current by the stream, by starts and by expiries. */

import { get, post, Problem } from '../../kit/api.js';
import { now_ms } from '../../kit/clock.js';
import { debounce } from '../../kit/dom.js';
import { t } from '../../kit/i18n.js';
import { say, sayProblem } from '../../kit/messages.js';
import { may, store } from '../state.js';

const READ_AGAIN_MS = 400;
const POLL_MS = 60_000;
const LONGEST_TIMER_MS = 3_600_000;

let timer = 0;
let asked = 0;
let failed = false;

/** Whether the list could not be read the last time. */
export const conditionsFailed = () => failed;

/** Conditions in force first, then those to come; the next to change first. */
export function orderedConditions() {
  const rank = (/** @type {import('../../types.d.ts').ConditionShown} */ one) => (stateOf(one) === 'active' ? 0 : 1);
  return [...store.state.conditions.values()]
    .filter((one) => stateOf(one) !== 'over')
    .sort((a, b) => rank(a) - rank(b) || Date.parse(b.starts_at) - Date.parse(a.starts_at));
}

/** By the server's clock. @param {import('../../types.d.ts').ConditionShown} condition @returns {'active'|'upcoming'|'over'} */
export function stateOf(condition) {
  const now = now_ms();
  if (condition.ended_at || Date.parse(condition.expires_at) <= now) return 'over';
  return Date.parse(condition.starts_at) <= now ? 'active' : 'upcoming';
}

/** Take a condition, unless a newer state of it is known. @param {import('../../types.d.ts').ConditionShown} condition */
export function putCondition(condition) {
  const known = store.state.conditions.get(condition.condition_id);
  if (known && known.version > condition.version) return;
  store.state.conditions.set(condition.condition_id, condition);
  store.touch('conditions');
  wakeAtNextChange();
}

/** Read the list anew. */
export async function loadConditions() {
  if (!may('road_conditions_read')) return;
  const cityId = store.state.city.city_id;
  asked += 1;
  const mine = asked;
  try {
    const { conditions } = await get(`/v1/routing/conditions?city_id=${cityId}&state=current`);
    if (mine !== asked || cityId !== store.state.city.city_id) return;
    failed = false;
    const fresh = new Map();
    for (const row of conditions) {
      const known = store.state.conditions.get(row.condition_id);
      fresh.set(row.condition_id, known && known.version > row.version ? known : row);
    }
    store.set({ conditions: fresh });
    wakeAtNextChange();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (mine !== asked) return;
    failed = true;
    store.touch('conditions');
  }
}

const soon = debounce(() => void loadConditions(), READ_AGAIN_MS);

/** Places that conditions cut off, as far as this page was told. @type {Map<string, Set<string>>} */
const cutOff = new Map();

/** Names of the places a condition cuts off. @param {string} conditionId @returns {string[]} */
export const cutOffBy = (conditionId) => [...(cutOff.get(conditionId) ?? [])];

/** @param {string} conditionId @param {string[]} names */
export function noteCutOff(conditionId, names) {
  cutOff.set(conditionId, new Set([...cutOffBy(conditionId), ...names]));
  store.touch('conditions');
}

/** What the stream says about roads. @param {import('../../types.d.ts').DomainFrame} event */
export function roadEvent(event) {
  if (!String(event.type).startsWith('road')) return;
  if (event.type === 'road.place_cut_off') {
    const conditionId = String(event.payload.condition_id);
    noteCutOff(conditionId, [String(event.payload.place_name)]);
    say(t('road.alert.cut', { names: cutOffBy(conditionId).join(' · ') }), 'bad');
  }
  soon();
}

/** A start or an expiry changes the map although nobody writes anything. */
function wakeAtNextChange() {
  clearTimeout(timer);
  const now = now_ms();
  const due = [...store.state.conditions.values()]
    .flatMap((one) => [Date.parse(one.starts_at), Date.parse(one.expires_at)])
    .filter((at) => at > now);
  if (!due.length) return;
  timer = window.setTimeout(() => {
    store.touch('conditions');
    wakeAtNextChange();
  }, Math.min(LONGEST_TIMER_MS, Math.min(...due) - now + 50));
}

/** @param {import('../../types.d.ts').ConditionShown} condition @param {'end'|'extend'} step @param {string} done @param {import('../../types.d.ts').ExtendIn} [body] */
async function change(condition, step, done, body) {
  try {
    const address = /** @type {const} */ (`/v1/routing/conditions/${condition.condition_id}`);
    const options = { version: condition.version };
    putCondition(await (step === 'end' ? post(`${address}/end`, undefined, options) : post(`${address}/extend`, body, options)));
    say(done, 'good');
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    sayProblem(problem);
    await loadConditions();
  }
}

/** @param {import('../../types.d.ts').ConditionShown} condition @param {string} done */
export const endCondition = (condition, done) => change(condition, 'end', done);

/** @param {import('../../types.d.ts').ConditionShown} condition @param {number} until_ms @param {string} done */
export const extendCondition = (condition, until_ms, done) =>
  change(condition, 'extend', done, { expires_at: new Date(until_ms).toISOString() });

export function startConditions() {
  store.on(['city'], () => {
    store.set({ conditions: new Map(), conditionId: null, roadDraft: null, reach: null });
    void loadConditions();
  });
  store.on(['lost'], () => {
    if (!store.state.lost) soon();
  });
  // Should an event ever be missed, the list is at most a minute old.
  setInterval(() => {
    if (!document.hidden) void loadConditions();
  }, POLL_MS);
  void loadConditions();
}
