/** Taking a new call: saved the moment it is opened, then the cursor stands in the words. */

import { h } from '../../kit/dom.js';
import { t } from '../../kit/i18n.js';
import { goTo } from '../focus.js';
import { openCall } from './drafts.js';
import { say } from '../../kit/messages.js';
import { may, store } from '../state.js';

export async function newCall() {
  if (!may('incident_write')) return say(t('error.permission_denied'), 'bad');
  say(t('call.opening'));
  const opened = openCall();
  goTo('call');
  const draft = await opened;
  if (draft.incident_id) say(t('call.opened', { number: store.state.incidents.get(draft.incident_id)?.number ?? '' }), 'good');
  return undefined;
}

/** The button of the queue's head. @param {HTMLElement} button */
export function startNewCall(button) {
  button.addEventListener('click', () => void newCall());
  if (!may('incident_write')) button.replaceWith(h('span'));
}
