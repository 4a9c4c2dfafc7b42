/** A missing or broken AED is reported: what is wrong, a few words if wanted, nothing about the sender. */

import { post, Problem } from '../kit/api.js';
import { h } from '../kit/dom.js';
import { nameOf, sentence, t } from '../kit/i18n.js';

const KINDS = /** @type {const} */ (['missing', 'broken']);

/** @param {import('./list.js').Shown} aed @param {(reported: import('../types.d.ts').ReportedProblem) => void} done */
export function openReport(aed, done) {
  const said = h('p', { class: 'notice', role: 'status', hidden: true });
  const words = /** @type {HTMLTextAreaElement} */ (h('textarea', { maxlength: '200', rows: '3', 'data-testid': 'report-words' }));
  const send = /** @type {HTMLButtonElement} */ (h('button', { class: 'primary', 'data-testid': 'report-send' }, t('aed.report.send')));
  const close = h('button', { type: 'button', onclick: () => dialog.close() }, t('aed.report.close'));
  const form = h('form', { class: 'report', onsubmit: async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const kind = /** @type {'missing'|'broken'} */ (new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get('kind'));
    send.disabled = true;
    try {
      const taken = await post(`/v1/aeds/${aed.aed_id}/reports`, { kind, words: words.value.trim() });
      said.textContent = t('aed.report.taken');
      send.hidden = true;
      done({ kind: taken.kind, at: taken.reported_at });
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      said.textContent = problem.temporary ? t('aed.report.lost') : sentence(problem);
      send.disabled = false;
    }
    said.hidden = false;
  } },
  h('h2', { id: 'report-title' }, t('aed.report')),
  h('p', {}, nameOf(aed) || t('aed.unnamed')),
  h('fieldset', {}, h('legend', {}, t('aed.report.what')), KINDS.map((kind) =>
    h('label', {}, h('input', { type: 'radio', name: 'kind', value: kind, required: true }), ' ', t(`aed.report.${kind}`)))),
  h('label', {}, t('aed.report.words'), words),
  said, h('p', { class: 'apps' }, send, close));
  const dialog = /** @type {HTMLDialogElement} */ (h('dialog', { class: 'report-dialog', 'aria-labelledby': 'report-title', onclose: () => dialog.remove() }, form));
  document.body.append(dialog);
  dialog.showModal();
}
