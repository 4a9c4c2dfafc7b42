/** Lists that overlap events, an expired login, a change of city while the server is away. */

import assert from 'node:assert/strict';
import { pause, routes, sources, visited } from './browser_stub.mjs';

await import('./lifecycle.mjs');
const { store } = await import('./js/console/state.js');
const { follow } = await import('./js/console/feed.js');

const incident = (id, version) => ({ incident_id: id, version, city_id: 1, state: 'received' });
const told = (id, version) => ({ subject_kind: 'incident', subject_id: id, incident: incident(id, version) });

let status = 503;
let hold = null;
let incidents = [incident('A', 1), incident('left', 1)];
let units = [{ unit_id: 1, version: 1 }];
routes['/v1/incidents?'] = async () => {
  const answer = { status, body: { incidents, next_cursor: null } };
  await hold;
  return answer;
};
routes['/v1/units'] = () => ({ status, body: { units } });
store.set({ city: { city_id: 1 } });

const first = follow();
await pause(20);
assert(store.state.lost, 'a server that is away at the first load shows the banner');
status = 200;
await first;
assert.equal(store.state.lost, null);
const source = sources.at(-1);

let release;
hold = new Promise((resume) => { release = resume; });
source.emit('resync', {});
await pause(10);
source.emit('domain', told('B', 1), '6');
source.emit('domain', told('A', 3), '7');
source.emit('domain', { subject_kind: 'unit', subject_id: '1', unit: { unit_id: 1, version: 4 } }, '8');
source.emit('gone', { incident_id: 'left' }, '9');
release();
hold = null;
await pause(20);
assert.deepEqual([...store.state.incidents.keys()].sort(), ['A', 'B']);
assert.equal(store.state.incidents.get('A').version, 3);
assert.equal(store.state.units.get(1).version, 4);

source.emit('domain', { subject_kind: 'incident', subject_id: 'B' }, '10');
assert(!store.state.incidents.has('B'), 'an event without its incident takes the row away');

incidents = [incident('C', 1)];
units = [{ unit_id: 1, version: 5 }];
source.emit('resync', {});
await pause(20);
assert.deepEqual([...store.state.incidents.keys()], ['C']);
assert.equal(store.state.units.get(1).version, 5);

status = 401;
source.emit('resync', {});
await pause(20);
assert.deepEqual(visited, [], 'nobody is led away from what was typed: a banner says that the login ended');

status = 503;
store.set({ city: { city_id: 2 } });
const opened = sources.length;
const second = follow();
await pause(20);
assert(source.closed);
assert.equal(sources.length, opened);
status = 200;
await second;
assert.equal(sources.length, opened + 1);
process.exit(0);
