/** The right side: the selected incident from call to close, section by section. */

import { ageElement } from '../clock.js';
import { byId, fill, h } from '../dom.js';
import { code, onAppearance, t } from '../i18n.js';
import { markSvg, PRIORITY } from '../symbols.js';
import { incidentStep, refreshRecommendation } from './actions.js';
import { assignmentsSection } from './assignments.js';
import { callSection } from './call_section.js';
import { closeSection } from './close_section.js';
import { reload } from './feed.js';
import { placeSection } from './place_section.js';
import { recommendSection } from './recommend_section.js';
import { CLOSED_STATES, may, selected, store } from './state.js';
import { showStory } from './story.js';
import { triageSection } from './triage_section.js';

const RECOMMEND_EVERY_MS = 15_000;

/**
 * A section keeps its own inputs; `update` brings what changed on the server.
 * @typedef {{root: HTMLElement, update: (incident: any) => void}} Section
 */

/** @type {Section[]} */
let sections = [];
/** @type {string|null} */
let shownId = null;

/** @param {any} incident @returns {HTMLElement} */
function head(incident) {
  const mine = incident.handled_by && incident.handled_by === store.state.session?.user?.user_id;
  return h('header', { class: 'incident-head' },
    markSvg(PRIORITY[incident.category ?? 'none'], { size: 36, title: incident.category ?? t('queue.uncoded') }),
    h('div', { class: 'grow' },
      h('h2', {}, incident.number,
        ' ', h('span', { class: `state ${incident.state}`, 'data-testid': 'incident-state', 'data-state': incident.state }, code('state', incident.state)),
        incident.simulated && h('span', { class: 'tag' }, t('simulated'))),
      h('p', { class: 'faint' },
        t('incident.age'), ' ', ageElement(incident.received_at),
        incident.determinant ? ` · ${incident.determinant}` : '',
        incident.duplicate_of ? ` · ${t('incident.duplicate')}` : '',
        mine ? ` · ${t('incident.mine')}` : ''),
    ),
    h('div', { class: 'head-buttons' },
      incident.simulated && !mine && may('incident_write') && !CLOSED_STATES.has(incident.state)
        && h('button', { 'data-testid': 'take-over', title: t('incident.take_over.hint'), onclick: () => incidentStep(incident.incident_id, 'take-over') }, t('incident.take_over')),
      may('events_read') && h('button', { class: 'quiet', onclick: () => showStory(incident) }, t('story.button')),
    ),
  );
}

function draw() {
  const panel = byId('incident-panel');
  const incident = selected();
  if (!incident) {
    shownId = null;
    fill(panel, h('div', { class: 'empty-side' },
      h('p', {}, t('incident.none')),
      h('p', { class: 'faint' }, t('incident.none.hint'))));
    return;
  }
  if (shownId !== incident.incident_id) {
    shownId = incident.incident_id;
    sections = [callSection(), placeSection(), triageSection(), assignmentsSection(), recommendSection(), closeSection()];
    fill(panel, h('div', { id: 'incident-head' }), sections.map((section) => section.root));
    panel.scrollTop = 0;
  }
  fill(byId('incident-head'), head(incident));
  for (const section of sections) section.update(incident);
}

export function startIncidentPanel() {
  store.on(['incidents', 'incidentId', 'recommendation', 'candidateUnit', 'protocol', 'drafts'], draw);
  store.on(['incidentId'], () => {
    const incident = selected();
    if (!incident) return;
    void reload(incident.incident_id).catch(() => undefined);
    void refreshRecommendation();
  });
  setInterval(() => {
    const incident = selected();
    if (incident && !document.hidden && !CLOSED_STATES.has(incident.state)) void refreshRecommendation();
  }, RECOMMEND_EVERY_MS);
  onAppearance(() => {
    shownId = null;
    draw();
  });
  draw();
}
