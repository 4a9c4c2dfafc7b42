/** Who is covered today: by standard, class and hour, by district and age; the compliance sheet; the worst served; and what a closed station would change. */

import { get } from '../kit/api.js';
import { csvText, download } from '../kit/csv.js';
import { has, nameOf, pick, t } from '../kit/i18n.js';
import { Read } from '../kit/parts/states.js';
import { DataTable } from '../kit/parts/table.js';
import { resource } from '../kit/resource.js';
import { computed, effect, html, signal, useEffect } from '../kit/view.js';
import { pointFeature } from '../map/features.js';
import { shell } from '../shell/shell.js';
import { Lines, roundTicks } from './lines.js';
import { catalogue, COLOURS, legendOf, PlanMap } from './map.js';
import { again } from './studies/list.js';
import { WRITE } from './studies/study.js';
import { cityId, grouped, keepStations, percent, placeName, points, stations } from './state.js';

/** @typedef {import('../types.d.ts').CoverageView} CoverageView */
/** @typedef {CoverageView['shares'][number]} Share */
/** @typedef {CoverageView['compliance'][number]} Compliance */
/** @typedef {CoverageView['worst'][number]} Worst */
/** @typedef {'all'|'day'|'night'} TimeOfDay */

const EVERYBODY = 'all';
const TIMES_OF_DAY = /** @type {const} */ (['all', 'day', 'night']);
const SETTINGS = /** @type {const} */ (['', 'urban', 'rural']);
const BUSY_PERCENT = [0, 20, 30, 40, 50, 60];
const SERIES = /** @type {const} */ (['one', 'two', 'three']);
/** Ticks of the hours of a day. */
const HOURS = [0, 6, 12, 18, 23];

const limit = signal('travel_8_min');
const timeOfDay = signal(/** @type {TimeOfDay} */ ('all'));
const setting = signal(/** @type {typeof SETTINGS[number]} */ (''));
const unitClass = signal('');
const busy_percent = signal(0);
/** Layer of risks by whose fifths people are told; empty: none. */
const groupBy = signal('');
/** Calls an hour of the city, for the fleet at work. */
const callsAnHour = signal(/** @type {number|null} */ (null));
/** Stations that are as if closed, by their ids. */
export const closed = signal(/** @type {ReadonlySet<number>} */ (new Set()));

/** @param {number[]} without @param {AbortSignal} stop @returns {Promise<CoverageView>} */
function ask(without, stop) {
  const query = new URLSearchParams({ city_id: String(cityId()), time_of_day: timeOfDay.peek() });
  if (setting.peek()) query.set('setting', setting.peek());
  if (busy_percent.peek()) query.set('busy', String(busy_percent.peek() / 100));
  if (groupBy.peek()) query.set('group_by', groupBy.peek());
  if (callsAnHour.peek()) query.set('calls_an_hour', String(callsAnHour.peek()));
  for (const one of without) query.append('closed', String(one));
  return get(`/v1/planning/coverage?${query}`, { signal: stop });
}

const before = resource((stop) => ask([], stop), { now: false });
const after = resource(async (stop) => (closed.peek().size ? ask([...closed.peek()], stop) : null), { now: false });

function keepUp() {
  let city = 0;
  const stops = [
    effect(() => {
      const now = shell.city.value?.city_id ?? 0;
      if (!now || now === city) return;
      city = now;
      [closed.value, groupBy.value] = [new Set(), ''];
    }),
    keepStations(),
    effect(() => {
      void [shell.city.value, timeOfDay.value, setting.value, busy_percent.value, groupBy.value, callsAnHour.value];
      if (shell.city.peek()) void before.reload();
    }),
    effect(() => {
      void [shell.city.value, timeOfDay.value, setting.value, busy_percent.value, groupBy.value, callsAnHour.value, closed.value];
      if (shell.city.peek()) void after.reload();
    }),
  ];
  return () => { for (const stop of stops) stop(); };
}

/** @param {number} station_id */
function toggle(station_id) {
  const next = new Set(closed.peek());
  if (!next.delete(station_id)) next.add(station_id);
  closed.value = next;
}

