/** The end: close with an outcome, cancel with a reason, reopen. */

import { h } from '../../kit/dom.js';
import { code, t } from '../../kit/i18n.js';
import { ended, possibleOutcomes } from '../../kit/lifecycle.js';
import { html, render, signal } from '../../kit/view.js';
import { shortcut } from '../commands.js';
import { onEnter } from '../focus.js';
import { incidentStep } from './actions.js';
import { keepText, keptText } from './kept.js';
import { may, openAssignments } from '../state.js';

/** @typedef {import('../../types.d.ts').Outcome} Outcome */

/** What is typed stays while units come and go. @returns {import('./panel.js').Section} */
export function closeSection() {
  const root = h('section', { class: 'block end' });
  const outcome = signal('');
  const reason = signal(/** @type {string|null} null: as it was kept */ (null));
  onEnter('close', () => {
    const field = /** @type {HTMLElement|null} */ (root.querySelector('select, button'));
    field?.focus();
    return field !== null;
  });

  /** @param {{incident: import('../state.js').Incident}} props */
  const Over = ({ incident }) => html`<p class="summary">${code('state', incident.state)}${incident.outcome && ` · ${code('outcome', incident.outcome)}`} <button class="quiet" data-testid="reopen-incident" onClick=${() => incidentStep(incident.incident_id, 'reopen')}>${t('close.reopen')}</button></p>`;

  /** @param {{incidentId: string, open: number}} props */
  const End = ({ incidentId, open }) => {
    const why = reason.value ?? keptText(incidentId, 'reason');
    return html`<h3>${t('close.title')}</h3>
    ${open > 0 && html`<p class="faint small">${t('close.open', { n: open })}</p>`}
    <div class="row"><select id="close-outcome" ...${shortcut('close')} data-testid="close-outcome" aria-label=${t('close.outcome')} value=${outcome.value}
        onChange=${(/** @type {import('../../kit/dom.js').ChoiceEvent} */ event) => { outcome.value = event.target.value; }}>
        <option value="">${t('close.outcome')}</option>
        ${possibleOutcomes().map((one) => html`<option key=${one} value=${one}>${code('outcome', one)}</option>`)}</select>
      <button data-testid="close-incident" disabled=${!outcome.value} onClick=${() => incidentStep(incidentId, 'close', { outcome: /** @type {Outcome} */ (outcome.value) })}>${t('close.button')}</button></div>
    <details class="small"><summary>${t('close.cancel')}</summary><div class="row">
      <input placeholder=${t('close.cancel_reason')} aria-label=${t('close.cancel_reason')} data-testid="cancel-reason" value=${why}
        onInput=${(/** @type {import('../../kit/dom.js').FieldEvent} */ event) => { reason.value = event.target.value; keepText(incidentId, 'reason', event.target.value); }} />
      <button class="quiet" data-testid="cancel-incident" disabled=${!why.trim()} onClick=${() => incidentStep(incidentId, 'cancel', { reason: why.trim() })}>${t('close.cancel')}</button></div></details>`;
  };

  return {
    root,
    update(incident) {
      if (!may('incident_write')) return;
      render(ended(incident) ? html`<${Over} incident=${incident} />` : html`<${End} incidentId=${incident.incident_id} open=${openAssignments(incident).length} />`, root);
    },
  };
}
