/** What the planner's tabs share. */

import { get } from '../kit/api.js';
import { nameOf, pick, t } from '../kit/i18n.js';
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

/** A value of a study in the unit of its measure. @param {{code: string, unit: string}|null|undefined} measure @param {number|null|undefined} value */
export function figure(measure, value) {
  if (value === null || value === undefined) return '–';
  if (measure?.code === 'farthest_s') return t('plan.minutes', { n: (value / 60).toFixed(1) });
  return grouped(value);
}

/** How far a value is from its bound at most. @param {number|null|undefined} gap */
export const gapWords = (gap) => (gap === null || gap === undefined ? '–' : gap === 0 ? '0%' : gap < 0.0001 ? '< 0.01%' : `${(100 * gap).toFixed(2)}%`);

/** A site by its name, else by its key. @param {{key: string}} site */
export const siteName = (site) => nameOf(site) || site.key;

/** A parameter's value, in short. @param {unknown} value @param {{value: string, words: import('../types.d.ts').Words}[]} choices */
export function written(value, choices) {
  const choice = choices.find((one) => one.value === String(value));
  if (choice) return pick(choice.words);
  if (typeof value === 'boolean') return t(value ? 'plan.yes' : 'plan.no');
  if (value === null || value === undefined || (Array.isArray(value) && !value.length)) return '–';
  return Array.isArray(value) ? t('plan.compare.list', { n: value.length }) : String(value);
}
