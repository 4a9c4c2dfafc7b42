/** Sources and layers of what is alive on the console's map: units, incidents, routes, choices. */

import { CONDITION_SOURCES, conditionLayers, conditionMarkLayers } from './conditions_overlay.js';
import { collection } from './features.js';
import { ARROW_FROM_PX } from './icons.js';

export const FONT = ['Noto Sans CJK SC', 'Noto Sans SC', 'Microsoft YaHei', 'PingFang SC', 'sans-serif'];
export const SOURCES = ['uncertainty', 'routes', 'candidates', 'selection', 'incidents', 'fans', 'units', ...CONDITION_SOURCES];
const SELECTED = '#111111';
/** How large marks are at zoom 10 and from 15 on. @type {[number, number]} */
export const UNIT_SCALE = [0.7, 1.1];
/** @type {[number, number]} */
export const INCIDENT_SCALE = [0.8, 1];

/** Ink of labels over the basemap, by theme. @param {import('./base.js').CityMap} map */
export function inks(map) {
  const metadata = /** @type {Record<string, unknown>|undefined} */ (map.getStyle().metadata);
  const dark = metadata?.['goldenhour:theme'] === 'dark';
  return dark ? { ink: '#f1f4f6', halo: '#14181b', ring: '#ffffff' } : { ink: '#14181b', halo: '#ffffff', ring: SELECTED };
}

/** Labels of units: on a light map only near by, at one side; placing many of them costs more than drawing them. @param {boolean} light */
const unitLabel = (light) => (light
  ? { 'text-anchor': 'top', 'text-offset': [0, 1.15] }
  : { 'text-variable-anchor': ['top', 'bottom', 'left', 'right'], 'text-radial-offset': 1.15, 'symbol-sort-key': ['get', 'order'] });

/** Put sources and layers on a freshly loaded style. @param {import('./base.js').CityMap} map */
export function installOverlay(map) {
  const light = map.goldenhourLight ?? false;
  for (const name of SOURCES) {
    if (!map.getSource(name)) map.addSource(name, { type: 'geojson', data: collection([]) });
  }
  const { ink, halo, ring } = inks(map);
  const label = { 'text-color': ink, 'text-halo-color': halo, 'text-halo-width': 1.6 };
  const zoomed = (/** @type {number} */ low, /** @type {number} */ high) =>
    ['interpolate', ['linear'], ['zoom'], 10, low, 15, high];
  const layers = /** @type {import('./base.js').Layer[]} */ ([
    ...conditionLayers({ ink, halo }),
    { id: 'uncertainty-fill', type: 'fill', source: 'uncertainty', paint: { 'fill-color': '#d55e00', 'fill-opacity': 0.1 } },
    { id: 'uncertainty-line', type: 'line', source: 'uncertainty', paint: { 'line-color': '#d55e00', 'line-width': 1.5, 'line-dasharray': [3, 2] } },
    { id: 'route-casing', type: 'line', source: 'routes', layout: { 'line-join': 'round', 'line-cap': 'round', 'line-sort-key': ['get', 'order'] },
      paint: { 'line-color': halo, 'line-width': ['case', ['get', 'best'], 9, 5.5], 'line-opacity': 0.9 } },
    { id: 'route', type: 'line', source: 'routes', layout: { 'line-join': 'round', 'line-cap': 'round', 'line-sort-key': ['get', 'order'] },
      paint: { 'line-color': ['case', ['get', 'best'], '#0072b2', '#7d8b96'], 'line-width': ['case', ['get', 'best'], 5.5, 3] } },
    { id: 'route-straight', type: 'line', source: 'routes', filter: ['==', ['get', 'basis'], 'straight_line'],
      paint: { 'line-color': halo, 'line-width': 2, 'line-dasharray': [2, 2] } },
    { id: 'route-rank', type: 'symbol', source: 'routes', filter: ['has', 'rank'],
      layout: { 'symbol-placement': 'line-center', 'symbol-sort-key': ['get', 'order'], 'text-field': ['to-string', ['get', 'rank']], 'text-font': FONT, 'text-size': 13, 'text-rotation-alignment': 'viewport', 'text-allow-overlap': true },
      paint: { 'text-color': '#ffffff', 'text-halo-color': ['case', ['get', 'best'], '#0072b2', '#4d5962'], 'text-halo-width': 5 } },
    ...conditionMarkLayers({ ink, halo }),
    { id: 'selection', type: 'circle', source: 'selection',
      paint: { 'circle-radius': ['get', 'radius'], 'circle-color': 'rgba(0,114,178,0.14)', 'circle-stroke-color': ring, 'circle-stroke-width': 2.5 } },
    { id: 'unit-heading', type: 'symbol', source: 'units', filter: ['has', 'heading'],
      layout: { 'icon-image': ['concat', 'heading:', ['get', 'group']], 'icon-offset': [0, -ARROW_FROM_PX], 'icon-rotate': ['get', 'heading'], 'icon-rotation-alignment': 'map', 'icon-allow-overlap': true, 'icon-ignore-placement': true, 'icon-size': zoomed(...UNIT_SCALE) } },
    { id: 'unit', type: 'symbol', source: 'units',
      layout: { 'icon-image': ['concat', 'unit:', ['get', 'group'], ['case', ['get', 'stale'], ':stale', '']], 'icon-allow-overlap': true, 'icon-ignore-placement': true, 'icon-size': zoomed(...UNIT_SCALE), 'symbol-sort-key': ['get', 'order'] } },
    { id: 'unit-label', type: 'symbol', source: 'units', minzoom: 9, filter: ['!=', ['get', 'label'], ''],
      layout: { 'text-field': ['get', 'label'], 'text-font': FONT, 'text-size': 11, 'text-padding': 1, 'text-optional': true, ...unitLabel(light) },
      paint: label },
    { id: 'fan', type: 'line', source: 'fans', paint: { 'line-color': ink, 'line-width': 1.5, 'line-opacity': 0.7 } },
    { id: 'incident', type: 'symbol', source: 'incidents',
      layout: { 'icon-image': ['concat', 'incident:', ['get', 'category'], ['case', ['get', 'confirmed'], '', ':unconfirmed']], 'icon-allow-overlap': true, 'icon-ignore-placement': true, 'icon-size': zoomed(...INCIDENT_SCALE), 'symbol-sort-key': ['get', 'order'] } },
    { id: 'incident-label', type: 'symbol', source: 'incidents', minzoom: 11,
      layout: { 'text-field': ['get', 'label'], 'text-font': FONT, 'text-size': 12, 'text-anchor': 'bottom', 'text-offset': [0, -1.4], 'text-padding': 1, 'text-optional': true },
      paint: label },
    { id: 'candidate', type: 'circle', source: 'candidates', paint: { 'circle-radius': 11, 'circle-color': '#ffffff', 'circle-stroke-color': '#0072b2', 'circle-stroke-width': 3 } },
    { id: 'candidate-label', type: 'symbol', source: 'candidates',
      layout: { 'text-field': ['get', 'label'], 'text-font': FONT, 'text-size': 13, 'text-allow-overlap': true }, paint: { 'text-color': '#14181b' } },
  ]);
  for (const layer of layers) if (!map.getLayer(layer.id)) map.addLayer(layer);
}
