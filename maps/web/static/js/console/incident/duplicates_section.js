/**
 * Calls about one thing: a hint while the call is taken, a link by one key, a merge only after both
 * texts were seen side by side and somebody said that it is the same patient.
 */

import { get, post, Problem } from '../../kit/api.js';
import { shortTime } from '../../kit/clock.js';
import { h } from '../../kit/dom.js';
import { code, pick, t } from '../../kit/i18n.js';
import { sayProblem } from '../../kit/messages.js';
import { html, render, signal } from '../../kit/view.js';
import { keysOf, shortcut } from '../commands.js';
import { openIncident } from '../feed.js';
import { linkIncident, mergeIncident, undoLink } from './actions.js';
import { CategoryMark } from '../parts.js';
import { may, openAssignments, selected, store } from '../state.js';

/** @typedef {import('../../types.d.ts').SimilarIncident} SimilarIncident */
/** @typedef {import('../../types.d.ts').LinkedIncident} LinkedIncident */
/** @typedef {import('../../types.d.ts').IncidentDetail} IncidentDetail */
/** @typedef {{call_id: string, words?: string, caller_number?: string, caller_name?: string}} Caller */

/** What is related to the incident shown. @type {import('../../kit/view.js').Signal<{id: string, related: import('../../types.d.ts').Related}|null>} */
const known = signal(null);

/** The likeliest hint of the incident that is shown. */
const first = () => (known.value && known.value.id === store.state.incidentId ? known.value.related.similar[0] : undefined);

/** @param {string} incidentId */
async function readRelated(incidentId) {
  try {
    const related = await get(`/v1/incidents/${incidentId}/related`);
    if (store.state.incidentId === incidentId) known.value = { id: incidentId, related };
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    // The next change of the incident asks again; a hint is worth no message.
  }
}

/** @param {string} incidentId @param {string} of */
async function link(incidentId, of) {
  if (await linkIncident(incidentId, of)) await readRelated(incidentId);
}

/** @param {LinkedIncident} one @param {string} shownId */
async function undo(one, shownId) {
  const incidentId = one.original ? shownId : one.incident_id;
  if (await undoLink(incidentId)) await readRelated(shownId);
}

/** @param {string} incidentId @returns {Promise<Caller[]>} */
const callers = async (incidentId) =>
  (may('personal_read') ? (await post(`/v1/incidents/${incidentId}/caller`, { reason: 'same patient?' })).calls : []);

/** @param {{incident: IncidentDetail, said: Caller[], kept: boolean}} props */
const Side = ({ incident, said, kept }) => html`<section class="merge-side" data-testid="merge-side">
  <h3><${CategoryMark} category=${incident.category} size=${24} title=${incident.category ?? t('queue.uncoded')} /> ${incident.number}
    ${kept && html` <span class="tag">${t('merge.goes_on')}</span>`}</h3>
  <p>${shortTime(incident.received_at, store.state.city.time_zone)} · ${incident.place_label || t(incident.lon === null ? 'place.none' : 'place.point')}</p>
  <p>${pick(incident.complaint) || t('queue.uncoded')}</p>
  ${said.length ? said.map((one) => html`<p class="words" key=${one.call_id}>${one.words ? `“${one.words}” ` : t('merge.no_words')}
      <span class="faint">${[one.caller_name, one.caller_number].filter(Boolean).join(' · ')}</span></p>`) : html`<p class="faint">${t('merge.no_words')}</p>`}
  <p class="faint">${t('merge.counts', { calls: incident.calls.length, patients: incident.patient_count ?? t('merge.unknown'), units: openAssignments(incident).map((one) => one.call_sign).join(', ') || t('merge.none') })}</p>
</section>`;

/** Show both side by side and ask. @param {string} oneId @param {string} otherId */
export async function askMerge(oneId, otherId) {
  /** @type {[IncidentDetail, IncidentDetail, Caller[], Caller[]]} */
  let read;
  try {
    read = await Promise.all([get(`/v1/incidents/${oneId}`), get(`/v1/incidents/${otherId}`), callers(oneId), callers(otherId)]);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    return sayProblem(problem);
  }
  const sides = [{ incident: read[0], said: read[2] }, { incident: read[1], said: read[3] }];
  // Whoever has units goes on, else the older one: nobody is sent to another number.
  sides.sort((a, b) => openAssignments(b.incident).length - openAssignments(a.incident).length
    || Date.parse(a.incident.received_at) - Date.parse(b.incident.received_at));
  const [kept, merged] = sides.map((one) => one.incident);
  const dialog = h('dialog', { class: 'merge', 'aria-labelledby': 'merge-title', 'data-testid': 'merge-dialog' });
  const end = () => { dialog.close(); dialog.remove(); };
  dialog.addEventListener('close', () => dialog.remove());
  async function same() {
    end();
    if (await mergeIncident(merged, kept)) await readRelated(kept.incident_id);
  }
  async function another() {
    end();
    await link(merged.incident_id, kept.incident_id);
    await readRelated(oneId);
  }
  document.body.append(dialog);
  render(html`<h2 id="merge-title" tabindex="-1" autofocus>${t('merge.title')}</h2>
    <div class="merge-sides">${sides.map((one) => html`<${Side} key=${one.incident.incident_id} incident=${one.incident} said=${one.said} kept=${one.incident === kept} />`)}</div>
    <p class="notice">${t('merge.what', { from: merged.number, into: kept.number })}</p>
    <div class="row end">
      <button data-testid="merge-yes" onClick=${same}>${t('merge.yes')}</button>
      <button data-testid="merge-no" onClick=${another}>${t('merge.no')}</button>
      <button class="quiet" onClick=${end}>${t('cancel')}</button></div>`, dialog);
  dialog.showModal();
  return undefined;
}

