/** A list that live updates never move under a finger, a pointer or a reader: rows are keyed, keep
 * their place while somebody is at them, and are sorted when asked or when everything rests. */

import { t } from '../i18n.js';
import { html, useEffect, useLayoutEffect, useRef, useState } from '../view.js';

/** The list takes its new order so long after the last key press. */
const KEYS_REST_MS = 1000;

/** The chord that sorts every list that waits, whatever has the focus. */
export const SORT_KEYS = 'Alt+S';

/** @typedef {{order: string[], changes: number}} Held  the rows as shown, and how many differ from the order wanted */

/**
 * What to show while the list is held: every row where it stood, those that are no longer wanted
 * too, new ones after them. `changes` counts rows that came, went or would move.
 * @param {readonly string[]} shown @param {readonly string[]} wanted @returns {Held}
 */
export function heldOrder(shown, wanted) {
  const place = new Map(wanted.map((key, index) => [key, index]));
  const known = new Set(shown);
  const kept = shown.flatMap((key) => place.get(key) ?? []);
  const gone = shown.length - kept.length;
  const fresh = wanted.filter((key) => !known.has(key));
  const last = kept.length ? Math.max(...kept) : -1;
  // A new row that belongs at the end anyway moves nobody: it is no change to be sorted.
  const inserted = fresh.filter((key) => (place.get(key) ?? 0) < last).length;
  return { order: [...shown, ...fresh], changes: gone + inserted + kept.length - longestRise(kept) };
}

/** Length of the longest rising subsequence: so many rows can stay when the others move. @param {readonly number[]} values */
function longestRise(values) {
  /** @type {number[]} */
  const ends = [];
  for (const value of values) {
    const at = ends.findIndex((end) => end >= value);
    if (at < 0) ends.push(value);
    else ends[at] = value;
  }
  return ends.length;
}

/** Sorts of the lists that wait. @type {Set<() => void>} */
const waiting = new Set();

/** Sort every list that waits for it; true if there was one. */
export function sortHeldLists() {
  const sorts = [...waiting];
  for (const sort of sorts) sort();
  return sorts.length > 0;
}

let keyed_ms = -Infinity;
let listening = false;

function listen() {
  if (listening) return;
  listening = true;
  document.addEventListener('keydown', (event) => {
    if (event.altKey && !event.ctrlKey && !event.metaKey && event.code === 'KeyS' && sortHeldLists()) {
      event.preventDefault();
      event.stopPropagation();
    } else if (!['Alt', 'Control', 'Meta', 'Shift'].includes(event.key)) keyed_ms = performance.now();
  }, true);
}

/** Whether somebody is at the list: the pointer over it, the focus in it, a selection in it, or a key just pressed. @param {HTMLElement} list */
const busy = (list) => list.matches(':hover, :focus-within') || performance.now() - keyed_ms < KEYS_REST_MS
  || Boolean(!getSelection()?.isCollapsed && list.contains(getSelection()?.anchorNode ?? null));

/** The row that somebody is at. @param {HTMLElement|null} list */
const touched = (list) => /** @type {HTMLElement|null} */ (list?.querySelector(':scope > :is(:hover, :focus-within)') ?? null);

/** The element that scrolls around a list. @param {HTMLElement} list */
function scrollerOf(list) {
  for (let element = list.parentElement; element; element = element.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(element).overflowY) && element.scrollHeight > element.clientHeight) return element;
  }
  return null;
}

/**
 * `scope` says which list this is: another one begins in its own order at once. `row` draws one
 * item; `gone` marks one that is no longer wanted and only keeps its place. `onOrder` hears the
 * keys as shown, so that "the third" means the third that is seen.
 * @template T
 * @param {{items: readonly T[], keyOf: (item: T) => string|number, row: (item: T, at: {index: number, gone: boolean}) => any,
 *   scope?: string, tag?: string, class?: string, label?: string, testid?: string, onOrder?: (keys: string[]) => void}} props
 */
export function CalmList({ items, keyOf, row, scope = '', tag = 'ol', class: look, label, testid, onOrder }) {
  const box = useRef(/** @type {HTMLElement|null} */ (null));
  const state = useRef({ scope: /** @type {string|null} */ (null), order: /** @type {string[]} */ ([]), last: /** @type {Map<string, T>} */ (new Map()) });
  const [, again] = useState(0);
  const now = state.current;
  const wanted = items.map((item) => String(keyOf(item)));
  const present = new Set(wanted);

  const isHeld = now.scope === scope && box.current !== null && busy(box.current);
  const held = isHeld ? heldOrder(now.order, wanted) : { order: wanted, changes: 0 };
  const last = new Map(held.order.flatMap((key) => (now.last.has(key) ? [[key, /** @type {T} */ (now.last.get(key))]] : [])));
  items.forEach((item, index) => last.set(wanted[index], item));
  state.current = { scope, order: held.order, last };

  const sort = () => {
    state.current = { ...state.current, scope: null };
    again((count) => count + 1);
  };

  useEffect(listen, []);
  useEffect(() => {
    onOrder?.(held.order);
  });
  useEffect(() => {
    if (held.changes === 0) return undefined;
    waiting.add(sort);
    const timer = setInterval(() => {
      if (box.current && !busy(box.current)) again((count) => count + 1);
    }, KEYS_REST_MS / 2);
    return () => {
      clearInterval(timer);
      waiting.delete(sort);
    };
  });

  // What changes above it (a longer reason, a new notice) must not push the touched row away.
  const at = touched(box.current);
  const top = at?.getBoundingClientRect().top;
  useLayoutEffect(() => {
    if (!at?.isConnected || top === undefined || !box.current) return;
    const moved = at.getBoundingClientRect().top - top;
    const scroller = Math.abs(moved) >= 1 && scrollerOf(box.current);
    if (scroller) scroller.scrollTop += moved;
  });

  return html`
    <div class="calm">
      <${tag} ref=${box} class=${look} aria-label=${label} data-testid=${testid} data-held=${held.changes}>
        ${held.order.map((key, index) => row(/** @type {T} */ (last.get(key)), { index, gone: !present.has(key) }))}
      <//>
      <p class="calm-changes" role="status" data-testid="held-changes">
        ${held.changes > 0 && html`<button class="quiet" aria-keyshortcuts=${SORT_KEYS} onClick=${sort}>
          ${t('calm.changes', { n: held.changes, keys: SORT_KEYS })}</button>`}
      </p>
    </div>`;
}
