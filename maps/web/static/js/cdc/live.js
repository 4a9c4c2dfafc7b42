/** What happened in the city, as it happens: a tab says what it wants to hear of, and reads anew. A lost server is said. */

import { clockTime } from '../kit/clock.js';
import { t } from '../kit/i18n.js';
import { effect, html, signal } from '../kit/view.js';
import { startLive } from '../live/live.js';
import { shell } from '../shell/shell.js';

const EVENTS = 'events_read';
/** Events that belong together come together: a run raises and ends many signals. */
const TOGETHER_MS = 300;

/** Since when nothing is heard; null: all is well. */
const lostSince = signal(/** @type {number|null} */ (null));
/** @type {Set<{kinds: readonly string[], read: () => void}>} */
const heard = new Set();

/**
 * Call `read` when something happens to subjects of these kinds, or may have while nobody listened.
 * @param {readonly string[]} kinds @param {() => void} read @returns {() => void} stops it
 */
export function listen(kinds, read) {
  let timer = 0;
  const one = { kinds, read: () => {
    clearTimeout(timer);
    timer = window.setTimeout(read, TOGETHER_MS);
  } };
  heard.add(one);
  return () => {
    clearTimeout(timer);
    heard.delete(one);
  };
}

/** @param {string|null} kind null: anything may have happened */
const tell = (kind) => { for (const one of heard) if (kind === null || one.kinds.includes(kind)) one.read(); };

/** Follow the chosen city's stream. @returns {() => void} stops it */
export const follow = () => effect(() => {
  const city = shell.city.value;
  lostSince.value = null;
  if (!city || !shell.can(EVENTS)) return undefined;
  const live = startLive(city.city_id, null, {
    onDomain: (event) => tell(event.subject_kind),
    onResync: () => tell(null),
    onLost: (lost, since_ms) => { lostSince.value = lost ? since_ms : null; },
    onLogout: () => location.reload(),
    onGone: () => undefined, onPositions: () => undefined,
  });
  return () => live.close();
});

export function LostServer() {
  const since = lostSince.value;
  return since !== null && html`<p class="notice bad" role="alert" data-testid="lost">${t('cdc.lost', { since: clockTime(since, shell.city.value?.time_zone ?? 'UTC').slice(0, 5) })}</p>`;
}
