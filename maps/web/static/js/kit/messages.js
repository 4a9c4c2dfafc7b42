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

/** Say what went wrong. @param {{code?: string, detail?: string}} problem */
export function sayProblem(problem) {
  say(sentence(problem), 'bad');
}
