/** The right side: the selected incident from call to close, section by section. */

import { clockTime, duration, now_ms, shortTime } from '../../kit/clock.js';
import { byId, fill, h } from '../../kit/dom.js';
import { code, language, onAppearance, pick, t } from '../../kit/i18n.js';
import { assignmentState, ended } from '../../kit/lifecycle.js';
import { html, render } from '../../kit/view.js';
import { incidentStep, refreshArrivals, refreshRecommendation } from './actions.js';
import { assignmentsSection } from './assignments.js';
import { callSection } from './call_section.js';
import { keysOf } from '../commands.js';
import { closeSection } from './close_section.js';
import { WhyNot } from './deviation.js';
import { draftOf } from './drafts.js';
import { duplicatesSection } from './duplicates_section.js';
import { reload } from '../feed.js';
import { logSection } from './log_section.js';
import { Offers } from './offers.js';
import { patientsSection } from './patients_section.js';
import { placeSection } from './place_section.js';
import { recommendSection } from './recommend_section.js';
import { Age, CategoryMark, missingWords } from '../parts.js';
import { may, openAssignments, selected, store } from '../state.js';
import { triageSection } from './triage_section.js';

/** @typedef {import('../state.js').Incident} Incident */

const RECOMMEND_EVERY_MS = 15_000;

/**
 * A section keeps its own inputs; `update` brings what changed on the server.
 * @typedef {{root: HTMLElement, update: (incident: import('../state.js').Incident) => void}} Section
 */

/** @type {Section[]} */
let sections = [];
/** The form of the call that is being taken. @type {ReturnType<typeof callSection>|null} */
let form = null;
/** @type {string|null} */
let shownId = null;

/** From this gain on a free unit is called better than the one under way. */
const BETTER_S = 60;

/** The free unit that would be there sooner than the first one under way, if there is one. @param {Incident} incident */
function betterUnit(incident) {
  const under_way = incident.assignments.filter((one) => assignmentState(one.state)?.approaching && one.predicted_arrival_at);
  const best = store.state.recommendation?.units.find((one) => one.eligible && one.travel_time_s !== null);
  if (!under_way.length || !best || best.travel_time_s === null) return null;
  if (incident.assignments.some((one) => assignmentState(one.state)?.needs_destination)) return null;
  const left_s = Math.min(...under_way.map((one) => (Date.parse(one.predicted_arrival_at ?? '') - now_ms()) / 1000));
  const gain_s = left_s - best.travel_time_s;
  return gain_s > BETTER_S ? { unit: best.call_sign, time: duration(best.travel_time_s), gain: duration(gain_s) } : null;
}

/** Who else has it open. A component is only drawn anew for props that changed: `drawn` is new each time, here and below. @param {{drawn: object}} _ */
function Others(_) {
  const names = [...new Set(store.state.desks.map((one) => (one.own ? t('desks.own') : one.name)))];
  return html`<div class="others" role="status" data-testid="head-desks">${names.length > 0 && t('desks.others', { names: names.join(', ') })}</div>`;
}

/** @param {{incident: Incident, drawn: object}} props */
function Facts({ incident }) {
  const zone = store.state.city.time_zone;
  const over = incident.closed_at ?? incident.cancelled_at;
  const units = openAssignments(incident);
  const better = betterUnit(incident);
  return html`<div class="head-facts" data-testid="head-facts">
    <div><b>${incident.place_label || t(incident.lon === null ? 'place.none' : 'place.point')}</b></div>
    ${over && html`<div class="ended" role="status" data-testid="incident-ended">${t('incident.ended', { at: shortTime(over, zone), state: incident.outcome ? code('outcome', incident.outcome) : code('state', incident.state) })}</div>`}
    <${Others} drawn=${{}} />
    ${!over && html`<div>${units.length ? units.map((one, at) => html`<span key=${one.assignment_id}>${at > 0 && ' · '}<b>${one.call_sign}</b> ${code('stamp', one.state)}${assignmentState(one.state)?.approaching && one.predicted_arrival_at ? `, ${t('incident.due', { time: clockTime(one.predicted_arrival_at, zone).slice(0, 5) })}` : ''}</span>`) : t('incident.no_units')}</div>`}
    ${incident.missing_since && units.length > 0 && html`<div class="short" data-testid="head-missing">${t('incident.missing', { units: missingWords(incident) })}<${Age} since=${incident.missing_since} /></div>`}
    ${!over && html`<${Offers} incident=${incident} />`}
    <${WhyNot} incidentId=${incident.incident_id} drawn=${{}} />
    ${!over && better && html`<div class="better" role="status" data-testid="head-better">${t('incident.better', better)}</div>`}
  </div>`;
}

