/** Help: every command with its keys, which can be changed here, and every single key and verb. */

import { byId } from '../kit/dom.js';
import { t } from '../kit/i18n.js';
import { rememberShortcuts, settings } from '../kit/settings.js';
import { html, render, signal } from '../kit/view.js';
import { allKeysOf, assignKeys, assignSingle, chordOf, commands, resetKeys, singleKey } from './commands.js';

/** @typedef {[string, import('../kit/i18n.js').Key][]} Rows */

/** @type {Rows} */
const KEYS = [
  ['↓ ↑', 'key.along'], ['1 … 9', 'key.choose'], ['Enter', 'key.dispatch'], ['Esc', 'key.escape'],
];
/** @type {Rows} */
const VERBS = [['C', 'verb.call'], ['D 2 · D A03', 'verb.dispatch'], ['F …', 'verb.find'], ['U A03', 'verb.unit'], ['I …', 'verb.incident']];

/** The command whose new keys are waited for. */
const waitingFor = signal(/** @type {string|null} */ (null));
/** What came of the last change. */
const told = signal(/** @type {{text: string, bad: boolean}|null} */ (null));

/** @param {{rows: Rows}} props */
const Table = ({ rows }) => html`<dl class="keys">${rows.map(([key, word]) => html`<dt><kbd>${key}</kbd></dt><dd>${t(word)}</dd>`)}</dl>`;

/** The press that was waited for: whatever it is, it does nothing else. @param {KeyboardEvent} event */
function taken(event) {
  const id = waitingFor.value;
  if (!id || ['Control', 'Alt', 'Shift', 'Meta', 'Tab'].includes(event.key)) return;
  event.preventDefault();
  event.stopPropagation();
  if (event.repeat) return;
  waitingFor.value = null;
  if (event.key === 'Escape') return;
  const chord = chordOf(event);
  const single = singleKey(event);
  const keys = chord ?? single;
  const refused = chord !== null ? assignKeys(id, chord) : single === null ? { refused: 'plain' } : assignSingle(id, single);
  const command = commands().find((one) => one.id === id);
  told.value = refused
    ? { bad: true, text: t(/** @type {import('../kit/i18n.js').Key} */ (`keys.${refused.refused}`), { keys: keys ?? event.key, other: 'by' in refused ? t(refused.by.word) : '' }) }
    : { bad: false, text: t('keys.changed', { keys, command: command ? t(command.word) : '' }) };
}

/** @param {{command: import('./commands.js').Command}} props */
const CommandRow = ({ command }) => html`<dt><kbd>${allKeysOf(command.id)}</kbd></dt>
  <dd><span class="grow">${t(command.word)}</span>
    <button class="quiet" data-testid="change-keys" data-of=${command.id} aria-pressed=${String(waitingFor.value === command.id)}
      aria-label=${t('keys.change.of', { command: t(command.word) })} onKeyDown=${taken} onBlur=${() => { waitingFor.value = null; }}
      onClick=${() => { waitingFor.value = waitingFor.value === command.id ? null : command.id; told.value = null; }}>
      ${t(waitingFor.value === command.id ? 'keys.press' : 'keys.change')}</button></dd>`;

function Help() {
  const reset = () => {
    resetKeys();
    told.value = { bad: false, text: t('keys.reset.done') };
  };
  return html`
    <h2 id="help-title">${t('help.title')}</h2>
    <div class="columns scroll">
      <div>
        <h3>${t('help.everywhere')}</h3>
        <dl class="keys commands" data-testid="commands">${commands().map((one) => html`<${CommandRow} key=${one.id} command=${one} />`)}</dl>
      </div>
      <div>
        <h3>${t('help.keys')}</h3><${Table} rows=${KEYS} />
        <h3>${t('help.verbs')}</h3><${Table} rows=${VERBS} /><p class="faint">${t('help.conflict')}</p>
      </div>
    </div>
    <p class=${told.value?.bad ? 'notice bad' : 'faint'} role="status" data-testid="keys-told">${told.value?.text}</p>
    <label class="check"><input type="checkbox" checked=${settings.shortcuts} data-testid="shortcuts-switch"
      onChange=${(/** @type {import('../kit/dom.js').FieldEvent} */ event) => rememberShortcuts(event.target.checked)} />${t('help.shortcuts')}</label>
    <div class="row end"><button class="quiet" data-testid="reset-keys" onClick=${reset}>${t('keys.reset')}</button>
      <button class="primary" onClick=${() => byId('help-dialog', HTMLDialogElement).close()}>${t('close')}</button></div>`;
}

export function showHelp() {
  const dialog = byId('help-dialog', HTMLDialogElement);
  waitingFor.value = null;
  told.value = null;
  render(html`<${Help} />`, dialog);
  if (!dialog.open) dialog.showModal();
}
