/** Response times: standards met or not, every interval with what was left out, by group. */

import { Chart } from '../chart/chart.js';
import { get, Problem, post } from '../kit/api.js';
import { moment_ms } from '../kit/clock.js';
import { pick, sentence, t } from '../kit/i18n.js';
import { save } from '../kit/files.js';
import { DateField, SelectField, TextField } from '../kit/parts/fields.js';
import { Empty, Read } from '../kit/parts/states.js';
import { DataTable } from '../kit/parts/table.js';
import { resource } from '../kit/resource.js';
import { effect, html, signal, useEffect, useMemo } from '../kit/view.js';
import { WORDS as PARTS } from '../records/words.js';
import { shell, startPage } from '../shell/shell.js';
import { WORDS } from './words.js';

/** @typedef {import('../types.d.ts').KpiView} KpiView */
/** @typedef {import('../types.d.ts').ProfileList} ProfileList */
/** @typedef {KpiView['standards'][number]} Judged */
/** @typedef {KpiView['intervals'][number]} Interval */

const BY = /** @type {const} */ (['none', 'area', 'hour_of_week', 'vulnerability', 'category']);
const DAY_MS = 86_400_000;

const profile = signal('nhs_arp');
const own = signal('');
const begin = signal('');
const until = signal('');
const by = signal('none');
const records = signal('dispatch');
const area = signal('');
const charted = signal('call_to_scene');

