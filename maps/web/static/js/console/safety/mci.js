/** Mass casualties at a glance: who has which colour, who leaves next, what each hospital has. Opened over the desk, done by keys alone. */

import { get, post, Problem, put } from '../../kit/api.js';
import { byId } from '../../kit/dom.js';
import { code, nameOf, t } from '../../kit/i18n.js';
import { sayProblem } from '../../kit/messages.js';
import { appearance, html, render, signal } from '../../kit/view.js';
import { atSecondPress } from '../confirm.js';
import { may, selected } from '../state.js';

/** @typedef {import('../../types.d.ts').MassCasualtyView} Mci */
/** @typedef {import('../../types.d.ts').CasualtyView} Casualty */
/** @typedef {import('../../types.d.ts').McHospitalView} Hospital */
/** @typedef {NonNullable<Casualty['colour']>} Colour */

/** @type {readonly Colour[]} */
const COLOURS = ['red', 'yellow', 'green', 'grey', 'black'];
/** The letter of each colour. @type {Record<string, Colour>} */
const LETTERS = { r: 'red', y: 'yellow', g: 'green', e: 'grey', b: 'black' };
/** @type {readonly NonNullable<Casualty['sector']>[]} */
const SECTORS = ['hot', 'collection', 'treatment', 'loading', 'staging'];
const AGAIN_MS = 5000;

const shown = signal(/** @type {Mci|null} */ (null));
const chosenId = signal(/** @type {string|null} */ (null));
let incidentId = '';
let timer = 0;

/** @param {() => Promise<unknown>} step */
async function doing(step) {
  try {
    await step();
    await read();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    sayProblem(problem);
  }
}

async function read() {
  const asked = incidentId;
  try {
    const found = await get(`/v1/incidents/${asked}/mci`);
    if (asked === incidentId) shown.value = found;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.code === 'mass_casualty_unknown') shown.value = null;
    else sayProblem(problem);
  }
}

/** Casualties in the order in which they leave, then those that have left. @param {Mci} mci */
function inOrder(mci) {
  const place = new Map(mci.order.map((id, at) => [id, at]));
  return [...mci.casualties].sort((one, other) => (place.get(one.casualty_id) ?? 1e6) - (place.get(other.casualty_id) ?? 1e6));
}

/** @param {Mci} mci */
const chosen = (mci) => mci.casualties.find((one) => one.casualty_id === chosenId.value) ?? null;

const add = () => doing(async () => { chosenId.value = (await post(`/v1/incidents/${incidentId}/casualties`, {})).casualty_id; });

/** @param {Casualty} one @param {Colour} colour */
const sort = (one, colour) => doing(() => post(`/v1/casualties/${one.casualty_id}/sort`, { colour }, { version: one.version }));

/** A full hospital takes a red one at the second press, under the name of who presses. @param {Casualty} one @param {Hospital} hospital */
async function send(one, hospital) {
  const path = /** @type {const} */ (`/v1/casualties/${one.casualty_id}/hospital`);
  try {
    await put(path, { facility_id: hospital.facility_id }, { version: one.version });
    await read();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.code !== 'hospital_full') return sayProblem(problem);
    if (atSecondPress(`overload ${one.casualty_id} ${hospital.facility_id}`, t('mci.overload', { tag: one.tag, hospital: nameOf(hospital) }), () => true)) {
      await doing(() => put(path, { facility_id: hospital.facility_id, override: true }));
    }
  }
  return undefined;
}

/** @param {'leave'|'arrive'|'release'} step @param {Casualty} one */
const step = (step, one) => doing(() => post(/** @type {any} */ (`/v1/casualties/${one.casualty_id}/${step}`), /** @type {any} */ (step === 'leave' ? {} : undefined)));

