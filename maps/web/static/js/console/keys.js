/** Keys: the commands' chords everywhere; single letters only where the queue, the map or the list of units has the focus, never just after typing, and off altogether if so chosen. */

import { byId } from '../kit/dom.js';
import { t } from '../kit/i18n.js';
import { say } from '../kit/messages.js';
import { settings } from '../kit/settings.js';
import { closeResults, focusCommand } from './command_bar.js';
import { chordOf, commandOf, commandOfSingle, register, relabel, singleKey } from './commands.js';
import { focusQueue, goTo, nextStep } from './focus.js';
import { fitWork } from './map/view.js';
import { linkLikeliest, mergeLikeliest, needsSimilar } from './incident/duplicates_section.js';
import { newCall } from './incident/new_call.js';
import { moveInQueue, nextToDo } from './queue.js';
import { sayYes } from './incident/offers.js';
import { openMci } from './safety/mci.js';
import { divertChosen, focusChosen, sendChosen, unitAt } from './incident/recommend_section.js';
import { undo } from './incident/undo.js';
import { openSearch } from './search.js';
import { toggleReach } from './map/reach.js';
import { sketchEscape, sketchKey } from './roads/sketch.js';
import { selected, selectIncident, store } from './state.js';

const showHelp = async () => (await import('./help.js')).showHelp();

/** @returns {import('../kit/i18n.js').Key|null} */
const needsIncident = () => (selected() ? null : 'command.no_selection');

register(
  { id: 'help', word: 'command.help', keys: 'F1', single: '?', run: showHelp },
  { id: 'new_call', word: 'command.new_call', keys: 'F2', single: 'n', run: newCall },
  { id: 'place', word: 'command.place', keys: 'F3', when: needsIncident, run: () => goTo('place') },
  { id: 'triage', word: 'command.triage', keys: 'F4', when: needsIncident, run: () => goTo('triage') },
  { id: 'units', word: 'command.units', keys: 'F6', when: needsIncident, run: () => goTo('units') },
  { id: 'send', word: 'command.send', keys: 'F9', when: needsIncident, run: () => { store.set({ tab: 'incident' }); sendChosen(); } },
  { id: 'stamps', word: 'command.stamps', keys: 'F8', when: needsIncident, run: () => goTo('stamps') },
  { id: 'close', word: 'command.close', keys: 'F10', when: needsIncident, run: () => goTo('close') },
  { id: 'next', word: 'command.next', keys: 'F7', run: showNext },
  { id: 'call', word: 'command.call', keys: 'Alt+C', when: needsIncident, run: () => goTo('call') },
  { id: 'remark', word: 'command.remark', keys: 'Alt+R', when: needsIncident, run: () => goTo('remark') },
  { id: 'patient', word: 'command.patient', keys: 'Alt+A', when: needsIncident, run: () => goTo('patient') },
  { id: 'undo', word: 'command.undo', keys: 'Alt+Z', run: undo },
  { id: 'divert', word: 'key.divert', keys: 'Alt+D', single: 'd', when: needsIncident, run: divertChosen },
  { id: 'divert_yes', word: 'key.divert_yes', keys: 'Alt+V', single: 'v', when: needsIncident, run: sayYes },
  { id: 'link', word: 'command.link', keys: 'Alt+L', when: needsSimilar, run: linkLikeliest },
  { id: 'merge', word: 'command.merge', keys: 'Alt+G', when: needsSimilar, run: mergeLikeliest },
  { id: 'mci', word: 'command.mci', keys: 'Alt+M', when: needsIncident, run: openMci },
  { id: 'search', word: 'command.search', keys: 'Alt+F', run: openSearch },
  { id: 'queue', word: 'command.queue', keys: 'Alt+Q', run: focusQueue },
  { id: 'command', word: 'key.command', single: '/', run: focusCommand },
  { id: 'following', word: 'key.next', single: 'j', repeats: true, run: () => moveInQueue(1) },
  { id: 'previous', word: 'key.previous', single: 'k', repeats: true, run: () => moveInQueue(-1) },
  { id: 'fit', word: 'key.fit', single: 'm', run: fitWork },
  { id: 'show_units', word: 'key.units', single: 'u', run: () => store.set({ tab: 'units' }) },
  { id: 'show_incident', word: 'key.incident', single: 'i', run: () => store.set({ tab: 'incident' }) },
  { id: 'show_roads', word: 'key.roads', single: 'r', run: () => store.set({ tab: 'roads' }) },
  { id: 'reach', word: 'key.reach', single: 't', run: toggleReach },
);

