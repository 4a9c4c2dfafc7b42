/** As much of a browser as the console's modules need without a page. */

class Storage {
  getItem(name) { return this[name] ?? null; }
  setItem(name, text) { this[name] = String(text); }
  removeItem(name) { delete this[name]; }
}

/** Event sources in the order they were opened. */
export const sources = [];
class EventSource {
  constructor(address) {
    this.address = address;
    this.listeners = {};
    sources.push(this);
  }

  addEventListener(kind, listener) { this.listeners[kind] = listener; }

  close() { this.closed = true; }

  emit(kind, data, id = '') { this.listeners[kind]({ data: JSON.stringify(data), lastEventId: id }); }
}

/** Answers by the beginning of the address, the first that fits; without one the network is down. */
export const routes = {};
async function fetch(address, options) {
  const answer = Object.entries(routes).find(([start]) => address.startsWith(start))?.[1];
  if (!answer) throw new TypeError('no network');
  const { status = 200, body } = await answer(options);
  const headers = { get: (name) => (name === 'X-Stream-Position' ? '5' : null) };
  return { ok: status < 400, status, headers, text: async () => JSON.stringify(body) };
}

/** Listeners of the window by event. */
export const windowListeners = {};
export const visited = [];
Object.defineProperty(globalThis, 'navigator', { value: { languages: ['en'] }, configurable: true });
Object.assign(globalThis, {
  window: globalThis, localStorage: new Storage(), EventSource, fetch,
  document: { getElementById: () => ({ hidden: true, replaceChildren: () => undefined }) },
  addEventListener: (kind, listener) => { windowListeners[kind] = listener; },
  removeEventListener: () => undefined,
  location: { pathname: '/console', search: '', replace: (address) => visited.push(address) },
});

export const pause = (ms) => new Promise((resume) => { setTimeout(resume, ms); });
