/**
 * The map of the layer catalogue: what may be seen, how it is drawn and what it means all come from
 * /v1/map/layers; no page knows a layer.
 */

import { get } from '../kit/api.js';
import { clockTime, isoDate, moment_ms } from '../kit/clock.js';
import { download } from '../kit/csv.js';
import { taking } from '../kit/files.js';
import { addWords, nameOf, pick, t } from '../kit/i18n.js';
import { ErrorState, Loading } from '../kit/parts/states.js';
import { MARKS } from '../kit/provenance.js';
import { resource } from '../kit/resource.js';
import { computed, effect, html, signal, useEffect, useId, useMemo, useRef } from '../kit/view.js';
import { createMap, inStep, showCity } from './base.js';
import { LayersOnMap } from './layers.js';
import { canvasOf, picture } from './picture.js';
import { WORDS } from './words.js';

addWords(WORDS);

/** @typedef {import('../types.d.ts').LayerView} LayerView */
/** @typedef {import('../types.d.ts').CityInfo} CityInfo */
/** @typedef {{layer: string, properties: Record<string, unknown>}} Found */
/** @typedef {import('../kit/provenance.js').Provenance} Provenance */
/** @typedef {'left'|'right'} Side */

const FORMATS = { geojson: 'GeoJSON', gpkg: 'GeoPackage', csv: 'CSV' };
const MOST_FOUND = 5;
/** A time with so many values or fewer is chosen by buttons, with more by a slider. */
const FEW_TIMES = 4;

/**
 * What a map of the catalogue knows. Made once a page, so that it may be read and set from outside.
 * @param {import('../kit/view.js').ReadonlySignal<CityInfo|null>} city
 * @param {{on?: string[], layers?: string[]}} [options]  `on`: shown to begin with; `layers`: only these may be chosen
 */
export function layerMapState(city, { on = [], layers } = {}) {
  const read = resource(async (stop) => {
    const now = city.peek();
    if (!now) return { views: [], base: [] };
    const all = (await get(`/v1/map/layers?city_id=${now.city_id}`, { signal: stop })).layers;
    const base = all.filter((one) => one.shown === 'base');
    return { views: all.filter((one) => !base.includes(one) && (!layers || layers.includes(one.name))), base };
  }, { now: false });
  const state = {
    city, read,
    on: signal(new Set(on)),
    /** @type {import('../kit/view.js').Signal<Record<string, number>>} */ opacity: signal({}),
    /** @type {import('../kit/view.js').Signal<Record<string, string>>} */ time: signal({}),
    /** @type {import('../kit/view.js').Signal<string|null>} */ compared: signal(null),
    /** Part of the width at which the compared layer begins. */ line: signal(0.5),
    /** @type {import('../kit/view.js').Signal<Found[]>} */ found: signal([]),
    zoom: signal(0),
    /** How often a layer's features were asked for anew. @type {import('../kit/view.js').Signal<Record<string, number>>} */ turn: signal({}),
    views: computed(() => read.data.value?.views ?? []),
    /** Layers of the ground, which are always there. */ base: computed(() => read.data.value?.base ?? []),
  };
  effect(() => { if (city.value) void read.reload(); });
  return {
    ...state,
    comparing: computed(() => state.compared.value !== null),
    /** @param {Side} side */
    wanted: (side) => wanted(state, side),
    /** Ask anew for layers whose features have changed, and for what the catalogue says. @param {(name: string) => boolean} which */
    renew(which) {
      const named = state.views.peek().filter((view) => which(view.name)).map((view) => view.name);
      state.turn.value = { ...state.turn.peek(), ...Object.fromEntries(named.map((name) => [name, (state.turn.peek()[name] ?? 0) + 1])) };
      void read.reload();
    },
  };
}

/** @typedef {ReturnType<typeof layerMapState>} LayerMapState */

