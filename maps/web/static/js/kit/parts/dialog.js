/** Dialogs: the browser's own, so that Esc closes, focus stays inside and returns to where it was. */

import { t } from '../i18n.js';
import { effect, html, signal, useEffect, useId, useRef, useSignal } from '../view.js';
import { AreaField } from './fields.js';

/**
 * @param {{open: import('../view.js').Signal<boolean>, title: string, onClose?: () => void, wide?: boolean, testid?: string, children?: import('../view.js').Children}} props
 */
export function Dialog({ open, title, onClose, wide = false, testid, children }) {
  const id = useId();
  const box = useRef(/** @type {HTMLDialogElement|null} */ (null));
  useEffect(() => effect(() => {
    const shown = open.value;
    if (shown && !box.current?.open) box.current?.showModal();
    if (!shown && box.current?.open) box.current.close();
  }), [open]);
  const closed = () => {
    open.value = false;
    onClose?.();
  };
  // Drawn always, filled only while open: fields begin anew each time.
  return html`
    <dialog ref=${box} class="dialog ${wide ? 'wide' : ''}" aria-labelledby=${id} data-testid=${testid} onClose=${closed}>
      ${open.value && html`
        <div class="dialog-head"><h2 id=${id}>${title}</h2>
          <button class="quiet" aria-label=${t('close')} onClick=${() => box.current?.close()}>✕</button></div>
        ${children}`}
    </dialog>`;
}

/**
 * @typedef {object} Question
 * @property {string} title
 * @property {string} [text]
 * @property {string} [action]  what the button says
 * @property {boolean} [danger]
 * @property {boolean} [reason]  whether a reason must be given
 */

/** @type {import('../view.js').Signal<(Question & {answer: (given: {reason: string}|null) => void})|null>} */
const asked = signal(null);

/** Ask before something that matters. @param {Question} question @returns {Promise<{reason: string}|null>} null: not confirmed */
export function confirmDialog(question) {
  asked.value?.answer(null);
  return new Promise((resolve) => {
    asked.value = { ...question, answer: (given) => { asked.value = null; resolve(given); } };
  });
}

/** Where `confirmDialog` appears; the shell has one. */
export function Confirmation() {
  const question = asked.value;
  const open = useSignal(false);
  const reason = useSignal('');
  const wrong = useSignal(/** @type {string|null} */ (null));
  useEffect(() => {
    open.value = question !== null;
    reason.value = '';
    wrong.value = null;
  }, [question]);
  const confirm = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (question?.reason && !reason.value.trim()) wrong.value = t('kit.reason.missing');
    else question?.answer({ reason: reason.value.trim() });
  };
  return html`
    <${Dialog} open=${open} title=${question?.title ?? ''} onClose=${() => question?.answer(null)} testid="confirmation">
      <form class="form" onSubmit=${confirm}>
        ${question?.text && html`<p>${question.text}</p>`}
        ${question?.reason && html`<${AreaField} label=${t('kit.reason')} value=${reason} problem=${wrong.value} required testid="reason" />`}
        <div class="row end">
          <button type="button" onClick=${() => question?.answer(null)}>${t('cancel')}</button>
          <button class=${question?.danger ? 'danger' : 'primary'} data-testid="confirm">${question?.action ?? t('kit.confirm')}</button>
        </div>
      </form>
    <//>`;
}
