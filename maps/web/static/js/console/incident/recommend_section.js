/** Who should go: every eligible unit by road time, with reasons; dispatch by mouse or keys. */

import { duration } from '../../kit/clock.js';
import { byId, h } from '../../kit/dom.js';
import { code, nameOf, pick, sentence, t } from '../../kit/i18n.js';
import { ended, unitPhase } from '../../kit/lifecycle.js';
import { say } from '../../kit/messages.js';
import { CalmList } from '../../kit/parts/calm_list.js';
import { Mark } from '../../kit/parts/mark.js';
import { UNIT_MARK } from '../../kit/symbols.js';
import { html, render } from '../../kit/view.js';
import { keysOf, shortcut, singleOf } from '../commands.js';
import { onEnter } from '../focus.js';
import { askDiversion, dispatchUnit, refreshRecommendation } from './actions.js';
import { may, openAssignments, selected, store } from '../state.js';

/** @typedef {import('../../types.d.ts').RankedUnitView} RankedUnit */

const SHOWN = 9;

/** From this difference on the dispatcher is told of the detour. */
const DETOUR_S = 30;

/** The ids of the units as they stand on the screen: the list keeps them while somebody is at it.
 * @type {string[]} */
let shown = [];

/** The unit that stands at `index` on the screen, first = 0; none if it is no longer on offer. @param {number} index @returns {RankedUnit|undefined} */
export function unitAt(index) {
  const units = store.state.recommendation?.units ?? [];
  return units.find((unit) => String(unit.unit_id) === shown[index]);
}

/** The time as it would be without closures, where they matter. @param {{unit: RankedUnit}} props */
function WithoutClosures({ unit }) {
  const open_s = unit.travel_time_ignoring_closures_s;
  if (open_s === null || open_s === undefined) return null;
  if (unit.travel_time_s === null) {
    return html`<span class="cut small" data-testid="cut-off">✕ ${t('road.cut_off')} · ${t('road.without', { time: duration(open_s) })}</span>`;
  }
  return unit.travel_time_s - open_s >= DETOUR_S && html`<span class="detour small">${t('road.detour', { time: duration(open_s) })}</span>`;
}

/** What sending it costs the rest of the city; a cost that is not known is said, never shown as none. @param {{unit: RankedUnit}} props */
function Cost({ unit }) {
  const lost = unit.coverage_lost_points;
  if (!unit.eligible) return null;
  const text = lost === null || lost === undefined ? t('recommend.cost_unknown') : t('recommend.cost', { points: lost < 0.05 ? lost > 0 ? '<0.1' : '0' : lost.toFixed(1) });
  return html`<span class="faint small" data-testid="coverage-cost" title=${t('recommend.cost_title')}>${text}</span>`;
}

/** The area that is left without a unit in time. @param {{unit: RankedUnit}} props */
function OpensVoid({ unit }) {
  if (!unit.void || !unit.eligible) return null;
  return html`<span class="reason warn" data-testid="opens-void">${t('recommend.void', { area: nameOf(unit.void), people: unit.void.people.toLocaleString() })}</span>`;
}

/** Why the coverage cost is not known, if it is not, and the order that the policy gives. @param {{recommendation: import('../state.js').Recommendation}} props */
function Basis({ recommendation }) {
  const unknown = recommendation.coverage?.unknown;
  const policy = recommendation.policy;
  return html`${unknown && html`<p class="faint small" data-testid="coverage-unknown">${t(`recommend.unknown_${unknown}`)}</p>`}
    ${policy !== 'closest' && html`<p class="faint small">${t(`recommend.policy_${policy}`)}</p>`}`;
}

