/** Who should go: every eligible unit by road time, with reasons; dispatch by mouse or keys. */

import { duration } from '../../kit/clock.js';
import { fill, h } from '../../kit/dom.js';
import { code, pick, sentence, t } from '../../kit/i18n.js';
import { ended, unitPhase } from '../../kit/lifecycle.js';
import { markSvg, UNIT_MARK } from '../../kit/symbols.js';
import { dispatchUnit, refreshRecommendation } from './actions.js';
import { candidateIndex, may, openAssignments, selected, store } from '../state.js';

const SHOWN = 9;

/** From this difference on the dispatcher is told of the detour. */
const DETOUR_S = 30;

/** The time as it would be without closures, where they matter. @param {import('../../types.d.ts').RankedUnitView} unit */
function withoutClosures(unit) {
  const open_s = unit.travel_time_ignoring_closures_s;
  if (open_s === null || open_s === undefined) return null;
  if (unit.travel_time_s === null) {
    return h('span', { class: 'cut small', 'data-testid': 'cut-off' }, `✕ ${t('road.cut_off')} · ${t('road.without', { time: duration(open_s) })}`);
  }
  return unit.travel_time_s - open_s >= DETOUR_S && h('span', { class: 'detour small' }, t('road.detour', { time: duration(open_s) }));
}

/** @param {import('../../types.d.ts').RankedUnitView} unit @param {number} index */
function row(unit, index) {
  const chosen = index === candidateIndex();
  const group = unitPhase(store.state.units.get(unit.unit_id) ?? {});
  return h('li', {
    class: `candidate${chosen ? ' chosen' : ''}${unit.eligible ? '' : ' ineligible'}`,
    'data-testid': 'recommendation-row', 'data-unit-id': unit.unit_id, 'aria-current': chosen ? 'true' : null,
    onclick: () => store.set({ candidateUnit: unit.unit_id }),
  },
  h('span', { class: 'rank' }, unit.rank),
  markSvg(UNIT_MARK[group], { size: 20, title: code('unit', group), hollow: unit.position_stale }),
  h('span', { class: 'grow' },
    h('span', { class: 'line' }, h('b', {}, unit.call_sign), ' ', h('span', { class: 'tag' }, code('level', unit.level)),
      ' ', h('span', { class: 'faint' }, unit.station_name ?? '')),
    h('span', { class: 'reasons' },
      (unit.reasons ?? []).map((reason) => h('span', { class: 'reason' }, pick(reason))),
      unit.position_stale && h('span', { class: 'reason warn' }, t('unit.stale', { age: duration(unit.position_age_s) })))),
  h('span', { class: 'time' },
    h('b', {}, unit.travel_time_s === null ? t('recommend.unreachable') : duration(unit.travel_time_s)),
    withoutClosures(unit),
    unit.travel_time_low_s !== null && unit.travel_time_low_s !== undefined
      && h('span', { class: 'faint small' }, `${duration(unit.travel_time_low_s)}–${duration(unit.travel_time_high_s)}`)),
  may('dispatch') && h('button', {
    class: chosen ? 'primary' : '', 'data-testid': 'dispatch-button', 'data-unit-id': unit.unit_id,
    'aria-label': t('recommend.dispatch_unit', { unit: unit.call_sign }),
    onclick: (/** @type {Event} */ event) => {
      event.stopPropagation();
      dispatchCandidate(index);
    },
  }, t('recommend.dispatch')));
}

/** Whether the plan's need of it is what brought a unit into the list. @param {import('../../types.d.ts').RankedUnitView} unit */
const isSuggested = (unit) => unit.reasons.some((reason) => reason.code === 'suggested');

/** Show every unit of the city, or the best ones only; the server sends the rest when asked. @param {boolean} wholeList */
function showWhole(wholeList) {
  store.set({ wholeList, candidateUnit: null });
  void refreshRecommendation();
}

/** Send the unit at `index` of the list to the selected incident. @param {number} index */
export function dispatchCandidate(index) {
  const incident = selected();
  const unit = store.state.recommendation?.units?.[index];
  if (!incident || !unit || !may('dispatch')) return;
  void dispatchUnit(incident.incident_id, unit);
}

/** @returns {import('./panel.js').Section} */
export function recommendSection() {
  const body = h('div');
  const title = h('summary', {}, h('h3', {}, t('recommend.title')));
  const root = h('details', { class: 'block recommend', 'data-testid': 'recommendation' }, title, body);
  let wasAssigned = /** @type {boolean|null} */ (null);
  return {
    root,
    update(incident) {
      root.hidden = ended(incident);
      const assigned = openAssignments(incident).length > 0;
      if (assigned !== wasAssigned) root.open = !assigned;
      wasAssigned = assigned;
      fill(/** @type {Element} */ (title.firstElementChild), t(assigned ? 'recommend.more' : 'recommend.title'),
        h('span', { class: 'faint small' }, ` ${t('recommend.keys')}`));
      const { recommendation, recommendationProblem } = store.state;
      if (recommendationProblem) return fill(body, h('p', { class: 'notice bad' }, sentence(recommendationProblem)));
      if (!recommendation) return fill(body, h('p', { class: 'faint' }, t('loading')));
      if (recommendation.waiting_for === 'place') return fill(body, h('p', { class: 'notice' }, t('recommend.waiting')));
      const units = recommendation.units;
      const whole = store.state.wholeList;
      const rows = units.map((unit, index) => (whole || index < SHOWN || isSuggested(unit) ? row(unit, index) : false));
      return fill(body,
        recommendation.basis === 'straight_line' && h('p', { class: 'notice warn' }, t('recommend.straight')),
        recommendation.shortfalls.map((one) => h('p', { class: 'notice warn' }, pick(one))),
        units.length === 0 && h('p', { class: 'notice warn' }, t('recommend.nobody')),
        h('ol', { class: 'candidates' }, rows),
        units.length > 0 && h('p', { class: 'faint small', 'data-testid': 'recommendation-counts' },
          t('recommend.counts', { n: recommendation.unit_count, eligible: recommendation.eligible_count })),
        recommendation.unit_count > SHOWN && h('button', { class: 'quiet', 'data-testid': 'recommendation-all', onclick: () => showWhole(!whole) },
          whole ? t('recommend.fewer') : t('recommend.all', { n: recommendation.unit_count })));
    },
  };
}
