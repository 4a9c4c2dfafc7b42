/**
 * Calls being taken. Opening the form sends the call at once; what is typed is kept on this
 * workstation with its key until the server has acknowledged it, and sent again until it has.
 */

import { newKey, patch, post, Problem } from '../../kit/api.js';
import { now_ms } from '../../kit/clock.js';
import { debounce } from '../../kit/dom.js';
import { t } from '../../kit/i18n.js';
import { putIncident } from '../feed.js';
import { say } from '../../kit/messages.js';
import { selectDraft, selectIncident, store } from '../state.js';

const STORE_PREFIX = 'goldenhour.unsent-call';
const RETRY_MS = 4000;
const SAVE_WORDS_MS = 800;
/** A page in which nothing was kept anew for this long is gone; a hidden one still wakes each minute. */
const ORPHAN_MS = 150_000;
const PAGE_ID = newKey();

/**
 * @typedef {object} Draft
 * @property {string} key  idempotency key of the call
 * @property {number} city_id
 * @property {string} received_at
 * @property {string} caller_number
 * @property {string} [caller_name]
 * @property {string} [access]  gate code, floor, who waits where
 * @property {string} words
 * @property {string|null} incident_id  once acknowledged
 * @property {string|null} call_id
 * @property {boolean} dirty  typed text not acknowledged yet
 * @property {string|null} refused  sentence of a refusal that waiting does not mend
 */

/** What is typed of a call. */
const SAID = /** @type {const} */ (['words', 'caller_number', 'caller_name', 'access']);

/** Whether a number holds letters other than those of an extension. @param {string} number */
export const lettered = (number) => /\p{L}/u.test(number.replace(/\s*(?:ext\.?|x|anexo|转)\s*\d+\s*$/iu, ''));

/** @type {Map<string, Draft>} */
const drafts = new Map();
/** @type {Set<string>} keys being sent now */
const sending = new Set();

/** Each user's calls, each by itself: pages side by side do not overwrite one another's. */
const ownPrefix = () => `${STORE_PREFIX}.${store.state.session.user.user_id}.`;

/** @param {Draft} draft */
const isOpen = (draft) => !draft.incident_id || draft.dirty;

/** @param {string} [page]  the page that cares for them; none when this one is left */
function keep(page = PAGE_ID) {
  try {
    for (const draft of drafts.values()) {
      const name = ownPrefix() + draft.key;
      if (isOpen(draft)) localStorage.setItem(name, JSON.stringify({ draft, page, kept_ms: Date.now() }));
      else localStorage.removeItem(name);
    }
  } catch {
    say(t('draft.no_storage'), 'bad');
  }
}

function remember() {
  keep();
  store.state.drafts = drafts;
  store.touch('drafts');
}

/** Drafts the server has not got yet, or does not want. @returns {Draft[]} */
export const unsent = () => [...drafts.values()].filter((draft) => !draft.incident_id || draft.refused);

/** The draft behind an incident taken here. @param {string} incidentId @returns {Draft|undefined} */
export const draftOf = (incidentId) => [...drafts.values()].find((draft) => draft.incident_id === incidentId);

/** Take up what an earlier page of this user left unsent. */
export function startDrafts() {
  takeUp();
  setInterval(() => {
    takeUp();
    sendAll();
  }, RETRY_MS);
  addEventListener('online', sendAll);
  addEventListener('pagehide', () => keep(''));
  sendAll();
}

/** Take the drafts no living page cares for. */
function takeUp() {
  const before = drafts.size;
  try {
    for (const name of Object.keys(localStorage)) {
      if (!name.startsWith(ownPrefix()) || drafts.has(name.slice(ownPrefix().length))) continue;
      const kept = readKept(name);
      if (kept && (!kept.page || Date.now() - kept.kept_ms > ORPHAN_MS)) drafts.set(kept.draft.key, kept.draft);
    }
  } catch (error) {
    if (!(error instanceof DOMException)) throw error; // storage is switched off
  }
  if (drafts.size > before) remember();
  else keep();
}

