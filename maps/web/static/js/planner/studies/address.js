/** An address before and after: looked up by name or coordinates, and asked of the study. */

import { get, post, Problem } from '../../kit/api.js';
import { nameOf, sentence, t } from '../../kit/i18n.js';
import { effect, html, signal, useEffect, useMemo } from '../../kit/view.js';
import { shell } from '../../shell/shell.js';
import { cityId, grouped, siteName } from '../state.js';

/** @typedef {import('./types.js').PlaceFound} PlaceFound */
/** @typedef {import('../../types.d.ts').PlaceView} PlaceView */

const SEARCH = 'place_search';

/** A place that is asked about. @typedef {{lon: number, lat: number, name: string}} Spot */

/** @param {{study_id: number, spot: import('../../kit/view.js').Signal<Spot|null>}} props  `spot`: the place that is asked about, set here or by a press on the map */
export function Address({ study_id, spot }) {
  const state = useMemo(() => ({
    query: signal(''), places: signal(/** @type {PlaceView[]} */ ([])), found: signal(/** @type {PlaceFound|null} */ (null)), problem: signal(/** @type {string|null} */ (null)),
  }), [study_id]);

  /** @param {() => Promise<void>} ask */
  async function asking(ask) {
    state.problem.value = null;
    try {
      await ask();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      state.problem.value = sentence(error);
    }
  }
  useEffect(() => effect(() => {
    const now = spot.value;
    state.found.value = null;
    if (!now) return;
    void asking(async () => {
      const found = await get(`/v1/planning/studies/${study_id}/at?lon=${now.lon}&lat=${now.lat}`);
      if (spot.peek() === now) state.found.value = found;
    });
  }), [study_id]);
  const choose = (/** @type {PlaceView} */ place) => {
    state.places.value = [];
    spot.value = { lon: place.lon, lat: place.lat, name: nameOf(place) };
  };
  const search = (/** @type {Event} */ event) => {
    event.preventDefault();
    const query = state.query.peek().trim();
    if (!query) return;
    void asking(async () => {
      spot.value = null;
      const { places, picked } = await post('/v1/places/search', { city_id: cityId(), query, limit: 6 });
      const one = picked ?? (places.length === 1 ? places[0] : null);
      if (one) choose(one);
      else if (places.length) state.places.value = places;
      else state.problem.value = t('plan.address.none');
    });
  };
  const found = state.found.value;
  return html`
    <section aria-labelledby="address-title" data-testid="address">
      <h3 id="address-title">${t('plan.address')}</h3>
      <p class="hint">${t('plan.address.press')}</p>
      ${shell.can(SEARCH) && html`<form class="row" role="search" onSubmit=${search}><input type="search" aria-label=${t('plan.address')} placeholder=${t('plan.address.hint')} value=${state.query.value} data-testid="address-query"
        onInput=${(/** @type {any} */ event) => { state.query.value = event.target.value; }} /><button data-testid="address-go">${t('plan.address.go')}</button></form>`}
      ${state.problem.value && html`<p class="problem" role="alert">${state.problem.value}</p>`}
      ${state.places.value.length > 0 && html`<ul class="plan-found">${state.places.value.map((one) => html`<li key=${one.place_id}><button type="button" class="link" onClick=${() => choose(one)}>${nameOf(one)}</button> <span class="faint small">${[one.street, one.house_number].filter(Boolean).join(' ')}</span></li>`)}</ul>`}
      ${found && html`
        <div class="plan-address" role="status" data-testid="address-found"><p><b>${spot.value?.name}</b></p>
          <dl class="plan-figures"><div><dt>${t('plan.before')}</dt><dd>${minutes(found.before_s)}</dd></div><div><dt>${t('plan.after')}</dt><dd>${minutes(found.after_s)}</dd></div>
            <div><dt>${t('plan.address.cell')}</dt><dd>${grouped(found.people)}</dd></div></dl>
          <p>${t(`plan.address.${/** @type {import('./cells.js').Change} */ (found.change)}`)} ${found.nearest ? t(found.nearest.new ? 'plan.address.nearest.new' : 'plan.address.nearest', { name: siteName(found.nearest) }) : ''}</p></div>`}
    </section>`;
}

/** @param {number|null} seconds */
const minutes = (seconds) => (seconds === null ? '–' : t('plan.minutes', { n: (seconds / 60).toFixed(1) }));
