/** A chart on a dark ground: colours are exchanged, data and the given specification are not. */

import assert from 'node:assert/strict';
import { inTheme } from './js/chart/theme.js';

const spec = {
  background: '#ffffff',
  data: { values: [{ place: '#ffffff', cases: 3 }, null] },
  layer: [{ mark: { color: '#0072B2', opacity: 0.75 }, encoding: { x: { title: null } } }, { mark: 'rule', scale: { range: ['#22282d', '#123456'] } }],
};
const before = structuredClone(spec);

assert.equal(inTheme(spec, 'light'), spec);
const dark = inTheme(spec, 'dark');
assert.deepEqual(spec, before);
assert.equal(dark.background, '#242a2f');
assert.deepEqual(dark.data, spec.data);
assert.deepEqual(dark.layer[0], { mark: { color: '#56b4e9', opacity: 0.75 }, encoding: { x: { title: null } } });
assert.deepEqual(dark.layer[1].scale.range, ['#e6eaed', '#123456']);
