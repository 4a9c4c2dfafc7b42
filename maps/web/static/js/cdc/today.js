/** What is new, by weight: each signal with its reason, its small curve and its place; acknowledged, explained or muted, by keys too. */

import { get, newKey, post, Problem } from '../kit/api.js';
import { clockTime, isoDate, shortTime } from '../kit/clock.js';
import { code, pick, sentence, t } from '../kit/i18n.js';
import { CalmList } from '../kit/parts/calm_list.js';
import { confirmDialog, Dialog } from '../kit/parts/dialog.js';
import { NumberField, numberProblem } from '../kit/parts/fields.js';
import { Mark } from '../kit/parts/mark.js';
import { Empty, Read } from '../kit/parts/states.js';
import { toast } from '../kit/parts/toast.js';
import { resource } from '../kit/resource.js';
import { COLOURS } from '../kit/symbols.js';
import { computed, effect, html, signal, useEffect, useSignal } from '../kit/view.js';
import { Form } from '../records/details.js';
import { chooseCity } from '../shell/state.js';
import { shell } from '../shell/shell.js';
import { listen } from './live.js';
import { Published } from './published.js';
import { SignalMap } from './signal_map.js';
import { Spark } from './spark.js';
import { lookAt } from './state.js';

/** @typedef {import('../types.d.ts').TodayView} TodayView */
/** @typedef {import('../types.d.ts').SignalView} SignalView */
/** @typedef {'acknowledged'|'explained'|'muted'} Decision */


/** @type {Record<string, import('../kit/symbols.js').Mark>} */
const STATE_MARK = {
  new: { shape: 'triangle', colour: COLOURS.vermillion, ink: '#ffffff', letter: 'N' },
  acknowledged: { shape: 'circle', colour: COLOURS.sky, ink: '#1b1b1b', letter: 'A' },
  explained: { shape: 'square', colour: COLOURS.green, ink: '#ffffff', letter: 'E' },
  muted: { shape: 'hexagon', colour: COLOURS.grey, ink: '#111111', letter: 'M' },
};

/** Key → what it decides, where the focus is on a signal. @type {Record<string, Decision>} */
const KEYS = { a: 'acknowledged', e: 'explained', m: 'muted' };

const read = resource((stop) => get(`/v1/surveillance/today?city_id=${shell.city.peek()?.city_id ?? 0}`, { signal: stop }), { now: false });
const opened = signal(/** @type {string|null} */ (null));
const turn = signal(0);
const key = computed(() => JSON.stringify((read.data.value?.signals ?? []).map((one) => [one.area_code, one.state])));

/** The first visit goes where something was judged; whoever then chooses a city stays there. */
let led = false;

function keepUp() {
  const stops = [
    listen(['signal', 'surveillance_run', 'case_source'], () => { if (shell.city.peek()) void read.reload(); }),
    effect(() => { if (shell.city.value) void read.reload(); }),
    effect(() => {
      void key.value;
      turn.value = turn.peek() + 1;
    }),
    effect(() => {
      const found = read.data.value;
      const there = found && !found.run && !led ? shell.cities.peek().find((one) => found.judged.includes(one.city_id)) : undefined;
      if (found) led = true;
      if (there) chooseCity(there.key);
    }),
  ];
  return () => { for (const stop of stops) stop(); };
}

/** @param {SignalView} one @param {Decision} state */
async function decide(one, state) {
  let note = '';
  if (state === 'explained') {
    const given = await confirmDialog({ title: t('cdc.explain.title', { signal: titleOf(one) }), text: t('cdc.explain.text'), action: t('cdc.do.explained'), reason: true });
    if (!given) return;
    note = given.reason;
  }
  try {
    await post(`/v1/surveillance/signals/${one.signal_id}/decision`, { state, note: note || null }, { key: newKey() });
    toast(t(`cdc.done.${state}`, { signal: titleOf(one) }), 'good');
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    toast(sentence(error), 'bad');
  }
  await read.reload();
}