const marks = computed(() => (stations.data.value ?? []).map((one) => pointFeature(one.lon, one.lat, {
  station_id: one.station_id, kind: closed.value.has(one.station_id) ? 'closed' : 'station', letter: closed.value.has(one.station_id) ? '✕' : 'S', label: nameOf(one.names),
})));

export function Coverage() {
  useEffect(keepUp, []);
  return html`
    <div class="plan" data-testid="coverage">
      <${Choices} />
      <${Read} of=${before}>${(/** @type {CoverageView} */ view) => html`<${Covered} view=${view} then=${after.data.value} />`}<//>
    </div>`;
}

/** @param {{label: string, values: readonly string[], chosen: import('../kit/view.js').Signal<any>, words: (one: any) => string, name: string}} props */
const Choice = ({ label, values, chosen, words, name }) => html`
  <fieldset class="choice-row" data-testid=${name}><legend>${label}</legend>${values.map((one) => html`
    <button key=${one} type="button" data-value=${one} aria-pressed=${one === chosen.value ? 'true' : 'false'} onClick=${() => { chosen.value = one; }}>${words(one)}</button>`)}</fieldset>`;

function Choices() {
  const view = before.data.value;
  const limits = travelCodes(view);
  const risks = (catalogue.data.value ?? []).filter((one) => one.group.code === 'risks' && one.geometry === 'polygon' && !one.empty);
  const classes = [...new Set((view?.shares ?? []).map((one) => one.unit_class).filter((one) => one !== null))];
  return html`
    <div class="plan-choices">
      ${view && html`<${Choice} label=${t('plan.cover.limit')} name="limit" values=${limits} chosen=${limit} words=${(/** @type {string} */ one) => standardWords(view, one)} />`}
      <${Choice} label=${t('plan.cover.people')} name="time-of-day" values=${TIMES_OF_DAY} chosen=${timeOfDay} words=${(/** @type {TimeOfDay} */ one) => t(`plan.time_of_day.${one}`)} />
      ${classes.length > 1 && html`<${Choice} label=${t('plan.cover.class')} name="unit-class" values=${['', ...classes]} chosen=${unitClass} words=${classWords} />`}
      <${Choice} label=${t('plan.cover.setting')} name="setting" values=${SETTINGS} chosen=${setting} words=${(/** @type {''|'urban'|'rural'} */ one) => t(`plan.setting.${one || 'unsaid'}`)} />
      <label class="plan-pick">${t('plan.cover.busy')} <select data-testid="busy" onChange=${(/** @type {any} */ event) => { busy_percent.value = Number(event.target.value); }}>${BUSY_PERCENT.map((n) => html`
        <option key=${n} value=${n} selected=${n === busy_percent.value}>${n ? `${n}%` : t('plan.cover.busy.none')}</option>`)}</select></label>
      <label class="plan-pick">${t('plan.cover.calls')} <input type="number" min="0.1" max="10000" step="any" data-testid="calls" value=${callsAnHour.value ?? ''} onChange=${(/** @type {any} */ event) => { callsAnHour.value = event.target.valueAsNumber > 0 ? event.target.valueAsNumber : null; }} /></label>
      ${risks.length > 0 && html`<label class="plan-pick">${t('plan.cover.fifths')} <select data-testid="group-by" onChange=${(/** @type {any} */ event) => { groupBy.value = event.target.value; }}>
        <option value="" selected=${groupBy.value === ''}>${t('plan.cover.busy.none')}</option>
        ${risks.map((one) => html`<option key=${one.name} value=${one.name} selected=${one.name === groupBy.value}>${pick(one.title)}</option>`)}</select></label>`}
    </div>`;
}

/** Standards of minutes by road, the shortest first. @param {CoverageView|null} view */
const travelCodes = (view) => (view?.standards ?? []).filter((one) => one.measure === 'travel').sort((a, b) => (a.limit ?? 0) - (b.limit ?? 0)).map((one) => one.code);

/** @param {CoverageView} view @param {string} code */
const standardOf = (view, code) => /** @type {CoverageView['standards'][number]} */ (view.standards.find((one) => one.code === code));

