/** The planner's map: layers of the catalogue, over them cells, stations and sites, and what is being drawn. */

import { get } from '../kit/api.js';
import { pick, t } from '../kit/i18n.js';
import { resource } from '../kit/resource.js';
import { effect, html, signal, useEffect, useRef } from '../kit/view.js';
import { createMap, showCity } from '../map/base.js';
import { collection, show } from '../map/features.js';
import { LayersOnMap } from '../map/layers.js';
import { FONT, inks } from '../map/overlay.js';
import { shell } from '../shell/shell.js';
import { cityId } from './state.js';

/** @typedef {import('../map/base.js').CityMap} CityMap */
/** @typedef {import('../map/features.js').Feature} Feature */
/** @typedef {import('../types.d.ts').LayerView} LayerView */
/** @template T @typedef {import('../kit/view.js').ReadonlySignal<T>} ReadonlySignal */

/** What is pressed: the point and, where there is one, the place under it. @typedef {{lonlat: [number, number], place: Record<string, any>|null}} Pressed */

/** Colours that stay apart for those who see no red or green, each with the sign that goes with it. */
export const COLOURS = /** @type {const} */ ({ gains: '#0072b2', loses: '#d55e00', covered: '#9aa7b0', uncovered: '#f0c14b', site: '#0072b2', closed: '#7d7d7d', drawn: '#cc79a7' });

/** Layers of the catalogue, once a city. */
export const catalogue = resource(async (stop) => (await get(`/v1/map/layers?city_id=${cityId()}`, { signal: stop })).layers, { now: false });

/** @param {string[]} names @returns {import('../map/layers.js').Wanted[]} */
export const layersNamed = (names) => (catalogue.data.value ?? []).filter((one) => names.includes(one.name))
  .sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name)).map((view) => ({ view, opacity: view.opacity, time: null }));

/** What the colours of a layer of the catalogue mean. @param {string} name @returns {LegendLine[]} */
export const legendOf = (name) => (catalogue.data.value ?? []).filter((one) => one.name === name).flatMap((one) => one.legend.map((line) => ({
  colour: line.colour, on_dark: line.on_dark, sign: line.value === 'unreachable' ? '✕' : '', text: pick(line.words) })));

const SOURCES = ['cells', 'sketch', 'places'];

/** @param {CityMap} map */
function install(map) {
  for (const name of SOURCES) if (!map.getSource(`plan-${name}`)) map.addSource(`plan-${name}`, { type: 'geojson', data: collection([]) });
  const { ink, halo } = inks(map);
  const of = (/** @type {string} */ key, /** @type {string} */ value) => ['==', ['get', key], value];
  const kind = (/** @type {string} */ value) => of('kind', value);
  const layers = /** @type {import('../map/base.js').Layer[]} */ ([
    { id: 'plan-cell', type: 'fill', source: 'plan-cells', filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'fill-color': ['get', 'colour'], 'fill-opacity': 0.62 } },
    { id: 'plan-cell-point', type: 'circle', source: 'plan-cells', filter: ['==', ['geometry-type'], 'Point'],
      paint: { 'circle-color': ['get', 'colour'], 'circle-opacity': 0.75, 'circle-radius': ['interpolate', ['linear'], ['zoom'], 9, 1.5, 15, 9] } },
    { id: 'plan-cell-sign', type: 'symbol', source: 'plan-cells', minzoom: 12.5, filter: ['has', 'sign'],
      layout: { 'text-field': ['get', 'sign'], 'text-font': FONT, 'text-size': 14 }, paint: { 'text-color': '#14181b', 'text-halo-color': '#ffffff', 'text-halo-width': 1.2 } },
    { id: 'plan-sketch-area', type: 'fill', source: 'plan-sketch', filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': COLOURS.drawn, 'fill-opacity': 0.22 } },
    { id: 'plan-sketch-line', type: 'line', source: 'plan-sketch', paint: { 'line-color': COLOURS.drawn, 'line-width': 2.5 } },
    { id: 'plan-sketch-corner', type: 'circle', source: 'plan-sketch', filter: ['==', ['geometry-type'], 'Point'], paint: { 'circle-radius': 5, 'circle-color': '#ffffff', 'circle-stroke-color': COLOURS.drawn, 'circle-stroke-width': 2.5 } },
    { id: 'plan-candidate', type: 'circle', source: 'plan-places', filter: kind('candidate'), paint: { 'circle-radius': 4, 'circle-color': '#ffffff', 'circle-stroke-color': '#5f6971', 'circle-stroke-width': 1.5 } },
    { id: 'plan-place', type: 'circle', source: 'plan-places', filter: ['!', kind('candidate')],
      paint: {
        'circle-radius': ['case', kind('chosen'), 12, 10],
        'circle-color': ['match', ['get', 'kind'], 'chosen', COLOURS.site, 'closed', COLOURS.closed, 'drawn', COLOURS.drawn, 'address', '#14181b', '#ffffff'],
        'circle-stroke-color': ['match', ['get', 'kind'], 'station', COLOURS.site, 'closed', COLOURS.loses, '#ffffff'], 'circle-stroke-width': 2.5,
      } },
    { id: 'plan-place-letter', type: 'symbol', source: 'plan-places', filter: ['!', kind('candidate')],
      layout: { 'text-field': ['get', 'letter'], 'text-font': FONT, 'text-size': 12, 'text-allow-overlap': true, 'text-ignore-placement': true },
      paint: { 'text-color': ['case', kind('station'), '#14181b', '#ffffff'] } },
    { id: 'plan-place-label', type: 'symbol', source: 'plan-places', filter: ['has', 'label'], minzoom: 10.5,
      layout: { 'text-field': ['get', 'label'], 'text-font': FONT, 'text-size': 11.5, 'text-variable-anchor': ['top', 'bottom', 'left', 'right'], 'text-radial-offset': 1.15, 'text-optional': true, 'text-max-width': 12 },
      paint: { 'text-color': ink, 'text-halo-color': halo, 'text-halo-width': 1.6 } },
  ]);
  for (const layer of layers) if (!map.getLayer(layer.id)) map.addLayer(layer);
}

