/** What was recorded: seats for the calls of each hour, spans of responses, modelled beside recorded travel. */

import { get } from '../../kit/api.js';
import { pick, sentence, t } from '../../kit/i18n.js';
import { Empty, Read } from '../../kit/parts/states.js';
import { DataTable } from '../../kit/parts/table.js';
import { resource } from '../../kit/resource.js';
import { effect, html, signal, useEffect } from '../../kit/view.js';
import { shell } from '../../shell/shell.js';
import { cityId, grouped, percent } from '../state.js';

/** @typedef {import('../../types.d.ts').CallCentreView} CallCentreView */
/** @typedef {import('../../types.d.ts').RecordedView} RecordedView */
/** @typedef {import('../../types.d.ts').CalibrationView} CalibrationView */
/** @typedef {RecordedView['spans'][number]} Span */

const HANDLING_S = [60, 120, 180, 240, 300];
const SHARES = [0.8, 0.9, 0.95, 0.99];
const BY = /** @type {const} */ (['none', 'district', 'priority', 'unit_class']);
const DAYS = /** @type {const} */ ([0, 1, 2, 3, 4, 5, 6]);
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

const handling_s = signal(180);
const share = signal(0.95);
const by = signal(/** @type {typeof BY[number]} */ ('none'));

const seats = resource((stop) => get(`/v1/planning/seats?city_id=${cityId()}&handling_s=${handling_s.peek()}&share=${share.peek()}`, { signal: stop }), { now: false });
const spans = resource((stop) => get(`/v1/planning/recorded?city_id=${cityId()}${by.peek() === 'none' ? '' : `&by=${by.peek()}`}`, { signal: stop }), { now: false });
const compared = resource((stop) => get(`/v1/planning/calibration?city_id=${cityId()}`, { signal: stop }), { now: false });

function keepUp() {
  const stops = [
    effect(() => { void [handling_s.value, share.value]; if (shell.city.value) void seats.reload(); }),
    effect(() => { void by.value; if (shell.city.value) void spans.reload(); }),
    effect(() => { if (shell.city.value) void compared.reload(); }),
  ];
  return () => { for (const stop of stops) stop(); };
}

/** What is recorded, or that nothing is. @template T @param {{of: import('../../kit/resource.js').Resource<T>, children: (data: T) => import('../../kit/view.js').Children}} props */
function Known({ of, children }) {
  const problem = of.problem.value;
  if (problem && ['nothing_recorded', 'too_few_records'].includes(problem.code)) return html`<${Empty} text=${sentence(problem)} />`;
  return html`<${Read} of=${of}>${children}<//>`;
}

export function Recorded() {
  useEffect(keepUp, []);
  return html`
    <div class="plan plan-recorded" data-testid="recorded">
      <section aria-labelledby="seats-title"><h2 id="seats-title">${t('plan.seats.title')}</h2>
        <div class="plan-choices">
          <label class="plan-pick">${t('plan.seats.share')} <select data-testid="seats-share" onChange=${(/** @type {any} */ event) => { share.value = Number(event.target.value); }}>${SHARES.map((n) => html`
            <option key=${n} value=${n} selected=${n === share.value}>${`${Math.round(100 * n)}%`}</option>`)}</select></label>
          <label class="plan-pick">${t('plan.seats.handling')} <select data-testid="seats-handling" onChange=${(/** @type {any} */ event) => { handling_s.value = Number(event.target.value); }}>${HANDLING_S.map((n) => html`
            <option key=${n} value=${n} selected=${n === handling_s.value}>${n}</option>`)}</select></label>
        </div>
        <${Known} of=${seats}>${(/** @type {CallCentreView} */ view) => html`<${Seats} view=${view} />`}<//></section>
      <section aria-labelledby="spans-title"><h2 id="spans-title">${t('plan.spans.title')}</h2>
        <fieldset class="choice-row" data-testid="spans-by"><legend>${t('plan.spans.by')}</legend>${BY.map((one) => html`
          <button key=${one} type="button" aria-pressed=${one === by.value ? 'true' : 'false'} onClick=${() => { by.value = one; }}>${t(`plan.spans.by.${one}`)}</button>`)}</fieldset>
        <${Known} of=${spans}>${(/** @type {RecordedView} */ view) => html`<${Spans} view=${view} />`}<//></section>
      <section aria-labelledby="compared-title"><h2 id="compared-title">${t('plan.compared.title')}</h2>
        <${Known} of=${compared}>${(/** @type {CalibrationView} */ view) => html`<${Compared} view=${view} />`}<//></section>
    </div>`;
}