/** @param {string} name @returns {{draft: Draft, page: string, kept_ms: number}|null} */
function readKept(name) {
  try {
    return JSON.parse(localStorage.getItem(name) ?? 'null');
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    localStorage.removeItem(name);
    return null;
  }
}

/** Send what the server has not got yet. */
export function sendAll() {
  for (const draft of drafts.values()) if (isOpen(draft) && !draft.refused) void send(draft);
}

/** Send a refused draft once more. @param {Draft} draft */
export function sendAgain(draft) {
  draft.refused = null;
  remember();
  void send(draft);
}

/** Give a refused draft up. @param {Draft} draft */
export function dismiss(draft) {
  drafts.delete(draft.key);
  try {
    localStorage.removeItem(ownPrefix() + draft.key);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error; // then nothing was kept
  }
  if (store.state.draftKey === draft.key) store.set({ draftKey: null });
  remember();
}

/** Open a new call: time starts now, saved now, shown now, whether the server is there or not.
 * @returns {Promise<Draft>} */
export async function openCall() {
  /** @type {Draft} */
  const draft = {
    key: newKey(), city_id: store.state.city.city_id, received_at: new Date(now_ms()).toISOString(),
    caller_number: '', words: '', incident_id: null, call_id: null, dirty: false, refused: null,
  };
  drafts.set(draft.key, draft);
  remember();
  selectDraft(draft.key);
  await send(draft);
  return draft;
}

/** @param {Draft} draft */
async function send(draft) {
  if (sending.has(draft.key)) return;
  sending.add(draft.key);
  try {
    if (!draft.incident_id) await create(draft);
    if (draft.dirty) await amend(draft);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.status === 401) return; // the page says so, and how to sign in again
    if (!problem.temporary && problem.status !== 401 && problem.status !== 429) draft.refused = problem.detail || problem.code;
    say(t(draft.refused ? 'draft.refused' : 'draft.kept', { detail: draft.refused ?? '' }), 'bad');
  } finally {
    sending.delete(draft.key);
    remember();
  }
}

/** @param {Draft} draft */
async function create(draft) {
  // The body of a repeated create must be the same: typed text follows in an amendment.
  /** @type {import('../../types.d.ts').CallIn} */
  const body = { city_id: draft.city_id, source: 'phone', received_at: draft.received_at, answered_at: draft.received_at };
  const { incident, call_id } = await post('/v1/calls', body, { key: draft.key });
  draft.incident_id = incident.incident_id;
  draft.call_id = call_id;
  if (SAID.some((name) => draft[name])) draft.dirty = true;
  if (incident.city_id !== store.state.city.city_id) return;
  putIncident(incident);
  const { incidentId, draftKey } = store.state;
  if (!incidentId && (draftKey === null || draftKey === draft.key)) selectIncident(incident.incident_id);
}

/** @param {Draft} draft */
async function amend(draft) {
  // A number with letters waits until it is put right; the words do not wait for it.
  const sent = Object.fromEntries(SAID.map((name) => [name, name === 'caller_number' && lettered(draft.caller_number) ? '' : (draft[name] ?? '')]));
  await patch(`/v1/calls/${draft.call_id}`, Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, value || null])));
  if (SAID.every((name) => (draft[name] ?? '') === sent[name])) draft.dirty = false;
}

const sendSoon = debounce(sendAll, SAVE_WORDS_MS);

/** Keep typed text at once, send it when typing pauses. @param {Draft} draft @param {{words?: string, caller_number?: string, caller_name?: string, access?: string}} typed */
export function typeInto(draft, typed) {
  Object.assign(draft, typed);
  draft.dirty = true;
  draft.refused = draft.incident_id ? null : draft.refused;
  remember();
  sendSoon();
}
