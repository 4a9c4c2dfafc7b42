/** Units on this incident: state, arrival, next stamps, destination. */

import { get, Problem } from '../../kit/api.js';
import { clockTime, distance, duration } from '../../kit/clock.js';
import { fill, h } from '../../kit/dom.js';
import { code, nameOf, pick, sentence, t } from '../../kit/i18n.js';
import { assignmentState, inOrder, unitPhase, usualStep } from '../../kit/lifecycle.js';
import { markSvg, UNIT_MARK } from '../../kit/symbols.js';
import { shortcut } from '../commands.js';
import { onEnter } from '../focus.js';
import { placeHeard, setDestination, stamp } from './actions.js';
import { may, store } from '../state.js';

/** @typedef {import('../../types.d.ts').AssignmentView} AssignmentView */

/** When it will be there from where it is now, and how much later that is than was told.
 * @param {AssignmentView} assignment */
function arrival(assignment) {
  const zone = store.state.city.time_zone;
  const now = store.state.arrivals?.units.find((one) => one.assignment_id === assignment.assignment_id);
  const told = assignment.predicted_arrival_at && t('assignment.eta', { time: clockTime(assignment.predicted_arrival_at, zone) });
  if (!now) return told && h('span', { class: 'faint' }, told);
  if (!now.expected_at) return h('span', { class: 'bad', 'data-testid': 'arrival' }, t('assignment.no_way'));
  return h('span', { class: now.late_s ? 'overdue-tag' : '', 'data-testid': 'arrival', title: told || '' },
    t('assignment.now', { time: clockTime(now.expected_at, zone), left: duration(now.travel_time_s) }),
    now.late_s ? ` ${t('assignment.late_by', { by: duration(now.late_s) })}` : '',
    now.position_stale ? ` (${t('assignment.stale')})` : '');
}

/** @param {import('../state.js').Incident} incident @param {AssignmentView} assignment @param {() => void} openDestinations */
function card(incident, assignment, openDestinations) {
  const zone = store.state.city.time_zone;
  const group = unitPhase({ assignment_state: assignment.state });
  const next = assignment.next_states;
  const usual = usualStep(next);
  const state = assignmentState(assignment.state);
  const destination = nameOf(assignment, 'destination_name');
  return h('li', { class: 'assignment', tabindex: '-1', 'aria-label': `${assignment.call_sign} ${code('stamp', assignment.state)}`, 'data-testid': 'assignment-row', 'data-state': assignment.state, 'data-assignment-id': assignment.assignment_id },
    h('div', { class: 'line' }, markSvg(UNIT_MARK[group], { size: 20, title: code('unit', group) }),
      h('button', { class: 'link', onclick: () => store.set({ unitId: assignment.unit_id }) }, assignment.call_sign),
      h('b', {}, code('stamp', assignment.state)),
      h('span', { class: 'grow' }),
      state?.approaching && arrival(assignment)),
    state?.approaching && !assignment.has_place && h('div', { class: 'notice warn place-unheard', role: 'status', 'data-testid': 'place-unheard' },
      h('span', { class: 'grow' }, t('assignment.old_place')),
      may('unit_status_write') && h('button', { 'data-testid': 'place-heard', onclick: () => placeHeard(incident, assignment) }, t('assignment.heard'))),
    h('div', { class: 'stamps faint' }, (assignment.stamps ?? []).map((one) =>
      h('span', { title: one.etimes ?? '' }, `${code('stamp', one.state)} ${clockTime(one.occurred_at, zone)}`,
        one.off_place_m !== null && h('span', { class: 'off-place', 'data-testid': 'off-place' }, ` ⚠ ${t('assignment.off_place', { by: distance(one.off_place_m) })}`),
        one.late ? ` (${t('assignment.late')})` : '', one.skipped?.length ? ` (${t('assignment.skipped')})` : ''))),
    destination && h('div', { class: 'line' }, `→ ${destination}`),
    may('unit_status_write') && next.length > 0 && h('div', { class: 'stamp-buttons' }, inOrder(next).map((one) => h('button', {
      class: one === usual ? 'primary' : assignmentState(one)?.exit ? 'quiet' : '', 'data-testid': `stamp-${one}`,
      // The second press of a double click would stamp what has come under the pointer.
      onclick: (/** @type {MouseEvent} */ event) => { if (event.detail < 2) void stamp(assignment, one); },
      ...(one === usual ? shortcut('stamps') : {}),
    }, code('stamp', one)))),
    may('dispatch') && state?.needs_destination
      && h('button', { class: destination ? 'quiet' : '', 'data-testid': 'choose-destination', onclick: openDestinations },
        t(destination ? 'destination.change' : 'destination.choose')));
}

