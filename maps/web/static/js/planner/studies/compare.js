/** Two finished studies side by side: by swipe, by district, by what they were asked. */

import { get } from '../../kit/api.js';
import { pick, t } from '../../kit/i18n.js';
import { Empty, Read } from '../../kit/parts/states.js';
import { DataTable } from '../../kit/parts/table.js';
import { resource } from '../../kit/resource.js';
import { computed, effect, html, signal, useEffect } from '../../kit/view.js';
import { byChange, byTime, changeLegend, peopleBy, timeLegend } from './cells.js';
import { PlanMap } from '../map.js';
import { grouped, percent, placeName, points, written } from '../state.js';
import { askForKinds, kinds } from './form.js';
import { keepStudies, studies } from './list.js';
import { marks, SHARED_OUT, siteLegend } from './study.js';
import { SwipeMap } from './swipe.js';
import { parametersOf } from './values.js';

/** @typedef {import('./types.js').StudyLine} StudyLine */
/** @typedef {import('./types.js').Comparison} Comparison */
/** @typedef {Comparison['districts'][number]} Row */
/** @typedef {import('./types.js').Cells} Cells */

const VIEWS = /** @type {const} */ (['swipe', 'change']);
const ENDED = new Set(['done', 'stopped']);

const first = signal(/** @type {number|null} */ (null));
const second = signal(/** @type {number|null} */ (null));
const view = signal(/** @type {typeof VIEWS[number]} */ ('swipe'));

const pair = () => `first=${first.peek()}&second=${second.peek()}`;
const both = resource(async (stop) => (first.peek() && second.peek() ? get(`/v1/planning/studies/compare?${pair()}`, { signal: stop }) : null), { now: false });
const cells = resource(async (stop) => /** @type {Cells|null} */ (first.peek() && second.peek() ? await get(`/v1/planning/studies/compare/cells?${pair()}`, { signal: stop }) : null), { now: false });

/** What may be compared. */
const finished = computed(() => (studies.data.value ?? []).filter((one) => ENDED.has(one.state) && one.value !== null));

function keepUp() {
  const stops = [
    keepStudies(),
    effect(() => {
      const all = finished.value;
      const there = (/** @type {number|null} */ id) => all.some((one) => one.study_id === id);
      if (!there(first.peek())) first.value = null;
      if (!there(second.peek())) second.value = null;
      // Two of a kind have limits that may be set side by side.
      const pairs = all.flatMap((one, index) => all.slice(index + 1).filter((other) => other.kind === one.kind).map((other) => [other, one]));
      if (first.peek() === null && second.peek() === null && pairs.length) [first.value, second.value] = [pairs[0][0].study_id, pairs[0][1].study_id];
    }),
    effect(() => {
      void [first.value, second.value];
      void both.reload();
      void cells.reload();
    }),
  ];
  return () => { for (const stop of stops) stop(); };
}

