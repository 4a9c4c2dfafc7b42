/** Minutes by road beside the map: people by class now and with all roads open, and the districts. */

import { clockTime, isoDate } from '../kit/clock.js';
import { code, nameOf, pick, t } from '../kit/i18n.js';
import { Read } from '../kit/parts/states.js';
import { DataTable } from '../kit/parts/table.js';
import { html } from '../kit/view.js';

/** @typedef {import('../types.d.ts').MinutesView} MinutesView */
/** @typedef {MinutesView['districts'][number]} District */
/** @typedef {import('../types.d.ts').LayerView['legend'][number]} LegendLine */
/** @typedef {'station'|'emergency'|'stroke'|'pci'} Target */
/** @typedef {'all'|'day'|'night'} TimeOfDay */

export const TARGETS = /** @type {Target[]} */ (['station', 'emergency', 'stroke', 'pci']);
export const LIMITS_MIN = [4, 8, 12, 20, 30];
const TIMES_OF_DAY = /** @type {TimeOfDay[]} */ (['all', 'day', 'night']);
const grouped = (/** @type {number} */ n) => n.toLocaleString('en');

/**
 * @typedef {object} MinutesState
 * @property {import('../kit/view.js').ReadonlySignal<import('../types.d.ts').CityInfo|null>} city
 * @property {import('../kit/view.js').Signal<Target>} target
 * @property {import('../kit/view.js').Signal<number>} limit_min
 * @property {import('../kit/view.js').Signal<TimeOfDay>} timeOfDay
 * @property {import('../kit/resource.js').Resource<MinutesView>} read
 * @property {import('../kit/view.js').Signal<string>} weighBy  layer of risks; empty: none
 * @property {import('../types.d.ts').LayerView[]} risks  layers that people may be weighed by
 * @property {boolean} simulated
 * @property {LegendLine[]} legend  of the layer that is summed up
 */

/** @param {{state: MinutesState}} props */
export const Minutes = ({ state }) => html`
  <section class="minutes" aria-labelledby="minutes-title" data-testid="minutes">
    <h2 id="minutes-title">${t('minutes.heading')}</h2>
    <div class="choice-row" role="group" aria-label=${t('minutes.target')} data-testid="targets">${TARGETS.map((one) => html`
      <button key=${one} type="button" data-target=${one} aria-pressed=${one === state.target.value ? 'true' : 'false'} onClick=${() => { state.target.value = one; }}>${t(`minutes.target.${one}`)}</button>`)}</div>
    <div class="row">
      <label>${t('minutes.limit')} <select data-testid="limit" onChange=${(/** @type {any} */ event) => { state.limit_min.value = Number(event.target.value); }}>${LIMITS_MIN.map((n) => html`
        <option key=${n} value=${n} selected=${n === state.limit_min.value}>${t('minutes.limit.minutes', { n })}</option>`)}</select></label>
      <label>${t('minutes.people')} <select data-testid="time-of-day" onChange=${(/** @type {any} */ event) => { state.timeOfDay.value = event.target.value; }}>${TIMES_OF_DAY.map((one) => html`
        <option key=${one} value=${one} selected=${one === state.timeOfDay.value}>${t(`minutes.time_of_day.${one}`)}</option>`)}</select></label>
      ${state.risks.length > 0 && html`<label>${t('minutes.weigh')} <select data-testid="weigh-by" onChange=${(/** @type {any} */ event) => { state.weighBy.value = event.target.value; }}>
        <option value="" selected=${state.weighBy.value === ''}>${t('minutes.weigh.none')}</option>
        ${state.risks.map((one) => html`<option key=${one.name} value=${one.name} selected=${one.name === state.weighBy.value}>${pick(one.title)}</option>`)}</select></label>`}
    </div>
    <${Read} of=${state.read}>${(/** @type {MinutesView} */ view) => html`<${Sums} view=${view} zone=${state.city.value?.time_zone ?? 'UTC'} legend=${state.legend} />`}<//>
  </section>`;

/** @param {{view: MinutesView, zone: string, legend: LegendLine[]}} props */
function Sums({ view, zone, legend }) {
  const { beyond, roads, population } = view;
  const [sum, ...others] = view.says;
  const [by, rest] = view.weighed ? [others[0], others.slice(1)] : [null, others];
  const closed = roads.closed_legs > 0;
  const more = beyond.people_now - beyond.people_open;
  return html`
    <p class="minutes-says" data-testid="minutes-says">${pick(sum)}</p>
    ${by && html`<p class="small" data-testid="minutes-weighed">${pick(by)}${view.weighed && view.weighed.people_without > 0 ? ` ${t('minutes.weigh.without', { n: grouped(view.weighed.people_without) })}` : ''}</p>`}
    <dl class="minutes-figures">
      <div><dt>${t('minutes.now')}</dt><dd data-testid="beyond-now">${grouped(beyond.people_now)}</dd></div>
      <div><dt>${t('minutes.open')}</dt><dd>${grouped(beyond.people_open)}</dd></div>
      ${closed && html`<div class=${more > 0 ? 'worse' : ''}><dt>${t('minutes.more')}</dt><dd data-testid="beyond-more">${more > 0 ? '+' : ''}${grouped(more)}</dd></div>`}
    </dl>
    <${Classes} view=${view} closed=${closed} legend=${legend} />
    <p class="hint">${closed ? t('minutes.closed', { n: grouped(roads.closed_legs) }) : t('minutes.none_closed')} · ${t('minutes.as_of', { at: `${isoDate(roads.as_of, zone)} ${clockTime(roads.as_of, zone)}` })}</p>
    <p class="hint">${t('minutes.counted', { base: code('minutes.base', population.base), day: population.counted_on ?? t('minutes.day_unknown'), source: population.source ?? '–' })}</p>
    <details class="minutes-basis"><summary>${t('minutes.basis')}</summary>${rest.map((one) => html`<p key=${one.en}>${pick(one)}</p>`)}</details>`;
}

