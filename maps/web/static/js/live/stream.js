/** The event stream of a city, or of all there are: an EventSource that resumes, watches itself and remembers a little. */

const SILENT_REOPEN_MS = 25_000;
const RETRY_MS = [500, 1000, 2000, 5000, 10_000];
const REMEMBERED = 1000;

/** @typedef {'domain'|'gone'|'positions'|'resync'|'jobs'|'presence'|'tick'|'logout'} Kind */
/** @typedef {(kind: Kind|'state', data: any) => void} Send */

/** @type {Kind[]} */
const KINDS = ['domain', 'gone', 'positions', 'resync', 'jobs', 'presence', 'tick', 'logout'];
const LASTING = new Set(['domain', 'gone']);

export class CityStream {
  /** @param {number|null} cityId  null: all cities @param {string|null} from  stream position to start after @param {Send} send */
  constructor(cityId, from, send) {
    this.cityId = cityId;
    this.from = from;
    this.send = send;
    /** @type {{position: string, kind: Kind, data: any}[]} newest last */
    this.recent = [];
    this.oldest = from;
    this.tries = 0;
    this.heard_ms = Date.now();
    /** @type {EventSource|null} */
    this.source = null;
    this.retryTimer = 0;
    this.watch = setInterval(() => this.watchSilence(), 5000);
    this.open();
  }

  open() {
    this.source?.close();
    const query = new URLSearchParams(this.cityId === null ? {} : { city_id: String(this.cityId) });
    if (this.from !== null) query.set('from', this.from);
    const source = new EventSource(`/v1/stream?${query}`);
    this.source = source;
    source.onopen = () => {
      this.tries = 0;
      this.heard();
      this.send('state', { open: true });
    };
    source.onerror = () => {
      source.close();
      this.send('state', { open: false });
      this.retry();
    };
    for (const kind of KINDS) {
      source.addEventListener(kind, (event) => this.take(kind, /** @type {MessageEvent} */ (event)));
    }
  }

  /** @param {Kind} kind @param {MessageEvent} event */
  take(kind, event) {
    this.heard();
    const data = event.data ? JSON.parse(event.data) : {};
    // Ticks carry an id too: it moves on past events that are not for this viewer.
    if ((LASTING.has(kind) || kind === 'tick') && event.lastEventId) this.from = event.lastEventId;
    if (LASTING.has(kind) && event.lastEventId) {
      this.recent.push({ position: event.lastEventId, kind, data });
      if (this.recent.length > REMEMBERED) this.oldest = this.recent.shift()?.position ?? this.oldest;
    }
    if (kind === 'resync') {
      this.recent = [];
      this.oldest = event.lastEventId || this.from;
      if (event.lastEventId) this.from = event.lastEventId;
    }
    this.send(kind, data);
  }

  /**
   * What a page that loaded its lists at `position` has missed; null if that is not remembered.
   * @param {string|null} position @returns {{kind: Kind, data: any}[]|null}
   */
  since(position) {
    if (position === null || this.oldest === null) return null;
    const at = Number(position);
    if (at < Number(this.oldest)) return null;
    return this.recent.filter((entry) => Number(entry.position) > at).map(({ kind, data }) => ({ kind, data }));
  }

  heard() {
    this.heard_ms = Date.now();
  }

  watchSilence() {
    if (Date.now() - this.heard_ms < SILENT_REOPEN_MS || this.retryTimer) return;
    this.send('state', { open: false });
    this.retry();
  }

  retry() {
    clearTimeout(this.retryTimer);
    const wait_ms = RETRY_MS[Math.min(this.tries, RETRY_MS.length - 1)];
    this.tries += 1;
    this.retryTimer = /** @type {any} */ (setTimeout(() => {
      this.retryTimer = 0;
      this.heard();
      this.open();
    }, wait_ms));
  }

  close() {
    clearInterval(this.watch);
    clearTimeout(this.retryTimer);
    this.source?.close();
  }
}
