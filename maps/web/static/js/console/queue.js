/** The queue: open incidents, most urgent first. The accessible view of the map's incidents. */

import { ageElement, clockTime } from '../kit/clock.js';
import { byId, h, keyedList } from '../kit/dom.js';
import { code, onAppearance, pick, t } from '../kit/i18n.js';
import { waiting as isWaiting } from '../kit/lifecycle.js';
import { markSvg, PRIORITY } from '../kit/symbols.js';
import { dismiss, sendAgain, unsent } from './incident/drafts.js';
import { openAssignments, queueOrder, selectDraft, selected, selectIncident, store } from './state.js';

/** Age at which a waiting call turns late, in seconds: display only, profiles come with KPIs. */
const LATE_S = /** @type {Record<string, number>} */ ({ C1: 60, C2: 120, C3: 600, C4: 1200, none: 60 });

/** @param {import('./state.js').Incident} incident */
function row(incident) {
  const category = incident.category ?? 'none';
  const waiting = isWaiting(incident);
  const units = openAssignments(incident).map((one) => one.call_sign);
  return h('li', {},
    h('button', {
      class: `queue-row${waiting ? ' waiting' : ''}`, 'data-testid': 'queue-row',
      'data-incident-id': incident.incident_id, 'data-state': incident.state,
      'aria-current': incident.incident_id === store.state.incidentId ? 'true' : null,
      onclick: () => selectIncident(incident.incident_id),
    },
    markSvg(PRIORITY[category], { size: 28, title: incident.category ?? t('queue.uncoded'), hollow: !incident.place_confirmed && incident.lon !== null }),
    h('span', { class: 'queue-main' },
      h('span', { class: 'queue-line' },
        h('b', {}, incident.place_label || t(incident.lon === null ? 'place.none' : 'place.point')),
      ),
      h('span', { class: 'queue-line faint' },
        h('span', { class: 'number' }, incident.number),
        complaintOf(incident),
        incident.simulated && h('span', { class: 'tag' }, t('simulated.short')),
      ),
    ),
    h('span', { class: 'queue-end' },
      ageElement(incident.received_at, waiting ? LATE_S[category] : null),
      h('span', { class: `state ${incident.state}` }, code('state', incident.state)),
      h('span', { class: 'signs' }, units.length ? units.join(' ') : ''),
    )),
  );
}

/** A call the server has not got: to type on, or, when refused, to send again or give up. @param {import('./incident/drafts.js').Draft} draft */
function unsentRow(draft) {
  const show = () => (draft.incident_id ? selectIncident(draft.incident_id) : selectDraft(draft.key));
  return h('div', { class: 'unsent-call', 'data-testid': 'unsent-call' },
    h('button', { class: 'link', onclick: show }, clockTime(draft.received_at, store.state.city.time_zone)),
    h('span', { class: 'grow' }, draft.words),
    draft.refused && h('span', { class: 'bad' }, draft.refused),
    draft.refused && h('button', { 'data-testid': 'draft-again', onclick: () => sendAgain(draft) }, t('draft.again')),
    draft.refused && h('button', { class: 'quiet', 'data-testid': 'draft-dismiss', onclick: () => dismiss(draft) }, t('draft.dismiss')));
}

/** @param {import('./state.js').Incident} incident */
export function complaintOf(incident) {
  const complaint = incident.complaint;
  if (!complaint) return h('span', { class: 'ellipsis' }, t('queue.uncoded'));
  return h('span', { class: 'ellipsis' }, pick(complaint));
}

export function startQueue() {
  const list = byId('queue');
  function draw() {
    const rows = queueOrder();
    byId('queue-count').textContent = String(rows.length);
    const lang = document.documentElement.lang;
    keyedList(list, rows.length ? rows : [null], {
      key: (incident) => incident?.incident_id ?? 'empty',
      signature: (incident) => (incident
        ? JSON.stringify([incident.version, incident.incident_id === store.state.incidentId, lang])
        : lang + store.state.loaded),
      render: (incident) => (incident ? row(incident)
        : h('li', { class: 'empty' }, t(store.state.loaded ? 'queue.empty' : 'loading'))),
    });
    const kept = unsent();
    const box = byId('unsent');
    box.hidden = kept.length === 0;
    keyedList(box, [null, ...kept], {
      key: (draft) => draft?.key ?? 'count',
      signature: (draft) => (draft ? JSON.stringify([draft.incident_id, draft.words, draft.refused, lang]) : kept.length + lang),
      render: (draft) => (draft ? unsentRow(draft) : h('p', {}, t('draft.count', { n: kept.length }))),
    });
  }
  store.on(['incidents', 'incidentId', 'drafts', 'loaded'], draw);
  store.on(['incidentId'], () => list.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' }));
  onAppearance(draw);
  draw();
}

/** Select the next or previous incident of the queue. @param {1|-1} step */
export function moveInQueue(step) {
  const rows = queueOrder();
  if (!rows.length) return;
  const at = rows.findIndex((incident) => incident.incident_id === selected()?.incident_id);
  const next = at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step));
  selectIncident(rows[next].incident_id);
}