/**
 * What one or two maps, parted by a line, show of the catalogue.
 * @typedef {object} PaneState
 * @property {import('../kit/view.js').ReadonlySignal<CityInfo|null>} city
 * @property {(side: Side) => import('./layers.js').Wanted[]} wanted  from below to above
 * @property {import('../kit/view.js').ReadonlySignal<boolean>} comparing
 * @property {import('../kit/view.js').Signal<number>} line  part of the width at which the right map begins
 * @property {import('../kit/view.js').Signal<Found[]>} found
 * @property {import('../kit/view.js').ReadonlySignal<LayerView[]>} views
 * @property {import('../kit/view.js').Signal<number>} zoom
 */
/** @typedef {Record<Side, import('../kit/view.js').Signal<import('./base.js').CityMap|null>>} PaneMaps */

/** @typedef {Pick<LayerMapState, 'time'>} Timed */
/** @param {Timed} state @param {LayerView} view */
const timeOf = (state, view) => state.time.value[view.name] ?? view.time?.default ?? null;

/** Layers that are on, from below to above: areas, lines, points. @param {Pick<LayerMapState, 'compared'|'on'|'opacity'|'turn'|'views'|'time'>} state @param {Side} side */
function wanted(state, side) {
  const { compared, on, opacity, turn, views } = state;
  const rank = { polygon: 0, mixed: 1, line: 2, point: 3 };
  return views.value
    .filter((view) => (side === 'right' ? view.name === compared.value : on.value.has(view.name)))
    .sort((a, b) => rank[/** @type {keyof typeof rank} */ (a.geometry)] - rank[/** @type {keyof typeof rank} */ (b.geometry)])
    .map((view) => ({ view, opacity: opacity.value[view.name] ?? view.opacity, time: timeOf(state, view), turn: turn.value[view.name] ?? 0 }));
}

/** The least sure of what is shown names all. @param {LayerView[]} views @returns {Provenance} */
function provenanceOf(views) {
  const order = /** @type {Provenance[]} */ (['simulated', 'modelled', 'recorded']);
  return order.find((one) => views.some((view) => view.provenance.code === one)) ?? 'recorded';
}

/** @param {LayerMapState} state @returns {LayerView[]} all that is on the map, either side */
const shownViews = (state) => state.views.value.filter((view) => state.on.value.has(view.name) || view.name === state.compared.value);

/** @param {{state: LayerMapState, testid?: string, children?: import('../kit/view.js').Children}} props  `children`: more parts of the side panel */
export function LayerMap({ state, testid = 'layer-map', children }) {
  const maps = usePaneMaps();
  return html`
    <div class="layer-map" data-testid=${testid}>
      <aside class="layer-side">
        ${children}
        <${Switcher} state=${state} />
        <${Compare} state=${state} />
        <${Exports} state=${state} maps=${maps} />
      </aside>
      <${LayerPane} state=${state} maps=${maps} views=${shownViews(state)} />
    </div>`;
}

/** The maps of a pane, for whoever asks them where they look. @returns {PaneMaps} */
export const usePaneMaps = () => useMemo(() => ({ left: signal(/** @type {import('./base.js').CityMap|null} */ (null)), right: signal(/** @type {import('./base.js').CityMap|null} */ (null)) }), []);

