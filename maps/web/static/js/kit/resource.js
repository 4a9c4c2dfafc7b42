/** Something read from the server: its value, what went wrong, whether it is being read. */

import { signal } from '@preact/signals';
import { Problem } from './api.js';

/**
 * @template T
 * @typedef {object} Resource
 * @property {import('@preact/signals').Signal<T|null>} data  the last value that was read
 * @property {import('@preact/signals').Signal<Problem|null>} problem  why the last reading failed
 * @property {import('@preact/signals').Signal<boolean>} loading
 * @property {() => Promise<void>} reload  an answer that was overtaken by a later question is dropped
 */

/**
 * @template T
 * @param {(signal: AbortSignal) => Promise<T>} read @param {{now?: boolean}} [options]  `now`: read at once
 * @returns {Resource<T>}
 */
export function resource(read, { now = true } = {}) {
  const data = signal(/** @type {T|null} */ (null));
  const problem = signal(/** @type {Problem|null} */ (null));
  const loading = signal(false);
  let asking = /** @type {AbortController|null} */ (null);

  async function reload() {
    asking?.abort();
    const mine = new AbortController();
    asking = mine;
    loading.value = true;
    try {
      const value = await read(mine.signal);
      if (asking !== mine) return;
      data.value = value;
      problem.value = null;
    } catch (error) {
      if (asking !== mine || mine.signal.aborted) return;
      if (!(error instanceof Problem)) throw error;
      problem.value = error;
    } finally {
      if (asking === mine) loading.value = false;
    }
  }

  if (now) void reload();
  return { data, problem, loading, reload };
}
