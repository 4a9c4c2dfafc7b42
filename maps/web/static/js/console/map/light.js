/** When the console's map is the light one: chosen by hand, or by itself where frames are slow. */

import { rememberLightMap, rememberSlowMap, settings } from '../../kit/settings.js';

/** Fewer frames a second than this while the map moves are slow. */
export const SLOW_FRAMES_S = 15;
/** So long it must have moved before that is said of it. */
const WATCHED_MS = 1500;

export const isLight = () => (settings.lightMap === 'auto' ? settings.slowMap : settings.lightMap === 'on');

/** @type {Set<(light: boolean) => void>} */
const listeners = new Set();
/** @param {(light: boolean) => void} listener  told when the map becomes light, or no longer is */
export const onLight = (listener) => listeners.add(listener);

/** @param {() => void} choose */
function changed(choose) {
  const before = isLight();
  choose();
  if (isLight() !== before) for (const listener of listeners) listener(isLight());
}

/** @param {import('../../kit/settings.js').LightMap} value */
export const chooseLight = (value) => changed(() => {
  if (value === 'auto') rememberSlowMap(false); // looked at anew
  rememberLightMap(value);
});

/** Count the frames of every movement. Only what was drawn in full is counted, and no time that the page was hidden.
 * @param {import('../../map/base.js').CityMap} map @param {() => void} tell  says that the map became light by itself */
export function watchFrames(map, tell) {
  let frames = 0;
  let moved_ms = 0;
  let last_ms = 0;
  map.on('movestart', () => { last_ms = performance.now(); });
  map.on('render', () => {
    if (!map.isMoving() || document.hidden) return;
    const now = performance.now();
    frames += 1;
    moved_ms += now - last_ms;
    last_ms = now;
    if (moved_ms < WATCHED_MS) return;
    const slow = frames / (moved_ms / 1000) < SLOW_FRAMES_S;
    frames = 0;
    moved_ms = 0;
    if (!slow || isLight() || settings.lightMap !== 'auto') return;
    changed(() => rememberSlowMap(true));
    tell();
  });
}