/** One map, or two that a line parts, with legend and what was pressed. @param {{state: PaneState, maps: PaneMaps, views: LayerView[]}} props */
export function LayerPane({ state, maps, views }) {
  const left = useRef(/** @type {HTMLElement|null} */ (null));
  const right = useRef(/** @type {HTMLElement|null} */ (null));

  useEffect(() => effect(() => {
    const city = state.city.value;
    if (!city || !left.current) return;
    const map = maps.left.peek();
    if (map) showCity(map, city);
    else maps.left.value = startMap(left.current, city, state, 'left');
    if (maps.right.peek()) showCity(/** @type {any} */ (maps.right.peek()), city);
  }), []);
  useEffect(() => effect(() => {
    const city = state.city.peek();
    const main = maps.left.value;
    if (!state.comparing.value || !city || !main || maps.right.peek() || !right.current) return;
    const map = startMap(right.current, city, state, 'right');
    map.jumpTo({ center: main.getCenter(), zoom: main.getZoom() });
    inStep(main, map);
    maps.right.value = map;
  }), []);
  useEffect(() => () => { maps.left.peek()?.remove(); maps.right.peek()?.remove(); }, []);

  const provenance = provenanceOf(views);
  const comparing = state.comparing.value;
  return html`
    <div class="layer-pane" style=${`--line: ${state.line.value * 100}%`}>
      <div class="layer-canvas" ref=${left}></div>
      <div class="layer-canvas right" ref=${right} hidden=${!comparing}></div>
      ${comparing && html`<div class="layer-line" aria-hidden="true"></div>
        <input class="layer-swipe" type="range" min="0" max="1" step="0.01" value=${state.line.value} aria-label=${t('catalogue.compare.line')}
          data-testid="swipe" onInput=${(/** @type {any} */ event) => { state.line.value = event.target.valueAsNumber; }} />`}
      ${provenance !== 'recorded' && html`<p class="layer-mark ${provenance}" data-testid="map-mark">${MARKS[provenance]}</p>`}
      <${FeatureCard} state=${state} />
      <${Legend} state=${state} views=${views} />
    </div>`;
}

/** @param {HTMLElement} box @param {CityInfo} city @param {PaneState} state @param {Side} side */
function startMap(box, city, state, side) {
  /** @type {LayersOnMap|null} */
  let layers = null;
  const loaded = signal(0);
  const map = createMap(box, city, () => {
    layers?.forget();
    loaded.value += 1;
  }, { base: true, scale: side === 'left' });
  layers = new LayersOnMap(map);
  const onMap = layers;
  const stop = effect(() => {
    const now = state.wanted(side);
    if (loaded.value > 0) void onMap.show(now);
  });
  map.on('remove', stop);
  map.on('zoom', () => { state.zoom.value = map.getZoom(); });
  const look = (/** @type {{x: number, y: number}} */ point) => { state.found.value = onMap.at(point).slice(0, MOST_FOUND); };
  map.on('click', (event) => look(event.point));
  const canvas = map.getCanvas();
  canvas.setAttribute('aria-label', t('catalogue.map'));
  canvas.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') look({ x: canvas.clientWidth / 2, y: canvas.clientHeight / 2 });
    if (event.key === 'Escape') state.found.value = [];
  });
  return map;
}

/** @param {{state: LayerMapState}} props */
function Switcher({ state }) {
  const problem = state.read.problem.value;
  const views = state.views.value;
  if (problem && !views.length) return html`<${ErrorState} problem=${problem} retry=${state.read.reload} />`;
  if (!state.read.data.value) return html`<${Loading} />`;
  /** @type {Map<string, LayerView[]>} */
  const groups = new Map();
  for (const view of views) groups.set(view.group.code, [...(groups.get(view.group.code) ?? []), view]);
  return html`
    <section class="switcher" aria-label=${t('catalogue.layers')} data-testid="switcher">
      ${views.length === 0 && html`<p class="faint">${t('catalogue.none')}</p>`}
      ${state.base.value.filter((view) => view.empty).map((view) => html`<p key=${view.name} class="notice small" data-base=${view.name}>${pick(view.empty)}</p>`)}
      ${[...groups.values()].map((group) => html`
        <fieldset key=${group[0].group.code}><legend>${pick(group[0].group.words)}</legend>
          ${group.map((view) => html`<${LayerChoice} key=${view.name} state=${state} view=${view} />`)}
        </fieldset>`)}
    </section>`;
}

