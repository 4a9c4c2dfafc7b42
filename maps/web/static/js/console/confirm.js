/** What cannot be taken back is done by a second press: neither the first, nor a double click, does it. */

import { t } from '../kit/i18n.js';
import { say } from '../kit/messages.js';

/** So long the second press is waited for. */
const WAIT_MS = 6000;
/** Two presses nearer than this are one of a hurried hand. */
const APART_MS = 350;

/** @type {{what: string, since_ms: number}|null} */
let first = null;

/**
 * Do it at the second press of the same; at the first, say that it cannot be taken back.
 * @template T
 * @param {string} what  names the step and what it is done to @param {string} words @param {() => T} run @returns {T|undefined}
 */
export function atSecondPress(what, words, run) {
  const now = performance.now();
  if (first?.what === what && now - first.since_ms < APART_MS) return undefined;
  if (first?.what === what && now - first.since_ms < WAIT_MS) {
    first = null;
    return run();
  }
  first = { what, since_ms: now };
  say(t('confirm.again', { what: words }), 'info');
  return undefined;
}
