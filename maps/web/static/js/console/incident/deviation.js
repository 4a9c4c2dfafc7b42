/** Why another unit was sent than the one that would be there first: asked after sending, in the incident's head, without the focus. */

import { duration } from '../../kit/clock.js';
import { code, t } from '../../kit/i18n.js';
import { html } from '../../kit/view.js';
import { explainDeviation } from './actions.js';
import { store } from '../state.js';

const REASONS = /** @type {const} */ (['crew_skill', 'local_knowledge', 'keeps_cover', 'requested', 'other_unfit', 'other_reason']);

/** @param {{incidentId: string, drawn: object}} props  `drawn` is new each time: what is asked may have changed */
export function WhyNot({ incidentId }) {
  const { deviation } = store.state;
  if (!deviation || deviation.incident_id !== incidentId) return null;
  return html`<div class="why-not" role="group" aria-label=${t('deviation.title', { unit: deviation.unit, better: deviation.better })} data-testid="deviation">
    <span>${t('deviation.ask', { unit: deviation.unit, better: deviation.better, gain: duration(deviation.loss_s) })}</span>
    <span class="line">${REASONS.map((one) => html`<button key=${one} class="chip" data-testid=${`deviation-${one}`} onClick=${() => explainDeviation(deviation, one)}>${code('deviation', one)}</button>`)}
      <button class="quiet" data-testid="deviation-skip" onClick=${() => store.set({ deviation: null })}>${t('deviation.skip')}</button></span>
  </div>`;
}