/** Advise dispatch for a week. @param {SignalView} one */
async function advise(one) {
  if (!await confirmDialog({ title: t('cdc.advise.title', { signal: titleOf(one) }), text: t('cdc.advise.text'), action: t('cdc.advise') })) return;
  try {
    await post(`/v1/surveillance/signals/${one.signal_id}/advisory`, { days: 7 }, { key: newKey() });
    toast(t('cdc.advise.done'), 'good');
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    toast(sentence(error), 'bad');
  }
  await read.reload();
}

/** Signals of ambulance calls, which come while the day goes on. @param {{calls: readonly SignalView[], may: boolean}} props */
function Calls({ calls, may }) {
  if (!calls.length) return null;
  return html`<section class="cdc-calls" aria-labelledby="calls-title" data-testid="calls">
    <h2 id="calls-title"><span class="cdc-rule from-calls">☎ ${t('cdc.calls')}</span> ${t('cdc.calls.says', { n: calls.length })}</h2>
    <ol class="cdc-signals">${calls.map((one) => html`<${Signal} key=${one.signal_id} one=${one} place=${null} may=${may} />`)}</ol></section>`;
}

/** Far fewer than were due: of the data, not of health. @param {{drops: readonly SignalView[], may: boolean}} props */
function Drops({ drops, may }) {
  if (!drops.length) return null;
  return html`<section class="cdc-drops" aria-labelledby="drops-title" data-testid="drops">
    <h2 id="drops-title"><span class="cdc-rule from-data">↓ ${t('cdc.drops')}</span> ${t('cdc.drops.says', { n: drops.length })}</h2>
    <ol class="cdc-signals">${drops.map((one) => html`<${Signal} key=${one.signal_id} one=${one} place=${null} may=${may} />`)}</ol></section>`;
}

/** @param {SignalView} one */
const titleOf = (one) => [pick(one.disease_words), one.institution ?? '', pick(one.place), one.age_group && one.age_group !== '*' ? t('cdc.ages', { ages: one.age_group }) : '']
  .filter(Boolean).join(t('part.comma'));

/** @param {number|null} value */
const number = (value) => {
  if (value === null) return '–';
  return value > 0 && value < 0.05 ? '<0.1' : value.toLocaleString('en', { maximumFractionDigits: 1 });
};