/** A standard of minutes in short. @param {CoverageView} view @param {string} code */
const standardWords = (view, code) => t('plan.minutes', { n: (standardOf(view, code).limit ?? 0) / 60 });

/** @param {string|null} one */
const classWords = (one) => (!one ? t('plan.cover.any_class') : has(`plan.class.${one}`) ? t(/** @type {any} */ (`plan.class.${one}`)) : one.toUpperCase());

/** @param {CoverageView} view @param {{standard?: string, fold?: number, part?: string, group?: string, district?: string|null}} which @returns {Share|undefined} */
const shareOf = (view, { standard = limit.value, fold = 1, part = 'city', group = EVERYBODY, district = null }) => view.shares.find((one) => one.standard === standard
  && one.fold === fold && one.part === part && one.group === group && one.district.code === district && (one.unit_class ?? '') === unitClass.value);

/** @param {{view: CoverageView, then: CoverageView|null}} props */
function Covered({ view, then }) {
  return html`
    <${Says} view=${view} then=${then} />
    <${Figures} view=${view} then=${then} />
    <div class="plan-main">
      <${PlanMap} label=${t('plan.cover.map')} layers=${LAYERS} places=${marks} testid="coverage-map"
        onPress=${(/** @type {import('./map.js').Pressed} */ { place }) => { if (place) toggle(place.station_id); }}
        legendTitle=${t(then ? 'plan.cover.legend.open' : 'plan.cover.legend')} legend=${[...legendOf('minutes_station'), { colour: '#ffffff', sign: 'S', text: t('plan.cover.station'), round: true }, { colour: COLOURS.closed, sign: '✕', text: t('plan.cover.closed'), round: true }]} />
      <div class="plan-beside">
        <${Stations} />
        <${Hours} view=${view} then=${then} />
      </div>
    </div>
    <${Districts} view=${view} then=${then} />
    <${Sheet} view=${then ?? view} />
    <div class="plan-pair"><${ByGroup} view=${then ?? view} /><${WorstServed} view=${then ?? view} /></div>
    <${Basis} view=${view} />`;
}

const LAYERS = signal(['minutes_station']);

/** @param {{view: CoverageView, then: CoverageView|null}} props */
function Says({ view, then }) {
  const once = shareOf(view, {});
  const twice = shareOf(view, { fold: 2 });
  const less = then && shareOf(then, {});
  const names = (stations.data.value ?? []).filter((one) => closed.value.has(one.station_id)).map((one) => nameOf(one.names)).join(t('part.comma'));
  const falls = then ? sum(then.change.filter((one) => one.standard === limit.value).map((one) => one.loses)) : 0;
  const slower = then ? sum(then.change.filter((one) => one.standard === limit.value).map((one) => one.slower)) : 0;
  return html`
    <p class="plan-says" data-testid="coverage-says">${t('plan.cover.says', { units: view.units_on_duty, minutes: standardWords(view, limit.value), share: percent(once?.share), covered: grouped(once?.covered ?? 0), twice: percent(twice?.share) })}
      ${once && once.unknown > 0 ? ` ${t('plan.cover.says.unknown', { n: grouped(once.unknown) })}` : ''}
      ${then && less ? html` <b data-testid="coverage-without">${t('plan.cover.says.without', { names: names || '–', share: percent(less.share), points: points(once?.share, less.share), falls: grouped(falls), slower: grouped(slower) })}</b>` : ''}</p>
    <p class="plan-calibration" data-testid="calibration">${pick(view.calibration)}</p>`;
}

/** @param {number[]} all */
const sum = (all) => all.reduce((so_far, one) => so_far + one, 0);

