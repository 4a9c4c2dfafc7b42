/** Crews that are asked to leave a lesser call for a more urgent one: what it costs, how long they
 * still have to answer, what they said. Told in both incidents. */

import { duration, now_ms } from '../../kit/clock.js';
import { t } from '../../kit/i18n.js';
import { say } from '../../kit/messages.js';
import { html, useEffect, useState } from '../../kit/view.js';
import { shortcut, singleOf } from '../commands.js';
import { answerDiversion, withdrawDiversion } from './actions.js';
import { may, selected, selectIncident, store } from '../state.js';

/** @typedef {import('../../types.d.ts').OfferView} Offer */

/** So many that have ended are still shown in the incident that asked. */
const ENDED_SHOWN = 3;

/** What the patient loses whose unit goes. @param {Pick<Offer, 'loss_s'|'replacement'>} offer */
const lossWords = ({ loss_s, replacement }) => (loss_s === null ? t('divert.nobody') : t('divert.loss', { time: duration(loss_s) })) + (replacement === null ? '' : ` · ${t('divert.replacement', { unit: replacement })}`);

/** Counts down each second by itself. @param {{until: string}} props */
function Left({ until }) {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  const left_s = Math.max(0, Math.ceil((Date.parse(until) - now_ms()) / 1000));
  return html`<b class="left" role="timer" data-testid="offer-left">${left_s > 0 ? duration(left_s) : t('divert.over')}</b>`;
}

/** @param {{offer: Offer}} props */
const Asked = ({ offer }) => html`<div class="offer" role="group" aria-label=${t('divert.group', { unit: offer.call_sign })} data-testid="offer" data-state="offered">
  <div class="line"><${Left} until=${offer.expires_at} /> <span><b>${t('divert.asked', { unit: offer.call_sign })}</b> ${t('divert.from', { category: offer.losing_category ?? '–', number: offer.losing_number })}</span></div>
  <div class="small">${lossWords(offer)} · ${t('divert.stands')}</div>
  <div class="line">
    ${may('unit_status_write') && html`<button class="primary" data-testid="offer-yes" ...${shortcut('divert_yes')} onClick=${() => answerDiversion(offer, 'accepted')}>${t('divert.yes')} <kbd data-letter-of="divert_yes">${singleOf('divert_yes')}</kbd></button>
      <button data-testid="offer-no" onClick=${() => answerDiversion(offer, 'declined')}>${t('divert.no')}</button>`}
    ${may('dispatch') && html`<button class="quiet" data-testid="offer-withdraw" onClick=${() => withdrawDiversion(offer)}>${t('divert.withdraw')}</button>`}
  </div>
</div>`;

/** @param {{offer: Offer}} props */
const Losing = ({ offer }) => html`<div class="offer losing" data-testid="offer-losing" data-state=${offer.state}>
  <span class="grow">${t(`divert.losing.${/** @type {'offered'|'accepted'} */ (offer.state)}`, { unit: offer.call_sign, category: offer.category ?? '–' })}
    ${' '}<button class="link" onClick=${() => selectIncident(offer.incident_id)}>${offer.number}</button></span>
  ${offer.state === 'offered' && html`<${Left} until=${offer.expires_at} />`}
</div>`;

/** @param {{incident: import('../state.js').Incident}} props */
export function Offers({ incident }) {
  const { incident_id, diversions } = incident;
  const asked = diversions.filter((one) => one.incident_id === incident_id);
  const losing = diversions.filter((one) => one.losing_incident_id === incident_id && ['offered', 'accepted'].includes(one.state));
  const over = asked.filter((one) => one.state !== 'offered').slice(-ENDED_SHOWN);
  return html`
    ${asked.filter((one) => one.state === 'offered').map((one) => html`<${Asked} key=${one.diversion_id} offer=${one} />`)}
    ${losing.map((one) => html`<${Losing} key=${one.diversion_id} offer=${one} />`)}
    ${over.length > 0 && html`<div class="faint small" data-testid="offers-ended">${over.map((one) => t(`divert.state.${/** @type {'accepted'|'declined'|'expired'|'withdrawn'} */ (one.state)}`, { unit: one.call_sign })).join(' · ')}</div>`}`;
}

/** The crew asked for the selected incident says yes by voice; with several asked, nobody is meant. */
export function sayYes() {
  const incident = selected();
  const asked = (incident?.diversions ?? []).filter((one) => one.incident_id === incident?.incident_id && one.state === 'offered');
  if (asked.length === 1 && may('unit_status_write')) void answerDiversion(asked[0], 'accepted');
  else say(t(asked.length ? 'divert.several' : 'divert.none'));
}

/** How each offer stood when it was last seen. @type {Map<string, string>} */
const known = new Map();

/** Says how an offer ended, wherever one works: in the incident that asked and the one that lost. */
export function startOffers() {
  store.on(['incidents'], () => {
    for (const incident of store.state.incidents.values()) {
      for (const offer of incident.diversions) {
        const before = known.get(offer.diversion_id);
        if (before === offer.state || offer.incident_id !== incident.incident_id) continue;
        known.set(offer.diversion_id, offer.state);
        const looked = [offer.incident_id, offer.losing_incident_id].includes(store.state.incidentId ?? '');
        if (!looked || (before === undefined && offer.state !== 'offered')) continue;
        say(t(`divert.told.${/** @type {'offered'|'accepted'|'declined'|'expired'|'withdrawn'} */ (offer.state)}`, { unit: offer.call_sign, number: offer.losing_number }), offer.state === 'accepted' ? 'good' : 'info');
      }
    }
  });
}
