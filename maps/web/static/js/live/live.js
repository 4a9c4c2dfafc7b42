/** The page's side of the event stream: shared worker where there is one, and the silence watch. */

import { noteServerTime } from '../kit/clock.js';
import { CityStream } from './stream.js';

export const LOST_AFTER_MS = 15_000;
const ALIVE_EVERY_MS = 10_000;

/**
 * @typedef {object} Handlers
 * @property {(event: import('../types.d.ts').DomainFrame) => void} onDomain
 * @property {(incidentId: string) => void} onGone  an incident left the viewer's jurisdiction
 * @property {(positions: import('../types.d.ts').VehiclePosition[]) => void} onPositions
 * @property {() => void} onResync
 * @property {() => void} onLogout  the login has ended
 * @property {(lost: boolean, since_ms: number) => void} onLost  told at each change
 * @property {(jobs: import('../types.d.ts').JobView[]) => void} [onJobs]  jobs that moved, as they are now
 * @property {(incidentId: string) => void} [onPresence]  somebody opened or left an incident
 * @property {(open: boolean) => void} [onConnection]  the connection opened or broke; `onLost` waits before it says so
 */

/** @param {number|null} cityId  null: all cities @param {string|null} from @param {Handlers} handlers @returns {{close: () => void}} */
export function startLive(cityId, from, handlers) {
  let heard_ms = Date.now();
  let lost = false;
  let closed = false;

  /** @param {string} kind @param {any} data */
  function take(kind, data) {
    if (closed) return;
    if (kind === 'state') {
      handlers.onConnection?.(data.open);
      return;
    }
    heard_ms = Date.now();
    if (lost) {
      lost = false;
      handlers.onLost(false, heard_ms);
      handlers.onResync();
    }
    if (kind === 'domain') handlers.onDomain(data);
    else if (kind === 'gone') handlers.onGone(data.incident_id);
    else if (kind === 'positions') handlers.onPositions(data.positions ?? []);
    else if (kind === 'jobs') handlers.onJobs?.(data.jobs);
    else if (kind === 'presence') handlers.onPresence?.(data.incident_id);
    else if (kind === 'resync') handlers.onResync();
    else if (kind === 'logout') handlers.onLogout();
    else if (kind === 'tick') noteServerTime(data.now, { precise: true });
  }

  const watch = setInterval(() => {
    if (!lost && Date.now() - heard_ms > LOST_AFTER_MS) {
      lost = true;
      handlers.onLost(true, heard_ms);
    }
  }, 1000);
  const closeSource = openShared(cityId, from, take) ?? openDirect(cityId, from, take);
  return {
    close() {
      closed = true;
      clearInterval(watch);
      closeSource();
    },
  };
}

/** @typedef {(kind: string, data: any) => void} Take */

/** @param {number|null} cityId @param {string|null} from @param {Take} take */
function openDirect(cityId, from, take) {
  const stream = new CityStream(cityId, from, take);
  return () => stream.close();
}

/** @param {number|null} cityId @param {string|null} from @param {Take} take @returns {(() => void)|null} */
function openShared(cityId, from, take) {
  if (typeof SharedWorker === 'undefined') return null;
  let fallback = /** @type {(() => void)|null} */ (null);
  let worker;
  try {
    worker = new SharedWorker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'goldenhour-live' });
  } catch {
    return null;
  }
  const { port } = worker;
  worker.onerror = () => {
    fallback ??= openDirect(cityId, from, take);
  };
  let reached = from;
  port.onmessage = ({ data }) => {
    take(data.kind, data.data);
    reached = data.position ?? reached;
  };
  port.postMessage({ kind: 'join', cityId, from });
  const alive = setInterval(() => port.postMessage({ kind: 'alive', cityId, from: reached }), ALIVE_EVERY_MS);
  const leave = () => port.postMessage({ kind: 'leave' });
  const back = (/** @type {PageTransitionEvent} */ event) => {
    // A page out of the back-forward cache has left; it joins anew and reloads its lists.
    if (event.persisted) location.reload();
  };
  addEventListener('pagehide', leave);
  addEventListener('pageshow', back);
  return () => {
    clearInterval(alive);
    removeEventListener('pagehide', leave);
    removeEventListener('pageshow', back);
    leave();
    fallback?.();
  };
}