/** @param {{view: CallCentreView}} props */
function Seats({ view }) {
  const needs = view.week.map((one) => one.needed);
  const [least, most] = [Math.min(...needs), Math.max(...needs)];
  /** From nothing to a third of the accent's colour. @param {number} needed */
  const tint = (needed) => `background: color-mix(in srgb, var(--accent) ${Math.round((35 * (needed - least)) / Math.max(most - least, 1))}%, transparent)`;
  return html`
    <p class="plan-says" data-testid="seats-says">${t('plan.seats.says', { share: percent(view.share), within: view.within_s, handling: view.handling_s, hours: grouped(view.seat_hours), most })}</p>
    <div class="plan-scroll" tabindex="0" role="region" aria-label=${t('plan.seats.title')}><table class="plan-table plan-week" data-testid="seats">
      <thead><tr><th scope="col">${t('plan.seats.day')}</th>${HOURS.map((hour) => html`<th key=${hour} scope="col" class="end">${hour}</th>`)}</tr></thead>
      <tbody>${DAYS.map((day) => html`<tr key=${day}><th scope="row">${t(`plan.day.${day}`)}</th>${view.week.slice(24 * day, 24 * day + 24).map((one, hour) => html`
        <td key=${hour} class="end" style=${tint(one.needed)} title=${t('plan.seats.cell', { hour, calls: one.calls_an_hour.toFixed(1), needed: one.needed, cautious: one.cautious })}>${one.needed}</td>`)}</tr>`)}</tbody>
    </table></div>
    <p class="hint">${t('plan.seats.hint')}</p>
    <div class="plan-basis"><ul>${view.sentences.map((one) => html`<li key=${one.en}>${pick(one)}</li>`)}</ul></div>`;
}

/** @param {{view: RecordedView}} props */
function Spans({ view }) {
  const minutes = (/** @type {number|null} */ seconds) => (seconds === null ? null : Math.round(seconds / 6) / 10);
  /** @type {import('../../kit/parts/table.js').Column<Span>[]} */
  const columns = [
    ...(view.by.length ? /** @type {import('../../kit/parts/table.js').Column<Span>[]} */ ([{ key: 'group', label: t('plan.spans.group'), value: (row) => row.group.map((one) => one ?? '–').join(' '), narrow: true }]) : []),
    { key: 'span', label: t('plan.spans.span'), value: (row) => t(/** @type {any} */ (`plan.span.${row.span}`)), narrow: true },
    { key: 'median', label: t('plan.spans.median'), value: (row) => minutes(row.median_s), align: 'end', narrow: true },
    { key: 'p90', label: t('plan.spans.p90'), value: (row) => minutes(row.p90_s), align: 'end', narrow: true },
    { key: 'counted', label: t('plan.spans.counted'), value: (row) => row.counted, align: 'end' },
    { key: 'out_of_order', label: t('plan.spans.out_of_order'), value: (row) => row.out_of_order, align: 'end' },
    { key: 'missing', label: t('plan.spans.missing'), value: (row) => row.missing, align: 'end' },
  ];
  return html`
    <p class="plan-says" data-testid="spans-says">${t('plan.spans.says', { responses: grouped(view.responses), calls: grouped(view.calls), sources: view.sources.join(t('part.comma')) })}</p>
    <${DataTable} label=${t('plan.spans.title')} columns=${columns} rows=${view.spans} rowKey=${(/** @type {Span} */ row) => `${row.span} ${row.group.join(' ')}`} pageSize=${50} csvName=${`${shell.city.value?.key ?? 'city'}-spans`} />`;
}

/** @param {{view: CalibrationView}} props */
function Compared({ view }) {
  const seconds = (/** @type {number} */ n) => t('plan.compared.seconds', { n: Math.round(n) });
  const left = (/** @type {string} */ why) => grouped(/** @type {Record<string, number>} */ (view.left_out)[why] ?? 0);
  return html`
    <p class="plan-says" data-testid="compared-says">${t('plan.compared.says', { compared: grouped(view.compared), responses: grouped(view.responses), station: left('station_unknown'), place: left('no_place'), way: left('no_way') })}</p>
    <dl class="plan-figures">
      <div><dt>${t('plan.compared.before')}</dt><dd>${seconds(view.before.median_abs_s)}</dd></div>
      <div><dt>${t('plan.compared.p90')}</dt><dd>${seconds(view.before.p90_abs_s)}</dd></div>
      <div><dt>${t('plan.compared.after')}</dt><dd>${seconds(view.after.median_abs_s)}</dd></div>
      <div><dt>${t('plan.compared.p90')}</dt><dd>${seconds(view.after.p90_abs_s)}</dd></div>
    </dl>
    <p class="plan-calibration">${pick(view.words)}</p>`;
}
