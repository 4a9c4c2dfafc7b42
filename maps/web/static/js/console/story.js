/** The incident's story: its events in order, and whether their chain is whole. */

import { get, Problem } from '../api.js';
import { clockTime, isoDate } from '../clock.js';
import { byId, fill, h } from '../dom.js';
import { code, sentence, t } from '../i18n.js';
import { store } from './state.js';

/** Small facts of an event's payload. @param {any} payload */
function facts(payload) {
  return Object.entries(payload ?? {})
    .filter(([key, value]) => ['string', 'number', 'boolean'].includes(typeof value) && !/(_id|commitment|hash)$/.test(key) && !/^[0-9a-f]{32,}$/.test(String(value)))
    .slice(0, 6)
    .map(([key, value]) => `${key.replaceAll('_', ' ')}: ${value}`)
    .join(' · ');
}

/** @param {any} incident */
export async function showStory(incident) {
  const dialog = byId('story-dialog');
  const body = h('div', { class: 'scroll' }, h('p', {}, t('loading')));
  fill(dialog,
    h('h2', { id: 'story-title' }, t('story.title', { number: incident.number })), body,
    h('div', { class: 'row end' }, h('button', { class: 'primary', onclick: () => dialog.close() }, t('close'))));
  dialog.showModal();
  const zone = store.state.city.time_zone;
  try {
    const story = await get(`/v1/incidents/${incident.incident_id}/story`);
    fill(body,
      h('p', { class: `notice ${story.chain_intact ? '' : 'bad'}` }, t(story.chain_intact ? 'story.intact' : 'story.broken')),
      h('ol', { class: 'story' }, story.events.map((/** @type {any} */ event) => h('li', {},
        h('time', {}, `${isoDate(event.occurred_at, zone)} ${clockTime(event.occurred_at, zone)}`),
        h('b', {}, code('event', event.type)),
        h('span', { class: 'faint' }, ` ${event.actor ?? ''} ${facts(event.payload)}`)))));
  } catch (problem) {
    if (problem instanceof Problem) fill(body, h('p', { class: 'notice bad' }, sentence(problem)));
  }
}
