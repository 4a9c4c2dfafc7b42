/** The incident's story: its events in order, and whether their chain is whole. */

import { get, Problem } from '../../kit/api.js';
import { clockTime, isoDate } from '../../kit/clock.js';
import { byId, fill, h } from '../../kit/dom.js';
import { pick, sentence, t } from '../../kit/i18n.js';
import { store } from '../state.js';

/** Who did it: a person's account, or the house itself. @param {string} actor */
function actorName(actor) {
  const [kind, name] = actor.split(':', 2);
  return kind === 'user' && name ? name : t('story.system');
}

/** @param {import('../state.js').Incident} incident */
export async function showStory(incident) {
  const dialog = byId('story-dialog', HTMLDialogElement);
  const body = h('div', { class: 'scroll', tabindex: '0' }, h('p', {}, t('loading')));
  fill(dialog,
    h('h2', { id: 'story-title' }, t('story.title', { number: incident.number })), body,
    h('div', { class: 'row end' }, h('button', { class: 'primary', onclick: () => dialog.close() }, t('close'))));
  dialog.showModal();
  const zone = store.state.city.time_zone;
  try {
    const story = await get(`/v1/incidents/${incident.incident_id}/story`);
    fill(body,
      h('p', { class: `notice ${story.chain_intact ? '' : 'bad'}` }, t(story.chain_intact ? 'story.intact' : 'story.broken')),
      h('ol', { class: 'story' }, story.events.map((event) => h('li', {},
        h('time', {}, `${isoDate(event.occurred_at, zone)} ${clockTime(event.occurred_at, zone)}`),
        h('span', {}, pick(event.text)),
        h('span', { class: 'faint' }, actorName(event.actor))))));
  } catch (problem) {
    if (problem instanceof Problem) fill(body, h('p', { class: 'notice bad' }, sentence(problem)));
  }
}
