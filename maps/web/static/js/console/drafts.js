/**
 * Calls being taken. Opening the form sends the call at once; what is typed is kept on this
 * workstation with its key until the server has acknowledged it, and sent again until it has.
 */

import { newKey, patch, post, Problem } from '../api.js';
import { now_ms } from '../clock.js';
import { debounce } from '../dom.js';
import { t } from '../i18n.js';
import { putIncident } from './feed.js';
import { say } from './messages.js';
import { selectIncident, store } from './state.js';

const STORE_KEY = 'goldenhour.unsent-calls';
const RETRY_MS = 4000;
const SAVE_WORDS_MS = 800;

/**
 * @typedef {object} Draft
 * @property {string} key  idempotency key of the call
 * @property {number} city_id
 * @property {string} received_at
 * @property {string} caller_number
 * @property {string} words
 * @property {string|null} incident_id  once acknowledged
 * @property {string|null} call_id
 * @property {boolean} dirty  typed text not acknowledged yet
 * @property {string|null} refused  sentence of a refusal that waiting does not mend
 */

/** @type {Map<string, Draft>} */
const drafts = new Map();
/** @type {Set<string>} keys being sent now */
const sending = new Set();

function remember() {
  const open = [...drafts.values()].filter((draft) => !draft.incident_id || draft.dirty);
  try {
    if (open.length) localStorage.setItem(STORE_KEY, JSON.stringify(open));
    else localStorage.removeItem(STORE_KEY);
  } catch {
    say(t('draft.no_storage'), 'bad');
  }
  store.state.drafts = drafts;
  store.touch('drafts');
}

/** Drafts the server has not got yet. @returns {Draft[]} */
export const unsent = () => [...drafts.values()].filter((draft) => !draft.incident_id);

/** The draft behind an incident taken here. @param {string} incidentId @returns {Draft|undefined} */
export const draftOf = (incidentId) => [...drafts.values()].find((draft) => draft.incident_id === incidentId);

/** Take up what an earlier page left unsent. */
export function startDrafts() {
  try {
    for (const draft of JSON.parse(localStorage.getItem(STORE_KEY) ?? '[]')) drafts.set(draft.key, draft);
  } catch {
    localStorage.removeItem(STORE_KEY);
  }
  remember();
  setInterval(sendAll, RETRY_MS);
  addEventListener('online', sendAll);
  sendAll();
}

function sendAll() {
  for (const draft of drafts.values()) if ((!draft.incident_id || draft.dirty) && !draft.refused) void send(draft);
}

/** Open a new call: time starts now, saved now. @returns {Promise<Draft>} */
export async function openCall() {
  /** @type {Draft} */
  const draft = {
    key: newKey(), city_id: store.state.city.city_id, received_at: new Date(now_ms()).toISOString(),
    caller_number: '', words: '', incident_id: null, call_id: null, dirty: false, refused: null,
  };
  drafts.set(draft.key, draft);
  remember();
  await send(draft);
  return draft;
}

/** @param {Draft} draft */
async function send(draft) {
  if (sending.has(draft.key)) return;
  sending.add(draft.key);
  try {
    if (!draft.incident_id) await create(draft);
    else await amend(draft);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
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
  const body = { city_id: draft.city_id, source: 'phone', received_at: draft.received_at, answered_at: draft.received_at };
  const { incident, call_id } = await post('/v1/calls', body, { key: draft.key });
  draft.incident_id = incident.incident_id;
  draft.call_id = call_id;
  putIncident(incident);
  if (!store.state.incidentId) selectIncident(incident.incident_id);
  if (draft.words || draft.caller_number) draft.dirty = true;
}

/** @param {Draft} draft */
async function amend(draft) {
  const { words, caller_number } = draft;
  await patch(`/v1/calls/${draft.call_id}`, { words: words || null, caller_number: caller_number || null });
  if (draft.words === words && draft.caller_number === caller_number) draft.dirty = false;
}

const sendSoon = debounce(sendAll, SAVE_WORDS_MS);

/** Keep typed text at once, send it when typing pauses. @param {Draft} draft @param {{words?: string, caller_number?: string}} typed */
export function typeInto(draft, typed) {
  Object.assign(draft, typed);
  draft.dirty = true;
  draft.refused = draft.incident_id ? null : draft.refused;
  remember();
  sendSoon();
}