/** @param {{view: CoverageView, then: CoverageView|null}} props */
function Figures({ view, then }) {
  const expected = view.expected.find((one) => one.standard === limit.value);
  /** @type {[string, number|null|undefined, number|null|undefined][]} */
  const rows = travelCodes(view).map((code) => [t('plan.within', { minutes: standardWords(view, code) }), shareOf(view, { standard: code })?.share, then && shareOf(then, { standard: code })?.share]);
  rows.push([t('plan.cover.twice', { minutes: standardWords(view, limit.value) }), shareOf(view, { fold: 2 })?.share, then && shareOf(then, { fold: 2 })?.share]);
  if (expected) rows.push([t('plan.cover.expected', { minutes: standardWords(view, limit.value), busy: `${Math.round(100 * expected.busy)}%` }), expected.share, then?.expected.find((one) => one.standard === limit.value)?.share]);
  const worked = view.worked.find((one) => one.standard === limit.value);
  const workedThen = then?.worked.find((one) => one.standard === limit.value);
  if (worked) rows.push([t('plan.cover.worked', { minutes: standardWords(view, limit.value), n: worked.calls_an_hour }), worked.share, workedThen?.share]);
  return html`
    <dl class="plan-figures" data-testid="figures">
      ${rows.map(([label, now, less]) => html`<div key=${label}><dt>${label}</dt><dd>${percent(now)}${then && html` → ${percent(less)} <span class="change ${(less ?? 0) < (now ?? 0) ? 'worse' : ''}">${t('plan.points', { n: points(now, less) })}</span>`}</dd></div>`)}
      <div><dt>${t('plan.cover.residents')}</dt><dd>${grouped(view.people)}</dd></div>
      <div><dt>${t('plan.cover.units')}</dt><dd>${t('plan.cover.units.of', { duty: view.units_on_duty, all: view.units })}</dd></div>
      <div><dt>${t('plan.cover.stations')}</dt><dd>${view.stations}</dd></div>
    </dl>
    ${worked && html`<p class="hint" data-testid="worked">${t(worked.exact ? 'plan.cover.worked.exact' : 'plan.cover.worked.nearly', { mean: percent((workedThen ?? worked).busy_mean), most: percent((workedThen ?? worked).busy_most), all: percent((workedThen ?? worked).all_busy), task: Math.round(worked.task_s / 60) })}</p>`}`;
}

function Stations() {
  const known = stations.data.value ?? [];
  return html`
    <section class="plan-stations" aria-labelledby="stations-title">
      <h2 id="stations-title">${t('plan.cover.close')}</h2>
      <p class="hint">${t('plan.cover.close.hint')}</p>
      <div class="plan-station-list" data-testid="stations">${known.map((one) => html`
        <label key=${one.station_id} class="check"><input type="checkbox" data-station=${one.station_id} checked=${closed.value.has(one.station_id)} onChange=${() => toggle(one.station_id)} /> <span>${nameOf(one.names)}</span></label>`)}</div>
      ${closed.value.size > 0 && html`<div class="line"><button type="button" data-testid="open-all" onClick=${() => { closed.value = new Set(); }}>${t('plan.cover.open_all')}</button>
        ${shell.can(WRITE) && html`<button type="button" data-testid="study-closure" onClick=${studyClosure}>${t('plan.cover.study')}</button>`}</div>`}
    </section>`;
}

/** Begin a study of what is closed here: it says who gains and who loses on the map. */
function studyClosure() {
  const seconds = before.data.peek()?.standards.find((one) => one.code === limit.peek())?.limit ?? 480;
  again({ kind: 'coverage', name: '', parameters: { closed: [...closed.peek()], reach_min: seconds / 60, time_of_day: timeOfDay.peek() } });
  location.hash = '#studies';
}