/** @param {{state: LayerMapState, view: LayerView}} props */
function LayerChoice({ state, view }) {
  const on = state.on.value.has(view.name);
  const toggle = () => {
    const next = new Set(state.on.value);
    if (!next.delete(view.name)) next.add(view.name);
    state.on.value = next;
  };
  const title = pick(view.title);
  return html`
    <div class="layer-choice">
      <label class="check" title=${pick(view.says)}><input type="checkbox" checked=${on} data-layer=${view.name} onChange=${toggle} /> <span class="grow">${title}</span>
        ${view.count !== null && html`<span class="faint small">${view.count.toLocaleString('en')}</span>`}</label>
      ${view.empty && html`<p class="hint">${pick(view.empty)}</p>`}
      ${on && html`
        <div class="layer-more">
          <input type="range" min="0.1" max="1" step="0.05" value=${state.opacity.value[view.name] ?? view.opacity} aria-label=${t('catalogue.opacity', { layer: title })}
            onInput=${(/** @type {any} */ event) => { state.opacity.value = { ...state.opacity.value, [view.name]: event.target.valueAsNumber }; }} />
          ${state.zoom.value > 0 && state.zoom.value < view.minzoom && html`<p class="hint">${t('catalogue.zoom_in')}</p>`}
          ${view.time && html`<${TimeChoice} state=${state} view=${view} />`}
        </div>`}
    </div>`;
}

/** @param {{state: LayerMapState, view: LayerView}} props */
function TimeChoice({ state, view }) {
  const times = /** @type {NonNullable<LayerView['time']>} */ (view.time);
  const label = t('catalogue.time', { layer: pick(view.title) });
  const now = timeOf(state, view);
  const choose = (/** @type {string|null} */ value) => {
    const { [view.name]: _, ...others } = state.time.value;
    state.time.value = value === null ? others : { ...others, [view.name]: value };
  };
  if (times.kind !== 'choices') {
    const zone = state.city.value?.time_zone ?? 'UTC';
    return html`
      <div class="row"><input type="datetime-local" aria-label=${label} onChange=${(/** @type {any} */ event) => {
        const at_ms = moment_ms(event.target.value, zone);
        choose(Number.isNaN(at_ms) ? null : new Date(at_ms).toISOString());
      }} /><button type="button" class="quiet" onClick=${() => choose(null)}>${t('catalogue.now')}</button></div>`;
  }
  if (times.values.length <= FEW_TIMES) {
    return html`<div class="choice-row" role="group" aria-label=${label}>${times.values.map((one) => html`
      <button key=${one.value} type="button" aria-pressed=${one.value === now ? 'true' : 'false'} onClick=${() => choose(one.value)}>${pick(one.words)}</button>`)}</div>`;
  }
  const place = Math.max(0, times.values.findIndex((one) => one.value === now));
  return html`
    <div><input type="range" min="0" max=${times.values.length - 1} step="1" value=${place} aria-label=${label} aria-valuetext=${pick(times.values[place].words)}
      data-testid="time-slider" onInput=${(/** @type {any} */ event) => choose(times.values[event.target.valueAsNumber].value)} /> <b>${pick(times.values[place].words)}</b></div>`;
}

/** @param {{state: LayerMapState}} props */
function Compare({ state }) {
  const id = useId();
  if (state.views.value.length < 2) return null;
  return html`
    <section class="layer-tool"><h3>${t('catalogue.compare')}</h3>
      <label class="hint" for=${id}>${t('catalogue.compare.hint')}</label>
      <select id=${id} data-testid="compare" onChange=${(/** @type {any} */ event) => { state.compared.value = event.target.value || null; }}>
        <option value="" selected=${state.compared.value === null}>${t('catalogue.compare.none')}</option>
        ${state.views.value.map((view) => html`<option key=${view.name} value=${view.name} selected=${view.name === state.compared.value}>${pick(view.title)}</option>`)}
      </select>
    </section>`;
}

