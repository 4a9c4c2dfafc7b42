/** The first page: what this is, which cities it knows, and the two doors. */

import { get, Problem } from '../kit/api.js';
import { byId, fill, h } from '../kit/dom.js';
import { code, nameOf, onAppearance, sentence, startAppearance, switches, t } from '../kit/i18n.js';
import { CITIZEN_LANGUAGES } from '../words/languages.js';

/** @type {import('../types.d.ts').CityInfo[]|null} */
let cities = null;
/** @type {string|null} */
let purpose = null;
/** @type {Problem|null} */
let trouble = null;

/** @param {import('../types.d.ts').CityInfo} city */
function card(city) {
  const counts = Object.entries(city.counts ?? {});
  return h('article', { class: 'card city-card' },
    h('h3', {}, nameOf(city), city.modelled && h('span', { class: 'tag' }, t('modelled.short'))),
    h('ul', { class: 'figures' }, counts.map(([what, n]) => h('li', {}, h('b', {}, Number(n).toLocaleString('en')), ' ', code('count', what)))),
    city.modelled && h('p', { class: 'faint' }, t('top.modelled.hint')),
    h('p', { class: 'faint small' }, city.attribution));
}

function draw() {
  const box = byId('purpose');
  box.hidden = !purpose;
  if (purpose) fill(box, code('purpose', purpose));
  if (trouble) fill(byId('cities'), h('p', { class: 'notice bad' }, sentence(trouble)));
  else if (cities) fill(byId('cities'), cities.length ? cities.map(card) : h('p', { class: 'notice' }, t('error.no_city')));
}

startAppearance(CITIZEN_LANGUAGES);
fill(byId('switches'), switches());
onAppearance(draw);
try {
  const answer = await get('/v1/cities');
  cities = answer.cities;
  purpose = answer.installation?.purpose ?? null;
} catch (problem) {
  if (!(problem instanceof Problem)) throw problem;
  trouble = problem;
}
draw();
