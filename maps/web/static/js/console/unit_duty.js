/** The chosen unit's duty: in or out of service, why and until when, its shift and who is on board. */

import { get, post, Problem } from '../kit/api.js';
import { duration, moment_ms, now_ms, shortTime, wallTime } from '../kit/clock.js';
import { code, sentence, t } from '../kit/i18n.js';
import { say } from '../kit/messages.js';
import { html, useEffect, useState } from '../kit/view.js';
import { may, store } from './state.js';

/** @typedef {import('../types.d.ts').UnitView} Unit */
/** @typedef {import('../types.d.ts').OutOfServiceIn['reason']} Reason */

/** @type {readonly Reason[]} */
const REASONS = ['workshop', 'cleaning', 'equipment', 'refuelling', 'break', 'no_crew', 'training', 'other'];

/** Why a unit is out, and when it is expected back; that this has passed is said. @param {Unit} unit */
export function outWords(unit) {
  if (!unit.out_of_service_reason) return null;
  const back = unit.expected_back_at;
  const late_s = back ? (now_ms() - Date.parse(back)) / 1000 : 0;
  const why = code('out', unit.out_of_service_reason);
  if (!back) return { text: why, late: false };
  const at = shortTime(back, store.state.city.time_zone);
  return late_s > 0
    ? { text: t('duty.overdue', { why, at, late: duration(late_s) }), late: true }
    : { text: t('duty.back_at', { why, at }), late: false };
}

/** @param {{unit: Unit}} props */
function Out({ unit }) {
  const [reason, setReason] = useState(/** @type {Reason|''} */ (''));
  const [back, setBack] = useState('');
  const zone = store.state.city.time_zone;
  const at_ms = back ? moment_ms(back, zone) : NaN;
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    if (!reason) return void say(t('duty.reason_missing'), 'bad');
    void change(unit, 'out-of-service', { reason, expected_back_at: Number.isNaN(at_ms) ? null : new Date(at_ms).toISOString() });
  };
  return html`<form class="duty-form" onSubmit=${submit}>
    <label>${t('duty.reason')} <select data-testid="duty-reason" value=${reason} onChange=${(/** @type {any} */ event) => setReason(event.target.value)}>
      <option value="">${t('duty.choose')}</option>
      ${REASONS.map((one) => html`<option key=${one} value=${one}>${code('out', one)}</option>`)}</select></label>
    <label>${t('duty.expected')} <input type="datetime-local" data-testid="duty-back" min=${wallTime(now_ms(), zone)} value=${back}
      onInput=${(/** @type {any} */ event) => setBack(event.target.value)} /></label>
    <button data-testid="duty-out">${t('duty.out')}</button>
  </form>`;
}

/** Change a unit's duty; what is refused says why. @param {Unit} unit @param {'out-of-service'|'in-service'|'shift-end'} step @param {object} [body] */
async function change(unit, step, body) {
  try {
    // Which body belongs to which step is the server's to check.
    const after = /** @type {Unit} */ (await post(/** @type {any} */ (`/v1/units/${unit.unit_id}/${step}`), /** @type {any} */ (body), { version: unit.version }));
    store.state.units.set(unit.unit_id, after);
    store.touch('units');
    say(t(`duty.done.${step}`, { unit: unit.call_sign }), 'good');
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    say(sentence(problem), 'bad');
  }
}

/** @param {{unit: Unit}} props */
export function UnitDuty({ unit }) {
  const [duty, setDuty] = useState(/** @type {import('../types.d.ts').UnitDuty|null} */ (null));
  const [ends, setEnds] = useState('');
  const zone = store.state.city.time_zone;
  useEffect(() => {
    let wanted = true;
    get(`/v1/units/${unit.unit_id}`).then((answer) => wanted && setDuty(answer), (problem) => {
      if (!(problem instanceof Problem)) throw problem;
    });
    return () => { wanted = false; };
  }, [unit.unit_id, unit.version]);
  const out = outWords(unit);
  const shift = duty && duty.unit.unit_id === unit.unit_id ? duty : null;
  const ends_ms = ends ? moment_ms(ends, zone) : NaN;
  const mine = may('unit_status_write');
  return html`<section class="duty" aria-label=${t('duty.title', { unit: unit.call_sign })} data-testid="unit-duty">
    <h3>${unit.call_sign} <span class="tag">${code('level', unit.level)}</span>
      <span class=${out?.late ? 'overdue' : 'faint'} role="status" data-testid="duty-state">${out ? `${t('duty.is_out')} · ${out.text}` : t('duty.is_in')}</span></h3>
    <p class="small" data-testid="duty-shift">${shift && (shift.shift_starts_at
      ? t('duty.shift', { from: shortTime(shift.shift_starts_at, zone), to: shift.shift_ends_at ? shortTime(shift.shift_ends_at, zone) : t('duty.open_end') })
      : t('duty.no_shift'))}
      ${shift?.crew.map((one, at) => html`<span key=${at}> · ${code('seat', one.seat)}: ${code('crew', one.qualification)}</span>`)}</p>
    ${mine && (unit.out_of_service_reason
      ? html`<button class="primary" data-testid="duty-in" onClick=${() => change(unit, 'in-service')}>${t('duty.in')}</button>`
      : html`<${Out} unit=${unit} />`)}
    ${mine && shift?.shift_starts_at && html`<form class="duty-form" onSubmit=${(/** @type {Event} */ event) => {
      event.preventDefault();
      if (!Number.isNaN(ends_ms)) void change(unit, 'shift-end', { ends_at: new Date(ends_ms).toISOString() });
    }}>
      <label>${t('duty.shift_end')} <input type="datetime-local" data-testid="duty-shift-end" value=${ends} min=${wallTime(now_ms(), zone)}
        onInput=${(/** @type {any} */ event) => setEnds(event.target.value)} /></label>
      <button data-testid="duty-shift-set" disabled=${Number.isNaN(ends_ms)}>${t('duty.set')}</button>
    </form>`}
  </section>`;
}