/** @param {LayerView} view @param {string} zone */
function noteOf(view, zone) {
  const parts = [];
  if (view.unit) parts.push(pick(view.unit.words));
  if (view.population_base) {
    const base = pick(view.population_base.words);
    const { year } = view.population_base;
    parts.push(year ? t('catalogue.people', { base, year }) : t('catalogue.people.unknown', { base }));
  }
  if (view.as_of) {
    const day = /^\d{4}-\d\d-\d\d$/.test(view.as_of);
    parts.push(t('catalogue.as_of', { at: day ? view.as_of : `${isoDate(view.as_of, zone)} ${clockTime(view.as_of, zone).slice(0, 5)}` }));
  }
  return parts.filter(Boolean).join(' · ');
}

/** @param {{state: PaneState, views: LayerView[]}} props */
function Legend({ state, views }) {
  const zone = state.city.value?.time_zone ?? 'UTC';
  // On a narrow screen it would cover what it explains.
  const wide = useMemo(() => matchMedia('(min-width: 90rem)').matches, []);
  if (!views.length) return null;
  return html`
    <details class="layer-legend" open=${wide} data-testid="legend"><summary>${t('catalogue.legend')}</summary>
      ${views.map((view) => html`
        <section key=${view.name}>
          <h4>${pick(view.title)} ${view.provenance.code !== 'recorded' && html`<span class="tag">${pick(view.provenance.words)}</span>`}</h4>
          <p class="hint">${noteOf(view, zone)}</p>
          <ul>${view.legend.map((line) => html`<li key=${pick(line.words) + line.colour}><${Swatch} line=${line} /> ${pick(line.words)}</li>`)}</ul>
          ${view.empty && html`<p class="notice small">${pick(view.empty)}</p>`}
        </section>`)}
    </details>`;
}

/** @param {{line: LayerView['legend'][number]}} props */
const Swatch = ({ line }) => html`
  <span class="swatch ${line.shape.length > 2 ? line.shape : 'letter'}" style=${`--colour: ${line.colour}; --on-dark: ${line.on_dark}`} aria-hidden="true">${line.shape.length <= 2 ? line.shape : ''}</span>`;

/** @param {{state: PaneState}} props */
function FeatureCard({ state }) {
  const found = state.found.value;
  if (!found.length) return null;
  const close = () => { state.found.value = []; };
  return html`
    <section class="feature-card" aria-label=${t('catalogue.feature')} aria-live="polite" data-testid="feature-card" onKeyDown=${(/** @type {KeyboardEvent} */ event) => { if (event.key === 'Escape') close(); }}>
      <button class="quiet feature-close" aria-label=${t('close')} onClick=${close}>✕</button>
      ${found.map((one, index) => html`<${Feature} key=${index} found=${one} view=${state.views.value.find((view) => view.name === one.layer)} />`)}
    </section>`;
}

/** @param {{found: Found, view: LayerView|undefined}} props */
function Feature({ found, view }) {
  if (!view) return null;
  const { properties } = found;
  const name = nameOf(properties);
  const fields = view.fields.filter((field) => !/^(name|modelled)(_|$)/.test(field.name) && properties[field.name] !== undefined && properties[field.name] !== null);
  const provenance = view.provenance.code === 'simulated' ? 'simulated' : properties.modelled ? 'modelled' : 'recorded';
  return html`
    <article>
      <h4>${name || pick(view.title)}</h4>
      <p class="hint">${name ? pick(view.title) : ''} ${provenance !== 'recorded' && html`<b>${MARKS[provenance]}</b>`}</p>
      <dl>${fields.map((field) => html`<dt key=${`${field.name}-t`}>${pick(field.words)}</dt><dd key=${field.name}>${valueText(view, field, properties[field.name])}</dd>`)}</dl>
    </article>`;
}

