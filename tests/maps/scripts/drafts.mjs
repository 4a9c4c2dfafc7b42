/** Calls taken while the server is away: kept one by one, for their user, by one page. */

import assert from 'node:assert/strict';
import { pause, routes, windowListeners } from './browser_stub.mjs';

await import('./lifecycle.mjs');
const { store } = await import('./js/console/state.js');
const { dismiss, openCall, startDrafts, typeInto, unsent } = await import('./js/console/incident/drafts.js');

const PREFIX = 'goldenhour.unsent-call';
const ANOTHER_USERS = `${PREFIX}.9.one`;
store.set({ city: { city_id: 1 }, session: { user: { user_id: 7, permissions: [] } } });
localStorage.setItem(ANOTHER_USERS, JSON.stringify({ draft: { key: 'one' }, page: '', kept_ms: 0 }));
localStorage.setItem(`${PREFIX}.7.two`, JSON.stringify({ draft: { key: 'two' }, page: 'other', kept_ms: Date.now() }));
localStorage.setItem(`${PREFIX}.7.three`, JSON.stringify({ draft: { key: 'three' }, page: 'crashed', kept_ms: 0 }));

startDrafts();
const draft = await openCall();
const name = `${PREFIX}.7.${draft.key}`;
const kept = () => JSON.parse(localStorage.getItem(name));
assert.equal(store.state.draftKey, draft.key, 'its form is shown although the server is away');
assert.deepEqual(unsent().map((one) => one.key), ['three', draft.key]);
typeInto(draft, { words: 'help' });
assert.equal(kept().draft.words, 'help');
windowListeners.pagehide();
assert.equal(kept().page, '', 'a page that is left lets its calls go');

let amended = null;
let refusal = null;
routes['/v1/calls/'] = ({ body }) => {
  amended = JSON.parse(body);
  return refusal ?? { body: {} };
};
routes['/v1/calls'] = () => ({ body: { incident: { incident_id: 'N', version: 1, city_id: 1 }, call_id: 'c' } });
dismiss(unsent()[0]);
windowListeners.online();
await pause(20);
assert.equal(store.state.incidentId, 'N');
assert.equal(store.state.draftKey, null);
assert.equal(amended.words, 'help');
assert.equal(localStorage.getItem(name), null);
assert(localStorage.getItem(ANOTHER_USERS));

refusal = { status: 422, body: { code: 'invalid_input', detail: 'no' } };
typeInto(draft, { words: 'more' });
await pause(900);
assert.equal(unsent()[0].refused, 'no');
dismiss(draft);
assert.equal(unsent().length, 0);
assert.equal(localStorage.getItem(name), null);
process.exit(0);
