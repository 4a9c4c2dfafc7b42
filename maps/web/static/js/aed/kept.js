/** The last list, kept on this phone for when there is no network. It holds devices, never a position of a person. */

/** @typedef {import('../types.d.ts').AedsAround} Around */

const STORE = 'aed-area';
const ADDRESS = '/aed/last-area.json';

/** @param {Around} around */
export async function keepArea(around) {
  if (!('caches' in window) || !around.aeds.length) return;
  // The number is asked anew: offline nobody knows which country a position lies in.
  const kept = JSON.stringify({ ...around, emergency_number: null });
  await (await caches.open(STORE)).put(ADDRESS, new Response(kept, { headers: { 'Content-Type': 'application/json' } }));
}

/** @returns {Promise<Around|null>} */
export async function keptArea() {
  if (!('caches' in window)) return null;
  const found = await (await caches.open(STORE)).match(ADDRESS);
  return found ? found.json() : null;
}

/** Let this page open without a network: the worker answers for it, these are its files. */
export async function keepPage() {
  if (!('serviceWorker' in navigator) || !('caches' in window)) return;
  await navigator.serviceWorker.register('/aed/worker.js', { scope: '/aed' });
  const files = performance.getEntriesByType('resource').map((one) => new URL(one.name))
    .filter((one) => one.origin === location.origin && one.pathname.startsWith('/static/') && /\.(js|mjs|css|svg)$/.test(one.pathname));
  const page = await caches.open('aed-page');
  const wanted = new Set([`/aed?lang=${document.documentElement.lang.slice(0, 2)}`, ...files.map((one) => one.pathname)]);
  await page.addAll([...wanted]);
  for (const { url } of await page.keys()) {
    const { pathname, search } = new URL(url);
    if (!wanted.has(pathname + search)) await page.delete(url, { ignoreVary: true });
  }
}