/** @param {{view: CoverageView, then: CoverageView|null}} props */
function Hours({ view, then }) {
  const shown = then ?? view;
  const codes = travelCodes(shown);
  const shares = shown.hours.map((one) => one.share).filter((one) => one !== null);
  if (!shares.length) return null;
  const least = Math.max(0, Math.floor(10 * Math.min(...shares)) / 10);
  const floor = least >= 1 ? 0.9 : least;
  const units = shown.hours.filter((one) => one.standard === codes[0]).map((one) => one.units);
  const now = new Date(shown.at).toLocaleString('en-GB', { hour: '2-digit', hourCycle: 'h23', timeZone: shell.city.value?.time_zone ?? 'UTC' });
  const label = t('plan.cover.hours.says', { least: percent(Math.min(...shown.hours.filter((one) => one.standard === limit.value).map((one) => one.share ?? 1))), minutes: standardWords(shown, limit.value), units: Math.min(...units) === Math.max(...units) ? t('plan.cover.hours.same', { n: units[0] }) : t('plan.cover.hours.between', { fewest: Math.min(...units), most: Math.max(...units) }) });
  return html`
    <section aria-labelledby="hours-title">
      <h2 id="hours-title">${t('plan.cover.hours')}${then ? t('plan.cover.then') : ''}</h2>
      <${Lines} label=${label} testid="hours" now=${Number(now)}
        series=${codes.slice(0, SERIES.length).map((code, index) => ({ key: SERIES[index], name: standardWords(shown, code), step: true,
          points: shown.hours.filter((one) => one.standard === code).map((one) => /** @type {const} */ ([one.hour, one.share])) }))}
        x=${{ min: 0, max: 23, ticks: HOURS.map((at) => ({ at, text: `${at}` })), name: t('plan.cover.hour') }}
        y=${{ min: floor, max: 1, ticks: roundTicks(floor, 1).map((at) => ({ at, text: `${Math.round(100 * at)}%` })) }} />
      <p class="hint">${label} ${floor > 0 ? t('plan.axis_from', { from: `${Math.round(100 * floor)}%` }) : ''}</p>
    </section>`;
}

/** @param {{view: CoverageView, then: CoverageView|null}} props */
function Districts({ view, then }) {
  const rows = view.shares.filter((one) => one.standard === limit.value && one.fold === 1 && one.group === EVERYBODY && one.part !== 'city' && (one.unit_class ?? '') === unitClass.value);
  const of = (/** @type {CoverageView} */ one, /** @type {Share} */ row, /** @type {object} */ more) => shareOf(one, { part: row.part, district: row.district.code, ...more })?.share ?? null;
  const change = (/** @type {Share} */ row) => then?.change.find((one) => one.standard === limit.value && one.district.code === row.district.code);
  /** @type {import('../kit/parts/table.js').Column<Share>[]} */
  const columns = [
    { key: 'district', label: t('plan.district'), value: (row) => placeName(row.district), narrow: true, width: 'minmax(7rem, 1.4fr)' },
    { key: 'people', label: t('plan.people'), value: (row) => row.known + row.unknown, align: 'end' },
    ...(then ? /** @type {import('../kit/parts/table.js').Column<Share>[]} */ ([
      column('now', standardWords(view, limit.value), (row) => of(view, row, {}), true),
      column('after', t('plan.cover.after'), (row) => of(then, row, {}), true),
      { key: 'loses', label: t('plan.cover.loses'), value: (row) => change(row)?.loses ?? 0, align: 'end', narrow: true },
      { key: 'slower', label: t('plan.cover.slower'), value: (row) => change(row)?.slower ?? 0, align: 'end', width: 'minmax(9rem, 1fr)' },
    ]) : travelCodes(view).map((code) => column(code, standardWords(view, code), (row) => of(view, row, { standard: code }), code === limit.value))),
    { ...column('twice', t('plan.cover.twice', { minutes: standardWords(view, limit.value) }), (row) => of(then ?? view, row, { fold: 2 }), false), width: 'minmax(10rem, 1.2fr)' },
    { key: 'beyond', label: t('plan.cover.beyond'), value: (row) => row.known - (then ? shareOf(then, { part: row.part, district: row.district.code })?.covered ?? 0 : row.covered), align: 'end', narrow: !then },
    { key: 'unknown', label: t('plan.unknown'), value: (row) => row.unknown, align: 'end', width: 'minmax(8rem, 1fr)' },
  ];
  return html`
    <section aria-labelledby="cover-districts"><h2 id="cover-districts">${t('plan.cover.districts', { minutes: standardWords(view, limit.value) })}</h2>
      <${DataTable} label=${t('plan.cover.districts', { minutes: standardWords(view, limit.value) })} columns=${columns} rows=${rows} rowKey=${(/** @type {Share} */ row) => row.district.code ?? ''} pageSize=${50}
        search=${rows.length > 12} sortedBy=${{ key: 'beyond', descending: true }} csvName=${`${shell.city.value?.key ?? 'city'}-coverage-districts`} provenance=${provenance(view)} /></section>`;
}

