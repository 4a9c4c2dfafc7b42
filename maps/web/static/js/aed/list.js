/** One AED as a card: whether it is open is said by shape, word and colour. */

import { distance, isoDate } from '../kit/clock.js';
import { h } from '../kit/dom.js';
import { code, nameOf, t } from '../kit/i18n.js';
import { mapApps } from './place.js';

/** @typedef {import('../types.d.ts').NearAed & {open: boolean|null, hours: string, distance_m: number, walking_time_s: number|null, straight: boolean, route: import('../types.d.ts').LineString|null}} Shown */

const OPEN = /** @type {Record<string, {sign: string, word: import('../kit/i18n.js').Key, kind: string}>} */ ({
  true: { sign: '✓', word: 'aed.open', kind: 'open' },
  false: { sign: '✕', word: 'aed.closed', kind: 'closed' },
  null: { sign: '?', word: 'aed.unknown', kind: 'unknown' },
});

/** What somebody reported of it and nobody has checked yet. @param {import('../types.d.ts').ReportedProblem} reported @param {string} zone */
function reportedWords(reported, zone) {
  const date = isoDate(reported.at, zone);
  const day = date === isoDate(new Date().toISOString(), zone) ? t('aed.day.today') : t('aed.day.on', { date });
  return t(reported.kind === 'broken' ? 'aed.reported.broken' : 'aed.reported.missing', { day });
}

/** Level 0 is the one of the street, levels below it are negative. @param {string} floor */
function floorWords(floor) {
  if (floor === '0') return t('aed.floor.ground');
  return /^-\d+$/.test(floor) ? t('aed.floor.basement', { n: floor.slice(1) }) : t('aed.floor', { floor });
}

/** The picture of the place, with whose it is; gone where it cannot be had. @param {number} id @param {import('../types.d.ts').AedPhoto} photo */
function picture(id, photo) {
  const image = h('img', { src: `/v1/aeds/${id}/photo?of=${encodeURIComponent(photo.added_at)}`, alt: t('aed.photo'), onerror: () => figure.remove() });
  const said = [t('aed.photo.source', { source: photo.source }), photo.licence, photo.taken_on ?? ''].filter(Boolean).join(' · ');
  const figure = h('figure', { class: 'aed-photo', 'data-testid': 'aed-photo' }, image, h('figcaption', { class: 'faint small' }, said));
  return figure;
}

/** Whole minutes to walk, at least one. @param {number} seconds */
const minutes = (seconds) => String(Math.max(1, Math.ceil(seconds / 60)));

/** @param {Shown} aed @param {number} index @param {boolean} chosen @param {string} zone @param {{choose: () => void, report: () => void, showMap: (() => void)|null}} does  `showMap`: null where there is no map */
export function aedCard(aed, index, chosen, zone, does) {
  const open = OPEN[String(aed.open)];
  const name = nameOf(aed) || t('aed.unnamed');
  const where = [
    nameOf(aed, 'location'),
    aed.floor ? floorWords(aed.floor) : '',
    aed.entrance ? t('aed.entrance', { entrance: aed.entrance }) : '',
    aed.indoor === true ? t('aed.indoor') : aed.indoor === false ? t('aed.outdoor') : '',
  ].filter(Boolean).join(' · ');
  const far = aed.walking_time_s === null
    ? [h('b', { class: 'far' }, distance(aed.distance_m)), h('span', {}, t('aed.straight'))]
    : [h('b', {}, minutes(aed.walking_time_s)), h('span', {}, t('aed.minutes')), h('span', { class: 'faint small' }, distance(aed.distance_m)),
      aed.straight && h('span', { class: 'faint small' }, t('aed.straight'))];
  return h('li', { 'data-aed': String(aed.aed_id) },
    h('button', { class: `aed-card ${open.kind}`, 'data-testid': 'aed-card', 'data-open': String(aed.open), 'aria-pressed': String(chosen), onclick: does.choose },
      h('span', { class: 'walk' }, far),
      h('span', { class: 'grow' },
        h('b', { class: 'aed-name' }, `${index + 1}. ${name}`),
        h('span', { class: `open-now ${open.kind}` }, h('span', { class: 'sign', 'aria-hidden': 'true' }, open.sign), [t(open.word), aed.hours].filter(Boolean).join(t('aed.comma'))),
        aed.reported && h('span', { class: 'warn line', 'data-testid': 'aed-reported' }, `▲ ${reportedWords(aed.reported, zone)}`),
        where && h('span', { class: 'line' }, where),
        h('span', { class: 'faint line small' }, [code('access', aed.access), aed.modelled ? t('modelled.short') : ''].filter(Boolean).join(' · ')))),
    chosen && h('p', { class: 'apps' }, h('span', { class: 'small' }, t('aed.open_in')),
      mapApps(aed, name).map((app) => h('a', { href: app.href, rel: 'noreferrer' }, app.word)),
      does.showMap && h('button', { class: 'report-open', onclick: does.showMap }, t('aed.show_map')),
      h('button', { class: 'report-open', 'data-testid': 'aed-report', onclick: does.report }, t('aed.report'))),
    chosen && aed.photo && picture(aed.aed_id, aed.photo),
    aed.phone && h('a', { class: 'aed-phone', href: `tel:${aed.phone}` }, t('aed.phone', { phone: aed.phone })));
}