/** @param {LayerView} view @param {LayerView['fields'][number]} field @param {unknown} value */
function valueText(view, field, value) {
  // A class of 0 is of one number alone, others may be 0 too.
  const line = view.legend.find((one) => one.value !== null && one.value !== 0 && one.value === value);
  if (line) return pick(line.words);
  if (typeof value === 'boolean') return t(value ? 'catalogue.yes' : 'catalogue.no');
  if (typeof value === 'number') {
    // In UCUM's codes what stands in braces is a remark, such as {person}.
    const unit = field.unit === view.unit?.code ? pick(view.unit?.words) : (field.unit ?? '').replace(/\{\w+\}/g, '').replace(/2$/, '²');
    return `${value.toLocaleString('en', { maximumFractionDigits: 1 })} ${unit}`.trim();
  }
  return String(value);
}

/** @param {{state: LayerMapState, maps: PaneMaps}} props */
function Exports({ state, maps }) {
  const views = shownViews(state);
  const city = state.city.value;
  const inView = useMemo(() => signal(false), []);
  if (!city || !views.length) return null;
  const address = (/** @type {LayerView} */ view, /** @type {string} */ format) => {
    const query = new URLSearchParams({ city_id: String(city.city_id), format });
    const time = timeOf(state, view);
    if (time !== null) query.set('time', time);
    const box = maps.left.value?.getBounds();
    if (inView.value && box) query.set('bbox', [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((one) => one.toFixed(6)).join(','));
    return `/v1/map/layers/${encodeURIComponent(view.name)}/features?${query}`;
  };
  return html`
    <section class="layer-tool"><h3>${t('catalogue.export')}</h3>
      <button type="button" data-testid="png" onClick=${() => savePicture(state, views, maps)}>${t('catalogue.export.png')}</button>
      ${views.some((view) => view.exports.length > 0) && html`
        <label class="check"><input type="checkbox" checked=${inView.value} onChange=${(/** @type {any} */ event) => { inView.value = event.target.checked; }} /> ${t('catalogue.export.view')}</label>
        <ul class="export-list">${views.filter((view) => view.exports.length).map((view) => html`
          <li key=${view.name}><span class="grow">${pick(view.title)}</span> ${view.exports.map((format) => html`
            <a key=${format} href=${address(view, format)} download data-format=${format} onClick=${(/** @type {Event} */ event) => taking(address(view, format))(event)}>${FORMATS[/** @type {keyof typeof FORMATS} */ (format)] ?? format}</a> `)}</li>`)}</ul>`}
    </section>`;
}

/** @param {LayerMapState} state @param {LayerView[]} views @param {{left: {value: import('./base.js').CityMap|null}, right: {value: import('./base.js').CityMap|null}}} maps */
async function savePicture(state, views, maps) {
  const city = state.city.value;
  if (!maps.left.value || !city) return;
  const provenance = provenanceOf(views);
  const image = await canvasOf(maps.left.value);
  const right = state.compared.value !== null && maps.right.value ? { image: await canvasOf(maps.right.value), from: state.line.value } : null;
  const blob = await picture({
    image, right, ratio: image.width / (maps.left.value.getCanvas().clientWidth || image.width), provenance,
    title: `${nameOf(city)}: ${views.map((view) => pick(view.title)).join(' · ')}`,
    legend: views.map((view) => ({
      title: pick(view.title), note: [noteOf(view, city.time_zone), view.provenance.code === 'recorded' ? '' : pick(view.provenance.words)].filter(Boolean).join(' · '),
      lines: view.legend.map((line) => ({ colour: line.colour, text: pick(line.words), shape: line.shape })),
    })),
    source: `${t('catalogue.attribution')}: ${[...new Set(views.map((view) => view.attribution))].join('; ')} · GoldenHour · ${isoDate(Date.now(), city.time_zone)}`,
  });
  const mark = provenance === 'recorded' ? '' : `-${provenance.toUpperCase()}`;
  download(`${city.key}-${views.map((view) => view.name).join('-')}${mark}.png`, blob);
}