export function Compare() {
  useEffect(keepUp, []);
  const all = finished.value;
  if (studies.data.value && all.length < 2) return html`<${Empty} title=${t('plan.compare.few')} text=${t('plan.compare.few.text')} />`;
  return html`
    <div class="plan" data-testid="compare">
      <div class="plan-choices"><${Pick} label=${t('plan.compare.first')} value=${first} all=${all} testid="compare-first" /><${Pick} label=${t('plan.compare.second')} value=${second} all=${all} testid="compare-second" /></div>
      ${first.value && second.value
        ? html`<${Read} of=${both}>${(/** @type {Comparison} */ found) => html`<${Compared} found=${found} />`}<//>`
        : html`<${Empty} title=${t('plan.compare.two')} text=${t('plan.compare.two.text')} />`}
    </div>`;
}

/** @param {{label: string, value: import('../../kit/view.js').Signal<number|null>, all: StudyLine[], testid: string}} props */
const Pick = ({ label, value, all, testid }) => html`
  <label class="plan-pick">${label} <select data-testid=${testid} onChange=${(/** @type {any} */ event) => { value.value = Number(event.target.value) || null; }}>
    <option value="" selected=${value.value === null}>${t('plan.compare.choose')}</option>
    ${all.map((one) => html`<option key=${one.study_id} value=${one.study_id} selected=${one.study_id === value.value}>${one.name} · ${pick(one.kind_words)}</option>`)}</select></label>`;

const shown = {
  left: computed(() => byTime(cells.data.value, 'before_s', both.data.value?.limit_s ?? 480)),
  right: computed(() => byTime(cells.data.value, 'after_s', both.data.value?.limit_s ?? 480)),
  change: computed(() => byChange(cells.data.value)),
  first: computed(() => marks([...(both.data.value?.sites_of_both ?? []), ...(both.data.value?.sites_of_first ?? [])])),
  second: computed(() => marks([...(both.data.value?.sites_of_both ?? []), ...(both.data.value?.sites_of_second ?? [])])),
};
const NO_LAYERS = signal(/** @type {string[]} */ ([]));

/** @param {{found: Comparison}} props */
function Compared({ found }) {
  const [city] = found.districts;
  const limit = t('plan.minutes', { n: Number((found.limit_s / 60).toFixed(1)) });
  return html`
    <p class="plan-says" data-testid="compare-says">${city ? t(SHARED_OUT.has(found.measure.code) ? 'plan.compare.says.measure' : 'plan.compare.says', { measure: pick(found.measure.words), limit, first: found.first.name, one: percent(city.share_first), second: found.second.name, two: percent(city.share_second), points: points(city.share_first, city.share_second), gains: grouped(city.gains), loses: grouped(city.loses) }) : ''}</p>
    ${found.differences.map((one) => html`<p key=${one.en} class="notice warn">${pick(one)}</p>`)}
    <div class="choice-row" role="group" aria-label=${t('plan.map')} data-testid="compare-view">${VIEWS.map((one) => html`
      <button key=${one} type="button" data-value=${one} aria-pressed=${one === view.value ? 'true' : 'false'} onClick=${() => { view.value = one; }}>${t(`plan.compare.${one}`)}</button>`)}</div>
    ${view.value === 'swipe'
      ? html`<${SwipeMap} key=${`swipe-${first.value}-${second.value}`} label=${t('plan.map')} lineLabel=${t('plan.map.line')} testid="compare-swipe" legend=${[...timeLegend(found.limit_s), ...siteLegend()]}
          left=${{ name: found.first.name, cells: shown.left, places: shown.first }} right=${{ name: found.second.name, cells: shown.right, places: shown.second }} />`
      : html`<${PlanMap} key="change" label=${t('plan.map')} layers=${NO_LAYERS} cells=${shown.change} places=${shown.second} testid="compare-map" legend=${[...changeLegend(peopleBy(cells.data.value)), ...siteLegend()]} />`}
    <${ByDistrict} found=${found} limit=${limit} />
    <${Asked} found=${found} />`;
}

/** @param {{found: Comparison, limit: string}} props */
function ByDistrict({ found, limit }) {
  /** @type {import('../../kit/parts/table.js').Column<Row>[]} */
  const columns = [
    { key: 'district', label: t('plan.district'), value: (row) => placeName(row.district, row.part === 'city' ? 'city' : 'outside'), narrow: true, width: 'minmax(7rem, 1.4fr)' },
    { key: 'people', label: t('plan.people'), value: (row) => row.people, align: 'end' },
    { key: 'first', label: t('plan.compare.first'), value: (row) => row.share_first, cell: (row) => percent(row.share_first), align: 'end', narrow: true },
    { key: 'second', label: t('plan.compare.second'), value: (row) => row.share_second, cell: (row) => percent(row.share_second), align: 'end', narrow: true },
    { key: 'points', label: t('plan.compare.points'), value: (row) => (row.share_first === null || row.share_second === null ? null : row.share_second - row.share_first), cell: (row) => points(row.share_first, row.share_second), align: 'end', narrow: true },
    { key: 'gains', label: t('plan.change.gains'), value: (row) => row.gains, align: 'end' },
    { key: 'loses', label: t('plan.change.loses'), value: (row) => row.loses, align: 'end' },
    { key: 'quicker', label: t('plan.change.quicker'), value: (row) => row.quicker, align: 'end', width: 'minmax(9.5rem, 1fr)' },
    { key: 'slower', label: t('plan.change.slower'), value: (row) => row.slower, align: 'end', width: 'minmax(9.5rem, 1fr)' },
  ];
  return html`<section aria-labelledby="compare-districts"><h2 id="compare-districts">${t('plan.districts', { limit })}</h2>
    <${DataTable} label=${t('plan.districts', { limit })} columns=${columns} rows=${found.districts} rowKey=${(/** @type {Row} */ row) => `${row.part}${row.district.code ?? ''}`} pageSize=${50} search=${found.districts.length > 12} csvName="studies-compared" /></section>`;
}

/** @param {{found: Comparison}} props */
function Asked({ found }) {
  useEffect(askForKinds, []);
  const asked = (kinds.data.value ?? []).filter((one) => one.code === found.first.kind || one.code === found.second.kind).flatMap((one) => parametersOf(one.schema));
  const choices = (/** @type {string} */ name) => asked.find((one) => one.name === name)?.choices ?? [];
  return html`
    <section aria-labelledby="compare-asked"><h2 id="compare-asked">${t('plan.compare.asked')}</h2>
      ${found.parameters.length === 0 ? html`<p class="faint">${t('plan.compare.alike')}</p>` : html`
        <div class="plan-scroll" tabindex="0" role="region" aria-labelledby="compare-asked"><table class="plan-table">
          <thead><tr><th scope="col">${t('plan.compare.parameter')}</th><th scope="col">${found.first.name}</th><th scope="col">${found.second.name}</th></tr></thead>
          <tbody>${found.parameters.map((one) => html`<tr key=${one.name}><th scope="row">${pick(one.words)}</th><td>${written(one.first, choices(one.name))}</td><td>${written(one.second, choices(one.name))}</td></tr>`)}</tbody></table></div>`}
    </section>`;
}
