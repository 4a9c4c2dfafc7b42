/** Incidents are found again, ended ones too: by number, place, date, and the caller's number by right. */

import { post, Problem } from '../kit/api.js';
import { shortTime, isoDate } from '../kit/clock.js';
import { h } from '../kit/dom.js';
import { code, onAppearance, pick, sentence, t } from '../kit/i18n.js';
import { html, render, signal } from '../kit/view.js';
import { shortcut } from './commands.js';
import { openIncident } from './feed.js';
import { CategoryMark } from './parts.js';
import { may, store } from './state.js';

const PAGE = 20;

/** @typedef {import('../types.d.ts').IncidentView} IncidentView */

/** A day as it is typed, from its first moment on this workstation. @param {string} day @param {number} [later_days] */
function moment(day, later_days = 0) {
  if (!day) return undefined;
  const at = new Date(`${day}T00:00:00`);
  at.setDate(at.getDate() + later_days);
  return at.toISOString();
}

export function openSearch() {
  if (document.getElementById('search-dialog')) return;
  const dialog = h('dialog', { id: 'search-dialog', class: 'search', 'aria-labelledby': 'search-title', 'data-testid': 'search-dialog' });
  /** @type {import('../kit/view.js').Signal<readonly IncidentView[]|null>} */
  const found = signal(null);
  /** @type {import('../kit/view.js').Signal<string|null>} */
  const following = signal(null);
  const problem = signal('');
  let asked = 0;
  /** What the page shown was asked with. @type {Record<string, string>} */
  let given = {};

  /** @param {string|null} cursor */
  async function read(cursor) {
    asked += 1;
    const mine = asked;
    const base = { city_id: store.state.city.city_id, limit: PAGE, cursor: cursor ?? undefined };
    try {
      const page = given.caller
        ? await post('/v1/incidents/search/caller', { ...base, caller_number: given.caller })
        : await post('/v1/incidents/search', {
          ...base, number: given.number || undefined, place: given.place || undefined,
          since: moment(given.since), before: moment(given.until, 1),
        });
      if (mine !== asked) return;
      found.value = cursor ? [...found.value ?? [], ...page.incidents] : page.incidents;
      following.value = page.next_cursor;
      problem.value = '';
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (mine === asked) problem.value = sentence(error);
    }
  }

  /** @param {SubmitEvent} event */
  function submit(event) {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
    given = Object.fromEntries([...form].map(([name, value]) => [name, String(value).trim()]));
    void read(null);
  }

  /** @param {string} incidentId */
  async function show(incidentId) {
    dialog.close();
    await openIncident(incidentId);
  }

  /** @param {{name: string, label: string, type?: string, testid: string}} props */
  const Field = ({ name, label, type = 'search', testid }) => html`<label>${label}
    <input name=${name} type=${type} autocomplete="off" maxlength="200" data-testid=${testid} /></label>`;

  function Search() {
    const zone = store.state.city.time_zone;
    return html`<h2 id="search-title">${t('search.title')}</h2>
      <form class="search-form" onSubmit=${submit}>
        <${Field} name="number" label=${t('search.number')} testid="search-number" />
        <${Field} name="place" label=${t('search.place')} testid="search-place" />
        <${Field} name="since" label=${t('search.since')} type="date" testid="search-since" />
        <${Field} name="until" label=${t('search.until')} type="date" testid="search-until" />
        ${may('personal_read') && html`<${Field} name="caller" label=${t('search.caller')} type="tel" testid="search-caller" />`}
        <button class="primary" data-testid="search-go">${t('search.go')}</button></form>
      ${may('personal_read') && html`<p class="faint small">${t('search.recorded')}</p>`}
      <div role="status" aria-live="polite">
        ${problem.value && html`<p class="notice bad" data-testid="search-problem">${problem.value}</p>`}
        ${found.value && !problem.value && html`<p class="faint" data-testid="search-count">${found.value.length ? t('search.found', { n: found.value.length }) : t('search.empty')}</p>`}</div>
      ${found.value && found.value.length > 0 && html`<ul class="search-results">${found.value.map((one) => html`<li key=${one.incident_id}>
        <button class="option" data-testid="search-result" data-incident-id=${one.incident_id} onClick=${() => show(one.incident_id)}>
          <${CategoryMark} category=${one.category} size=${22} title=${one.category ?? t('queue.uncoded')} />
          <span class="grow"><b>${one.number}</b> ${one.place_label ?? t('place.none')}
            <span class="faint"> ${pick(one.complaint)}</span></span>
          <span class="faint">${isoDate(one.received_at, zone)} ${shortTime(one.received_at, zone).slice(-5)} · ${one.outcome ? code('outcome', one.outcome) : code('state', one.state)}</span></button></li>`)}</ul>`}
      <div class="row end">${following.value && html`<button data-testid="search-more" onClick=${() => read(following.value)}>${t('search.more')}</button>`}
        <button class="quiet" onClick=${() => dialog.close()}>${t('close')}</button></div>`;
  }

  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  render(html`<${Search} />`, dialog);
  dialog.showModal();
}

/** The button of the queue's head. @param {HTMLElement} head */
export function startSearch(head) {
  const button = h('button', { class: 'quiet', 'data-testid': 'search-open', ...shortcut('search'), onclick: openSearch });
  const words = () => {
    button.textContent = t('search.button');
    button.title = t('search.title');
  };
  words();
  onAppearance(words);
  head.append(button);
}
