/** Rows of tables sorted and filtered, CSV, opacities of layers. */

import assert from 'node:assert/strict';
import './browser_stub.mjs';

const { filtered, folded, ranks, sorted } = await import('./js/kit/rows.js');
const { csvText } = await import('./js/kit/csv.js');

const order = (values, descending = false, language = 'zh') =>
  [...sorted(filtered(values.length, []), ranks(values, language), descending)].map((index) => values[index]);

assert.deepEqual(order([3, null, 1, 2]), [1, 2, 3, null]);
assert.deepEqual(order([3, null, 1, 2], true), [3, 2, 1, null], 'what is not known comes last either way');
assert.deepEqual(order(['b', '', 'a', 'b']), ['a', 'b', 'b', '']);
assert.deepEqual(order(['重庆', '北京', '安庆']), ['安庆', '北京', '重庆'], 'Chinese by pinyin');
assert.deepEqual(order(['x', 2, 'y', 1]), [1, 2, 'x', 'y']);
assert.deepEqual(order([true, false, true]), [false, true, true]);
const pairs = Array.from({ length: 1000 }, (_, index) => ({ index, key: index % 7 }));
const stable = sorted(filtered(1000, []), ranks(pairs.map((one) => one.key), 'en'), false);
for (let n = 1; n < 1000; n += 1) {
  const [one, other] = [pairs[stable[n - 1]], pairs[stable[n]]];
  assert(one.key < other.key || (one.key === other.key && one.index < other.index));
}

assert.deepEqual([...filtered(6, [(n) => n % 2 === 0, (n) => n > 1])], [2, 4]);
assert.equal(folded('Ñuñoa ＡＥＤ'), 'nunoa aed');
assert.equal(folded(null), '');

const text = csvText(['名称', 'n'], [['a,"b"', 1.5], ['=1+1', null], ['-2', -2], [undefined, Infinity], ['x\ny', 0]]);
assert(text.startsWith('\uFEFF名称,n\r\n'), 'spreadsheets need the mark to read Chinese');
assert.deepEqual(text.slice(1).split('\r\n'), [
  '名称,n', '"a,""b""",1.5', "'=1+1,", "'-2,-2", ',', '"x\ny",0', '',
]);
