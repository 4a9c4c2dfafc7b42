/** What the planner's tabs share. */

import { get } from '../kit/api.js';
import { nameOf, t } from '../kit/i18n.js';
import { resource } from '../kit/resource.js';
import { effect } from '../kit/view.js';
import { shell } from '../shell/shell.js';

/** @typedef {import('../types.d.ts').PlaceName} PlaceName */
/** @typedef {{station_id: number, lon: number, lat: number, names: object}} Station */

export const cityId = () => shell.city.peek()?.city_id ?? 0;

export const grouped = (/** @type {number} */ n) => Math.round(n).toLocaleString('en');

/** A share as per cent with one place. @param {number|null|undefined} share */
export const percent = (share) => (share === null || share === undefined ? '–' : `${(100 * share).toFixed(1)}%`);

/** By how many points of per cent a share differs. @param {number|null|undefined} now @param {number|null|undefined} then */
export function points(now, then) {
  if (now === null || now === undefined || then === null || then === undefined) return '–';
  const found = Math.round(1000 * (then - now)) / 10;
  return found > 0 ? `+${found.toFixed(1)}` : found < 0 ? `−${(-found).toFixed(1)}` : '0.0';
}

/** A place by its name, or what it is when it has none. @param {PlaceName} place @param {'city'|'outside'} [none] */
export const placeName = (place, none = 'outside') => nameOf(place) || t(none === 'city' ? 'plan.whole_city' : 'plan.outside');

/** The city's stations, where they stand. */
export const stations = resource(async (stop) => {
  /** @type {{features: {geometry: {coordinates: [number, number]}, properties: Record<string, any>}[]}} */
  const found = /** @type {any} */ (await get(`/v1/map/layers/stations/features?city_id=${cityId()}`, { signal: stop }));
  return found.features.map(({ geometry: { coordinates: [lon, lat] }, properties }) => (
    /** @type {Station} */ ({ station_id: properties.station_id, lon, lat, names: properties })));
}, { now: false });

/** Read the stations, again for each city. @returns {() => void} */
export const keepStations = () => effect(() => { if (shell.city.value) void stations.reload(); });
