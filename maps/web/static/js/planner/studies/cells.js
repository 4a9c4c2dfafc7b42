/** How cells are coloured: by what a plan changes for them, or by how long the nearest takes. Blue is within the limit, orange beyond; signs say it too. */

import { t } from '../../kit/i18n.js';
import { grouped } from '../state.js';

/** @typedef {import('../../map/features.js').Feature} Feature */
/** @typedef {import('./types.js').Cells} Cells */

/** What a plan changes → its colour and sign; what stays as it is stays faint. */
const CHANGES = /** @type {const} */ ({
  gains: { colour: '#0072b2', sign: '+' }, quicker: { colour: '#8cc4e8', sign: '' }, same: { colour: '#aeb6bc', sign: '' },
  slower: { colour: '#f5b28a', sign: '' }, loses: { colour: '#d55e00', sign: '−' }, unknown: { colour: '#8d97a0', sign: '?' },
});
/** @typedef {keyof typeof CHANGES} Change */
export const CHANGE_CODES = /** @type {Change[]} */ (Object.keys(CHANGES));

/** Up to which part of the limit → colour. */
const TIMES = /** @type {const} */ ([[0.5, '#2b7bba'], [1, '#9ecae9'], [1.5, '#fdc28a'], [Infinity, '#e6692b']]);
const NO_WAY = '#7f2704';

/** Whether a cell has a road near it. @param {Record<string, any>} cell */
const known = (cell) => cell.change !== 'unknown';

/** @param {Cells|null} cells @returns {Feature[]} */
export const byChange = (cells) => (cells?.features ?? []).filter((one) => one.properties.change !== 'same').map(({ geometry, properties }) => {
  const { colour, sign } = CHANGES[/** @type {Change} */ (properties.change)] ?? CHANGES.unknown;
  return { type: 'Feature', geometry, properties: { colour, ...(sign ? { sign } : {}) } };
});

/** @param {Cells|null} cells @param {string} field  whose seconds @param {number} limit_s @returns {Feature[]} */
export const byTime = (cells, field, limit_s) => (cells?.features ?? []).filter(({ properties }) => known(properties)).map(({ geometry, properties }) => ({
  type: 'Feature', geometry, properties: { colour: colourOf(properties[field], limit_s), ...(properties[field] === null ? { sign: '✕' } : {}) },
}));

/** @param {number|null} seconds @param {number} limit_s */
function colourOf(seconds, limit_s) {
  if (seconds === null) return NO_WAY;
  return /** @type {(typeof TIMES)[number]} */ (TIMES.find(([part]) => seconds <= part * limit_s))[1];
}

/** @param {Record<string, number>} people  by what changes for them @returns {import('../map.js').LegendLine[]} */
export const changeLegend = (people) => CHANGE_CODES.filter((code) => code !== 'same' && (people[code] ?? 0) > 0)
  .map((code) => ({ colour: CHANGES[code].colour, sign: CHANGES[code].sign, text: t('plan.change.people', { what: t(`plan.change.${code}`), n: grouped(people[code]) }) }));

/** Changes that count as many people as come within the limit, or can expect a unit then. */
const CROSSING = new Set(['gains', 'loses']);

/** People of the cells by what changes for them. @param {Cells|null} cells */
export function peopleBy(cells) {
  /** @type {Record<string, number>} */
  const found = {};
  for (const { properties } of cells?.features ?? []) found[properties.change] = (found[properties.change] ?? 0) + properties.people * (CROSSING.has(properties.change) ? Math.abs(properties.after - properties.before) : 1);
  return found;
}

const minutes = (/** @type {number} */ seconds) => { const n = seconds / 60; return Number.isInteger(n) ? String(n) : n.toFixed(1); };

/** @param {number} limit_s @returns {import('../map.js').LegendLine[]} */
export const timeLegend = (limit_s) => [
  ...TIMES.map(([part, colour], index) => ({ colour, sign: '', text: part === Infinity
    ? t('plan.time.over', { from: minutes(1.5 * limit_s) }) : t('plan.time.between', { from: minutes((TIMES[index - 1]?.[0] ?? 0) * limit_s), until: minutes(part * limit_s) }) })),
  { colour: NO_WAY, sign: '✕', text: t('plan.time.none') },
];