/** @param {{unit: RankedUnit, phase: import('../../kit/lifecycle.js').UnitPhase, index: number, gone: boolean, chosen: boolean}} props */
function Row({ unit, phase, index, gone, chosen }) {
  const low_s = unit.travel_time_low_s;
  const asked = isAsked(unit);
  return html`
    <li tabindex="-1" class="candidate ${chosen ? 'chosen' : ''} ${unit.diversion ? 'divertible' : ''} ${(unit.eligible || unit.diversion) && !gone ? '' : 'ineligible'}" data-testid="recommendation-row"
      data-unit-id=${unit.unit_id} data-gone=${gone} aria-current=${chosen ? 'true' : null}
      onClick=${() => !gone && store.set({ candidateUnit: unit.unit_id })}>
      <span class="rank">${index + 1}</span>
      <${Mark} mark=${UNIT_MARK[phase]} size=${20} title=${code('unit', phase)} hollow=${unit.position_stale} />
      <span class="grow">
        <span class="line"><b>${unit.call_sign}</b> <span class="tag">${code('level', unit.level)}</span> <span class="faint beside" title=${unit.station_name ?? ''}>${unit.station_name ?? ''}</span></span>
        <span class="reasons">
          ${unit.station_name && html`<span class="reason below" title=${unit.station_name}>${unit.station_name}</span>`}
          ${gone ? html`<span class="reason warn">${t('calm.gone')}</span>` : unit.reasons.map((reason) => html`<span class="reason" key=${reason.code}>${pick(reason)}</span>`)}
          ${!gone && html`<${OpensVoid} unit=${unit} />`}
          ${unit.position_stale && !gone && html`<span class="reason warn">${t('unit.stale', { age: duration(unit.position_age_s) })}</span>`}
        </span>
      </span>
      <span class="time">
        <b>${unit.travel_time_s === null ? t('recommend.unreachable') : duration(unit.travel_time_s)}</b>
        <${WithoutClosures} unit=${unit} />
        ${low_s !== null && low_s !== undefined && html`<span class="faint small">${duration(low_s)}–${duration(unit.travel_time_high_s)}</span>`}
        <${Cost} unit=${unit} />
      </span>
      ${/* A button that is disabled would lose the focus. */ may('dispatch') && html`<button class=${chosen ? 'primary' : ''} data-testid="dispatch-button" data-unit-id=${unit.unit_id} aria-disabled=${gone || asked} ...${chosen ? shortcut('send') : {}}
        aria-label=${asked ? `${t('divert.being_asked')} ${unit.call_sign}` : t(unit.diversion ? 'divert.ask_unit' : 'recommend.dispatch_unit', { unit: unit.call_sign })}
        onClick=${(/** @type {Event} */ event) => { event.stopPropagation(); if (!gone && !asked) send(unit); }}>${t(asked ? 'divert.being_asked' : unit.diversion ? 'divert.ask' : 'recommend.dispatch')}</button>`}
    </li>`;
}

/** Whether the plan's need of it is what brought a unit into the list. @param {RankedUnit} unit */
const isSuggested = (unit) => unit.reasons.some((reason) => reason.code === 'suggested');

/** Whether its crew has been asked to divert and has not answered yet. @param {RankedUnit} unit */
const isAsked = ({ unit_id, diversion }) => Boolean(diversion) && [...selected()?.diversions ?? []].some((one) => one.unit_id === unit_id && one.state === 'offered');

/** Show every unit of the city, or the best ones only; the server sends the rest when asked. @param {boolean} wholeList */
function showWhole(wholeList) {
  store.set({ wholeList, candidateUnit: null });
  void refreshRecommendation();
}

/** @param {RankedUnit} unit */
function send(unit) {
  const incident = selected();
  if (!incident || !may('dispatch')) return;
  // A unit on another call cannot be sent; its crew can be asked, which sends nobody.
  if (isAsked(unit)) return;
  if (unit.diversion) void askDiversion(incident.incident_id, unit);
  else void dispatchUnit(incident.incident_id, unit);
}

/** Choose the nearest unit that could be diverted; pressed again, its crew is asked. */
export function divertChosen() {
  const units = shown.flatMap((_, index) => unitAt(index) ?? []).filter((unit) => unit.diversion);
  if (units.some(isChosen)) sendChosen();
  else if (units.length) {
    store.set({ candidateUnit: units[0].unit_id, tab: 'incident' });
    focusChosen();
    say(t('divert.chosen', { unit: units[0].call_sign, keys: singleOf('divert') }));
  } else say(t('divert.nobody_near'));
}

/** Only a unit that somebody chose is marked, and can be sent by Enter. @param {RankedUnit} unit */
const isChosen = ({ unit_id }) => unit_id === store.state.candidateUnit;

/** Lines that round to the next pixel are in sight. */
const EDGE_PX = 3;

/** Whether nothing of it is outside the window or under something else. @param {Element} row */
function whollyVisible(row) {
  const { left, width, top, bottom } = row.getBoundingClientRect();
  return [top + EDGE_PX, bottom - EDGE_PX].every((y) => row.contains(document.elementFromPoint(left + width / 2, y)));
}

/** The rows from the first to the chosen one. */
const rowsToChosen = () => [...document.querySelectorAll('.recommend .candidate')].slice(0, shown.indexOf(String(store.state.candidateUnit)) + 1);

/** Whether the chosen row and those before it are seen; of more than the panel holds, the chosen one. @param {Element[]} rows  not empty */
function inSight(rows) {
  if (rows.every(whollyVisible)) return true;
  const room = byId('incident-panel').clientHeight - byId('incident-head').clientHeight;
  const [first, last] = [rows[0], rows[rows.length - 1]];
  return last.getBoundingClientRect().bottom - first.getBoundingClientRect().top > room && whollyVisible(last);
}