/** Letters do the work while no field has the focus. @param {KeyboardEvent} event */
function pressed(event) {
  const mci = shown.value;
  if (!mci || event.ctrlKey || event.altKey || event.metaKey || event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement) return;
  const list = inOrder(mci);
  const at = list.findIndex((one) => one.casualty_id === chosenId.value);
  const one = list[at];
  const key = event.key.toLowerCase();
  if (key === 'n') void add();
  else if (key === 'j' || event.key === 'ArrowDown') chosenId.value = (list[at + 1] ?? list[0])?.casualty_id ?? null;
  else if (key === 'k' || event.key === 'ArrowUp') chosenId.value = (list[at - 1] ?? list.at(-1))?.casualty_id ?? null;
  else if (one && LETTERS[key]) void sort(one, LETTERS[key]);
  else if (one && key === 'l') void step('leave', one);
  else if (one && key === 'a') void step('arrive', one);
  else if (one && /^[1-9]$/.test(key) && mci.hospitals[Number(key) - 1]) void send(one, mci.hospitals[Number(key) - 1]);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** @param {{colour: Colour|'unsorted', n?: number}} props */
const Chip = ({ colour, n }) => html`<span class=${`mci-chip mci-${colour}`}>${t(`mci.colour.${colour}`)}${n === undefined ? '' : ` ${n}`}</span>`;

/** @param {{one: Casualty, first: boolean}} props */
function Line({ one, first }) {
  const on = one.casualty_id === chosenId.value;
  return html`<tr class=${on ? 'chosen' : ''} aria-selected=${on} data-testid="mci-casualty" onClick=${() => { chosenId.value = one.casualty_id; }}>
    <th scope="row">${one.tag}${first && html` <span class="tag">${t('mci.next')}</span>`}</th>
    <td><${Chip} colour=${one.colour ?? 'unsorted'} /></td>
    <td>${t(`mci.state.${one.state}`)}</td>
    <td><select aria-label=${t('mci.sector')} value=${one.sector ?? ''} disabled=${!may('unit_status_write')}
      onChange=${(/** @type {any} */ event) => doing(() => post(`/v1/casualties/${one.casualty_id}/sector`, { sector: event.target.value }))}>
      ${!one.sector && html`<option value="">${t('mci.sector.none')}</option>`}
      ${SECTORS.map((sector) => html`<option key=${sector} value=${sector}>${t(`mci.sector.${sector}`)}</option>`)}</select></td>
    <td>${one.facility_id && html`${nameOf({ name: one.facility_name, name_zh: one.facility_name_zh })}${one.bed && html` <span class=${`mci-bed ${one.bed}`}>${code('mci.bed', one.bed)}</span>`}`}${one.call_sign && ` · ${one.call_sign}`}</td>
  </tr>`;
}

/** @param {{one: Hospital, at: number, casualty: Casualty|null}} props */
function HospitalLine({ one, at, casualty }) {
  const can = casualty && casualty.colour && casualty.colour !== 'black' && ['found', 'promised', 'left'].includes(casualty.state) && may('unit_status_write');
  return html`<tr data-testid="mci-hospital">
    <th scope="row"><button disabled=${!can} onClick=${() => casualty && send(casualty, one)}>${at < 9 && html`<kbd>${at + 1}</kbd> `}${nameOf(one)}</button>
      ${one.diverting && html` <span class="tag bad">${t('mci.diverting')}</span>`}</th>
    <td class="number">${one.distance_m === null ? t('mci.unknown') : t('mci.km', { km: (one.distance_m / 1000).toFixed(1) })}</td>
    ${one.rooms.map((room) => html`<td key=${room.colour} class=${`number ${room.free === 0 ? 'mci-full' : ''}`}>
      ${room.free === null ? t('mci.unknown') : `${room.free}/${room.capacity}`}${room.bound > 0 && html` <span class="faint">${t('mci.bound', { n: room.bound })}</span>`}</td>`)}
  </tr>`;
}

/** @param {{mci: Mci}} props */
function Board({ mci }) {
  const list = inOrder(mci);
  const casualty = chosen(mci);
  const write = may('unit_status_write');
  return html`<div class="mci-counts" role="status" data-testid="mci-counts">
      ${/** @type {const} */ ([...COLOURS, 'unsorted']).map((colour) => html`<${Chip} key=${colour} colour=${colour} n=${mci.counts[colour] ?? 0} />`)}
      <span class="faint">${mci.estimate === null ? t('mci.no_estimate') : t('mci.estimate', { n: mci.estimate })} · ${t('mci.crews', { n: mci.crews.length, staging: mci.crews.filter((one) => one.state === 'staging').length })}</span>
    </div>
    <div class="mci-board">
      <section><h3>${t('mci.casualties')}</h3>
        ${write && html`<div class="row"><button class="primary" data-testid="mci-add" onClick=${add}><kbd>N</kbd> ${t('mci.add')}</button>
          ${casualty && Object.entries(LETTERS).map(([letter, colour]) => html`<button key=${letter} class=${`mci-chip mci-${colour}`} data-testid=${`mci-sort-${colour}`} onClick=${() => sort(casualty, colour)}><kbd>${letter.toUpperCase()}</kbd> ${t(`mci.colour.${colour}`)}</button>`)}
          ${casualty?.state === 'promised' && html`<button data-testid="mci-leave" onClick=${() => step('leave', casualty)}><kbd>L</kbd> ${t('mci.leave')}</button>`}
          ${casualty?.state === 'left' && html`<button onClick=${() => step('arrive', casualty)}><kbd>A</kbd> ${t('mci.arrive')}</button>`}
          ${casualty?.state === 'found' && html`<button onClick=${() => step('release', casualty)}>${t('mci.release')}</button>`}</div>`}
        <div class="scroll" tabindex="0"><table><thead><tr>${/** @type {const} */ (['tag', 'colour', 'state', 'sector', 'hospital']).map((one) => html`<th key=${one} scope="col">${t(`mci.${one}`)}</th>`)}</tr></thead>
          <tbody>${list.map((one) => html`<${Line} key=${one.casualty_id} one=${one} first=${one.casualty_id === mci.order[0]} />`)}</tbody></table></div>
      </section>
      <section><h3>${t('mci.hospitals')}</h3><p class="small faint">${t('mci.hospitals.hint')}</p>
        <div class="scroll" tabindex="0"><table><thead><tr><th scope="col">${t('mci.hospital')}</th><th scope="col">${t('mci.distance')}</th>
          ${COLOURS.slice(0, 4).map((colour) => html`<th key=${colour} scope="col"><${Chip} colour=${colour} /></th>`)}</tr></thead>
          <tbody>${mci.hospitals.map((one, at) => html`<${HospitalLine} key=${one.facility_id} one=${one} at=${at} casualty=${casualty} />`)}</tbody></table></div>
      </section>
    </div>`;
}

function Dialog() {
  void appearance.value;
  const mci = shown.value;
  void chosenId.value;
  const number = selected()?.number ?? mci?.number ?? '';
  return html`<h2 id="mci-title">${t('mci.title', { number })}</h2>
    ${mci ? html`<${Board} mci=${mci} />` : html`<p>${t('mci.not_declared')}</p>
      ${may('incident_write') && html`<button class="primary" data-testid="mci-declare" onClick=${() => doing(() => put(`/v1/incidents/${incidentId}/mci`, {}))}>${t('mci.declare')}</button>`}`}
    <div class="row end"><button data-testid="mci-close" onClick=${() => byId('mci-dialog', HTMLDialogElement).close()}>${t('close')}</button></div>`;
}

/** Open the board of the incident that is looked at. */
export async function openMci() {
  const incident = selected();
  if (!incident) return;
  const dialog = byId('mci-dialog', HTMLDialogElement);
  if (incidentId !== incident.incident_id) {
    shown.value = null;
    chosenId.value = null;
  }
  incidentId = incident.incident_id;
  await read();
  render(html`<${Dialog} />`, dialog);
  dialog.onkeydown = pressed;
  dialog.onclose = () => clearInterval(timer);
  clearInterval(timer);
  timer = window.setInterval(() => void read(), AGAIN_MS);
  if (!dialog.open) dialog.showModal();
}
