/** Units on this incident: state, arrival, next stamps, destination. */

import { get, Problem } from '../../kit/api.js';
import { clockTime, distance, duration } from '../../kit/clock.js';
import { h } from '../../kit/dom.js';
import { code, nameOf, pick, sentence, t } from '../../kit/i18n.js';
import { assignmentState, inOrder, unitPhase, usualStep } from '../../kit/lifecycle.js';
import { Mark } from '../../kit/parts/mark.js';
import { UNIT_MARK } from '../../kit/symbols.js';
import { html, render, signal, useLayoutEffect, useRef } from '../../kit/view.js';
import { shortcut } from '../commands.js';
import { onEnter } from '../focus.js';
import { placeHeard, setDestination, stamp } from './actions.js';
import { may, store } from '../state.js';

/** @typedef {import('../../types.d.ts').AssignmentView} AssignmentView */
/** @typedef {import('../../types.d.ts').DestinationView} DestinationView */
/** @typedef {import('../state.js').Incident} Incident */

/** When it will be there from where it is now, and how much later that is than was told.
 * @param {{assignment: AssignmentView, drawn: object}} props */
function Arrival({ assignment }) {
  const zone = store.state.city.time_zone;
  const now = store.state.arrivals?.units.find((one) => one.assignment_id === assignment.assignment_id);
  const told = assignment.predicted_arrival_at && t('assignment.eta', { time: clockTime(assignment.predicted_arrival_at, zone) });
  if (!now) return told && html`<span class="faint">${told}</span>`;
  if (!now.expected_at) return html`<span class="bad" data-testid="arrival">${t('assignment.no_way')}</span>`;
  return html`<span class=${now.late_s ? 'overdue-tag' : ''} data-testid="arrival" title=${told || ''}>${t('assignment.now', { time: clockTime(now.expected_at, zone), left: duration(now.travel_time_s) })}${now.late_s ? ` ${t('assignment.late_by', { by: duration(now.late_s) })}` : ''}${now.position_stale ? ` (${t('assignment.stale')})` : ''}</span>`;
}

/** @param {{assignment: AssignmentView}} props */
const Stamps = ({ assignment }) => html`<div class="stamps faint">${assignment.stamps.map((one) => html`<span key=${one.recorded_at + one.state} title=${one.etimes ?? ''}>${code('stamp', one.state)} ${clockTime(one.occurred_at, store.state.city.time_zone)}${one.off_place_m !== null && html`<span class="off-place" data-testid="off-place"> ⚠ ${t('assignment.off_place', { by: distance(one.off_place_m) })}</span>`}${one.late ? ` (${t('assignment.late')})` : ''}${one.skipped.length ? ` (${t('assignment.skipped')})` : ''}</span>`)}</div>`;

/** @param {{assignment: AssignmentView, step: import('../../types.d.ts').AssignmentState, usual: boolean}} props */
const StampButton = ({ assignment, step, usual }) => html`<button class=${usual ? 'primary' : assignmentState(step)?.exit ? 'quiet' : ''} data-testid=${`stamp-${step}`} ...${usual ? shortcut('stamps') : { 'data-command': null, 'aria-keyshortcuts': null }}
  onClick=${(/** @type {MouseEvent} */ event) => {
    // The second press of a double click would stamp what has come under the pointer.
    if (event.detail < 2) void stamp(assignment, step);
  }}>${code('stamp', step)}</button>`;

/** A component is only drawn anew for props that changed; `drawn` is new each time, for the arrivals.
 * @param {{incident: Incident, assignment: AssignmentView, openDestinations: () => void, drawn: object}} props */
