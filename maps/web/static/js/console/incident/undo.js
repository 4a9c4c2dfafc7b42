/** Taking back what was just done: for ten seconds, by the button of the message or by its keys. */

import { t } from '../../kit/i18n.js';
import { say, sayUndoable } from '../../kit/messages.js';
import { keysOf } from '../commands.js';

/** So long a step can be taken back. */
const UNDO_MS = 10_000;

/** @type {{run: () => unknown, until_ms: number}|null} */
let last = null;

/** Say what was done and how it is taken back. @param {string} text @param {() => unknown} run */
export function offerUndo(text, run) {
  last = { run, until_ms: performance.now() + UNDO_MS };
  sayUndoable(text, { label: t('undo.button', { keys: keysOf('undo') }), keys: keysOf('undo'), for_ms: UNDO_MS, run: undo });
}

/** Take the last step back, once. */
export function undo() {
  const step = last;
  last = null;
  if (!step || performance.now() > step.until_ms) return say(t('undo.none'), 'bad');
  return step.run();
}