/** What of ours lies over the catalogue's layers. */
const OURS = ['plan-cell', 'plan-cell-point', 'plan-cell-sign', 'plan-sketch-area', 'plan-sketch-line', 'plan-sketch-corner', 'plan-candidate', 'plan-place', 'plan-place-letter', 'plan-place-label'];

/**
 * Begin a map in a box. What it shows follows the signals.
 * @param {HTMLElement} box
 * @param {{label: string, layers?: ReadonlySignal<string[]>, cells?: ReadonlySignal<Feature[]>, places?: ReadonlySignal<Feature[]>, sketch?: ReadonlySignal<Feature[]>,
 *   onPress?: (pressed: Pressed) => void, scale?: boolean}} options  `layers`: names of the catalogue
 * @returns {CityMap}
 */
export function beginMap(box, { label, layers, cells, places, sketch, onPress, scale = true }) {
  const city = /** @type {import('../types.d.ts').CityInfo} */ (shell.city.peek());
  const loaded = signal(0);
  /** @type {LayersOnMap|null} */
  let below = null;
  const map = createMap(box, city, () => {
    below?.forget();
    install(map);
    loaded.value += 1;
  }, { base: true, scale });
  const onMap = new LayersOnMap(map);
  below = onMap;
  const above = () => { for (const id of OURS) if (map.getLayer(id)) map.moveLayer(id); };
  const keep = (/** @type {string} */ source, /** @type {ReadonlySignal<Feature[]>|undefined} */ features) => effect(() => {
    const now = features?.value ?? [];
    if (loaded.value > 0) show(map, `plan-${source}`, now);
    if (source === 'places') box.dataset.places = String(now.length);
    if (source === 'cells') box.dataset.cells = String(now.length);
  });
  const stops = [
    keep('cells', cells), keep('places', places), keep('sketch', sketch),
    effect(() => {
      const wanted = layersNamed(layers?.value ?? []);
      if (loaded.value > 0) void onMap.show(wanted).then(above);
    }),
    effect(() => {
      const now = shell.city.value;
      if (now && now.city_id !== map.goldenhourCity) showCity(map, now);
    }),
  ];
  map.on('remove', () => { for (const stop of stops) stop(); });
  /** @param {{x: number, y: number}} point */
  const press = (point) => {
    if (!onPress) return;
    const near = 8;
    const ids = ['plan-place', 'plan-candidate'].filter((id) => map.getLayer(id));
    const [found] = map.queryRenderedFeatures([[point.x - near, point.y - near], [point.x + near, point.y + near]], { layers: ids });
    const { lng, lat } = map.unproject([point.x, point.y]);
    onPress({ lonlat: [lng, lat], place: found?.properties ?? null });
  };
  map.on('click', (event) => press(event.point));
  const canvas = map.getCanvas();
  canvas.setAttribute('aria-label', label);
  canvas.addEventListener('keydown', (event) => { if (event.key === 'Enter') press({ x: canvas.clientWidth / 2, y: canvas.clientHeight / 2 }); });
  return map;
}

/** Lines of a legend: a colour never stands alone. @typedef {{colour: string, on_dark?: string, sign: string, text: string, round?: boolean}} LegendLine */

/** @param {{lines: LegendLine[], title?: string}} props */
export const MapLegend = ({ lines, title }) => html`
  <ul class="plan-legend" aria-label=${t('plan.legend')}>${title && html`<li class="faint">${title}</li>`}${lines.map((one) => html`
    <li key=${one.text}><span class="swatch ${one.round ? 'plan-round' : 'fill'}" style=${`--colour: ${one.colour}; --on-dark: ${one.on_dark ?? one.colour}`} aria-hidden="true">${one.sign}</span> ${one.text}</li>`)}</ul>`;

/**
 * @param {Omit<Parameters<typeof beginMap>[1], 'scale'> & {legend?: LegendLine[], legendTitle?: string, testid?: string, onMap?: (map: CityMap) => void, children?: import('../kit/view.js').Children}} props
 *   `onMap`: told the map when it is made
 */
export function PlanMap({ legend = [], legendTitle, testid, onMap, children, ...options }) {
  const box = useRef(/** @type {HTMLElement|null} */ (null));
  const known = shell.city.value !== null;
  useEffect(() => {
    if (!known || !box.current) return undefined;
    const map = beginMap(box.current, options);
    onMap?.(map);
    return () => map.remove();
  }, [known]);
  return html`
    <div class="plan-map-box">
      <div class="plan-map" ref=${box} data-testid=${testid}></div>
      ${children}
      ${legend.length > 0 && html`<${MapLegend} lines=${legend} title=${legendTitle} />`}
    </div>`;
}
