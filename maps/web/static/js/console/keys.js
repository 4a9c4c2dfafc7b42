/** Single-key shortcuts: where the queue, the map or the list of units has the focus, never just after typing, and off altogether if so chosen. */

import { byId } from '../kit/dom.js';
import { settings } from '../kit/settings.js';
import { closeResults, focusCommand } from './command_bar.js';
import { showHelp } from './help.js';
import { fitWork } from './map/view.js';
import { newCall } from './incident/new_call.js';
import { moveInQueue } from './queue.js';
import { focusChosen, sendChosen, unitAt } from './incident/recommend_section.js';
import { toggleReach } from './map/reach.js';
import { sketchEscape, sketchKey } from './roads/sketch.js';
import { store } from './state.js';

/** @type {Record<string, () => void>} */
const KEYS = {
  n: () => void newCall(),
  '/': focusCommand,
  j: () => moveInQueue(1),
  k: () => moveInQueue(-1),
  ArrowDown: () => moveInQueue(1),
  ArrowUp: () => moveInQueue(-1),
  m: fitWork,
  u: () => store.set({ tab: 'units' }),
  i: () => store.set({ tab: 'incident' }),
  r: () => store.set({ tab: 'roads' }),
  t: toggleReach,
  '?': showHelp,
};

/** Keys that a finger resting on the keyboard must not press again. */
const ONCE = new Set(['Enter', 'n']);

/** So long after a key in a field a single letter still belongs to what was typed. */
const QUIET_MS = 1000;
let typed_ms = -Infinity;

/** Where single keys are meant as such. @param {EventTarget|null} target */
const commanded = (target) => target instanceof HTMLElement && Boolean(target.closest('#queue, #map, .recommend'));

/** @param {EventTarget|null} target */
function typing(target) {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName) || Boolean(target.closest('dialog'));
}

/** Keys that a focused button, tab or the map needs for itself. @param {KeyboardEvent} event */
function needed(event) {
  const target = event.target instanceof HTMLElement ? event.target : null;
  // The row of the selected incident has nothing to open: there Enter means its unit.
  if (event.key === 'Enter') return Boolean(target?.closest('button:not(.queue-row[aria-current="true"]), a, summary'));
  if (event.key.startsWith('Arrow')) return Boolean(target?.closest('#map, [role="tablist"]'));
  return false;
}

/** @param {number} index */
function choose(index) {
  const unit = unitAt(index);
  if (unit) {
    const details = /** @type {HTMLDetailsElement|null} */ (document.querySelector('.recommend'));
    if (details) details.open = true;
    store.set({ candidateUnit: unit.unit_id, tab: 'incident' });
    // Enter must then mean this unit, not the button that happened to have the focus.
    focusChosen();
  }
}

function escape() {
  if (store.state.picking) store.set({ picking: null });
  else if (sketchEscape()) return;
  else if (store.state.reach) toggleReach();
  else if (!closeResults()) store.set({ unitId: null });
}

export function startKeys() {
  byId('queue').focus();
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      const field = typing(event.target);
      if (field) /** @type {HTMLElement} */ (event.target).blur();
      // Leaving a field of a road condition must not throw the condition away.
      if (!field || !store.state.roadDraft) escape();
      return;
    }
    if (typing(event.target)) typed_ms = performance.now();
    else if (sketchKey(event)) return void event.preventDefault();
    if (!settings.shortcuts || event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || needed(event)) return;
    if (!commanded(event.target) || performance.now() - typed_ms < QUIET_MS) return;
    if (event.repeat && ONCE.has(event.key)) event.preventDefault();
    else if (/^[1-9]$/.test(event.key)) choose(Number(event.key) - 1);
    else if (event.key === 'Enter') {
      if (store.state.tab === 'incident') sendChosen();
    } else if (KEYS[event.key]) KEYS[event.key]();
    else return;
    event.preventDefault();
  });
}
