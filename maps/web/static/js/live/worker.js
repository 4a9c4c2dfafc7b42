/** SharedWorker: one event stream per city for all pages of this browser. */

import { CityStream } from './stream.js';

/** Browsers let a hidden page's timers run only once a minute. */
const ALIVE_MS = 300_000;

/** @typedef {{port: MessagePort, seen_ms: number}} Page */
/** @type {Map<number|null, {stream: CityStream, pages: Set<Page>}>} */
const cities = new Map();

/** @param {number|null} cityId @param {string|null} from */
function city(cityId, from) {
  let entry = cities.get(cityId);
  if (!entry) {
    /** @type {Set<Page>} */
    const pages = new Set();
    const stream = new CityStream(cityId, from, (kind, data) => {
      for (const page of pages) page.port.postMessage({ kind, data, position: stream.from });
    });
    entry = { stream, pages };
    cities.set(cityId, entry);
  }
  return entry;
}

/** @param {Page} page */
function leave(page) {
  for (const [cityId, entry] of cities) {
    if (!entry.pages.delete(page) || entry.pages.size > 0) continue;
    entry.stream.close();
    cities.delete(cityId);
  }
}

/** @param {Page} page @param {number|null} cityId @param {string|null} from */
function join(page, cityId, from) {
  leave(page);
  const fresh = !cities.has(cityId);
  const entry = city(cityId, from);
  entry.pages.add(page);
  if (fresh) return;
  const missed = entry.stream.since(from);
  if (missed === null) page.port.postMessage({ kind: 'resync', data: { reason: 'joined_late' } });
  else for (const one of missed) page.port.postMessage(one);
}

/** @type {any} */ (globalThis).onconnect = (/** @type {MessageEvent} */ event) => {
  const page = { port: event.ports[0], seen_ms: Date.now() };
  page.port.onmessage = ({ data }) => {
    page.seen_ms = Date.now();
    // A page that slept too long was let go: its next sign of life brings it back.
    const unknown = data.kind === 'alive' && ![...cities.values()].some((entry) => entry.pages.has(page));
    if (data.kind === 'join' || unknown) join(page, data.cityId, data.from);
    if (data.kind === 'leave') leave(page);
  };
};

// A page that crashed says no farewell.
setInterval(() => {
  for (const entry of [...cities.values()]) {
    for (const page of entry.pages) if (Date.now() - page.seen_ms > ALIVE_MS) leave(page);
  }
}, 15_000);