/** @param {{one: SimilarIncident, first: boolean, shownId: string}} props */
const Hint = ({ one, first: likeliest, shownId }) => html`<li class="hint-row" data-testid="similar" data-incident-id=${one.incident_id}>
  <${CategoryMark} category=${one.category} size=${22} title=${one.category ?? t('queue.uncoded')} />
  <span class="grow"><button class="link" onClick=${() => openIncident(one.incident_id)}>${one.number}</button> ${one.place_label ?? ''}
    <span class="faint small"> ${code('state', one.state)} · ${one.reasons.map((reason) => pick(reason)).join(' · ')}</span></span>
  <button data-testid="similar-link" ...${likeliest ? shortcut('link') : {}} onClick=${() => link(shownId, one.incident_id)}>${t('similar.link')}${likeliest && html` <kbd data-keys-of="link">${keysOf('link')}</kbd>`}</button>
  <button data-testid="similar-merge" ...${likeliest ? shortcut('merge') : {}} onClick=${() => askMerge(shownId, one.incident_id)}>${t('similar.merge')}${likeliest && html` <kbd data-keys-of="merge">${keysOf('merge')}</kbd>`}</button>
</li>`;

/** @param {{one: LinkedIncident, shownId: string}} props */
const Linked = ({ one, shownId }) => html`<li class="hint-row" data-testid="linked" data-incident-id=${one.incident_id}>
  <span class="grow">${t(one.merged ? (one.original ? 'linked.merged_into' : 'linked.merged') : 'linked.with')}
    <button class="link" onClick=${() => openIncident(one.incident_id)}>${one.number}</button></span>
  ${may('incident_write') && html`<button class="quiet" data-testid="linked-undo" onClick=${() => undo(one, shownId)}>${t('linked.undo')}</button>`}
</li>`;

/** @returns {import('./panel.js').Section} */
export function duplicatesSection() {
  const root = h('section', { class: 'block duplicates', 'data-testid': 'duplicates-section', 'aria-live': 'polite' });
  let asked = '';

  function Duplicates() {
    const shown = known.value;
    root.hidden = !shown || shown.id !== store.state.incidentId || !(shown.related.similar.length || shown.related.linked.length);
    if (!shown || root.hidden) return null;
    const { similar, linked } = shown.related;
    return html`${similar.length > 0 && html`<h3>${t('similar.title')}</h3><ul class="plain">${similar.map((one, at) =>
      html`<${Hint} key=${one.incident_id} one=${one} first=${at === 0} shownId=${shown.id} />`)}</ul>`}
      ${linked.length > 0 && html`<h3>${t('linked.title')}</h3><ul class="plain">${linked.map((one) =>
        html`<${Linked} key=${one.incident_id} one=${one} shownId=${shown.id} />`)}</ul>`}`;
  }

  render(html`<${Duplicates} />`, root);
  return {
    root,
    update(incident) {
      // Another call that came in may be the same as well.
      const now = `${incident.incident_id} ${incident.version} ${store.state.incidents.size}`;
      if (now === asked) return;
      asked = now;
      if (known.value?.id !== incident.incident_id) known.value = null;
      void readRelated(incident.incident_id);
    },
  };
}

/** Why nothing can be linked or merged by keys now. @returns {import('../../kit/i18n.js').Key|null} */
export function needsSimilar() {
  if (!selected()) return 'command.no_selection';
  return first() && may('incident_write') ? null : 'similar.none';
}

/** Link the incident shown to the likeliest of those it may repeat. */
export function linkLikeliest() {
  const [shown, hint] = [selected(), first()];
  if (shown && hint) void link(shown.incident_id, hint.incident_id);
}

/** Show the incident beside the likeliest of those it may repeat. */
export function mergeLikeliest() {
  const [shown, hint] = [selected(), first()];
  if (shown && hint) void askMerge(shown.incident_id, hint.incident_id);
}