/** Bring the list into sight with the focus on its chosen unit, and say what Enter would do, or why it did not. @param {boolean} [unseen] */
export function focusChosen(unseen = false) {
  requestAnimationFrame(() => {
    const rows = rowsToChosen();
    const row = /** @type {HTMLElement|undefined} */ (rows.at(-1));
    const unit = unitAt(rows.length - 1);
    const incident = selected();
    if (!row || !unit || !incident) return;
    row.focus({ preventScroll: true });
    if (!inSight(rows)) row.scrollIntoView({ block: 'end' });
    if (unseen) say(t('recommend.unseen'), 'bad');
    else say(t('recommend.chosen', { unit: unit.call_sign, where: incident.place_label || incident.number }));
  });
}

/** Send the unit that was chosen by hand, if those before it in the list are seen, too. */
export function sendChosen() {
  const rows = rowsToChosen();
  const unit = unitAt(rows.length - 1);
  if (!unit) return say(t('recommend.none_chosen'));
  return inSight(rows) ? send(unit) : focusChosen(true);
}

/** Send the unit that stands at `index` on the screen to the selected incident, if it is seen. @param {number} index */
export function dispatchCandidate(index) {
  const unit = unitAt(index);
  if (!unit) return;
  store.set({ candidateUnit: unit.unit_id, tab: 'incident' });
  requestAnimationFrame(sendChosen);
}

/**
 * A component is only drawn anew for props that changed; `drawn` is new each time, for the units' phases.
 * @param {{incidentId: string, recommendation: import('../state.js').Recommendation|null, problem: import('../../kit/api.js').Problem|null, wholeList: boolean, candidate: number|null, drawn: object}} props
 */
function Units({ incidentId, recommendation, problem, wholeList }) {
  if (problem) return html`<p class="notice bad">${sentence(problem)}</p>`;
  if (!recommendation) return html`<p class="faint">${t('loading')}</p>`;
  if (recommendation.waiting_for === 'place') return html`<p class="notice">${t('recommend.waiting')}</p>`;
  const units = recommendation.units.filter((unit, index) => wholeList || index < SHOWN || isSuggested(unit));
  return html`
    ${recommendation.basis === 'straight_line' && html`<p class="notice warn">${t('recommend.straight')}</p>`}
    ${recommendation.shortfalls.map((one) => html`<p class="notice warn" key=${one.code}>${pick(one)}</p>`)}
    ${units.length === 0 && html`<p class="notice warn">${t('recommend.nobody')}</p>`}
    <${CalmList} items=${units} keyOf=${(/** @type {RankedUnit} */ unit) => unit.unit_id} scope=${`${incidentId} ${wholeList}`}
      class="candidates" label=${t('recommend.title')} onOrder=${(/** @type {string[]} */ keys) => { shown = keys; }}
      row=${(/** @type {RankedUnit} */ unit, /** @type {{index: number, gone: boolean}} */ at) => html`
        <${Row} key=${unit.unit_id} unit=${unit} phase=${unitPhase(store.state.units.get(unit.unit_id) ?? {})} chosen=${!at.gone && isChosen(unit)} ...${at} />`} />
    ${units.length > 0 && html`<${Basis} recommendation=${recommendation} />`}
    ${units.length > 0 && html`<p class="faint small" data-testid="recommendation-counts">
      ${t('recommend.counts', { n: recommendation.unit_count, eligible: recommendation.eligible_count })}</p>`}
    ${recommendation.unit_count > SHOWN && html`<button class="quiet" data-testid="recommendation-all" onClick=${() => showWhole(!wholeList)}>
      ${wholeList ? t('recommend.fewer') : t('recommend.all', { n: recommendation.unit_count })}</button>`}`;
}

/** @returns {import('./panel.js').Section} */
export function recommendSection() {
  const root = h('details', { class: 'block recommend', tabindex: '-1', 'aria-label': t('recommend.title'), 'data-testid': 'recommendation', ...shortcut('units') });
  let wasAssigned = /** @type {boolean|null} */ (null);
  // The list itself, not a button in it: the digits choose, and an Enter that was one too many does nothing.
  onEnter('units', () => {
    if (root.hidden) return false;
    root.open = true;
    root.focus({ preventScroll: true });
    root.scrollIntoView({ block: 'nearest' });
    return true;
  });
  return {
    root,
    update(incident) {
      root.hidden = ended(incident);
      const assigned = openAssignments(incident).length > 0;
      if (assigned !== wasAssigned) root.open = !assigned;
      wasAssigned = assigned;
      const { recommendation, recommendationProblem: problem, wholeList, candidateUnit: candidate } = store.state;
      render(html`
        <summary><h3>${t(assigned ? 'recommend.more' : 'recommend.title')}<span class="faint small"> ${t('recommend.keys', { send: keysOf('send') })}</span></h3></summary>
        <div><${Units} incidentId=${incident.incident_id} ...${{ recommendation, problem, wholeList, candidate }} drawn=${{}} /></div>`, root);
    },
  };
}
