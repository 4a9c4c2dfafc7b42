/** The right side: the selected incident from call to close, section by section. */

import { ageElement } from '../../kit/clock.js';
import { byId, fill, h } from '../../kit/dom.js';
import { code, onAppearance, t } from '../../kit/i18n.js';
import { ended } from '../../kit/lifecycle.js';
import { markSvg, PRIORITY } from '../../kit/symbols.js';
import { incidentStep, refreshRecommendation } from './actions.js';
import { assignmentsSection } from './assignments.js';
import { callSection } from './call_section.js';
import { closeSection } from './close_section.js';
import { draftOf } from './drafts.js';
import { reload } from '../feed.js';
import { placeSection } from './place_section.js';
import { recommendSection } from './recommend_section.js';
import { may, selected, store } from '../state.js';
import { showStory } from './story.js';
import { triageSection } from './triage_section.js';

const RECOMMEND_EVERY_MS = 15_000;

/**
 * A section keeps its own inputs; `update` brings what changed on the server.
 * @typedef {{root: HTMLElement, update: (incident: import('../state.js').Incident) => void}} Section
 */

/** @type {Section[]} */
let sections = [];
/** The form of the call that is being taken. @type {ReturnType<typeof callSection>|null} */
let form = null;
/** @type {string|null} */
let shownId = null;

/** @param {import('../state.js').Incident} incident @returns {HTMLElement} */
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
      incident.simulated && !mine && may('incident_write') && !ended(incident)
        && h('button', { 'data-testid': 'take-over', title: t('incident.take_over.hint'), onclick: () => incidentStep(incident.incident_id, 'take-over') }, t('incident.take_over')),
      may('events_read') && h('button', { class: 'quiet', onclick: () => showStory(incident) }, t('story.button')),
    ),
  );
}

/** A call the server has not got yet: its form, so that nothing said is lost. @param {Element} panel @param {import('./drafts.js').Draft} draft */
function drawDraft(panel, draft) {
  if (shownId !== draft.key) {
    shownId = draft.key;
    form = callSection(draft);
    sections = [form];
    fill(panel, h('div', { id: 'incident-head' }), form.root);
  }
  fill(byId('incident-head'), h('header', { class: 'incident-head' }, h('div', { class: 'grow' },
    h('h2', {}, t('call.new')),
    h('p', { class: 'faint' }, t('incident.age'), ' ', ageElement(draft.received_at), ' · ', t('call.waiting')))));
  form?.update(null);
}

function draw() {
  const panel = byId('incident-panel');
  const incident = selected();
  const draft = store.state.drafts.get(store.state.draftKey ?? '');
  if (!incident && draft) return drawDraft(panel, draft);
  if (!incident) {
    shownId = null;
    fill(panel, h('div', { class: 'empty-side' },
      h('p', {}, t('incident.none')),
      h('p', { class: 'faint' }, t('incident.none.hint'))));
    return;
  }
  if (shownId !== incident.incident_id) {
    // The form of a call that has just got its incident stays in place, with the cursor in it.
    const kept = shownId !== null && shownId === draftOf(incident.incident_id)?.key ? sections[0] : null;
    shownId = incident.incident_id;
    const more = [placeSection(), triageSection(), assignmentsSection(), recommendSection(), closeSection()];
    sections = [kept ?? callSection(), ...more];
    if (kept) kept.root.after(...more.map((section) => section.root));
    else fill(panel, h('div', { id: 'incident-head' }), sections.map((section) => section.root));
    panel.scrollTop = 0;
  }
  fill(byId('incident-head'), head(incident));
  for (const section of sections) section.update(incident);
}

export function startIncidentPanel() {
  store.on(['incidents', 'incidentId', 'recommendation', 'candidateUnit', 'wholeList', 'protocol', 'drafts', 'draftKey'], draw);
  store.on(['incidentId'], () => {
    const incident = selected();
    if (!incident) return;
    void reload(incident.incident_id).catch(() => undefined);
    void refreshRecommendation();
  });
  setInterval(() => {
    const incident = selected();
    if (incident && !document.hidden && !ended(incident)) void refreshRecommendation();
  }, RECOMMEND_EVERY_MS);
  onAppearance(() => {
    shownId = null;
    draw();
  });
  draw();
}