/** @param {{one: SignalView, place: number|null, gone?: boolean, may: boolean}} props */
function Signal({ one, place, gone = false, may }) {
  const id = `signal-${one.signal_id}`;
  const isOpen = opened.value === one.signal_id;
  const keys = (/** @type {KeyboardEvent} */ event) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const state = KEYS[event.key];
    if (state && may && one.numbers) {
      event.preventDefault();
      void decide(one, state);
    } else if (event.key === 'Enter') opened.value = isOpen ? null : one.signal_id;
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const all = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('.cdc-signal')]);
      all[all.indexOf(/** @type {HTMLElement} */ (event.currentTarget)) + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
    }
  };
  return html`
    <li key=${one.signal_id} id=${id} class="cdc-signal ${one.state} ${gone ? 'gone' : ''}" tabindex="0" onKeyDown=${keys} aria-keyshortcuts=${may ? 'A E M' : undefined}
      data-testid="signal" data-area=${one.area_code ?? ''} data-state=${one.state}>
      <div class="cdc-signal-head">
        <${Mark} mark=${STATE_MARK[one.state]} title=${code('cdc.state', one.state)} />
        <h3>${place !== null && html`<span class="faint">${place}.</span> `}${titleOf(one)}</h3>
        ${one.obliged && html`<span class="cdc-rule" title=${t('cdc.rule.text')}>${t('cdc.rule')}</span>`}
        <span class="cdc-since faint">${t('cdc.since', { day: one.raised_on })}</span>
      </div>
      <div class="cdc-signal-body">
        <p class="cdc-reason">${pick(one.reason)}</p>
        ${one.recent.length > 0 && html`<${Spark} cases=${one.recent} />`}
        ${one.numbers && html`<dl class="cdc-figures">
          <div><dt>${t('cdc.observed')}</dt><dd>${number(one.observed)}</dd></div>
          <div><dt>${t('cdc.expected')}</dt><dd>${number(one.expected)}</dd></div>
          <div><dt>${t('cdc.threshold')}</dt><dd>${number(one.threshold)}</dd></div>
          <div><dt>${t('cdc.cases_7')}</dt><dd>${one.cases_7}</dd></div></dl>`}
      </div>
      ${one.state !== 'new' && one.state_by && html`<p class="small faint" data-testid="signal-by">${code('cdc.state', one.state)}: ${one.state_by.replace(/^user:/, '')}, ${shortTime(one.state_at, zone())}${one.note && html` — ${one.note}`}</p>`}
      ${one.advised_until && html`<p class="small faint" data-testid="advised">${t('cdc.advised', { day: one.advised_until })}</p>`}
      ${one.numbers && html`<div class="row cdc-actions">
        ${may && html`
          <button disabled=${one.state === 'acknowledged'} data-testid="acknowledge" onClick=${() => decide(one, 'acknowledged')}>${t('cdc.do.acknowledged')}<kbd>A</kbd></button>
          <button data-testid="explain" onClick=${() => decide(one, 'explained')}>${t('cdc.do.explained')}<kbd>E</kbd></button>
          <button disabled=${one.state === 'muted'} data-testid="mute" onClick=${() => decide(one, 'muted')}>${t('cdc.do.muted')}<kbd>M</kbd></button>`}
        ${one.opinions.length > 0 && html`<button class="quiet" aria-expanded=${isOpen ? 'true' : 'false'} data-testid="opinions" onClick=${() => { opened.value = isOpen ? null : one.signal_id; }}>${t('cdc.opinions', { n: one.opinions.filter((each) => each.alarm).length, of: one.opinions.length })}</button>`}
        ${may && one.kind !== 'drop' && html`<button class="quiet" data-testid="advise" onClick=${() => advise(one)}>${t('cdc.advise')}…</button>`}
        ${one.disease && html`<button class="quiet" data-testid="to-curve" onClick=${() => lookAt(one.disease ?? '', one.area_code)}>${t('cdc.curve')} →</button>`}
      </div>`}
      ${isOpen && html`<${Opinions} one=${one} />`}
    </li>`;
}

/** @param {{one: SignalView}} props */
const Opinions = ({ one }) => html`
  <div class="cdc-opinions" data-testid="opinion-table">
    <table>
      <thead><tr><th>${t('cdc.detector')}</th><th></th><th class="end">${t('cdc.observed')}</th><th class="end">${t('cdc.expected')}</th><th class="end">${t('cdc.threshold')}</th><th class="end">p</th></tr></thead>
      <tbody>${one.opinions.map((each) => html`
        <tr key=${each.detector} class=${each.alarm ? 'alarm' : ''}>
          <th>${pick(each.words)}</th>
          ${each.why_not ? html`<td colspan="5" class="faint">${pick(each.why_not)}</td>` : html`
            <td>${each.alarm ? html`<b>▲ ${t('cdc.alarm')}</b>` : html`<span class="faint">${t('cdc.quiet')}</span>`}</td>
            <td class="end">${number(each.observed)}</td><td class="end">${number(each.expected)}</td><td class="end">${number(each.threshold)}</td>
            <td class="end">${each.p_value === null ? '–' : each.p_value.toPrecision(2)}</td>`}
        </tr>`)}</tbody>
    </table>
    ${one.false_rate !== null && html`<p class="small faint">${t('cdc.false_rate', { share: `${(one.false_rate * 100).toPrecision(2)} %` })}</p>`}
  </div>`;

const asking = signal(false);

