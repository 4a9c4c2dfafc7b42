/** The wall: what a supervisor needs at arm's length. It only shows; nothing on it can be pressed. */

import { get, Problem } from '../kit/api.js';
import { ageSeconds, duration } from '../kit/clock.js';
import { byId } from '../kit/dom.js';
import { code, nameOf, onAppearance, pick, t } from '../kit/i18n.js';
import { unitPhase, waiting } from '../kit/lifecycle.js';
import { html, render, signal } from '../kit/view.js';
import { alarmsOf, isSilenced } from './alarms.js';
import { Age, CategoryMark, missingWords } from './parts.js';
import { queueOrder, stepOf, store } from './state.js';

/** @typedef {import('./state.js').Incident} Incident */
/** @typedef {import('../types.d.ts').HospitalStatusView} Status */

const CATEGORIES = ['C1', 'C2', 'C3', 'C4', 'none'];
const ROWS = 7;
const HOSPITALS = 12;
const READ_EVERY_MS = 30_000;

/** Hospitals with an emergency department and what they say of themselves; null: not read. @type {import('../kit/view.js').Signal<{name: string, status: Status}[]|null>} */
const hospitals = signal(null);
const more = signal(0);
const told = signal(0);

/** @param {Incident} incident */
const needy = (incident) => (stepOf(incident)?.needs.length ?? 0) > 0;

/** @param {{incident: Incident}} props */
function Row({ incident }) {
  void told.value; // what it needs begins with time alone
  const step = stepOf(incident);
  const need = step?.needs[0];
  return html`<li class=${step?.unassigned_c1 ? 'grave' : ''} data-testid="wall-row" data-incident-id=${incident.incident_id}>
    <${CategoryMark} category=${incident.category} size=${56} title=${incident.category ?? t('queue.uncoded')} />
    <span class="grow"><b>${incident.place_label || t(incident.lon === null ? 'place.none' : 'place.point')}</b>
      <span class="faint">${incident.complaint ? pick(incident.complaint) : t('queue.uncoded')}</span>
      <span class="need">${need && code('need', need.need)}${need?.need === 'short' ? ` · ${missingWords(incident)}` : ''}</span></span>
    <${Age} since=${incident.received_at} due=${step?.due_at} /></li>`;
}

/** How many wait in each class, and the longest. @param {{open: Incident[]}} props */
function Waiting({ open }) {
  return html`<table data-testid="wall-waiting"><thead><tr><th></th><th>${t('wall.open')}</th><th>${t('wall.waiting')}</th><th>${t('wall.longest')}</th></tr></thead>
    <tbody>${CATEGORIES.map((category) => {
    const of = open.filter((one) => (one.category ?? 'none') === category);
    const still = of.filter(waiting);
    const longest_s = Math.max(0, ...still.map((one) => ageSeconds(one.received_at)));
    return html`<tr key=${category}><th scope="row"><${CategoryMark} category=${category === 'none' ? null : category} size=${44} title=${code('priority', category)} /></th>
        <td>${of.length}</td><td class=${still.length ? 'many' : ''}>${still.length}</td><td>${still.length ? duration(longest_s) : '–'}</td></tr>`;
  })}</tbody></table>`;
}

/** Units free of all on shift, by level, and the stations that have none left. */
function Units() {
  void told.value;
  const units = [...store.state.units.values()].filter((unit) => unitPhase(unit) !== 'off');
  const free = (/** @type {typeof units} */ of) => of.filter((unit) => unitPhase(unit) === 'available').length;
  const levels = [...new Set(units.map((unit) => unit.level))].sort();
  const stations = [...new Set(units.map((unit) => unit.station_name))]
    .filter((name) => free(units.filter((unit) => unit.station_name === name)) === 0).sort();
  return html`<ul class="big" data-testid="wall-units">${levels.map((level) => {
    const of = units.filter((unit) => unit.level === level);
    return html`<li key=${level}><span class="tag">${code('level', level)}</span> <b class=${free(of) === 0 ? 'many' : ''}>${free(of)}</b> / ${of.length}</li>`;
  })}</ul>
    <p class=${stations.length ? 'many' : 'faint'} data-testid="wall-empty">${stations.length ? t('wall.empty', { stations: stations.join(' · ') }) : t('wall.covered')}</p>`;
}

