/** Diseases on the map: how surely a risk is raised first, then risks, rates and cases; through time, two periods side by side, and as a table. */

import { get } from '../kit/api.js';
import { pick, t } from '../kit/i18n.js';
import { SelectField } from '../kit/parts/fields.js';
import { Empty, Read } from '../kit/parts/states.js';
import { DataTable } from '../kit/parts/table.js';
import { resource } from '../kit/resource.js';
import { computed, effect, html, signal, useEffect } from '../kit/view.js';
import { LayerPane, usePaneMaps } from '../map/catalogue.js';
import { shell } from '../shell/shell.js';
import { chosenLayers, ground, INDEX, keepRisks, RiskChoice, Vulnerability } from './risks.js';
import { disease } from './state.js';

/** @typedef {import('../types.d.ts').DiseaseMapView} DiseaseMapView */
/** @typedef {DiseaseMapView['rows'][number]} Row */
/** @typedef {DiseaseMapView['periods'][number]} Period */
/** @typedef {'exceedance'|'relative_risk'|'smoothed_rate'|'rate'|'cases'} Measure */

const MEASURES = /** @type {Measure[]} */ (['exceedance', 'relative_risk', 'smoothed_rate', 'rate', 'cases']);
const STEPS = /** @type {const} */ (['week', 'month']);
const PLAY_MS = 1200;
const SURE = 0.95;
const MOST_NAMED = 5;
const DIGITS = { exceedance: 3, relative_risk: 2, smoothed_rate: 1, rate: 1, cases: 0 };

/** Empty: how surely a risk is raised, where that is known; cases where no residents are. */
const asked = signal(/** @type {Measure|''} */ (''));
const step = signal(/** @type {typeof STEPS[number]} */ ('week'));
/** First day of the period that is looked at; empty: the newest. */
const since = signal('');
/** First day of the period beside it; empty: none. */
const other = signal('');
const playing = signal(false);
const line = signal(0.5);
const zoom = signal(0);
/** @type {import('../kit/view.js').Signal<{layer: string, properties: Record<string, unknown>}[]>} */
const found = signal([]);

const cityId = () => shell.city.peek()?.city_id ?? 0;
/** Noon by UTC of a day: the same day in every inhabited time zone but the easternmost. @param {string} day */
const moment = (day) => `${day}T11:00:00Z`;

/** @param {string} day @param {AbortSignal} stop @returns {Promise<DiseaseMapView>} */
function ask(day, stop) {
  const query = new URLSearchParams({ city_id: String(cityId()), step: step.peek() });
  if (disease.peek()) query.set('disease', disease.peek());
  if (day) query.set('time', moment(day));
  return get(`/v1/surveillance/maps?${query}`, { signal: stop });
}

const read = resource((stop) => ask(since.peek(), stop), { now: false });
const beside = resource((stop) => (other.peek() ? ask(other.peek(), stop) : Promise.resolve(null)), { now: false });
const layers = resource(async (stop) => (await get(`/v1/map/layers?city_id=${cityId()}`, { signal: stop })).layers, { now: false });

const measure = computed(() => {
  const rows = read.data.value?.rows ?? [];
  const counted = rows.length > 0 && rows.every((row) => row.residents === null);
  return asked.value || /** @type {Measure} */ (counted ? 'cases' : 'exceedance');
});

const view = computed(() => {
  const shown = read.data.value;
  const name = `${shown?.published ? 'published' : 'disease'}_${measure.value}`;
  const layer = layers.data.value?.find((one) => one.name === name);
  if (!layer || !shown?.disease) return null;
  return { ...layer, data: `${layer.data}&disease=${encodeURIComponent(shown.disease)}&step=${shown.step}` };
});

/** What lies on the map, from below to above: areas of the disease or of another risk, then points. */
const views = computed(() => {
  const { area, points } = chosenLayers(layers.data.value ?? []);
  const ground = area ?? view.value;
  const shown = read.data.value;
  return [...(ground ? [ground] : []), ...points.map((one) => (one.data && shown?.disease ? { ...one, data: `${one.data}&disease=${encodeURIComponent(shown.disease)}&step=${shown.step}` } : one))];
});