/** How many alarms a day can be verified. @param {{now: number}} props */
function BudgetForm({ now }) {
  const alarms = useSignal(/** @type {number|null} */ (now));
  const submit = async () => {
    const alarms_a_day = alarms.value;
    if (alarms_a_day === null || numberProblem(alarms_a_day, { min: 1, max: 1000 })) return;
    await post('/v1/surveillance/budget', { city_id: shell.city.peek()?.city_id ?? 0, alarms_a_day: Math.round(alarms_a_day) }, { key: newKey() });
    asking.value = false;
    toast(t('cdc.budget.done'), 'good');
    await read.reload();
  };
  return html`<${Form} action=${t('cdc.budget.save')} onSubmit=${submit} testid="budget-save">${() => html`
    <${NumberField} label=${t('cdc.budget.label')} value=${alarms} min=${1} max=${1000} step=${1} hint=${t('cdc.budget.hint')} testid="budget-number" />`}<//>`;
}

/** Which sources of aggregate reports count, and of how many diseases. @param {readonly any[]} covered */
const covering = (covered) => [...new Set(covered.map((one) => one.source))]
  .map((source) => t('cdc.run.reports.of', { source, n: covered.filter((one) => one.source === source).length })).join(t('part.comma'));

/** Whose reports should have come. @param {{missing: TodayView['missing'], day: string}} props */
function MissingReports({ missing, day }) {
  if (!missing.length) return null;
  const may = shell.can('cases_import');
  const end = async (/** @type {TodayView['missing'][number]} */ one) => {
    const said = await confirmDialog({ title: t('cdc.missing.end.title', { source: one.source, place: pick(one.place) }), text: t('cdc.missing.end.text', { day: one.reported_until ?? day }), action: t('cdc.missing.end') });
    if (!said) return;
    try {
      await post(`/v1/surveillance/reporters/${one.frame_id}/end`, { until: one.reported_until ?? day }, { key: newKey() });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      toast(sentence(error), 'bad');
    }
    await read.reload();
  };
  return html`<details class="cdc-missing" data-testid="missing" open=${missing.length <= 3}>
    <summary>${t('cdc.missing', { n: missing.length })}</summary>
    <ul>${missing.map((one) => html`<li key=${one.frame_id}>
      <span><b>${one.source}</b>${t('part.comma')}${pick(one.place)}${t('cdc.colon')}${t(/** @type {any} */ (`cdc.missing.${one.rhythm}`), { n: one.periods })}${one.reported_until ? t('cdc.missing.since', { day: one.reported_until }) : t('cdc.missing.never')}</span>
      ${may && html`<button class="quiet" onClick=${() => end(one)}>${t('cdc.missing.end')}…</button>`}</li>`)}</ul></details>`;
}

const zone = () => shell.city.value?.time_zone ?? 'UTC';

