/** The queue: open incidents in the order of what must be done now. The accessible view of the map's incidents. */

import { clockTime, now_ms } from '../kit/clock.js';
import { byId } from '../kit/dom.js';
import { code, onAppearance, pick, t } from '../kit/i18n.js';
import { rememberQueueFilter, rememberQueueViews, settings } from '../kit/settings.js';
import { html, render, useEffect, useLayoutEffect, useRef, signal } from '../kit/view.js';
import { alarmsOf, isSilenced } from './alarms.js';
import { focusQueue } from './focus.js';
import { dismiss, sendAgain, unsent } from './incident/drafts.js';
import { Age, CategoryMark, missingWords } from './parts.js';
import { openAssignments, queueOrder, selectDraft, selected, selectIncident, stepOf, store } from './state.js';

/** @typedef {import('./state.js').Incident} Incident */
/** @typedef {import('../types.d.ts').Section|'fresh'} SectionName  fresh: came while the rows were held in place */

const SECTIONS = /** @type {SectionName[]} */ (['action', 'under_way', 'closing', 'fresh']);
const CATEGORIES = ['C1', 'C2', 'C3', 'C4', 'none'];
/** Keys rest when none was pressed in the queue this long. */
const REST_MS = 3000;

/** Counts what the queue was told of: drawn anew, and each second, since needs begin with time alone. */
const told = signal(0);

/** Where each stood when the pointer or the keys came into the queue. @type {Map<string, {at: number, section: SectionName}>|null} */
let held = null;
let pointed = false;
let keyed_ms = -Infinity;

/** @param {Incident} incident */
const sectionOf = (incident) => stepOf(incident)?.section ?? 'closing';

/** The filter: categories that are hidden, and whether only one's own show. An unassigned C1 always shows.
 * @param {Incident} incident */
function passes(incident) {
  const { hidden, mine } = settings.queueFilter;
  if (stepOf(incident)?.unassigned_c1) return true;
  if (mine && incident.handled_by !== store.state.session.user.user_id) return false;
  return !hidden.includes(incident.category ?? 'none');
}

/** What is shown, part by part: nothing moves under a pointer or a pressed key. */
function shown() {
  const now = queueOrder().filter(passes).map((incident) => ({ incident, section: /** @type {SectionName} */ (sectionOf(incident)) }));
  const resting = !pointed && performance.now() - keyed_ms > REST_MS;
  if (resting || !held) {
    held = new Map(now.map(({ incident, section }, at) => [incident.incident_id, { at, section }]));
    return { rows: now, moved: 0 };
  }
  const before = held;
  const place = (/** @type {typeof now[0]} */ one) => before.get(one.incident.incident_id)?.at ?? Infinity;
  const rows = now.map((one) => ({ ...one, section: before.get(one.incident.incident_id)?.section ?? /** @type {SectionName} */ ('fresh') }));
  rows.sort((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)));
  // One that has gone elsewhere takes the others along: only what would change its neighbours counts.
  const moved = rows.filter((one, at) => one.incident !== now[at].incident || one.section !== now[at].section).length;
  return { rows, moved };
}

function sortNow() {
  held = null;
  told.value += 1;
}

/** Who silenced an incident's alarms, and that one was passed on. @param {{incident: Incident}} props */
function AlarmMarks({ incident }) {
  const alarms = alarmsOf(incident);
  const silenced = alarms.filter(isSilenced).map((one) => one.stored?.acknowledged_by?.replace(/^user:/, '') ?? '');
  const passedOn = alarms.some((one) => one.stored?.escalated_at != null && !isSilenced(one));
  return html`${silenced.length > 0 && html` <span class="faint" data-testid="queue-silenced">${t('alarm.silenced', { by: [...new Set(silenced)].join(' ') })}</span>`}
    ${passedOn && html` <span class="overdue-tag" data-testid="queue-escalated">${t('alarm.escalated')}</span>`}`;
}