/** @type {import('../map/catalogue.js').PaneState} */
const pane = {
  city: shell.city, line, zoom, found,
  comparing: computed(() => other.value !== ''),
  views,
  wanted(side) {
    const first = side === 'left' ? read.data.value?.period?.first : other.value;
    const period = read.data.value?.periods.find((one) => one.first === first);
    if (!period) return [];
    const newest = period === read.data.value?.periods.at(-1);
    // Risks of areas have days of their own: beside the newest period stands the newest of them.
    return views.value.map((layer) => ({
      view: layer, opacity: layer.opacity,
      time: layer.group.code === 'risks' && layer.geometry === 'polygon' && newest ? null : moment(lastDay(period)),
    }));
  },
};

function keepUp() {
  let before = '';
  const stops = [
    keepRisks(),
    effect(() => { if (shell.city.value) void layers.reload(); }),
    effect(() => {
      const now = `${shell.city.value?.city_id} ${step.value} ${disease.value}`;
      if (before && before !== now) [since.value, other.value, playing.value] = ['', '', false];
      before = now;
    }),
    effect(() => { void [shell.city.value, step.value, disease.value, since.value]; if (shell.city.peek()) void read.reload(); }),
    effect(() => { void [shell.city.value, step.value, disease.value, other.value]; if (shell.city.peek()) void beside.reload(); }),
    effect(() => {
      const shown = read.data.value;
      if (!playing.value || !shown?.period || read.loading.value) return undefined;
      const next = shown.periods[placeOf(shown) + 1];
      if (!next) {
        playing.value = false;
        return undefined;
      }
      const timer = setTimeout(() => { since.value = next.first; }, PLAY_MS);
      return () => clearTimeout(timer);
    }),
  ];
  return () => {
    playing.value = false;
    for (const stop of stops) stop();
  };
}

/** @param {DiseaseMapView} shown */
const placeOf = (shown) => Math.max(0, shown.periods.findIndex((one) => one.first === shown.period?.first));