/** Stays in sight while the sections below scroll. @param {{incident: Incident, drawn: object}} props */
function Head({ incident }) {
  const mine = incident.handled_by && incident.handled_by === store.state.session.user.user_id;
  return html`<header>
    <div class="incident-head">
      <${CategoryMark} category=${incident.category} size=${36} title=${incident.category ?? t('queue.uncoded')} />
      <div class="grow">
        <h2>${incident.number} <span class=${`state ${incident.state}`} data-testid="incident-state" data-state=${incident.state}>${code('state', incident.state)}</span>
          ${incident.simulated && html`<span class="tag">${t('simulated')}</span>`}</h2>
        <p class="faint">${t('incident.age')} <${Age} since=${incident.received_at} />
          ${incident.complaint && ` · ${pick(incident.complaint)}`}${incident.duplicate_of && ` · ${t('incident.duplicate')}`}${mine && ` · ${t('incident.mine')}`}</p>
      </div>
      <div class="head-buttons">
        ${incident.simulated && !mine && may('incident_write') && !ended(incident)
          && html`<button data-testid="take-over" title=${t('incident.take_over.hint')} onClick=${() => incidentStep(incident.incident_id, 'take-over')}>${t('incident.take_over')}</button>`}
        <button class="quiet" data-testid="mci-open" onClick=${async () => (await import('../safety/mci.js')).openMci()}>${t('mci.open')}</button>
        ${may('events_read') && html`<button class="quiet" onClick=${async () => (await import('./story.js')).showStory(incident)}>${t('story.button')}</button>`}
      </div>
    </div>
    <${Facts} incident=${incident} drawn=${{}} />
  </header>`;
}

/** @param {{draft: import('./drafts.js').Draft}} props */
const DraftHead = ({ draft }) => html`<header class="incident-head"><div class="grow">
  <h2>${t('call.new')}</h2>
  <p class="faint">${t('incident.age')} <${Age} since=${draft.received_at} /> · ${t('call.waiting')}</p></div></header>`;

/** A call the server has not got yet: its form, so that nothing said is lost. @param {Element} panel @param {import('./drafts.js').Draft} draft */
function drawDraft(panel, draft) {
  if (shownId !== draft.key) {
    shownId = draft.key;
    form = callSection(draft);
    sections = [form];
    fill(panel, h('div', { id: 'incident-head' }), form.root);
  }
  render(html`<${DraftHead} draft=${draft} />`, byId('incident-head'));
  form?.update(null);
}

function draw() {
  const panel = byId('incident-panel');
  const incident = selected();
  const draft = store.state.drafts.get(store.state.draftKey ?? '');
  if (!incident && draft) return drawDraft(panel, draft);
  if (!incident) {
    shownId = null;
    fill(panel, h('div', { class: 'empty-side' },
      h('p', {}, t('incident.none')),
      h('p', { class: 'faint' }, t('incident.none.hint', { keys: keysOf('new_call') }))));
    return;
  }
  if (shownId !== incident.incident_id) {
    // The form of a call that has just got its incident stays in place, with the cursor in it.
    const kept = shownId !== null && shownId === draftOf(incident.incident_id)?.key ? sections[0] : null;
    shownId = incident.incident_id;
    const more = [duplicatesSection(), placeSection(), triageSection(), assignmentsSection(), recommendSection(), patientsSection(), logSection(), closeSection()];
    sections = [kept ?? callSection(), ...more];
    if (kept) kept.root.after(...more.map((section) => section.root));
    else fill(panel, h('div', { id: 'incident-head' }), sections.map((section) => section.root));
    panel.scrollTop = 0;
  }
  render(html`<${Head} incident=${incident} drawn=${{}} />`, byId('incident-head'));
  for (const section of sections) section.update(incident);
}

export function startIncidentPanel() {
  store.on(['incidents', 'incidentId', 'recommendation', 'arrivals', 'candidateUnit', 'wholeList', 'protocol', 'desks', 'deviation', 'drafts', 'draftKey'], draw);
  store.on(['incidentId'], () => {
    const incident = selected();
    if (!incident) return;
    void reload(incident.incident_id).catch(() => undefined);
    void refreshRecommendation();
    void refreshArrivals();
  });
  setInterval(() => {
    const incident = selected();
    if (!incident || document.hidden || ended(incident)) return;
    void refreshRecommendation();
    void refreshArrivals();
  }, RECOMMEND_EVERY_MS);
  let underWay = '';
  store.on(['incidents'], () => {
    // Sent, set out, arrived, or a corrected place: the times are others at once.
    const incident = selected();
    const now = JSON.stringify([incident?.incident_id, incident?.lon, incident?.lat, incident?.assignments.map((one) => [one.assignment_id, one.state])]);
    if (now !== underWay) void refreshArrivals();
    underWay = now;
  });
  let written = language();
  onAppearance(() => {
    if (written === language()) return; // another theme, which the machine may choose by itself, moves nothing
    written = language();
    const panel = byId('incident-panel');
    const scrolled = panel.scrollTop;
    shownId = null;
    draw();
    panel.scrollTop = scrolled;
  });
  draw();
}
