/** The shared worker keeps a page that sleeps, and takes one back that slept too long. */

import assert from 'node:assert/strict';
import { sources } from './browser_stub.mjs';

let letGo = () => undefined;
globalThis.setInterval = (run, every_ms) => { if (every_ms === 15_000) letGo = run; };
await import('./js/live/worker.js');

const got = [];
const port = { postMessage: (message) => got.push(message) };
globalThis.onconnect({ ports: [port] });
port.onmessage({ data: { kind: 'join', cityId: 1, from: '5' } });
const before = sources.at(-1);
before.emit('tick', {}, '12');
assert.equal(got.at(-1).position, '12');

const started_ms = Date.now();
Date.now = () => started_ms + 200_000;
letGo();
assert(!before.closed);
Date.now = () => started_ms + 310_000;
letGo();
assert(before.closed);

port.onmessage({ data: { kind: 'alive', cityId: 1, from: '12' } });
const after = sources.at(-1);
assert.match(after.address, /from=12/);
after.emit('gone', { incident_id: 'A' }, '13');
assert.equal(got.at(-1).kind, 'gone');
process.exit(0);
