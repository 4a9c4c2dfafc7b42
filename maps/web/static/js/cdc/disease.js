/** One disease: its curve beside what was expected, days of onset with what is still to be reported, seasons, areas, ages. */

import { Chart } from '../chart/chart.js';
import { get } from '../kit/api.js';
import { language, pick, t } from '../kit/i18n.js';
import { SelectField } from '../kit/parts/fields.js';
import { Empty, Read } from '../kit/parts/states.js';
import { resource } from '../kit/resource.js';
import { appearance, effect, html, useEffect } from '../kit/view.js';
import { shell } from '../shell/shell.js';
import { listen } from './live.js';
import { area, disease } from './state.js';

/** @typedef {import('../types.d.ts').EpidemicCharts} EpidemicCharts */
/** @typedef {import('../types.d.ts').SeenDiseases} SeenDiseases */

const cityId = () => shell.city.peek()?.city_id ?? 0;
const seen = resource((stop) => get(`/v1/surveillance/diseases/seen?city_id=${cityId()}`, { signal: stop }), { now: false });
const read = resource(async (stop) => {
  if (!disease.peek()) return null;
  const query = new URLSearchParams({ city_id: String(cityId()), language: language() });
  if (area.peek()) query.set('area_code', area.peek());
  return get(`/v1/surveillance/diseases/${disease.peek()}/curves?${query}`, { signal: stop });
}, { now: false });

function keepUp() {
  const stops = [
    effect(() => { if (shell.city.value) void seen.reload(); }),
    listen(['surveillance_run'], () => { if (shell.city.peek()) void seen.reload(); }),
    effect(() => {
      const found = seen.data.value?.diseases ?? [];
      if (found.length && !found.some((one) => one.disease === disease.peek())) {
        area.value = '';
        disease.value = found[0].disease;
      }
    }),
    effect(() => {
      void [disease.value, area.value, shell.city.value, appearance.value, seen.data.value];
      void read.reload();
    }),
  ];
  return () => { for (const stop of stops) stop(); };
}

export function Disease() {
  useEffect(keepUp, []);
  return html`<${Read} of=${seen}>${(/** @type {SeenDiseases} */ found) => (found.diseases.length === 0
    ? html`<${Empty} title=${t('cdc.never')} text=${t('cdc.never.text')} />`
    : html`<${Looked} found=${found} />`)}<//>`;
}

/** @param {{found: SeenDiseases}} props */
function Looked({ found }) {
  const view = read.data.value?.view ?? null;
  const areas = view?.areas ?? [];
  const options = [{ value: '', label: t('cdc.whole_city') }, ...areas.map((one) => ({ value: one.area_code, label: pick(one.place) }))];
  if (area.value && !options.some((one) => one.value === area.value)) options.push({ value: area.value, label: pick(view?.place) || area.value });
  return html`
    <div class="cdc-disease">
      <div class="fields cdc-choices">
        <${SelectField} label=${t('cdc.disease')} value=${disease} testid="disease" options=${found.diseases.map((one) => ({ value: one.disease, label: `${pick(one.words)} · ${one.cases_28.toLocaleString('en')}` }))} hint=${t('cdc.disease.hint')} />
        <${SelectField} label=${t('cdc.area')} value=${area} testid="area" options=${options} />
      </div>
      ${read.data.value && (view ? html`<${Charts} found=${/** @type {EpidemicCharts} */ (read.data.value)} />` : html`<${Empty} text=${t('cdc.no_curve')} />`)}
    </div>`;
}

/** @param {{found: EpidemicCharts}} props */
function Charts({ found }) {
  const view = found.view;
  if (!view) return null;
  const newest = view.weeks.at(-1);
  return html`
    <p data-testid="disease-says"><b>${pick(view.words)}</b>${t('part.comma')}${pick(view.place)}${t('cdc.curve.says', {
      day: view.day, basis: pick(view.basis), cases: newest?.cases ?? '–', expected: newest?.expected?.toFixed(1) ?? '–', threshold: newest?.threshold?.toFixed(0) ?? '–',
    })}</p>
    <div class="cdc-charts" data-testid="charts">
      ${found.charts.map((one) => html`<figure key=${one.name} class="cdc-chart" data-chart=${one.name} tabindex="0" aria-label=${String(one.spec.description ?? one.name)}><${Chart} spec=${one.spec} /></figure>`)}
    </div>
    <${Months} of=${view.months} />
    <${Reproduction} of=${view.reproduction} />
    ${view.further_areas > 0 && html`<p class="small faint">${t('cdc.further', { n: view.further_areas })}</p>`}`;
}

/** Cases by calendar month, the newest first, beside the same month a year before. @param {{of: NonNullable<EpidemicCharts['view']>['months']}} props */
function Months({ of }) {
  const told = (/** @type {number|null} */ cases) => (cases === null ? '–' : cases.toLocaleString('en'));
  const change = (/** @type {typeof of[number]} */ one) => {
    if (!one.whole || one.cases === null || !one.year_before) return '–';
    const percent = Math.round(100 * (one.cases / one.year_before - 1));
    return `${percent > 0 ? '+' : percent < 0 ? '−' : ''}${Math.abs(percent)} %`;
  };
  return html`<details class="small" data-testid="months"><summary>${t('cdc.months')}</summary>
    <div class="cdc-opinions cdc-months"><table>
      <thead><tr><th>${t('cdc.months.month')}</th><th class="end">${t('cdc.data.cases')}</th><th class="end">${t('cdc.months.before')}</th><th class="end">${t('cdc.months.change')}</th></tr></thead>
      <tbody>${[...of].reverse().map((one) => html`<tr key=${one.first_day}><th>${one.first_day.slice(0, 7)}${!one.whole && html` <span class="faint">${t('cdc.months.so_far')}</span>`}</th>
        <td class="end">${told(one.cases)}</td><td class="end">${told(one.year_before)}</td><td class="end">${change(one)}</td></tr>`)}</tbody>
    </table></div></details>`;
}

/** What the reproduction number is, or why it is not known, and what it assumes. @param {{of: NonNullable<EpidemicCharts['view']>['reproduction']}} props */
function Reproduction({ of }) {
  const newest = of.days.findLast((one) => one.mean !== null);
  return html`
    <section class="small" data-testid="reproduction">
      <h3>${t('cdc.rt')}</h3>
      <p>${newest ? t('cdc.rt.says', { day: newest.day, mean: newest.mean?.toFixed(2) ?? '–', low: newest.low?.toFixed(2) ?? '–', high: newest.high?.toFixed(2) ?? '–' }) : pick(of.why_not)}</p>
      ${of.source && html`<p class="faint">${t('cdc.rt.assumes', { mean: of.interval_days ?? '–', sd: of.spread_days?.toFixed(1) ?? '–', source: pick(of.source) })}
        ${of.spread_assumed && t('cdc.rt.spread')} ${t(of.nowcast ? 'cdc.rt.nowcast' : 'cdc.rt.left_out')} ${of.weekly && t('cdc.rt.weekly')}</p>`}
    </section>`;
}
