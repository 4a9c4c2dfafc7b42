/** One AED as a card: whether it is open is said by shape, word and colour. */

import { distance } from '../kit/clock.js';
import { h } from '../kit/dom.js';
import { code, nameOf, t } from '../kit/i18n.js';

const OPEN = /** @type {Record<string, {sign: string, word: import('../kit/i18n.js').Key, kind: string}>} */ ({
  true: { sign: '✓', word: 'aed.open', kind: 'open' },
  false: { sign: '✕', word: 'aed.closed', kind: 'closed' },
  null: { sign: '?', word: 'aed.unknown', kind: 'unknown' },
});

/** Whole minutes to walk, at least one. @param {number|null} seconds */
const minutes = (seconds) => (seconds === null || seconds === undefined ? '–' : String(Math.max(1, Math.ceil(seconds / 60))));

/** @param {import('../types.d.ts').AedView} aed @param {number} index @param {boolean} chosen @param {() => void} choose */
export function aedCard(aed, index, chosen, choose) {
  const open = OPEN[String(aed.open_now)];
  const where = [
    nameOf(aed, 'location'),
    aed.floor ? t('aed.floor', { floor: aed.floor }) : '',
    aed.indoor === true ? t('aed.indoor') : aed.indoor === false ? t('aed.outdoor') : '',
  ].filter(Boolean).join(' · ');
  return h('li', {},
    h('button', { class: `aed-card ${open.kind}`, 'data-testid': 'aed-card', 'data-open': String(aed.open_now), 'aria-pressed': String(chosen), onclick: choose },
      h('span', { class: 'walk' }, h('b', {}, minutes(aed.walking_time_s)), h('span', {}, t('aed.minutes')), h('span', { class: 'faint small' }, distance(aed.walking_distance_m))),
      h('span', { class: 'grow' },
        h('b', { class: 'aed-name' }, `${index + 1}. ${nameOf(aed) || t('aed.unnamed')}`),
        h('span', { class: `open-now ${open.kind}` }, h('span', { class: 'sign', 'aria-hidden': 'true' }, open.sign), t(open.word)),
        where && h('span', { class: 'line' }, where),
        h('span', { class: 'faint line small' }, [
          code('access', aed.access),
          aed.opening_hours ? t('aed.hours', { hours: aed.opening_hours }) : t('aed.hours.none'),
          aed.basis === 'straight_line' ? t('aed.straight') : '',
          aed.modelled ? t('modelled.short') : '',
        ].filter(Boolean).join(' · ')))),
    aed.phone && h('a', { class: 'aed-phone', href: `tel:${aed.phone}` }, t('aed.phone', { phone: aed.phone })));
}
