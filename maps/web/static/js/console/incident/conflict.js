/** Two people changed the same thing: both are shown, and whoever came second chooses. */

import { pick, t } from '../../kit/i18n.js';
import { byId } from '../../kit/dom.js';
import { html, render } from '../../kit/view.js';
import { store } from '../state.js';

/** @typedef {import('../state.js').Incident} Incident */

/**
 * What a form changes of an incident.
 * @typedef {object} Subject
 * @property {import('../../kit/i18n.js').Key} title
 * @property {(incident: Incident) => string} words  what is stored, in words
 * @property {(a: Incident, b: Incident) => boolean} same  whether two states of an incident agree in it
 */

/** @param {(incident: Incident) => unknown} facts @returns {Subject['same']} */
const sameIn = (facts) => (a, b) => JSON.stringify(facts(a)) === JSON.stringify(facts(b));

/** A triage in words: the complaint and each answer. @param {string|null} code @param {Readonly<Record<string, string>>|null} answers */
export function triageWords(code, answers) {
  const complaint = store.state.protocol?.complaints.find((one) => one.code === code);
  if (!complaint) return code ?? '–';
  const said = complaint.questions.flatMap((question) => {
    const option = question.options.find((one) => one.id === answers?.[question.id]);
    return option ? [`${pick(question.text)} ${pick(option.text)}`] : [];
  });
  return [pick(complaint.name), ...said].join('\n');
}

/** @type {Subject} */
export const TRIAGE = {
  title: 'triage.title',
  words: (incident) => `${incident.category ?? '–'} · ${triageWords(incident.complaint_code, incident.triage_answers)}`,
  same: sameIn((one) => [one.complaint_code, one.triage_answers, one.patient_count, one.coded_at]),
};

/** @type {Subject} */
export const PLACE = {
  title: 'place.title',
  words: (incident) => incident.place_label || t(incident.lon === null ? 'place.none' : 'place.point'),
  same: sameIn((one) => [one.lon, one.lat, one.place_label, one.place_confirmed]),
};

/**
 * Show what is stored beside what was to be sent.
 * @param {Subject} subject @param {Incident} stored @param {string} mine @returns {Promise<boolean>}  whether mine is to be sent all the same
 */
export function chooseMine(subject, stored, mine) {
  const dialog = byId('conflict-dialog', HTMLDialogElement);
  return new Promise((resolve) => {
    let chosen = false;
    const end = (/** @type {boolean} */ one) => {
      chosen = one;
      dialog.close();
    };
    dialog.addEventListener('close', () => resolve(chosen), { once: true });
    render(html`
      <h2 id="conflict-title" tabindex="-1">${t('conflict.title', { what: t(subject.title) })}</h2>
      <p>${t('conflict.text', { number: stored.number })}</p>
      <div class="columns">
        <div><h3>${t('conflict.stored')}</h3><p class="conflict-words" data-testid="conflict-stored">${subject.words(stored)}</p></div>
        <div><h3>${t('conflict.mine')}</h3><p class="conflict-words" data-testid="conflict-mine">${mine}</p></div>
      </div>
      <div class="row end">
        <button data-testid="conflict-keep" onClick=${() => end(false)}>${t('conflict.keep')}</button>
        <button data-testid="conflict-send" onClick=${() => end(true)}>${t('conflict.send')}</button>
      </div>`, dialog);
    dialog.showModal();
    // An Enter that is still going down must choose neither.
    byId('conflict-title').focus();
  });
}