/** A column of shares: sorted as numbers, shown as per cent. @param {string} key @param {string} label @param {(row: Share) => number|null} value @param {boolean} narrow @returns {import('../kit/parts/table.js').Column<Share>} */
const column = (key, label, value, narrow) => ({ key, label, value, align: 'end', narrow, cell: (row) => percent(value(row)) });

/** @param {CoverageView} view @returns {import('../kit/provenance.js').Provenance} */
const provenance = (view) => (shell.session.value?.installation.purpose === 'simulation' ? 'simulated' : view.modelled ? 'modelled' : 'recorded');

/** @param {{view: CoverageView}} props */
function Sheet({ view }) {
  const asked = view.standards.filter((one) => one.measure !== 'travel' && view.compliance.some((row) => row.standard === one.code));
  const districts = [...new Map(view.compliance.map((one) => [one.district.code, one.district])).values()];
  if (!districts.length) return null;
  const of = (/** @type {string|null} */ district, /** @type {string} */ code) => view.compliance.find((one) => one.district.code === district && one.standard === code);
  const count = (/** @type {boolean|null} */ met) => view.compliance.filter((one) => one.met === met).length;
  const save = () => download(`${shell.city.peek()?.key ?? 'city'}-compliance.csv`, new Blob([csvText(
    [t('plan.district'), t('plan.sheet.standard'), t('plan.sheet.numerator'), t('plan.sheet.denominator'), t('plan.sheet.value'), t('plan.sheet.met')],
    view.compliance.map((one) => [placeName(one.district), pick(standardOf(view, one.standard).words), one.numerator, one.denominator, one.value, metWords(one.met)]),
  )], { type: 'text/csv;charset=utf-8' }));
  return html`
    <section aria-labelledby="sheet-title" data-testid="sheet">
      <div class="page-head"><h2 id="sheet-title">${t('plan.sheet')}${view.closed.length ? t('plan.cover.then') : ''}</h2><span class="grow"></span><button type="button" data-testid="sheet-csv" onClick=${save}>${t('table.csv')}</button></div>
      <p class="hint">${t('plan.sheet.says', { met: count(true), missed: count(false), unknown: count(null) })}</p>
      <div class="plan-scroll" tabindex="0" role="region" aria-labelledby="sheet-title">
        <table class="plan-table plan-sheet">
          <thead><tr><th scope="col">${t('plan.district')}</th>${asked.map((one) => html`<th key=${one.code} scope="col">${pick(one.words)}</th>`)}</tr></thead>
          <tbody>${districts.map((district) => html`
            <tr key=${district.code}><th scope="row">${placeName(district)}</th>${asked.map((one) => html`<${SheetCell} key=${one.code} row=${of(district.code, one.code)} measure=${one.measure} />`)}</tr>`)}</tbody>
        </table>
      </div>
    </section>`;
}

/** @param {boolean|null} met */
const metWords = (met) => t(met === null ? 'plan.sheet.not_known' : met ? 'plan.sheet.yes' : 'plan.sheet.no');

/** @param {{row: Compliance|undefined, measure: string}} props */
function SheetCell({ row, measure }) {
  if (!row) return html`<td class="faint">–</td>`;
  const parts = row.numerator === null && row.denominator === null ? '' : `${row.numerator === null ? '?' : grouped(row.numerator)} / ${row.denominator === null ? '?' : grouped(row.denominator)}`;
  const value = measure === 'people_per_unit' || row.value === null ? '' : percent(row.value);
  return html`
    <td class=${row.met === false ? 'missed' : row.met === null ? 'faint' : ''}><span class="sign" aria-hidden="true">${row.met === null ? '?' : row.met ? '✓' : '✕'}</span> ${metWords(row.met)}${value && ` · ${value}`}
      ${parts && html`<span class="parts">${parts}</span>`}</td>`;
}

const FIFTH = /^fifth_/;

