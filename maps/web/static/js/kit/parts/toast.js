/** Short messages at the edge: what just happened. Bad ones stay until they are dismissed. */

import { sentence, t } from '../i18n.js';
import { html, signal } from '../view.js';

const SHOWN_MS = 6000;

/** @typedef {'info'|'good'|'bad'} Tone */
/** @type {import('../view.js').Signal<{id: number, text: string, tone: Tone}[]>} */
const toasts = signal([]);
let last = 0;

/** @param {number} id */
const dismiss = (id) => { toasts.value = toasts.value.filter((one) => one.id !== id); };

/** @param {string} text @param {Tone} [tone] */
export function toast(text, tone = 'info') {
  last += 1;
  const id = last;
  // The same sentence twice is one sentence.
  toasts.value = [...toasts.value.filter((one) => one.text !== text), { id, text, tone }].slice(-4);
  if (tone !== 'bad') setTimeout(() => dismiss(id), SHOWN_MS);
}

/** @param {{code?: string, detail?: string}} problem */
export const toastProblem = (problem) => toast(sentence(problem), 'bad');

const SIGNS = { info: 'ℹ', good: '✓', bad: '!' };

/** Where they appear; the shell has one. */
export const Toasts = () => html`
  <div class="toasts" role="log" aria-live="polite" data-testid="toasts">
    ${toasts.value.map((one) => html`
      <div class="toast ${one.tone}" key=${one.id}>
        <span class="toast-sign" aria-hidden="true">${SIGNS[one.tone]}</span>
        <span class="grow">${one.text}</span>
        <button class="quiet" aria-label=${t('kit.dismiss')} onClick=${() => dismiss(one.id)}>✕</button>
      </div>`)}
  </div>`;
