/** The citizen's map: where I am, the AEDs found, the way on foot to the chosen one. */

import { boxOf, circle, createMap, fitBox, showCity } from '../map/base.js';
import { collection, feature, pointFeature, show } from '../map/features.js';
import { pointsOf } from '../map/shapes.js';
import { bringStyle } from '../map/style_sheet.js';

const FONT = ['Noto Sans CJK SC', 'Noto Sans SC', 'Microsoft YaHei', 'PingFang SC', 'sans-serif'];
const SOURCES = ['unsure', 'walk', 'found', 'me'];

/** @type {import('../map/base.js').CityMap|null} */
let map = null;
/** @type {Record<string, import('../map/features.js').Feature[]>} */
let shown = { unsure: [], walk: [], found: [], me: [] };

/** @param {import('../map/base.js').CityMap} map */
function overlay(map) {
  for (const name of SOURCES) if (!map.getSource(name)) map.addSource(name, { type: 'geojson', data: collection(shown[name]) });
  const layers = /** @type {import('../map/base.js').Layer[]} */ ([
    { id: 'unsure', type: 'fill', source: 'unsure', paint: { 'fill-color': '#0072b2', 'fill-opacity': 0.15, 'fill-outline-color': '#0072b2' } },
    { id: 'walk-casing', type: 'line', source: 'walk', layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': '#ffffff', 'line-width': 9 } },
    { id: 'walk', type: 'line', source: 'walk', layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': '#0072b2', 'line-width': 5 } },
    { id: 'found', type: 'circle', source: 'found', paint: {
      'circle-radius': ['case', ['get', 'chosen'], 17, 13],
      'circle-color': ['match', ['get', 'open'], 'true', '#00785a', 'false', '#6b747c', '#ffffff'],
      'circle-stroke-color': ['match', ['get', 'open'], 'null', '#00785a', '#ffffff'], 'circle-stroke-width': 2.5 } },
    { id: 'found-label', type: 'symbol', source: 'found', layout: { 'text-field': ['get', 'label'], 'text-font': FONT, 'text-size': 14, 'text-allow-overlap': true },
      paint: { 'text-color': ['match', ['get', 'open'], 'null', '#111111', '#ffffff'] } },
    { id: 'me', type: 'circle', source: 'me', paint: { 'circle-radius': 9, 'circle-color': '#0072b2', 'circle-stroke-color': '#ffffff', 'circle-stroke-width': 3 } },
  ]);
  for (const layer of layers) if (!map.getLayer(layer.id)) map.addLayer(layer);
  // Ambulance stations are of no use to someone looking for an AED.
  if (map.getLayer('stations')) map.setLayoutProperty('stations', 'visibility', 'none');
}

/** @param {HTMLElement} container @param {{city_id: number, bbox: import('../map/base.js').Box}} city @param {(point: {lon: number, lat: number}) => void} tapped */
export async function startAedMap(container, city, tapped) {
  if (map) return showCity(map, city);
  await bringStyle();
  map = createMap(container, city, overlay, { scale: false });
  map.on('click', (event) => tapped({ lon: event.lngLat.lng, lat: event.lngLat.lat }));
  /** @type {any} */ (window).goldenhour = { map };
  return undefined;
}

/**
 * @param {{lon: number, lat: number}} here @param {number} accuracy_m  how far off that may be: drawn
 * @param {import('./list.js').Shown[]} aeds @param {number} chosen
 */
export function showResult(here, accuracy_m, aeds, chosen) {
  const point = (/** @type {{lon: number, lat: number}} */ at, /** @type {Record<string, unknown>} */ properties) => pointFeature(at.lon, at.lat, properties);
  const route = aeds[chosen]?.route;
  shown = {
    me: [point(here, {})],
    unsure: accuracy_m > 20 ? [feature(circle(here.lon, here.lat, accuracy_m), {})] : [],
    found: aeds.map((aed, index) => point(aed, { label: String(index + 1), open: String(aed.open), chosen: index === chosen })),
    walk: route ? [feature(route, {})] : [],
  };
  if (map) for (const name of SOURCES) show(map, name, shown[name]);
}

/** Show me, the chosen AED and the way between. */
export function lookAtResult() {
  const points = [...shown.unsure, ...shown.me, ...shown.found.filter((one) => one.properties.chosen), ...shown.walk].flatMap((one) => pointsOf(one.geometry));
  if (map && points.length) fitBox(map, boxOf(points), { padding: 50, maxZoom: 17 });
}