/** @param {{name: string, status: Status}} props */
function Hospital({ name, status }) {
  const said = status.diverting === null ? 'unknown' : status.diverting ? 'diverting' : 'accepting';
  return html`<li data-testid="wall-hospital"><span class="grow">${name}</span>
    ${status.emergency_beds_free !== null && html`<span class="faint">${t('wall.beds', { n: status.emergency_beds_free })}</span>`}
    <span class=${`tag ${said === 'diverting' ? 'bad' : ''}`}>${said === 'diverting' ? '✕ ' : said === 'accepting' ? '✓ ' : '? '}${t(`destination.${said}`)}</span></li>`;
}

function Wall() {
  void told.value;
  const open = queueOrder();
  const grave = open.filter((one) => (one.category === 'C1' || one.category === null) && needy(one));
  const rest = open.filter((one) => !grave.includes(one) && needy(one));
  const alarms = open.flatMap(alarmsOf).filter((one) => !isSilenced(one));
  return html`
    <section class="wall-grave"><h2>${t('wall.grave')} <b class=${grave.length ? 'many' : ''} data-testid="wall-grave-count">${grave.length}</b></h2>
      ${grave.length === 0 && html`<p class="faint">${t('wall.none')}</p>`}
      <ol>${grave.slice(0, ROWS).map((one) => html`<${Row} key=${one.incident_id} incident=${one} />`)}</ol>
      ${grave.length > ROWS && html`<p class="many">${t('wall.more', { n: grave.length - ROWS })}</p>`}</section>
    <section><h2>${t('wall.others')} <b>${rest.length}</b></h2>
      <ol>${rest.slice(0, ROWS).map((one) => html`<${Row} key=${one.incident_id} incident=${one} />`)}</ol>
      ${rest.length > ROWS && html`<p>${t('wall.more', { n: rest.length - ROWS })}</p>`}</section>
    <section><h2>${t('wall.times')}</h2><${Waiting} open=${open} />
      <h2>${t('wall.alarms')} <b class=${alarms.length ? 'many' : ''} data-testid="wall-alarms">${alarms.length}</b></h2>
      <ul>${Object.entries(countsOf(alarms.map((one) => one.need))).map(([need, n]) => html`<li key=${need}>${code('need', need)} <b>${n}</b></li>`)}</ul></section>
    <section><h2>${t('wall.units')}</h2><${Units} />
      <h2>${t('wall.hospitals')}</h2>
      ${hospitals.value === null ? html`<p class="faint">${t('wall.unread')}</p>` : html`<ul>${hospitals.value.map((one) => html`<${Hospital} key=${one.status.facility_id} ...${one} />`)}</ul>`}
      ${more.value > 0 && html`<p class="faint">${t('wall.more', { n: more.value })}</p>`}</section>`;
}

/** @param {string[]} names */
function countsOf(names) {
  const counts = /** @type {Record<string, number>} */ ({});
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

async function readHospitals() {
  try {
    const { features } = await get(`/v1/facilities?city_id=${store.state.city.city_id}`);
    const all = features.filter((one) => one.properties.has_emergency_department);
    more.value = Math.max(0, all.length - HOSPITALS);
    hospitals.value = await Promise.all(all.slice(0, HOSPITALS).map(async ({ properties }) => ({
      name: nameOf(properties), status: await get(`/v1/facilities/${properties.facility_id}/status`),
    })));
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    hospitals.value = null; // what is not known is not shown as it was
  }
}

export function startWall() {
  const draw = () => { told.value += 1; };
  render(html`<${Wall} />`, byId('wall'));
  store.on(['incidents', 'units'], draw);
  onAppearance(draw);
  setInterval(draw, 1000); // needs and waiting times begin with time alone
  void readHospitals();
  setInterval(() => void readHospitals(), READ_EVERY_MS);
}