/** @param {{incident: Incident}} props */
function Row({ incident }) {
  // Drawn anew each second also when its incident is the same: a need begins with time alone.
  void told.value;
  const step = /** @type {import('./state.js').QueueStep} */ (stepOf(incident));
  const due = step.due_at;
  const overdue = due !== null && Date.parse(due) < now_ms();
  const units = openAssignments(incident).map((one) => one.call_sign).join(' ');
  const place = incident.place_label || t(incident.lon === null ? 'place.none' : 'place.point');
  const day = incident.number.slice(0, incident.number.lastIndexOf('-') + 1);
  const complaint = incident.complaint ? pick(incident.complaint) : t('queue.uncoded');
  // That its unit was taken away says more than that nobody is sent.
  const need = step.needs.find((one) => one.need === 'lost') ?? step.needs[0];
  const kinds = ['queue-row', step.needs.length && 'waiting', step.unassigned_c1 && 'unassigned-c1', overdue && 'overdue'];
  return html`<button class=${kinds.filter(Boolean).join(' ')} data-testid="queue-row"
      data-incident-id=${incident.incident_id} data-state=${incident.state} data-section=${step.section}
      aria-current=${incident.incident_id === store.state.incidentId ? 'true' : undefined}
      onClick=${() => selectIncident(incident.incident_id)}>
    <${CategoryMark} category=${incident.category} title=${incident.category ?? t('queue.uncoded')}
      hollow=${!incident.place_confirmed && incident.lon !== null} />
    <span class="queue-main">
      <span class="queue-line"><b title=${place}>${place}</b></span>
      <span class="queue-line faint"><span class="number" title=${incident.number}><span class="day">${day}</span>${incident.number.slice(day.length)}</span>
        <span class="ellipsis" title=${complaint}>${complaint}</span>
        ${incident.simulated && html`<span class="tag">${t('simulated.short')}</span>`}</span>
      <span class="queue-line need" data-testid="queue-need"><span>${need && code('need', need.need)}${need?.need === 'short' && ` · ${missingWords(incident)}`}</span>${overdue && html` <span class="overdue-tag">${t('queue.overdue')}</span>`}<${AlarmMarks} incident=${incident} /></span>
    </span>
    <span class="queue-end">
      <${Age} since=${incident.received_at} due=${due} />
      <span class=${`state ${incident.state}`}>${code('state', incident.state)}</span>
      <span class="signs" title=${units}>${units}</span>
    </span>
  </button>`;
}

/** @param {{section: SectionName, rows: Incident[]}} props */
const Part = ({ section, rows }) => html`
  <section class="queue-part" aria-labelledby=${`queue-${section}`} data-testid=${`queue-${section}`}>
    <h3 id=${`queue-${section}`}>${code('queue', section)} <span class="count">${rows.length}</span></h3>
    <ul>${rows.map((incident) => html`<li key=${incident.incident_id}><${Row} incident=${incident} /></li>`)}</ul>
  </section>`;

/** Once, when the field is drawn. @param {HTMLElement|null} field */
const focusField = (field) => field?.focus();

/** Names that are being given to what is chosen. */
const naming = signal(false);

/** Filters under a name: chosen, kept, forgotten. @param {{choose: (filter: import('../kit/settings.js').QueueFilter) => void}} props */
function Views({ choose }) {
  void told.value;
  const { queueFilter, queueViews } = settings;
  const now = JSON.stringify(queueFilter);
  const at = queueViews.findIndex((one) => JSON.stringify(one.filter) === now);
  const keep = (/** @type {typeof queueViews} */ views) => {
    rememberQueueViews(views);
    naming.value = false;
    told.value += 1;
  };
  const name = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const given = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get('name')).trim();
    if (given) keep([...queueViews.filter((one) => one.name !== given), { name: given, filter: queueFilter }]);
  };
  if (naming.value) {
    return html`<form class="name-view" onSubmit=${name} onKeyDown=${(/** @type {KeyboardEvent} */ event) => { if (event.key === 'Escape') naming.value = false; }}>
      <input name="name" maxlength="30" autocomplete="off" ref=${focusField} data-testid="view-name" aria-label=${t('view.name')} placeholder=${t('view.name')} />
      <button class="chip" data-testid="view-keep">${t('view.keep')}</button></form>`;
  }
  return html`${queueViews.length > 0 && html`<select class="views" data-testid="view-choose" aria-label=${t('view.title')} value=${String(at)}
      onChange=${(/** @type {import('../kit/dom.js').ChoiceEvent} */ event) => { const view = queueViews[Number(event.target.value)]; if (view) choose(view.filter); }}>
      <option value="-1">${t('view.title')}</option>${queueViews.map((one, index) => html`<option key=${one.name} value=${String(index)}>${one.name}</option>`)}</select>`}
    ${at < 0 ? html`<button class="chip view" data-testid="view-save" title=${t('view.save')} aria-label=${t('view.save')} onClick=${() => { naming.value = true; }}>＋</button>`
    : html`<button class="chip view" data-testid="view-forget" title=${t('view.forget', { name: queueViews[at].name })} aria-label=${t('view.forget', { name: queueViews[at].name })} onClick=${() => keep(queueViews.filter((_, index) => index !== at))}>－</button>`}`;
}

/** @param {{hidden: number}} props  how many open incidents the filter hides */
function Filter({ hidden }) {
  void told.value;
  const chosen = settings.queueFilter;
  const choose = (/** @type {Partial<typeof chosen>} */ change) => {
    rememberQueueFilter({ ...chosen, ...change });
    sortNow();
  };
  const toggle = (/** @type {string} */ one) => choose({
    hidden: chosen.hidden.includes(one) ? chosen.hidden.filter((other) => other !== one) : [...chosen.hidden, one],
  });
  return html`<div class="queue-filter" role="group" aria-label=${t('queue.filter')}>
    ${CATEGORIES.map((one) => html`<button key=${one} class="chip" data-testid=${`filter-${one}`} title=${code('priority', one)}
      aria-label=${code('priority', one)} aria-pressed=${String(!chosen.hidden.includes(one))} onClick=${() => toggle(one)}>${one === 'none' ? '?' : one}</button>`)}
    <button class="chip" data-testid="filter-mine" aria-pressed=${String(chosen.mine)} onClick=${() => choose({ mine: !chosen.mine })}>${t('queue.mine')}</button>
    <${Views} choose=${choose} />
    ${hidden > 0 && html`<span class="hidden-count" data-testid="filter-hidden">${t('queue.hidden', { n: hidden })}
      <button class="link" onClick=${() => choose({ hidden: [], mine: false })}>${t('queue.show_all')}</button></span>`}
  </div>`;
}