/** The line of the layer's legend that a class is drawn by. @param {LegendLine[]} legend @param {MinutesView['classes'][number]} one */
const lineOf = (legend, one) => legend.find((line) => (one.code === 'unreachable' ? line.value === 'unreachable'
  : line.value === null && line.at_least === one.at_least_min && line.below === one.below_min));

/** @param {LegendLine|undefined} line */
const coloured = (line) => (line ? `--colour: ${line.colour}; --on-dark: ${line.on_dark}` : '--colour: transparent');

/** @param {{view: MinutesView, closed: boolean, legend: LegendLine[]}} props */
function Classes({ view, closed, legend }) {
  const all = Math.max(1, view.population.people);
  return html`
    <table class="minutes-classes">
      <thead><tr><th scope="col">${t('minutes.class')}</th><th scope="col" class="end">${t('minutes.people')}</th><th scope="col" class="end">${t('minutes.share')}</th>
        ${closed && html`<th scope="col" class="end">${t('minutes.open')}</th>`}</tr></thead>
      <tbody>${view.classes.map((one) => html`
        <tr key=${one.code + one.at_least_min}>
          <th scope="row"><span class="swatch fill" style=${coloured(lineOf(legend, one))} aria-hidden="true">${one.code === 'unreachable' ? '✕' : one.code === 'unknown' ? '?' : ''}</span> ${classWords(one)}</th>
          <td class="end">${grouped(one.people_now)}</td>
          <td class="end bar" style=${`--share: ${(100 * one.people_now) / all}%`}>${((100 * one.people_now) / all).toFixed(1)}%</td>
          ${closed && html`<td class="end faint">${grouped(one.people_open)}</td>`}
        </tr>`)}</tbody>
    </table>`;
}

/** @param {MinutesView['classes'][number]} one */
function classWords(one) {
  if (one.code !== 'minutes') return code('minutes', one.code);
  if (one.at_least_min === null) return `< ${one.below_min}`;
  return one.below_min === null ? `≥ ${one.at_least_min}` : `${one.at_least_min} – ${one.below_min}`;
}

/** @param {{state: MinutesState}} props */
export const Districts = ({ state }) => html`
  <section class="districts" aria-labelledby="districts-title" data-testid="districts">
    <h2 id="districts-title">${t('minutes.districts')}: ${t(`minutes.target.${state.target.value}`)}</h2>
    <${Read} of=${state.read}>${(/** @type {MinutesView} */ view) => html`
      <${DataTable} label=${t('minutes.districts')} columns=${columnsFor(view)} rows=${view.districts} rowKey=${(/** @type {District} */ one) => one.code ?? ''} pageSize=${50} search=${view.districts.length > 12}
        csvName=${`${state.city.value?.key ?? 'city'}-minutes-${view.target.code}-districts`} sortedBy=${{ key: 'beyond', descending: true }}
        provenance=${state.simulated ? 'simulated' : view.population.modelled || view.target.modelled > 0 ? 'modelled' : 'recorded'} />`}<//>
  </section>`;

/** @param {MinutesView} view @returns {import('../kit/parts/table.js').Column<District>[]} */
function columnsFor(view) {
  const n = view.beyond.limit_min;
  const share = (/** @type {District} */ one) => (one.people > 0 ? Math.round((1000 * one.beyond_now) / one.people) / 10 : null);
  return [
    { key: 'name', label: t('minutes.district'), value: (one) => (one.code === null ? t('minutes.outside') : nameOf(one)), narrow: true, width: 'minmax(8rem, 1.4fr)' },
    { key: 'people', label: t('minutes.people'), value: (one) => one.people + one.unknown, align: 'end' },
    { key: 'median', label: t('minutes.median'), value: (one) => one.median_min, align: 'end', narrow: true },
    { key: 'median_open', label: t('minutes.median_open'), value: (one) => one.median_open_min, align: 'end' },
    { key: 'beyond', label: t('minutes.beyond', { n }), value: (one) => one.beyond_now, align: 'end', narrow: true },
    { key: 'beyond_open', label: t('minutes.beyond_open'), value: (one) => one.beyond_open, align: 'end' },
    { key: 'share', label: `${t('minutes.share')} %`, value: share, align: 'end' },
    { key: 'unreachable', label: t('minutes.cut_off'), value: (one) => one.unreachable, align: 'end' },
    { key: 'unknown', label: t('minutes.unknown'), value: (one) => one.unknown, align: 'end' },
  ];
}
