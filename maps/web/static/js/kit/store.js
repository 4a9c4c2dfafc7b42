/** The page's one state, with listeners by key. Several changes in a row are told once. */

/**
 * @template {Record<string, unknown>} S
 * @param {S} state
 */
export function createStore(state) {
  /** @type {Map<string, Set<() => void>>} */
  const listeners = new Map();
  /** @type {Set<string>} */
  let changed = new Set();

  function tell() {
    const keys = changed;
    changed = new Set();
    const due = new Set();
    for (const key of keys) for (const listener of listeners.get(key) ?? []) due.add(listener);
    for (const listener of due) listener();
  }

  /** @param {...string} keys  say that something inside these values changed */
  function touch(...keys) {
    if (changed.size === 0) queueMicrotask(tell);
    for (const key of keys) changed.add(key);
  }

  return {
    state,
    touch,
    /** @param {Partial<S>} values */
    set(values) {
      for (const key of Object.keys(values)) {
        if (state[key] === values[key]) continue;
        Object.assign(state, { [key]: values[key] });
        touch(key);
      }
    },
    /** @param {string[]} keys @param {() => void} listener  called after any of `keys` changed */
    on(keys, listener) {
      for (const key of keys) {
        if (!listeners.has(key)) listeners.set(key, new Set());
        listeners.get(key)?.add(listener);
      }
    },
  };
}