/** @param {import('../../types.d.ts').DestinationView} destination @param {(destination: import('../../types.d.ts').DestinationView) => void} choose */
function destinationRow(destination, choose) {
  const status = destination.diverting === true ? 'diverting' : destination.diverting === false ? 'accepting' : 'unknown';
  return h('li', {}, h('button', {
    class: `option${destination.recommended ? ' recommended' : ''}`, 'data-testid': 'destination-option', 'data-facility-id': destination.facility_id,
    onclick: () => choose(destination),
  },
  h('span', { class: 'grow' },
    h('span', { class: 'line' }, destination.recommended && h('span', { class: 'ok' }, '★ '), h('b', {}, nameOf(destination)),
      h('span', { class: `tag ${status === 'diverting' ? 'bad' : ''}` }, t(`destination.${status}`))),
    h('span', { class: 'reasons' },
      (destination.reasons ?? []).map((one) => h('span', { class: 'reason' }, pick(one))),)),
  h('span', { class: 'time' }, h('b', {}, duration(destination.travel_time_s)))));
}

/** @returns {import('./panel.js').Section} */
export function assignmentsSection() {
  const list = h('ul', { class: 'assignments' });
  const destinations = h('div', { 'aria-live': 'polite' });
  const root = h('section', { class: 'block' }, h('h3', {}, t('assignment.title')), list, destinations);
  let drawn = '';

  onEnter('stamps', () => {
    const usual = /** @type {HTMLElement|null} */ (list.querySelector('.stamp-buttons .primary, .stamp-buttons button'));
    usual?.focus();
    return usual !== null;
  });

  /** @param {import('../../types.d.ts').AssignmentView} assignment */
  async function choose(assignment) {
    fill(destinations, h('p', { class: 'faint' }, t('loading')));
    try {
      const answer = await get(`/v1/incidents/${assignment.incident_id}/destinations`);
      fill(destinations,
        h('h4', {}, t('destination.title', { unit: assignment.call_sign })),
        h('ol', { class: 'options' }, answer.destinations.map((one) => destinationRow(one, async (destination) => {
          if (await setDestination(assignment, destination)) fill(destinations);
        }))),
        h('button', { class: 'quiet', onclick: () => fill(destinations) }, t('cancel')));
    } catch (problem) {
      if (problem instanceof Problem) fill(destinations, h('p', { class: 'notice bad' }, sentence(problem)));
    }
  }

  return {
    root,
    update(incident) {
      const assignments = incident.assignments ?? [];
      root.hidden = assignments.length === 0;
      const here = store.state.arrivals?.incidentId === incident.incident_id ? store.state.arrivals.units : [];
      const signature = JSON.stringify([assignments, incident.place_changed_at, here.map((one) => [one.assignment_id, one.expected_at, one.late_s])]);
      if (signature === drawn) return;
      drawn = signature;
      const focused = /** @type {HTMLElement|null|undefined} */ (document.activeElement?.closest('[data-assignment-id]'))?.dataset.assignmentId;
      fill(list, assignments.map((one) => card(incident, one, () => choose(one))));
      if (focused && document.activeElement === document.body) {
        // Not the next stamp's button: an Enter pressed once too often would stamp it, too.
        /** @type {HTMLElement|null} */ (list.querySelector(`[data-assignment-id="${focused}"]`))?.focus();
      }
    },
  };
}