/** @param {Period} period */
const lastDay = (period) => new Date(Date.parse(`${period.until}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);

/** The last day in place of the day after it. @param {Period|null|undefined} period */
function daysOf(period) {
  if (!period) return '–';
  const last = lastDay(period);
  return `${period.first} – ${last.slice(0, 4) === period.first.slice(0, 4) ? last.slice(5) : last}`;
}

export function DiseaseMap() {
  useEffect(keepUp, []);
  return html`<${Read} of=${read}>${(/** @type {DiseaseMapView} */ shown) => (shown.period === null
    ? html`<${Empty} title=${t('cdc.atlas.nobody')} text=${t('cdc.never.text')} />`
    : html`<${Atlas} shown=${shown} />`)}<//>`;
}

/** @param {{shown: DiseaseMapView}} props */
function Atlas({ shown }) {
  const maps = usePaneMaps();
  return html`
    <div class="cdc-atlas" data-testid="atlas">
      <div class="cdc-atlas-choices">
        <${SelectField} label=${t('cdc.disease')} value=${chosen} testid="map-disease" options=${shown.diseases.map((one) => ({ value: one.disease, label: pick(one.words) }))} />
        <${Choice} label=${t('cdc.atlas.measure')} values=${MEASURES} chosen=${measure.value} choose=${(/** @type {Measure} */ one) => { asked.value = one; }} name="measure" words=${measureWords} />
        <${Choice} label=${t('cdc.atlas.step')} values=${STEPS} chosen=${step.value} choose=${(/** @type {typeof STEPS[number]} */ one) => { step.value = one; }} name="step" words=${(/** @type {string} */ one) => t(one === 'week' ? 'cdc.atlas.step.week' : 'cdc.atlas.step.month')} />
        <${RiskChoice} layers=${layers.data.value ?? []} />
      </div>
      <${Says} shown=${shown} />
      <${Time} shown=${shown} />
      <div class="cdc-atlas-main">
        <${LayerPane} state=${pane} maps=${maps} views=${views.value} />
        ${ground.value === INDEX ? html`<${Vulnerability} />` : html`<${Table} shown=${shown} />`}
      </div>
      <${Notes} shown=${shown} />
    </div>`;
}

/** What is shown though nothing was chosen yet is chosen. @type {import('../kit/view.js').Signal<string>} */
const chosen = /** @type {any} */ ({
  get value() { return disease.value || read.data.value?.disease || ''; },
  set value(code) { disease.value = code; },
  peek: () => disease.peek() || read.data.peek()?.disease || '',
});

/** @param {Measure} one */
const measureWords = (one) => t(`cdc.atlas.show.${one}`);

/** @param {{label: string, values: readonly string[], chosen: string, choose: (one: any) => void, name: string, words: (one: string) => string}} props */
const Choice = ({ label, values, chosen: now, choose, name, words }) => html`
  <div class="choice-row" role="group" aria-label=${label} data-testid=${name}>${values.map((one) => html`
    <button key=${one} type="button" data-value=${one} aria-pressed=${one === now ? 'true' : 'false'} onClick=${() => choose(one)}>${words(one)}</button>`)}</div>`;

/** @param {{shown: DiseaseMapView}} props */
function Says({ shown }) {
  const raised = shown.rows.filter((row) => row.exceedance !== null && row.exceedance >= SURE).sort((a, b) => (b.relative_risk ?? 0) - (a.relative_risk ?? 0));
  const places = raised.slice(0, MOST_NAMED).map((row) => pick(row.place)).join(t('part.comma'))
    + (raised.length > MOST_NAMED ? t('cdc.atlas.more', { n: raised.length - MOST_NAMED }) : '');
  const risks = shown.rows.some((row) => row.exceedance !== null);
  return html`
    <p class="cdc-says" data-testid="map-says" aria-live=${playing.value ? 'off' : 'polite'}><b>${pick(shown.words)}</b>${t('cdc.atlas.says', { days: daysOf(shown.period), n: shown.period?.cases.toLocaleString('en') ?? '–', areas: shown.rows.length })}
      ${!risks ? t('cdc.atlas.says.end') : raised.length ? t('cdc.atlas.says.over', { n: raised.length, places }) : t('cdc.atlas.says.none_over')}</p>`;
}

/** @param {{shown: DiseaseMapView}} props */
function Time({ shown }) {
  const place = placeOf(shown);
  const most = Math.max(1, ...shown.periods.map((one) => one.cases));
  const toggle = () => {
    if (!playing.value && place === shown.periods.length - 1) since.value = shown.periods[0].first;
    playing.value = !playing.value;
  };
  const keys = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== ' ') return;
    event.preventDefault();
    toggle();
  };
  const go = (/** @type {any} */ event) => {
    playing.value = false;
    since.value = shown.periods[event.target.valueAsNumber].first;
  };
  const then = shown.periods.findIndex((one) => one.first === other.value);
  return html`
    <div class="cdc-atlas-time">
      <button type="button" data-testid="play" aria-pressed=${playing.value ? 'true' : 'false'} onClick=${toggle}>${playing.value ? `⏸ ${t('cdc.atlas.stop')}` : `▶ ${t('cdc.atlas.play')}`}</button>
      <div class="cdc-atlas-track">
        <svg viewBox=${`0 0 ${shown.periods.length} 1`} preserveAspectRatio="none" aria-hidden="true">${shown.periods.map((one, at) => html`
          <rect key=${one.first} x=${at + 0.1} width="0.8" y=${1 - one.cases / most} height=${one.cases / most} class=${at === place ? 'now' : at === then ? 'then' : ''} />`)}</svg>
        <input type="range" min="0" max=${shown.periods.length - 1} step="1" value=${place} aria-label=${t('cdc.atlas.slider')} aria-valuetext=${daysOf(shown.period)}
          data-testid="map-slider" onInput=${go} onKeyDown=${keys} />
      </div>
      <label class="small">${t('cdc.atlas.compare')} <select data-testid="map-compare" value=${other.value} onChange=${(/** @type {any} */ event) => { other.value = event.target.value; }}>
        <option value="" selected=${other.value === ''}>${t('cdc.atlas.compare.none')}</option>
        ${[...shown.periods].reverse().map((one) => html`<option key=${one.first} value=${one.first} selected=${one.first === other.value}>${daysOf(one)}</option>`)}
      </select></label>
    </div>
    ${then >= 0 && html`<p class="small" data-testid="map-sides">${t('cdc.atlas.sides', { left: daysOf(shown.period), right: daysOf(shown.periods[then]) })}</p>`}`;
}

