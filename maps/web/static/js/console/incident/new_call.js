/** Taking a new call: saved the moment it is opened, then the cursor stands in the words. */

import { h } from '../../kit/dom.js';
import { t } from '../../kit/i18n.js';
import { openCall } from './drafts.js';
import { say } from '../../kit/messages.js';
import { may, store } from '../state.js';

const FOCUS_TRIES = 20;

export async function newCall() {
  if (!may('incident_write')) return say(t('error.permission_denied'), 'bad');
  say(t('call.opening'));
  const opened = openCall();
  // The form of an earlier call goes with the next drawing: until then its words must not get the cursor.
  requestAnimationFrame(() => focusWords(FOCUS_TRIES));
  const draft = await opened;
  if (draft.incident_id) say(t('call.opened', { number: store.state.incidents.get(draft.incident_id)?.number ?? '' }), 'good');
  return undefined;
}

/** @param {number} tries */
function focusWords(tries) {
  const words = document.getElementById('call-words');
  if (words) words.focus();
  else if (tries > 0) requestAnimationFrame(() => focusWords(tries - 1));
}

/** The button of the queue's head. @param {HTMLElement} button */
export function startNewCall(button) {
  button.addEventListener('click', () => void newCall());
  if (!may('incident_write')) button.replaceWith(h('span'));
}
