/** How far one comes in some minutes: switched on, then a click on a station, a unit or a place. */

import { post, Problem } from '../../kit/api.js';
import { nameOf, t } from '../../kit/i18n.js';
import { feature, show } from '../../map/features.js';
import { sayProblem } from '../../kit/messages.js';
import { located, store } from '../state.js';

export const REACH_MINUTES = [4, 8, 12, 15];
const DEFAULT_MINUTES = 8;

/**
 * @typedef {object} Reach
 * @property {number} minutes
 * @property {{lon: number, lat: number, name: string}|null} from  null: not chosen yet
 * @property {import('../../types.d.ts').ReachFeature[]} features
 * @property {number|null} area_km2
 * @property {boolean} waiting
 */

let asked = 0;

/** Switch it on or off. */
export function toggleReach() {
  store.set({ reach: store.state.reach ? null : { minutes: DEFAULT_MINUTES, from: null, features: [], area_km2: null, waiting: false }, picking: null });
}

/** @param {number} minutes */
export function setReachMinutes(minutes) {
  const { reach } = store.state;
  if (!reach) return;
  store.set({ reach: { ...reach, minutes } });
  if (reach.from) void reachFrom(reach.from);
}

/** Ask how far one comes from a place. @param {{lon: number, lat: number, name: string}} from */
export async function reachFrom(from) {
  const { reach } = store.state;
  if (!reach) return;
  asked += 1;
  const mine = asked;
  const { minutes } = reach;
  store.set({ reach: { ...reach, from, waiting: true } });
  try {
    const answer = await post('/v1/routing/isochrone', {
      city_id: store.state.city.city_id, place: { lon: from.lon, lat: from.lat, datum: 'wgs84' }, limits_s: [minutes * 60],
      direction: 'from', profile: 'ambulance_lights',
    });
    if (mine !== asked || !store.state.reach) return;
    const [{ properties }] = answer.features;
    store.set({ reach: { minutes, from, features: answer.features, area_km2: properties.area_km2, waiting: false } });
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    sayProblem(problem);
    if (mine === asked && store.state.reach) store.set({ reach: { ...store.state.reach, from: null, features: [], area_km2: null, waiting: false } });
  }
}

/** A click on the map while it is switched on; true if it was taken.
 * @param {import('../../map/base.js').CityMap} map @param {import('../../map/base.js').MapClick} event @param {import('../../map/features.js').Feature|null} mark  what lies there above the map */
export function reachClick(map, event, mark) {
  if (!store.state.reach) return false;
  /** @type {[[number, number], [number, number]]} */
  const around = [[event.point.x - 8, event.point.y - 8], [event.point.x + 8, event.point.y + 8]];
  const layers = ['unit', 'stations', 'facilities'].filter((layer) => map.getLayer(layer));
  const [hit] = map.queryRenderedFeatures(around, { layers });
  void reachFrom(placeOf(mark?.properties.unit_id === undefined ? hit : mark, event.lngLat));
  return true;
}

/** @param {import('../../map/base.js').maplibre.MapGeoJSONFeature|import('../../map/features.js').Feature|undefined} hit @param {{lng: number, lat: number}} clicked */
function placeOf(hit, clicked) {
  const unit = hit?.properties.unit_id === undefined ? null : store.state.units.get(/** @type {number} */ (hit.properties.unit_id));
  if (unit && located(unit)) return { lon: unit.lon, lat: unit.lat, name: unit.call_sign };
  if (hit?.geometry.type === 'Point') return { lon: hit.geometry.coordinates[0], lat: hit.geometry.coordinates[1], name: nameOf(hit.properties) };
  return { lon: clicked.lng, lat: clicked.lat, name: t('reach.place') };
}

/** @param {import('../../map/base.js').CityMap} map */
export function drawReach(map) {
  show(map, 'reach', (store.state.reach?.features ?? []).map((one) => feature(one.geometry, one.properties)));
}

/** Closures change what can be reached: ask again. */
export function refreshReach() {
  const from = store.state.reach?.from;
  if (from) void reachFrom(from);
}
