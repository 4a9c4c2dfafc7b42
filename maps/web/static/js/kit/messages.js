/** One line that says what just happened, read out by screen readers. */

import { sentence } from './i18n.js';

/** @type {HTMLElement|null} */
let line = null;
let timer = 0;

/** @param {HTMLElement} element */
export function setMessageLine(element) {
  line = element;
}

/** @param {string} text @param {'info'|'good'|'bad'} [tone] */
export function say(text, tone = 'info') {
  if (!line) return;
  line.textContent = text;
  line.dataset.tone = tone;
  clearTimeout(timer);
  timer = window.setTimeout(() => {
    if (line) line.textContent = '';
  }, tone === 'bad' ? 15_000 : 7000);
}

/**
 * Say what was done, with a button that takes it back for as long as it may be.
 * @param {string} text @param {{label: string, keys: string, for_ms: number, run: () => void}} back
 */
export function sayUndoable(text, { label, keys, for_ms, run }) {
  say(text, 'good');
  if (!line) return;
  const button = document.createElement('button');
  button.className = 'undo';
  button.dataset.testid = 'undo';
  button.textContent = label;
  button.setAttribute('aria-keyshortcuts', keys);
  button.addEventListener('click', run);
  line.append(' ', button);
  clearTimeout(timer);
  timer = window.setTimeout(() => {
    if (button.isConnected && line) line.textContent = '';
  }, for_ms);
}

/** Say what went wrong. @param {{code?: string, detail?: string}} problem */
export function sayProblem(problem) {
  say(sentence(problem), 'bad');
}