function Card({ incident, assignment, openDestinations }) {
  const group = unitPhase({ assignment_state: assignment.state });
  const next = inOrder(assignment.next_states);
  const usual = usualStep(assignment.next_states);
  const state = assignmentState(assignment.state);
  const destination = nameOf(assignment, 'destination_name');
  const card = useRef(/** @type {HTMLElement|null} */ (null));
  const focused = Boolean(card.current?.contains(document.activeElement));
  useLayoutEffect(() => {
    // Not the next stamp's button: an Enter pressed once too often would stamp it, too.
    if (focused && document.activeElement === document.body) card.current?.focus({ preventScroll: true });
  });
  return html`<li ref=${card} class="assignment" tabindex="-1" aria-label=${`${assignment.call_sign} ${code('stamp', assignment.state)}`} data-testid="assignment-row" data-state=${assignment.state} data-assignment-id=${assignment.assignment_id}>
    <div class="line"><${Mark} mark=${UNIT_MARK[group]} size=${20} title=${code('unit', group)} />
      <button class="link" onClick=${() => store.set({ unitId: assignment.unit_id })}>${assignment.call_sign}</button>
      <b>${code('stamp', assignment.state)}</b><span class="grow"></span>${state?.approaching && html`<${Arrival} assignment=${assignment} drawn=${{}} />`}</div>
    ${state?.approaching && !assignment.has_place && html`<div class="notice warn place-unheard" role="status" data-testid="place-unheard"><span class="grow">${t('assignment.old_place')}</span>
      ${may('unit_status_write') && html`<button data-testid="place-heard" onClick=${() => placeHeard(incident, assignment)}>${t('assignment.heard')}</button>`}</div>`}
    <${Stamps} assignment=${assignment} />
    ${destination && html`<div class="line">→ ${destination}</div>`}
    ${may('unit_status_write') && next.length > 0 && html`<div class="stamp-buttons">${next.map((step) => html`<${StampButton} key=${step} assignment=${assignment} step=${step} usual=${step === usual} />`)}</div>`}
    ${may('dispatch') && state?.needs_destination && html`<button class=${destination ? 'quiet' : ''} data-testid="choose-destination" onClick=${openDestinations}>${t(destination ? 'destination.change' : 'destination.choose')}</button>`}
  </li>`;
}

/** @param {{destination: DestinationView, choose: (destination: DestinationView) => void}} props */
function Destination({ destination, choose }) {
  const status = destination.diverting === true ? 'diverting' : destination.diverting === false ? 'accepting' : 'unknown';
  return html`<li><button class=${`option${destination.recommended ? ' recommended' : ''}`} data-testid="destination-option" data-facility-id=${destination.facility_id} onClick=${() => choose(destination)}>
    <span class="grow">
      <span class="line">${destination.recommended && html`<span class="ok">★ </span>`}<b>${nameOf(destination)}</b><span class=${`tag ${status === 'diverting' ? 'bad' : ''}`}>${t(`destination.${status}`)}</span></span>
      <span class="reasons">${destination.reasons.map((one) => html`<span class="reason" key=${one.code}>${pick(one)}</span>`)}</span></span>
    <span class="time"><b>${duration(destination.travel_time_s)}</b></span></button></li>`;
}

/** @returns {import('./panel.js').Section} */
export function assignmentsSection() {
  const root = h('section', { class: 'block' });
  /** The hospitals of a unit that are on offer: being read, refused or to choose from.
   * @type {import('../../kit/view.js').Signal<{assignment: AssignmentView, problem?: Problem, destinations?: readonly DestinationView[]}|null>} */
  const offered = signal(null);

  onEnter('stamps', () => {
    const usual = /** @type {HTMLElement|null} */ (root.querySelector('.stamp-buttons .primary, .stamp-buttons button'));
    usual?.focus();
    return usual !== null;
  });

  /** @param {AssignmentView} assignment */
  async function open(assignment) {
    offered.value = { assignment };
    try {
      const { destinations } = await get(`/v1/incidents/${assignment.incident_id}/destinations`);
      offered.value = { assignment, destinations };
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      offered.value = { assignment, problem };
    }
  }

  function Destinations() {
    if (!offered.value) return null;
    const { assignment, problem, destinations } = offered.value;
    if (problem) return html`<p class="notice bad">${sentence(problem)}</p>`;
    if (!destinations) return html`<p class="faint">${t('loading')}</p>`;
    const choose = async (/** @type {DestinationView} */ destination) => {
      if (await setDestination(assignment, destination)) offered.value = null;
    };
    return html`<h4>${t('destination.title', { unit: assignment.call_sign })}</h4>
      <ol class="options">${destinations.map((one) => html`<${Destination} key=${one.facility_id} destination=${one} choose=${choose} />`)}</ol>
      <button class="quiet" onClick=${() => { offered.value = null; }}>${t('cancel')}</button>`;
  }

  return {
    root,
    update(incident) {
      root.hidden = incident.assignments.length === 0;
      render(html`<h3>${t('assignment.title')}</h3>
        <ul class="assignments">${incident.assignments.map((one) => html`<${Card} key=${one.assignment_id} incident=${incident} assignment=${one} openDestinations=${() => open(one)} drawn=${{}} />`)}</ul>
        <div aria-live="polite"><${Destinations} /></div>`, root);
    },
  };
}
