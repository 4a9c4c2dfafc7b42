/** Help: every shortcut and verb on one page, and the switch for single keys (WCAG 2.1.4). */

import { byId, fill, h } from '../kit/dom.js';
import { t } from '../kit/i18n.js';
import { rememberShortcuts, settings } from '../kit/settings.js';

/** @typedef {[string, import('../kit/i18n.js').Key][]} Rows */

/** @type {Rows} */
const KEYS = [
  ['n', 'key.new'], ['/', 'key.command'], ['j ↓', 'key.next'], ['k ↑', 'key.previous'], ['1 … 9', 'key.choose'],
  ['Enter', 'key.dispatch'], ['m', 'key.fit'], ['u', 'key.units'], ['i', 'key.incident'], ['r', 'key.roads'], ['t', 'key.reach'], ['Esc', 'key.escape'], ['?', 'key.help'],
];
/** @type {Rows} */
const VERBS = [['C', 'verb.call'], ['D 2 · D A03', 'verb.dispatch'], ['F …', 'verb.find'], ['U A03', 'verb.unit'], ['I …', 'verb.incident']];

/** @param {Rows} rows */
const table = (rows) => h('dl', { class: 'keys' }, rows.map(([key, word]) => [h('dt', {}, h('kbd', {}, key)), h('dd', {}, t(word))]));

export function showHelp() {
  const dialog = byId('help-dialog', HTMLDialogElement);
  fill(dialog,
    h('h2', { id: 'help-title' }, t('help.title')),
    h('div', { class: 'columns scroll' },
      h('div', {}, h('h3', {}, t('help.keys')), table(KEYS)),
      h('div', {}, h('h3', {}, t('help.verbs')), table(VERBS), h('p', { class: 'faint' }, t('help.conflict')))),
    h('label', { class: 'check' },
      h('input', { type: 'checkbox', checked: settings.shortcuts, 'data-testid': 'shortcuts-switch', onchange: (/** @type {import('../kit/dom.js').FieldEvent} */ event) => rememberShortcuts(event.target.checked) }),
      t('help.shortcuts')),
    h('div', { class: 'row end' }, h('button', { class: 'primary', onclick: () => dialog.close() }, t('close'))));
  if (!dialog.open) dialog.showModal();
}