/** Midnight of a day by the city's clocks; the day after it with `after`. @param {string} day @param {boolean} [after] */
function instant(day, after = false) {
  if (!day) return null;
  const zone = shell.city.peek()?.time_zone ?? 'UTC';
  const next = after ? new Date(Date.parse(`${day}T00:00Z`) + DAY_MS).toISOString().slice(0, 10) : day;
  const ms = moment_ms(`${next}T00:00`, zone);
  return ms === null || Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

function asked() {
  const found = /** @type {Record<string, string>} */ ({ city_id: String(shell.city.peek()?.city_id ?? 0), by: by.peek(), records: records.peek() });
  const [from, to] = [instant(begin.peek()), instant(until.peek(), true)];
  if (from) found.from = from;
  if (to) found.to = to;
  if (area.peek().trim()) found.area = area.peek().trim();
  return found;
}

const profiles = resource((stop) => get('/v1/kpis/profiles', { signal: stop }));
const read = resource((stop) => (own.peek()
  ? post('/v1/kpis/judged', { ...asked(), city_id: shell.city.peek()?.city_id ?? 0, profile_yaml: own.peek() }, { signal: stop })
  : get(`/v1/kpis?${new URLSearchParams({ ...asked(), profile: profile.peek() })}`, { signal: stop })), { now: false });

function keepUp() {
  return effect(() => {
    void [profile.value, own.value, begin.value, until.value, by.value, records.value, area.value];
    if (shell.city.value) void read.reload();
  });
}

const grouped = (/** @type {number} */ n) => n.toLocaleString('en');
/** @param {number|null} seconds */
const time = (seconds) => (seconds === null ? '–' : seconds < 120 ? t('kpi.seconds', { n: Math.round(seconds) }) : t('kpi.minutes', { n: (seconds / 60).toFixed(1) }));

/** @param {Judged} row */
function demand(row) {
  const limit = time(row.at_most_s);
  if (row.share !== null) return t('kpi.demand.share', { share: Math.round(1000 * row.share) / 10, limit });
  return t(/** @type {any} */ (`kpi.demand.${row.statistic}`), { limit });
}

/** Nothing of nothing is no share. @param {Judged} row */
function came(row) {
  if (row.value === null) return t('kpi.no_record');
  if (row.share !== null) return t('kpi.came.share', { share: (100 * row.value).toFixed(1), within: grouped(row.within), used: grouped(row.used) });
  return time(row.value);
}

/** @param {Judged} row */
const verdict = (row) => t(row.met === null ? 'kpi.not_judged' : row.met ? 'kpi.met' : 'kpi.not_met');

function Filters() {
  const found = profiles.data.value?.profiles ?? [];
  /** @param {any} event */
  async function taken(event) {
    const [file] = event.target.files;
    if (file) own.value = await file.text();
    event.target.value = '';
  }
  return html`
    <form class="kpi-filters" aria-label=${t('kpi.filters')} onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
      <${SelectField} label=${t('kpi.profile')} value=${profile} testid="kpi-profile" disabled=${own.value !== ''} options=${found.map((one) => ({ value: one.name, label: pick(one.words) }))} />
      <${SelectField} label=${t('kpi.by')} value=${by} testid="kpi-by" options=${BY.map((one) => ({ value: one, label: t(`kpi.by.${one}`) }))} />
      <${SelectField} label=${t('kpi.records')} value=${records} testid="kpi-records" options=${[{ value: 'dispatch', label: t('kpi.records.dispatch') }, { value: 'recorded', label: t('kpi.records.recorded') }]} />
      <${DateField} label=${t('kpi.from')} value=${begin} testid="kpi-from" />
      <${DateField} label=${t('kpi.to')} value=${until} testid="kpi-to" />
      <${TextField} label=${t('kpi.area')} value=${area} maxlength=${64} testid="kpi-area" />
      <div class="field"><label for="kpi-own">${t('kpi.own')}</label>
        <input id="kpi-own" type="file" accept=".yaml,.yml" onChange=${taken} data-testid="kpi-own" aria-describedby="kpi-own-hint" />
        <p class="hint" id="kpi-own-hint">${t('kpi.own.hint')}</p></div>
    </form>`;
}

/** @param {{view: KpiView}} props */
function Standards({ view }) {
  /** @type {import('../kit/parts/table.js').Column<Judged>[]} */
  const columns = [
    ...(view.by === 'none' ? [] : /** @type {import('../kit/parts/table.js').Column<Judged>[]} */ ([{ key: 'group', label: t('kpi.group'), value: (row) => pick(row.group_words), narrow: true }])),
    { key: 'interval', label: t('kpi.interval'), value: (row) => pick(row.interval_words), narrow: true, width: 'minmax(10rem, 1.5fr)' },
    { key: 'categories', label: t('kpi.categories'), value: (row) => row.categories.join(' '), narrow: true, width: '7rem' },
    { key: 'demand', label: t('kpi.demand'), value: demand, width: 'minmax(10rem, 1.5fr)' },
    { key: 'came', label: t('kpi.came'), value: (row) => row.value, cell: came, narrow: true, width: 'minmax(9rem, 1fr)' },
    { key: 'used', label: t('kpi.used'), value: (row) => row.used, align: 'end', width: '6rem' },
    { key: 'verdict', label: t('kpi.verdict'), value: verdict, cell: (row) => html`<span class=${row.met === null ? 'faint' : row.met ? 'kpi-met' : 'kpi-missed'}>${verdict(row)}</span>`, narrow: true },
  ];
  return html`<${DataTable} label=${t('kpi.standards')} columns=${columns} rows=${view.standards} search=${false}
    rowKey=${(/** @type {Judged} */ row) => `${row.group} ${row.interval} ${row.categories} ${row.statistic} ${row.at_most_s}`} height_rem=${18} />`;
}

/** @param {{view: KpiView}} props */
function Intervals({ view }) {
  /** @type {import('../kit/parts/table.js').Column<Interval>[]} */
  const columns = [
    ...(view.by === 'none' ? [] : /** @type {import('../kit/parts/table.js').Column<Interval>[]} */ ([{ key: 'group', label: t('kpi.group'), value: (row) => pick(row.group_words), narrow: true }])),
    { key: 'interval', label: t('kpi.interval'), value: (row) => pick(row.interval_words), narrow: true, width: 'minmax(11rem, 1.5fr)', filter: 'choice' },
    { key: 'used', label: t('kpi.used'), value: (row) => row.used, align: 'end', narrow: true },
    { key: 'mean', label: t('kpi.mean'), value: (row) => row.mean_s, cell: (row) => time(row.mean_s), align: 'end' },
    { key: 'median', label: t('kpi.median'), value: (row) => row.median_s, cell: (row) => time(row.median_s), align: 'end', narrow: true },
    { key: 'p90', label: t('kpi.p90'), value: (row) => row.p90_s, cell: (row) => time(row.p90_s), align: 'end', narrow: true },
    { key: 'missing', label: t('kpi.missing'), value: (row) => row.missing, align: 'end' },
    { key: 'out_of_order', label: t('kpi.out_of_order'), value: (row) => row.out_of_order, align: 'end' },
    { key: 'out_of_bounds', label: t('kpi.out_of_bounds'), value: (row) => row.out_of_bounds, align: 'end' },
    { key: 'future', label: t('kpi.future'), value: (row) => row.future, align: 'end' },
  ];
  return html`<${DataTable} label=${t('kpi.intervals')} columns=${columns} rows=${view.intervals} search=${false}
    rowKey=${(/** @type {Interval} */ row) => `${row.group} ${row.interval}`} height_rem=${24} />`;
}

const AXES = { labelColor: '#22282d', titleColor: '#5f6971', gridColor: '#e3e6e8', domainColor: '#a3abb3', tickColor: '#a3abb3' };

/** Groups of one interval, or all intervals where nothing is parted. @param {KpiView} view @param {string} name */
function spec(view, name) {
  const rows = (view.by === 'none' ? view.intervals : view.intervals.filter((one) => one.interval === name)).filter((one) => one.median_s !== null);
  if (!rows.length) return null;
  const title = pick(view.intervals.find((one) => one.interval === name)?.interval_words ?? {});
  const values = rows.map((one) => ({
    label: view.by === 'none' ? pick(one.interval_words) : pick(one.group_words), median: (one.median_s ?? 0) / 60, p90: one.p90_s === null ? null : one.p90_s / 60, n: one.used,
  }));
  const tooltip = [{ field: 'label', title: t('kpi.group') }, { field: 'median', title: t('kpi.median'), format: '.1f' }, { field: 'p90', title: t('kpi.p90'), format: '.1f' }, { field: 'n', title: t('kpi.used') }];
  const y = { field: 'label', type: 'nominal', sort: null, title: null, axis: { ...AXES, labelLimit: 220 } };
  const x = (/** @type {string} */ field) => ({ field, type: 'quantitative', title: t('kpi.chart.minutes'), axis: AXES, scale: { zero: true } });
  return {
    background: '#ffffff', width: 480, height: { step: view.by === 'hour_of_week' ? 12 : 22 },
    description: t('kpi.chart.alt', { interval: view.by === 'none' ? t('kpi.intervals') : title }),
    data: { values },
    layer: [
      { mark: { type: 'bar', color: '#0072b2', aria: false }, encoding: { y, x: x('median'), tooltip } },
      { mark: { type: 'tick', aria: false, color: '#d55e00', thickness: 3 }, encoding: { y, x: x('p90'), tooltip } },
    ],
    config: { view: { stroke: null } },
  };
}

/** @param {{view: KpiView}} props */
function Drawn({ view }) {
  const names = [...new Set(view.intervals.filter((one) => one.median_s !== null).map((one) => one.interval))];
  const name = names.includes(charted.value) ? charted.value : names[0];
  const drawn = useMemo(() => (name ? spec(view, name) : null), [view, name]);
  if (!drawn) return null;
  return html`
    <section class="kpi-chart" aria-labelledby="kpi-chart"><h2 id="kpi-chart">${t('kpi.chart')}</h2>
      ${view.by !== 'none' && html`<${SelectField} label=${t('kpi.chart.of')} value=${charted} testid="kpi-charted" options=${names.map((one) => ({
    value: one, label: pick(view.intervals.find((row) => row.interval === one)?.interval_words ?? {}),
  }))} />`}
      <${Chart} spec=${drawn} /><p class="hint">${drawn.description}</p></section>`;
}

/** @param {{view: KpiView}} props */
function Measured({ view }) {
  const path = (/** @type {string} */ form) => `/v1/kpis/file?${new URLSearchParams({ ...asked(), profile: profile.value, form })}`;
  return html`
    ${view.simulated && html`<p class="notice warn">${t('kpi.simulated')}</p>`}
    ${own.value && html`<p class="notice">${t('kpi.own.on', { name: view.profile.name })} <button type="button" onClick=${() => { own.value = ''; }}>${t('kpi.own.off')}</button></p>`}
    <p class="kpi-says" data-testid="kpi-says">${t('kpi.says', { calls: grouped(view.calls), responses: grouped(view.responses), wrong: grouped(view.out_of_order) })}</p>
    <p class="hint">${t('kpi.edition', { edition: view.profile.edition, source: view.profile.source })}</p>
    ${view.calls === 0 ? html`<${Empty} text=${t('kpi.none')} />` : html`
      <section aria-labelledby="kpi-standards"><h2 id="kpi-standards">${t('kpi.standards')}</h2><${Standards} view=${view} /></section>
      <${Drawn} view=${view} />
      <section aria-labelledby="kpi-intervals"><h2 id="kpi-intervals">${t('kpi.intervals')}</h2><${Intervals} view=${view} /></section>
      ${!own.value && html`<p class="kpi-files"><button type="button" data-testid="kpi-csv" onClick=${() => save(path('csv'))}>${t('kpi.csv')}</button>
        <button type="button" data-testid="kpi-parquet" onClick=${() => save(path('parquet'))}>${t('kpi.parquet')}</button></p>`}`}
    <section class="kpi-remarks" aria-labelledby="kpi-remarks"><h2 id="kpi-remarks">${t('kpi.remarks')}</h2>
      <ul>${view.remarks.map((one) => html`<li key=${one.en}>${pick(one)}</li>`)}</ul></section>`;
}

function Kpis() {
  useEffect(keepUp, []);
  if (!shell.city.value) return html`<${Empty} text=${t('kpi.no_city')} />`;
  const problem = read.problem.value;
  return html`
    <div class="kpis" data-testid="kpis">
      <h1>${pick(shell.page.title)}</h1>
      <${Filters} />
      ${problem instanceof Problem && problem.code === 'kpi_profile_invalid' ? html`<p class="notice bad" role="alert">${problem.detail ?? sentence(problem)} <button type="button" onClick=${() => { own.value = ''; }}>${t('kpi.own.off')}</button></p>`
    : html`<${Read} of=${read}>${(/** @type {KpiView} */ view) => html`<${Measured} view=${view} />`}<//>`}
    </div>`;
}

await startPage({ words: { ...PARTS, ...WORDS }, view: Kpis });
