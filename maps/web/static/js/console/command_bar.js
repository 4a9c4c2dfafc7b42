/** Bottom bar: typed commands for hands that do not want the mouse, and the message line. */

import { Problem } from '../kit/api.js';
import { byId, fill, h } from '../kit/dom.js';
import { onAppearance, t } from '../kit/i18n.js';
import { keysOf } from './commands.js';
import { dispatchUnit, searchPlaces } from './incident/actions.js';
import { lookAt, searchCentre, refreshOnUnitSelect } from './map/view.js';
import { say, sayProblem, setMessageLine } from '../kit/messages.js';
import { newCall } from './incident/new_call.js';
import { degrees, placeLabel, placeOptions } from './incident/place_section.js';
import { dispatchCandidate, unitAt } from './incident/recommend_section.js';
import { located, selected, selectIncident, store } from './state.js';

const HISTORY = 30;
/** @type {string[]} */
const history = [];
let historyAt = 0;

const input = h('input', { id: 'command-input', autocomplete: 'off', spellcheck: 'false', 'data-testid': 'command' });
const results = h('div', { class: 'command-results', hidden: true });

/** @param {string} sign */
const unitBySign = (sign) =>
  [...store.state.units.values()].find((unit) => unit.call_sign.toLowerCase().replaceAll(/[\s-]/g, '') === sign.toLowerCase().replaceAll(/[\s-]/g, ''));

/** What each verb does with the rest of the line. @type {Record<string, (rest: string) => void|Promise<void>>} */
const VERBS = {
  C: () => newCall(),
  D: dispatch,
  F: find,
  U: (rest) => {
    const unit = unitBySign(rest);
    if (!unit) return say(t('command.no_unit', { unit: rest }), 'bad');
    store.set({ unitId: unit.unit_id });
    if (located(unit)) lookAt(unit.lon, unit.lat, 14);
    void refreshOnUnitSelect();
  },
  I: (rest) => {
    const incident = [...store.state.incidents.values()].find((one) => one.number.toLowerCase().endsWith(rest.toLowerCase()));
    if (!incident || !rest) return say(t('command.no_incident', { number: rest }), 'bad');
    selectIncident(incident.incident_id);
  },
};

/** @param {string} rest */
function dispatch(rest) {
  const incident = selected();
  if (!incident) return say(t('command.no_selection'), 'bad');
  const units = store.state.recommendation?.units ?? [];
  if (/^\d$/.test(rest)) {
    if (!unitAt(Number(rest) - 1)) return say(t('command.no_rank', { n: rest }), 'bad');
    return dispatchCandidate(Number(rest) - 1);
  }
  const unit = unitBySign(rest);
  if (!unit) return say(t('command.no_unit', { unit: rest }), 'bad');
  const ranked = units.find((one) => one.unit_id === unit.unit_id);
  void dispatchUnit(incident.incident_id, ranked ?? unit);
}

/** @param {string} query */
async function find(query) {
  if (!query) return;
  try {
    const found = await searchPlaces(query, searchCentre());
    store.set({ places: found.places });
    results.hidden = false;
    fill(results, h('div', { class: 'row' }, h('b', { class: 'grow' }, t('command.found', { query })),
      h('button', { class: 'quiet', onclick: closeResults }, t('close'))),
    ...placeOptions(found, (place) => {
      lookAt(place.lon, place.lat, 16);
      store.set({ places: [place] });
      say(placeLabel(place));
    }, (point) => {
      lookAt(point.lon, point.lat, 16);
      say(point.streets ?? degrees(point));
    }, 'find-option'));
  } catch (problem) {
    if (problem instanceof Problem) sayProblem(problem);
  }
}

/** Close what a search left open; true if there was something. */
export function closeResults() {
  if (results.hidden) return false;
  results.hidden = true;
  store.set({ places: [] });
  return true;
}

/** @param {string} line */
function run(line) {
  const verb = line.slice(0, 1).toUpperCase();
  const rest = line.slice(1).trim();
  const known = VERBS[verb] && (line.length === 1 || /\s/.test(line[1]));
  if (known) void VERBS[verb](rest);
  else void find(line);
}

/** @param {KeyboardEvent} event */
function keys(event) {
  if (event.key === 'Enter') {
    const line = input.value.trim();
    if (!line) return;
    history.push(line);
    if (history.length > HISTORY) history.shift();
    historyAt = history.length;
    input.value = '';
    run(line);
  } else if (event.key === 'Escape') {
    closeResults();
    input.blur();
  } else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
    historyAt = Math.min(history.length, Math.max(0, historyAt + (event.key === 'ArrowUp' ? -1 : 1)));
    input.value = history[historyAt] ?? '';
    event.preventDefault();
  }
}

export function focusCommand() {
  input.focus();
  input.select();
}

export function startCommandBar() {
  const messages = h('div', { class: 'messages', role: 'status', 'aria-live': 'polite', 'data-testid': 'messages' });
  setMessageLine(messages);
  input.addEventListener('keydown', keys);
  const hints = h('div', { class: 'hints faint' });
  fill(byId('command'), results, h('kbd', {}, '/'), input, messages, hints);
  function words() {
    input.placeholder = t('command.placeholder');
    input.setAttribute('aria-label', t('command.label'));
    /** @type {[string, import('../kit/i18n.js').Key][]} */
    const keys = [['new_call', 'key.new.short'], ['place', 'key.place.short'], ['triage', 'key.triage.short'], ['units', 'key.units.short'], ['send', 'key.dispatch.short'], ['next', 'key.next.short'], ['stamps', 'key.stamps.short'], ['close', 'key.close.short'], ['help', 'help.short']];
    fill(hints, keys.map(([id, word]) => h('span', {}, h('kbd', { 'data-keys-of': id }, keysOf(id)), ` ${t(word)}`)));
  }
  onAppearance(words);
  words();
}
