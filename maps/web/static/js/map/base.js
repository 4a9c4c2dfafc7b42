/** The basemap: made once, restyled when theme or language change, overlays put back each time. */

import * as maplibre from 'maplibre-gl';
import { language, onAppearance, t } from '../kit/i18n.js';
import { theme } from '../kit/settings.js';
import { provideIcons } from './icons.js';

export { maplibre };

/** @typedef {maplibre.Map & {goldenhourCity?: number, goldenhourBase?: boolean, goldenhourLight?: boolean}} CityMap */
/** @typedef {maplibre.MapMouseEvent} MapClick */
/** @typedef {maplibre.LayerSpecification} Layer */
/** @typedef {[number, number, number, number]} Box */

/** @param {number} cityId @param {boolean} base @param {boolean} light */
const styleAddress = (cityId, base, light) =>
  new URL(`/v1/map/style/${cityId}.json?theme=${theme()}&language=${language()}${base ? '&base=only' : ''}${light ? '&light=on' : ''}`, location.href).href;

/**
 * Make the map of a city. `overlay` is called after every (re)load of the style.
 * @param {HTMLElement} container
 * @param {{city_id: number, bbox: Box}} city
 * @param {(map: CityMap) => void} overlay
 * @param {{scale?: boolean, base?: boolean, light?: boolean}} [options]  `base`: the basemap alone, without the layers every map shows; `light`: as `showLight`
 */
export function createMap(container, city, overlay, { scale = true, base = false, light = false } = {}) {
  /** @type {CityMap} */
  const map = new maplibre.Map({
    container,
    style: styleAddress(city.city_id, base, light),
    bounds: city.bbox,
    fitBoundsOptions: { padding: 20 },
    maxZoom: 19,
    fadeDuration: 0,
    dragRotate: false,
    pitchWithRotate: false,
    attributionControl: false,
    // Tile addresses in the style have no host: they are ours.
    transformRequest: (/** @type {string} */ url) => ({ url: new URL(url, location.href).href }),
    locale: { 'NavigationControl.ZoomIn': t('map.zoom_in'), 'NavigationControl.ZoomOut': t('map.zoom_out') },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibre.AttributionControl({ compact: false }), 'bottom-right');
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), 'top-right');
  if (scale) map.addControl(new maplibre.ScaleControl({ unit: 'metric' }), 'bottom-left');
  provideIcons(map);
  map.on('style.load', () => overlay(map));
  map.goldenhourBase = base;
  map.goldenhourCity = city.city_id;
  map.goldenhourLight = light;
  map.on('remove', onAppearance(() => restyle(map)));
  return map;
}

/** @param {CityMap} map */
function restyle(map) {
  map.setStyle(styleAddress(map.goldenhourCity ?? 0, map.goldenhourBase ?? false, map.goldenhourLight ?? false), { diff: false });
}

/** Draw roads as few plain lines, for machines that draw by software; or all of them again. @param {CityMap} map @param {boolean} light */
export function showLight(map, light) {
  map.goldenhourLight = light;
  restyle(map);
}

/** Show another city. @param {CityMap} map @param {{city_id: number, bbox: Box}} city */
export function showCity(map, city) {
  map.goldenhourCity = city.city_id;
  restyle(map);
  fitBox(map, city.bbox, { duration: 0 });
}

/** @param {CityMap} map @param {Box} box @param {maplibre.FitBoundsOptions} [options] */
export function fitBox(map, box, options = {}) {
  map.fitBounds(box, { padding: 60, maxZoom: 16, ...options });
}

/** Two maps that look at the same place. @param {CityMap} one @param {CityMap} other */
export function inStep(one, other) {
  let following = false;
  const follow = (/** @type {CityMap} */ from, /** @type {CityMap} */ to) => from.on('move', () => {
    if (following) return;
    following = true;
    to.jumpTo({ center: from.getCenter(), zoom: from.getZoom() });
    following = false;
  });
  follow(one, other);
  follow(other, one);
}

/** The box around points. @param {[number, number][]} points @returns {[number, number, number, number]} */
export function boxOf(points) {
  const lons = points.map((point) => point[0]);
  const lats = points.map((point) => point[1]);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

/** A circle of `radius_m` as a polygon. @param {number} lon @param {number} lat @param {number} radius_m
 * @returns {import('./features.js').Geometry} */
export function circle(lon, lat, radius_m) {
  const dlat = radius_m / 111_320;
  const dlon = dlat / Math.cos((lat * Math.PI) / 180);
  const ring = Array.from({ length: 49 }, (_, index) => {
    const angle = (index / 48) * 2 * Math.PI;
    return /** @type {[number, number]} */ ([lon + dlon * Math.cos(angle), lat + dlat * Math.sin(angle)]);
  });
  return { type: 'Polygon', coordinates: [ring] };
}