/** What a group of people is called. @param {string} group */
function groupWords(group) {
  if (group === 'age_unknown') return t('plan.cover.age_unknown');
  if (!FIFTH.test(group)) return group;
  const number = group.slice(-1);
  return number === 'n' ? t('plan.cover.fifth_unknown') : t(number === '1' ? 'plan.cover.fifth.least' : number === '5' ? 'plan.cover.fifth.most' : 'plan.cover.fifth', { n: number });
}

/** People by group: ages, or fifths of a risk. @param {{view: CoverageView, title: string, head: string, groups: string[], testid: string}} props */
function Groups({ view, title, head, groups, testid }) {
  if (!groups.length) return null;
  const codes = travelCodes(view);
  return html`
    <section aria-labelledby=${`${testid}-title`} data-testid=${testid}><h2 id=${`${testid}-title`}>${title}${view.closed.length ? t('plan.cover.then') : ''}</h2>
      <div class="plan-scroll" tabindex="0" role="region" aria-labelledby=${`${testid}-title`}><table class="plan-table">
        <thead><tr><th scope="col">${head}</th><th scope="col" class="end">${t('plan.people')}</th>${codes.map((code) => html`<th key=${code} scope="col" class="end">${standardWords(view, code)}</th>`)}</tr></thead>
        <tbody>${groups.map((group) => {
          const people = shareOf(view, { group });
          return html`<tr key=${group}><th scope="row">${groupWords(group)}</th><td class="end">${grouped((people?.known ?? 0) + (people?.unknown ?? 0))}</td>
            ${codes.map((code) => html`<td key=${code} class="end">${percent(shareOf(view, { standard: code, group })?.share)}</td>`)}</tr>`;
        })}</tbody></table></div></section>`;
}

/** @param {{view: CoverageView}} props */
function ByGroup({ view }) {
  const groups = [...new Set(view.shares.map((one) => one.group))].filter((one) => one !== EVERYBODY);
  const risk = catalogue.data.value?.find((one) => one.name === view.grouped_by);
  return html`
    <${Groups} view=${view} title=${t('plan.cover.ages')} head=${t('plan.cover.age')} groups=${groups.filter((one) => !FIFTH.test(one))} testid="ages" />
    <${Groups} view=${view} title=${t('plan.cover.fifths.of', { risk: pick(risk?.title) })} head=${t('plan.cover.fifth.head')} groups=${groups.filter((one) => FIFTH.test(one))} testid="fifths" />`;
}

/** @param {{view: CoverageView}} props */
function WorstServed({ view }) {
  return html`
    <section aria-labelledby="worst-title" data-testid="worst"><h2 id="worst-title">${t('plan.cover.worst')}${view.closed.length ? t('plan.cover.then') : ''}</h2>
      <p class="hint">${t('plan.cover.worst.hint', { n: grouped(sum(view.worst.map((one) => one.people))) })}</p>
      <div class="plan-scroll" tabindex="0" role="region" aria-labelledby="worst-title"><table class="plan-table">
        <thead><tr><th scope="col">${t('plan.cover.place')}</th><th scope="col" class="end">${t('plan.people')}</th><th scope="col" class="end">${t('plan.cover.time')}</th></tr></thead>
        <tbody>${view.worst.map((one, index) => html`
          <tr key=${index}><th scope="row">${nameOf(one.place) || t('plan.cover.no_name')}</th><td class="end">${grouped(one.people)}</td>
            <td class="end">${one.seconds === null ? t('plan.cover.cut_off') : t('plan.minutes', { n: (one.seconds / 60).toFixed(1) })}</td></tr>`)}</tbody></table></div></section>`;
}

/** @param {{view: CoverageView}} props */
const Basis = ({ view }) => html`
  <section class="plan-basis" aria-labelledby="basis-title"><h2 id="basis-title">${t('plan.basis')}</h2>
    <ul>${view.sentences.map((one) => html`<li key=${one.en}>${pick(one)}</li>`)}
      <li>${t('plan.counted', { source: view.people_source ?? '–', day: view.counted_on ?? t('plan.day_unknown'), roads: (view.conditions_id ?? view.topology_id ?? '–').slice(0, 12) })}</li></ul></section>`;
