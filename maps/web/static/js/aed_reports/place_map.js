/** Where a reported AED is registered, on the map of its city. */

import { createMap } from '../map/base.js';
import { collection, pointFeature } from '../map/features.js';
import { bringStyle } from '../map/style_sheet.js';

/**
 * @param {HTMLElement} box @param {{city_id: number, bbox: import('../map/base.js').Box}} city @param {{lon: number, lat: number}} at
 * @returns {Promise<() => void>} takes the map away
 */
export async function placeMap(box, city, at) {
  await bringStyle();
  const map = createMap(box, city, (made) => {
    made.addSource('device', { type: 'geojson', data: collection([pointFeature(at.lon, at.lat, {})]) });
    made.addLayer({ id: 'device', type: 'circle', source: 'device', paint: { 'circle-radius': 9, 'circle-color': '#00785a', 'circle-stroke-color': '#ffffff', 'circle-stroke-width': 3 } });
  }, { base: true });
  map.jumpTo({ center: [at.lon, at.lat], zoom: 16 });
  return () => map.remove();
}