function Queue() {
  void told.value;
  const { rows, moved } = shown();
  const list = useRef(/** @type {HTMLElement|null} */ (null));
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  // A row that is put elsewhere loses the focus in the browser: it gets it back.
  useLayoutEffect(() => {
    if (focused?.isConnected && list.current?.contains(focused) && document.activeElement !== focused) focused.focus({ preventScroll: true });
  });
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [store.state.incidentId]);
  const part = (/** @type {SectionName} */ section) => rows.filter((one) => one.section === section).map((one) => one.incident);
  return html`<div ref=${list}
      onPointerEnter=${() => { pointed = true; }} onPointerLeave=${() => { pointed = false; sortNow(); }}
      onKeyDown=${() => { keyed_ms = performance.now(); }}>
    <${Filter} hidden=${queueOrder().length - rows.length} />
    ${rows.length ? SECTIONS.map((section) => (section !== 'fresh' || part(section).length > 0) && html`<${Part} key=${section} section=${section} rows=${part(section)} />`)
    : html`<p class="empty">${t(store.state.loaded ? 'queue.empty' : 'loading')}</p>`}
    <div class="moved-line" role="status">${moved > 0 && html`<button class="moved" data-testid="queue-moved" onClick=${sortNow}>${t('queue.moved', { n: moved })}</button>`}</div>
  </div>`;
}

/** A call the server has not got: to type on, or, when refused, to send again or give up. @param {{draft: import('./incident/drafts.js').Draft}} props */
function Unsent({ draft }) {
  const show = () => (draft.incident_id ? selectIncident(draft.incident_id) : selectDraft(draft.key));
  return html`<div class="unsent-call" data-testid="unsent-call">
    <button class="link" onClick=${show}>${clockTime(draft.received_at, store.state.city.time_zone)}</button>
    <span class="grow">${draft.words}</span>
    ${draft.refused && html`<span class="bad">${draft.refused}</span>
      <button data-testid="draft-again" onClick=${() => sendAgain(draft)}>${t('draft.again')}</button>
      <button class="quiet" data-testid="draft-dismiss" onClick=${() => dismiss(draft)}>${t('draft.dismiss')}</button>`}
  </div>`;
}

function UnsentCalls() {
  void told.value;
  const kept = unsent();
  return kept.length ? html`<p>${t('draft.count', { n: kept.length })}</p>${kept.map((draft) => html`<${Unsent} key=${draft.key} draft=${draft} />`)}` : null;
}

/** Incidents that need somebody now. */
export const toDo = () => queueOrder().filter((one) => sectionOf(one) === 'action');

const ICON = /** @type {HTMLLinkElement} */ (document.querySelector('link[rel=icon]'));

/** Title and favicon count what needs somebody, also while another window is in front. */
function countOutside() {
  const due = toDo();
  const n = due.length;
  document.title = n ? `${t('queue.title_count', { n })} · GoldenHour` : 'GoldenHour';
  const urgent = due.some((one) => stepOf(one)?.unassigned_c1);
  const icon = n ? `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="${urgent ? '#a83f00' : '#0068a3'}"/><text x="16" y="23" text-anchor="middle" font-family="sans-serif" font-weight="700" font-size="20" fill="#fff">${n > 9 ? '9+' : n}</text></svg>`)}` : '/static/icon.svg';
  if (ICON.getAttribute('href') !== icon) ICON.setAttribute('href', icon);
}

export function startQueue() {
  const box = byId('unsent');
  function draw() {
    byId('queue-count').textContent = String(queueOrder().length);
    box.hidden = unsent().length === 0;
    told.value += 1;
    countOutside();
  }
  render(html`<${Queue} />`, byId('queue'));
  render(html`<${UnsentCalls} />`, box);
  store.on(['incidents', 'incidentId', 'drafts', 'loaded'], draw);
  onAppearance(draw);
  setInterval(draw, 1000);
  draw();
}

/** The incident after the one shown, of those that need somebody now. */
export function nextToDo() {
  const due = toDo();
  return due[(due.findIndex((one) => one.incident_id === store.state.incidentId) + 1) % due.length] ?? null;
}

/** Select the next or previous incident of the queue. @param {1|-1} step */
export function moveInQueue(step) {
  const rows = shown().rows;
  if (!rows.length) return;
  const at = rows.findIndex(({ incident }) => incident.incident_id === selected()?.incident_id);
  const next = at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step));
  keyed_ms = performance.now();
  selectIncident(rows[next].incident.incident_id);
  // The focus goes along: Enter must mean the row that is marked.
  if (byId('queue').contains(document.activeElement)) requestAnimationFrame(focusQueue);
}
