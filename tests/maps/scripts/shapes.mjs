/** Drawn shapes and wall-clock times: what can be used, and when it ends. */

import assert from 'node:assert/strict';
import './browser_stub.mjs';

const { crossesItself, drawingFault, drawnGeometry, labelPoint, pointsOf } = await import('./js/map/shapes.js');
const { moment_ms, wallTime } = await import('./js/kit/clock.js');

const square = [[0, 0], [1, 0], [1, 1], [0, 1]];
const bowTie = [[0, 0], [1, 1], [1, 0], [0, 1]];
assert.equal(crossesItself(square), false);
assert.equal(crossesItself(bowTie), true);
assert.equal(crossesItself([[0, 0], [4, 0], [4, 4], [2, 0]]), true, 'a corner on another side touches it');
assert.equal(drawingFault('polygon', square.slice(0, 2)), 'few');
assert.equal(drawingFault('polygon', bowTie), 'crossed');
assert.equal(drawingFault('polygon', square), null);
assert.equal(drawingFault('line', bowTie), null, 'a line may cross itself');
assert.deepEqual(drawnGeometry('polygon', square).coordinates[0].at(-1), square[0], 'the ring is closed');
assert.equal(pointsOf({ type: 'MultiPolygon', coordinates: [[square], [bowTie]] }).length, 8);
assert.deepEqual(labelPoint(drawnGeometry('polygon', square)), [0.5, 0.5]);
assert.deepEqual(labelPoint({ type: 'MultiLineString', coordinates: [[[9, 9], [9, 9.1]], [[0, 0], [1, 0], [4, 0]]] }), [2, 0]);
assert.equal(labelPoint(null), null);

const iso = (wall, zone) => new Date(moment_ms(wall, zone)).toISOString();
assert.equal(iso('2026-11-25T18:00', 'Asia/Shanghai'), '2026-11-25T10:00:00.000Z');
assert.equal(iso('2026-07-01T12:00', 'America/Santiago'), '2026-07-01T16:00:00.000Z');
assert.equal(iso('2026-12-01T12:00', 'America/Santiago'), '2026-12-01T15:00:00.000Z');
assert.equal(iso('2026-09-06T06:00', 'America/Santiago'), '2026-09-06T09:00:00.000Z', 'the day the clocks change');
assert.equal(wallTime(moment_ms('2026-11-25T00:00', 'Asia/Shanghai'), 'Asia/Shanghai'), '2026-11-25T00:00');
assert.ok(Number.isNaN(moment_ms('', 'Asia/Shanghai')), 'an empty field is no time');