/** The next incident that needs somebody, with the focus on what it waits for. */
function showNext() {
  const next = nextToDo();
  if (!next) return say(t('command.none_waiting'));
  if (next.incident_id !== store.state.incidentId) selectIncident(next.incident_id);
  return goTo(nextStep(next));
}

/** @type {Record<string, 1|-1>} */
const ARROWS = { ArrowDown: 1, ArrowUp: -1 };

/** So long after a letter in a field a single key still belongs to what was typed. */
const QUIET_MS = 1000;
let typed_ms = -Infinity;

/** Whether a key writes into a field. @param {KeyboardEvent} event */
const writes = ({ key }) => key.length === 1 || key === 'Backspace' || key === 'Process';

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

/** In the list of units the arrows go along it: the incident under it stays. @param {KeyboardEvent} event */
function alongUnits(event) {
  const step = ARROWS[event.key];
  const list = event.target instanceof HTMLElement && event.target.closest('.recommend');
  if (!step || !list) return false;
  const rows = [...list.querySelectorAll('.candidate')];
  const at = rows.findIndex((row) => row.getAttribute('aria-current') === 'true');
  choose(Math.min(rows.length - 1, Math.max(0, at + step)));
  return true;
}

function escape() {
  if (store.state.picking) store.set({ picking: null });
  else if (sketchEscape()) return;
  else if (store.state.reach) toggleReach();
  else if (!closeResults()) store.set({ unitId: null });
}

/** Do a command, or say why it cannot be done now. @param {import('./commands.js').Command} command */
function perform(command) {
  const hindrance = command.when?.() ?? null;
  if (hindrance) say(t(hindrance), 'bad');
  else void command.run();
}

/** A chord does its command whatever has the focus. @param {KeyboardEvent} event @returns {boolean} whether it was one */
function chord(event) {
  const keys = chordOf(event);
  const command = keys === null ? undefined : commandOf(keys);
  if (!command) return false;
  event.preventDefault();
  if (event.repeat) return true;
  for (const dialog of /** @type {NodeListOf<HTMLDialogElement>} */ (document.querySelectorAll('dialog[open]'))) dialog.close();
  perform(command);
  return true;
}

/** Single keys. @param {KeyboardEvent} event */
function single(event) {
  if (!settings.shortcuts || event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || needed(event)) return;
  if (!commanded(event.target) || performance.now() - typed_ms < QUIET_MS) return;
  const key = singleKey(event);
  const command = key === null ? undefined : commandOfSingle(key);
  if (command) {
    // A finger resting on the keyboard does nothing a second time.
    if (!event.repeat || command.repeats) perform(command);
  } else if (/^[1-9]$/.test(event.key)) choose(Number(event.key) - 1);
  else if (event.key === 'Enter') {
    if (!event.repeat && store.state.tab === 'incident') sendChosen();
  } else if (!alongUnits(event)) {
    if (!ARROWS[event.key]) return;
    moveInQueue(ARROWS[event.key]);
  }
  event.preventDefault();
}

export function startKeys() {
  relabel();
  byId('queue').focus();
  document.addEventListener('keydown', (event) => {
    if (chord(event)) return;
    if (event.key === 'Escape') {
      const field = typing(event.target);
      const dialog = event.target instanceof HTMLElement && event.target.closest('dialog');
      // Out of a field the single keys of the queue are at hand again.
      if (field && !dialog) focusQueue();
      // Leaving a field of a road condition must not throw the condition away.
      if (!field || !store.state.roadDraft) escape();
      return;
    }
    if (!typing(event.target)) {
      if (sketchKey(event)) return void event.preventDefault();
    } else if (writes(event)) typed_ms = performance.now();
    single(event);
  });
}
