/** The end: close with an outcome, cancel with a reason, reopen. */

import { fill, h } from '../../kit/dom.js';
import { code, t } from '../../kit/i18n.js';
import { ended, possibleOutcomes } from '../../kit/lifecycle.js';
import { shortcut } from '../commands.js';
import { onEnter } from '../focus.js';
import { incidentStep } from './actions.js';
import { may, openAssignments } from '../state.js';

/** @returns {import('./panel.js').Section} */
export function closeSection() {
  const body = h('div');
  const root = h('section', { class: 'block end' }, body);
  let drawn = '';
  onEnter('close', () => {
    const field = /** @type {HTMLElement|null} */ (body.querySelector('select, button'));
    field?.focus();
    return field !== null;
  });
  return {
    root,
    update(incident) {
      if (!may('incident_write')) return;
      const over = ended(incident);
      const open = openAssignments(incident).length;
      const signature = `${incident.incident_id} ${over} ${open} ${incident.outcome}`;
      if (signature === drawn) return;
      drawn = signature;
      if (over) {
        fill(body, h('p', { class: 'summary' }, code('state', incident.state), incident.outcome ? ` · ${code('outcome', incident.outcome)}` : '', ' ',
          h('button', { class: 'quiet', 'data-testid': 'reopen-incident', onclick: () => incidentStep(incident.incident_id, 'reopen') }, t('close.reopen'))));
        return;
      }
      const outcome = h('select', { id: 'close-outcome', ...shortcut('close'), 'data-testid': 'close-outcome', 'aria-label': t('close.outcome') },
        h('option', { value: '' }, t('close.outcome')),
        possibleOutcomes().map((one) => h('option', { value: one }, code('outcome', one))));
      const close = h('button', { 'data-testid': 'close-incident', disabled: true, onclick: () => incidentStep(incident.incident_id, 'close', { outcome: /** @type {import('../../types.d.ts').Outcome} */ (outcome.value) }) }, t('close.button'));
      outcome.addEventListener('change', () => { close.disabled = !outcome.value; });
      const reason = h('input', { placeholder: t('close.cancel_reason'), 'aria-label': t('close.cancel_reason'), 'data-testid': 'cancel-reason' });
      const cancel = h('button', { class: 'quiet', 'data-testid': 'cancel-incident', disabled: true, onclick: () => incidentStep(incident.incident_id, 'cancel', { reason: reason.value.trim() }) }, t('close.cancel'));
      reason.addEventListener('input', () => { cancel.disabled = !reason.value.trim(); });
      fill(body, h('h3', {}, t('close.title')),
        open > 0 && h('p', { class: 'faint small' }, t('close.open', { n: open })),
        h('div', { class: 'row' }, outcome, close),
        h('details', { class: 'small' }, h('summary', {}, t('close.cancel')), h('div', { class: 'row' }, reason, cancel)));
    },
  };
}
