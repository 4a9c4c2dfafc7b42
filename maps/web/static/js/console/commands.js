/**
 * The console's commands: what each is called, its keys, when it can be done and what it does.
 * `keys` work everywhere, also while typing, so they are function keys and chords only; `single` is
 * a letter that works where the queue, the map or the list of units has the focus. Each can be
 * changed, and this workstation remembers it.
 */

import { rememberKeys, settings } from '../kit/settings.js';

/**
 * @typedef {object} Command
 * @property {string} id
 * @property {import('../kit/i18n.js').Key} word
 * @property {string} [keys]  as long as nobody chose others: `F2`, `Alt+Z`
 * @property {string} [single]  as long as nobody chose another: `d`
 * @property {boolean} [repeats]  a letter held down does it again and again
 * @property {() => import('../kit/i18n.js').Key|null} [when]  the sentence that says why it cannot be done now
 * @property {() => unknown} run
 */

/** @type {Map<string, Command>} */
const registry = new Map();

/** Make commands known; a part of the console does so when it is loaded. @param {...Command} commands */
export function register(...commands) {
  for (const command of commands) registry.set(command.id, command);
}

/** Every command, in the order of the work. */
export const commands = () => [...registry.values()];

/** The keys of a command: those chosen here, else its own. @param {string} id */
export const keysOf = (id) => settings.keys[id] ?? registry.get(id)?.keys ?? '';

/** The name of a command's letter among the keys that were chosen. @param {string} id */
const letter = (id) => `${id}.single`;

/** The letter of a command: the one chosen here, else its own. @param {string} id */
export const singleOf = (id) => settings.keys[letter(id)] ?? registry.get(id)?.single ?? '';

/** All keys of a command as they are shown. @param {string} id */
export const allKeysOf = (id) => [keysOf(id), singleOf(id)].filter(Boolean).join(' · ');

/** @param {string} keys @returns {Command|undefined} */
export const commandOf = (keys) => commands().find((one) => keysOf(one.id) === keys);

/** @param {string} key  of a press without Ctrl and Alt @returns {Command|undefined} */
export const commandOfSingle = (key) => commands().find((one) => singleOf(one.id) === key);

/** A key press as the letter of a command, or null; digits choose units. @param {KeyboardEvent} event */
export const singleKey = (event) => (!event.ctrlKey && !event.altKey && !event.metaKey && !event.isComposing && event.key.length === 1 && !/[\d\s=.]/.test(event.key) ? event.key : null);

/** What browsers, text fields and lists keep for themselves. */
const RESERVED = new Set(['F5', 'F11', 'F12', 'Alt+F4', 'Alt+S', ...['A', 'C', 'F', 'N', 'P', 'R', 'T', 'V', 'W', 'X', 'Y', 'Z'].flatMap((one) => [`Ctrl+${one}`, `Ctrl+Shift+${one}`])]);

/** The chord of a key press as it is written, or null for a key that could be part of a text. @param {KeyboardEvent} event */
export function chordOf(event) {
  // AltGr writes letters on many keyboards, and comes as Ctrl and Alt.
  if (event.isComposing || event.metaKey || event.getModifierState('AltGraph')) return null;
  const key = /^F([1-9]|1[0-2])$/.test(event.key) ? event.key : /^(?:Key|Digit)(.)$/.exec(event.code)?.[1];
  const chorded = event.ctrlKey || event.altKey || key === event.key && key.length > 1;
  if (!key || !chorded) return null;
  return `${event.ctrlKey ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${event.shiftKey ? 'Shift+' : ''}${key}`;
}

/**
 * Give a command another letter; only one that has a letter can have another.
 * @param {string} id @param {string} key
 * @returns {{refused: 'plain'}|{refused: 'taken', by: Command}|null}  null: it has it
 */
export function assignSingle(id, key) {
  if (!registry.get(id)?.single) return { refused: 'plain' };
  const holder = commandOfSingle(key);
  if (holder && holder.id !== id) return { refused: 'taken', by: holder };
  rememberKeys({ ...settings.keys, [letter(id)]: key });
  relabel();
  return null;
}

/**
 * Give a command other keys.
 * @param {string} id @param {string} keys
 * @returns {{refused: 'reserved'}|{refused: 'taken', by: Command}|null}  null: it has them
 */
export function assignKeys(id, keys) {
  if (RESERVED.has(keys)) return { refused: 'reserved' };
  const holder = commandOf(keys);
  if (holder && holder.id !== id) return { refused: 'taken', by: holder };
  rememberKeys({ ...settings.keys, [id]: keys });
  relabel();
  return null;
}

/** Every command gets its own keys back. */
export function resetKeys() {
  rememberKeys({});
  relabel();
}

/** As ARIA writes it. @param {string} keys */
const ariaKeys = (keys) => keys.replace('Ctrl', 'Control');

/** Attributes of the field or button that a command leads to: screen readers tell its keys. @param {string} id */
export const shortcut = (id) => ({ 'data-command': id, 'aria-keyshortcuts': ariaKeys(keysOf(id)) });

/** Attributes of an element that shows the letter of a command. @param {string} id */
export const letterOf = (id) => ({ 'data-letter-of': id });

/** Write the keys anew wherever they stand. @param {ParentNode} [root] */
export function relabel(root = document) {
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll('[data-command]'))) {
    element.setAttribute('aria-keyshortcuts', ariaKeys(keysOf(element.dataset.command ?? '')));
  }
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll('[data-keys-of]'))) {
    element.textContent = keysOf(element.dataset.keysOf ?? '');
  }
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll('[data-letter-of]'))) {
    element.textContent = singleOf(element.dataset.letterOf ?? '');
  }
}