/** @param {{found: TodayView}} props */
function Found({ found }) {
  const run = found.run;
  const may = shell.can('signals_work');
  if (!run) {
    const others = shell.cities.value.filter((one) => found.judged.includes(one.city_id));
    return html`<${Calls} calls=${found.calls} may=${may} /><${Empty} title=${t('cdc.never')} text=${t('cdc.never.text')}>
      ${others.map((one) => html`<button key=${one.key} onClick=${() => chooseCity(one.key)}>${pick({ zh: one.name_zh, en: one.name })}</button>`)}<//>`;
  }
  const fresh = found.signals.filter((one) => one.state === 'new').length;
  const unjudged = run.series - run.judged;
  return html`
    <div class="cdc-today">
      <section class="cdc-list" aria-label=${t('cdc.tab.today')}>
        <p class="cdc-says" data-testid="today-says">
          <b>${run.day}</b> ${t('cdc.says', { n: found.signals.length, fresh })}
          ${shell.can('cases_read') && html` <span class="faint">${t('cdc.says.false', { n: run.expected_false.toFixed(1), budget: found.budget?.alarms_a_day ?? run.alarms_a_day })}</span>`}
          ${may && html` <button class="quiet" data-testid="budget" onClick=${() => { asking.value = true; }}>${t('cdc.budget')}…</button>`}
        </p>
        <${Dialog} open=${asking} title=${t('cdc.budget')} testid="budget-dialog"><${BudgetForm} now=${found.budget?.alarms_a_day ?? run.alarms_a_day} /><//>
        <${Calls} calls=${found.calls} may=${may} />
        <${Drops} drops=${found.drops} may=${may} />
        <${MissingReports} missing=${found.missing} day=${run.day} />
        ${found.signals.length === 0 ? html`<${Empty} title=${t('cdc.none')} text=${t('cdc.none.text', { series: run.series })} />` : html`
          <${CalmList} items=${found.signals} keyOf=${(/** @type {SignalView} */ one) => one.signal_id} scope=${`${run.city_id} ${run.day}`} class="cdc-signals" label=${t('cdc.tab.today')} testid="signals"
            row=${(/** @type {SignalView} */ one, /** @type {{index: number, gone: boolean}} */ at) => html`<${Signal} key=${one.signal_id} one=${one} place=${at.index + 1} gone=${at.gone} may=${may} />`} />`}
        ${found.kept.length > 0 && html`<details class="cdc-more"><summary>${t('cdc.kept', { n: found.kept.length })}</summary>
          <ol class="cdc-signals">${found.kept.map((one) => html`<${Signal} key=${one.signal_id} one=${one} place=${null} may=${may} />`)}</ol></details>`}
        ${found.earlier.length > 0 && html`<details class="cdc-more"><summary>${t('cdc.earlier', { n: found.earlier.length })}</summary>
          <ol class="cdc-signals">${found.earlier.map((one) => html`<${Signal} key=${one.signal_id} one=${one} place=${null} may=${may} />`)}</ol></details>`}
        ${!shell.can('cases_read') && html`<${Published} />`}
      </section>
      <aside class="cdc-beside" aria-label=${t('cdc.map')}>
        ${shell.can('cases_read') && html`<${SignalMap} turn=${turn} onArea=${(/** @type {string} */ area_code) => /** @type {HTMLElement|null} */ (document.querySelector(`[data-area="${CSS.escape(area_code)}"]`))?.focus()} />
          <p class="small cdc-legend"><${Mark} mark=${STATE_MARK.new} size=${14} /> ${t('cdc.legend.new')} <span class="swatch" style="background:#0072b2">K</span> ${t('cdc.legend.known')}</p>`}
        ${shell.can('cases_read') && html`<dl class="cdc-run small">
          <div><dt>${t('cdc.run.basis')}</dt><dd>${pick(found.basis)}</dd></div>
          <div><dt>${t('cdc.run.as_of')}</dt><dd>${isoDate(run.as_of, zone())} ${clockTime(run.as_of, zone()).slice(0, 5)}</dd></div>
          <div><dt>${t('cdc.run.series')}</dt><dd>${t('cdc.run.judged', { judged: run.judged, series: run.series })}</dd></div>
          ${unjudged > 0 && html`<div><dt>${t('cdc.run.unjudged')}</dt><dd>${Object.entries(run.unjudged).map(([name, count]) => `${code('cdc.outcome', name)} ${count}`).join(t('part.comma'))}</dd></div>`}
          ${run.threshold && html`<div><dt>${t('cdc.budget.met')}</dt><dd data-testid="threshold">${pick(/** @type {any} */ (run.threshold).words)}</dd></div>`}
          ${run.covered.length > 0 && html`<div><dt>${t('cdc.run.reports')}</dt><dd>${covering(run.covered)}</dd></div>`}
          ${run.unplaced + run.undated > 0 && html`<div><dt>${t('cdc.run.lost')}</dt><dd>${t('cdc.run.lost.text', { unplaced: run.unplaced, undated: run.undated })}</dd></div>`}
        </dl>`}
        ${may && html`<p class="small faint cdc-keys">${t('cdc.keys')}</p>`}
      </aside>
    </div>`;
}

export function Today() {
  useEffect(keepUp, []);
  return html`<${Read} of=${read}>${(/** @type {TodayView} */ found) => html`<${Found} found=${found} />`}<//>`;
}
