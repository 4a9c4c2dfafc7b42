/* The citizen's page without a network: the newest page that was seen, and its files. */

const worker = /** @type {any} */ (self);
const PAGE = 'aed-page';
const PATIENCE_MS = 4000;
/* What was kept is one reading of each address: a browser asks for pages with other headers than scripts do. */
const ANY = { ignoreVary: true };

worker.addEventListener('install', () => worker.skipWaiting());
worker.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(worker.clients.claim()));

/** The page from the server; after four seconds, or without one, the kept page. @param {Request} request */
async function page(request) {
  const kept = await caches.open(PAGE);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.ok) return answer;
  } catch {
    // No network, or one that does not answer: the kept page says what to do.
  }
  return (await kept.match(request, ANY)) ?? (await kept.match(request, { ...ANY, ignoreSearch: true })) ?? Response.error();
}

/** @param {Request} request */
const file = async (request) => (await (await caches.open(PAGE)).match(request, ANY)) ?? fetch(request);

worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const { pathname } = new URL(event.request.url);
  if (event.request.mode === 'navigate' && pathname === '/aed') event.respondWith(page(event.request));
  else if (event.request.method === 'GET' && pathname.startsWith('/static/')) event.respondWith(file(event.request));
});