/** @param {Row|undefined} row @param {Measure} name */
function valueOf(row, name) {
  return row ? row[name] : null;
}

/** What stands where there is no number. @param {Row|undefined} row @param {Measure|'residents'} name */
function reasonOf(row, name) {
  if (row?.standing === 'hidden' && name !== 'residents') return t('cdc.atlas.hidden');
  if ((!row || row.standing === 'missing') && name !== 'residents') return t('cdc.atlas.missing');
  return t('cdc.atlas.unknown');
}

/** @param {number|null} value @param {number} digits @param {string} reason */
const cellOf = (value, digits, reason) => (value === null ? html`<span class="faint">${reason}</span>` : value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits }));

/** @param {{shown: DiseaseMapView}} props */
function Table({ shown }) {
  const then = other.value ? beside.data.value : null;
  const before = new Map((then?.rows ?? []).map((row) => [row.area_code, row]));
  /** @param {Measure} name @returns {import('../kit/parts/table.js').Column<Row>} */
  const column = (name) => ({
    key: name, label: t(`cdc.atlas.${name}`), align: 'end', narrow: name === measure.value || name === 'cases',
    value: (row) => valueOf(row, name), cell: (row) => cellOf(valueOf(row, name), DIGITS[name], reasonOf(row, name)),
  });
  /** @type {import('../kit/parts/table.js').Column<Row>[]} */
  const columns = [
    { key: 'place', label: t('cdc.area'), value: (row) => pick(row.place), narrow: true, width: 'minmax(6rem, 1.4fr)' },
    ...[...new Set([measure.value, /** @type {Measure} */ ('cases'), ...MEASURES])].map(column),
    { key: 'residents', label: t('cdc.atlas.residents'), align: 'end', value: (row) => row.residents, cell: (row) => cellOf(row.residents, 0, reasonOf(row, 'residents')) },
  ];
  if (then) {
    columns.splice(2, 0, {
      key: 'then', label: t('cdc.atlas.other'), align: 'end', value: (row) => valueOf(before.get(row.area_code), measure.value),
      cell: (row) => cellOf(valueOf(before.get(row.area_code), measure.value), DIGITS[measure.value], reasonOf(before.get(row.area_code), measure.value)),
    });
  }
  return html`
    <section class="cdc-atlas-side" aria-label=${pick(shown.words)} data-testid="map-table">
      <${DataTable} key=${measure.value} label=${`${pick(shown.words)} ${daysOf(shown.period)}`} rows=${shown.rows} rowKey=${(/** @type {Row} */ row) => row.area_code} columns=${columns}
        sortedBy=${{ key: measure.value, descending: true }} search=${shown.rows.length > 12} height_rem=${29}
        csvName=${shown.published ? `published-${shown.disease}-${shown.period?.first}` : undefined} empty=${{ title: t('cdc.atlas.nobody') }} />
    </section>`;
}

/** @param {{shown: DiseaseMapView}} props */
function Notes({ shown }) {
  const { first_year: first, last_year: last, sources, known_areas: known } = shown.people;
  const years = first === null ? t('cdc.atlas.no_year') : first === last ? t('cdc.atlas.year', { year: first }) : t('cdc.atlas.years', { first, last: last ?? first });
  return html`
    <ul class="cdc-atlas-notes small faint" data-testid="map-notes">
      ${shown.basis && html`<li>${t('cdc.atlas.basis', { basis: pick(shown.basis), day: shown.as_of ?? '–' })}</li>`}
      ${known > 0 && html`<li>${t('cdc.atlas.people', { years, sources: sources.join(t('part.comma')) || '–' })}</li>`}
      ${shown.published && html`<li>${t('cdc.atlas.published', { k: shown.smallest_told ?? '–' })}</li>`}
      ${shown.notes.map((note) => html`<li key=${note.en}>${pick(note)}</li>`)}
    </ul>`;
}
