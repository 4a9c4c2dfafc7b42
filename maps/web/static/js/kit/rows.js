/** Sorting and filtering of large tables: pure functions on arrays, without a page. */

import { inOrder } from './collation.js';

/** @typedef {string|number|boolean|null|undefined} Value */

/** Larger than any number that is shown, small enough that adding one still counts. */
const AFTER_NUMBERS = 2 ** 52;

/**
 * A number for each value, in the order of the language: numbers by size, then texts; empty ones are NaN.
 * @param {readonly Value[]} values @param {string} language @returns {Float64Array}
 */
export function ranks(values, language) {
  /** @type {Set<string>} */
  const texts = new Set();
  for (const value of values) if (typeof value === 'string' && value !== '') texts.add(value);
  const order = inOrder([...texts], language);
  const place = new Map(order.map((text, index) => [text, AFTER_NUMBERS + index]));
  const found = new Float64Array(values.length);
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (value === null || value === undefined || value === '') found[index] = NaN;
    else found[index] = typeof value === 'string' ? /** @type {number} */ (place.get(value)) : Number(value);
  }
  return found;
}

/**
 * The chosen rows in order. Equal ones keep theirs; empty values come last, whichever the direction.
 * @param {Uint32Array} rows  indices @param {Float64Array} rank  of every row @param {boolean} descending @returns {Uint32Array}
 */
export function sorted(rows, rank, descending) {
  const sign = descending ? -1 : 1;
  return rows.slice().sort((a, b) => {
    const one = rank[a];
    const other = rank[b];
    if (one === other) return a - b;
    if (Number.isNaN(one)) return Number.isNaN(other) ? a - b : 1;
    if (Number.isNaN(other)) return -1;
    return one < other ? -sign : sign;
  });
}

/** Indices of the rows for which every test holds. @param {number} count @param {((index: number) => boolean)[]} tests @returns {Uint32Array} */
export function filtered(count, tests) {
  const found = new Uint32Array(count);
  let n = 0;
  for (let index = 0; index < count; index += 1) {
    let holds = true;
    for (const test of tests) if (!test(index)) { holds = false; break; }
    if (holds) { found[n] = index; n += 1; }
  }
  return found.slice(0, n);
}

/** A text as it is searched: without case, width and accents. @param {Value} value */
export const folded = (value) =>
  (value === null || value === undefined ? '' : String(value).normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase());
