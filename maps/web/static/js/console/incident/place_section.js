/** Where it is: search that never picks between two like answers, or a click on the map. */

import { Problem } from '../../kit/api.js';
import { distance } from '../../kit/clock.js';
import { debounce, fill, h } from '../../kit/dom.js';
import { code, nameOf, t } from '../../kit/i18n.js';
import { assignmentState, ended } from '../../kit/lifecycle.js';
import { shortcut } from '../commands.js';
import { fromHere, nextStep, onEnter } from '../focus.js';
import { searchPlaces, setPlace } from './actions.js';
import { searchCentre } from '../map/view.js';
import { say, sayProblem } from '../../kit/messages.js';
import { located, may, selected, store } from '../state.js';

const SEARCH_MS = 200;
/** A place known less precisely than this is said to be rough, also when somebody confirmed it. */
const ROUGH_M = 200;

/** Name and street of a found place. @param {import('../../types.d.ts').PlaceView} place */
export function placeLabel(place) {
  const name = nameOf(place);
  const address = [place.street, place.house_number].filter(Boolean).join(' ');
  return address && address !== name ? `${name}, ${address}` : name;
}

/** @typedef {import('../../types.d.ts').CoordinatesView} CoordinatesView */

/** Degrees as everybody writes them, latitude first. @param {{lon: number, lat: number}} point */
export const degrees = ({ lon, lat }) => `${lat.toFixed(5)}, ${lon.toFixed(5)}`;

/** The ways to read typed coordinates. Nobody but the caller knows on which map they were measured.
 * @param {CoordinatesView[]} options @param {(point: CoordinatesView) => void} choose @param {string} testid */
function coordinateOptions(options, choose, testid) {
  if (!options.length) return [h('p', { class: 'notice warn', role: 'status', 'data-testid': 'coordinates-outside' }, t('coordinates.outside'))];
  const ask = options.some((one) => !one.datum_stated);
  return [
    options.length > 1 && h('p', { class: 'notice warn', role: 'status', 'data-testid': 'coordinates-ask' }, t(ask ? 'coordinates.ask_datum' : 'coordinates.ask')),
    h('ol', { class: 'options' }, options.map((one, index) => h('li', {}, h('button', {
      class: 'option', 'data-testid': testid, 'data-datum': one.datum, onclick: () => choose(one),
    },
    h('span', { class: 'rank' }, index + 1),
    h('span', { class: 'grow' }, h('b', {}, one.datum_stated ? t('coordinates.point', { point: degrees(one) }) : code('datum', one.datum)),
      h('span', { class: 'faint' }, ` ${one.streets ? t('coordinates.near', { streets: one.streets }) : t('coordinates.no_street')} · ± ${distance(one.uncertainty_m)}`)),
    one.distance_m !== null && h('span', { class: 'faint' }, distance(one.distance_m)))))),
  ];
}

/**
 * Rows of found places; choosing one calls `choose`, choosing coordinates `choosePoint`.
 * @param {import('../../types.d.ts').PlacesFound|null} found @param {(place: import('../../types.d.ts').PlaceView) => void} choose
 * @param {(point: CoordinatesView) => void} choosePoint @param {string} testid
 */
export function placeOptions(found, choose, choosePoint, testid) {
  if (!found) return [];
  if (found.coordinates) return coordinateOptions(found.coordinates.options, choosePoint, testid);
  if (!found.places.length) return [h('p', { class: 'notice' }, t('place.nothing'))];
  return [
    found.ambiguous && h('p', { class: 'notice warn', role: 'status' }, t('place.ambiguous')),
    h('ol', { class: 'options' }, found.places.map((place, index) =>
      h('li', {}, h('button', {
        class: 'option', 'data-testid': testid, 'data-place-id': place.place_id, onclick: () => choose(place),
      },
      h('span', { class: 'rank' }, index + 1),
      h('span', { class: 'grow' }, h('b', {}, placeLabel(place)),
        h('span', { class: 'faint' }, ` ${code('kind', place.kind)}${place.modelled ? ` · ${t('modelled.short')}` : ''}`)),
      place.distance_m !== undefined && place.distance_m !== null && h('span', { class: 'faint' }, distance(place.distance_m)))))),
  ];
}

/** @returns {import('./panel.js').Section} */
export function placeSection() {
  const summary = h('div');
  const results = h('div', { 'aria-live': 'polite' });
  const input = h('input', {
    id: 'place-search', ...shortcut('place'), type: 'search', autocomplete: 'off', 'data-testid': 'place-search', placeholder: t('place.search'),
    'aria-label': t('place.search'), oninput: typed, onkeydown: keys,
  });
  const pickButton = h('button', { 'data-testid': 'pick-on-map', 'aria-pressed': 'false', onclick: togglePicking }, t('place.pick'));
  const tools = h('div', { class: 'row' }, input, pickButton);
  const root = h('section', { class: 'block', 'data-testid': 'place-section' }, h('h3', {}, t('place.title')), summary, tools, results);
  let opened = false;
  /** @type {{query: string, answer: import('../../types.d.ts').PlacesFound}|null} the answer to what stands in the field now */
  let found = null;
  let asked = 0;
  /** @type {string|null} the text that Enter was pressed on before its answer came */
  let entered = null;
  /** The incident this form belongs to, as it was when one began to fill it in. @type {import('../state.js').Incident} */
  let base;
  let begun = false;
  let saving = false;

  /** What was found belongs to other text from here on, and so does an answer still under way. */
  function typed() {
    begun = true;
    dropEntered();
    found = null;
    asked += 1;
    searchSoon();
  }

  /** The Enter that waits can no longer be kept: say so. */
  function dropEntered() {
    if (entered !== null) say(t('place.enter_dropped', { query: entered }), 'bad');
    entered = null;
  }

  async function search() {
    const query = input.value.trim();
    asked += 1;
    const mine = asked;
    if (query.length < 1) return showFound(query, null);
    try {
      const answer = await searchPlaces(query, searchCentre());
      if (mine === asked) showFound(query, answer);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (mine === asked) dropEntered();
      sayProblem(problem);
    }
  }

  const searchSoon = debounce(() => {
    // An Enter has asked at once for this text.
    if (entered === null && found?.query !== input.value.trim()) void search();
  }, SEARCH_MS);

  /** @param {string} query @param {import('../../types.d.ts').PlacesFound|null} answer */
  function showFound(query, answer) {
    found = answer && { query, answer };
    if (isShown()) store.set({ places: answer?.places ?? [] });
    fill(results, placeOptions(answer, choose, choosePoint, 'place-option'));
    if (found && entered === query) {
      entered = null;
      enter(found.answer);
    }
  }

  const isShown = () => base.incident_id === store.state.incidentId;

  /** What Enter means for an answer: the one place that fits, else nothing, and it says so. @param {import('../../types.d.ts').PlacesFound} answer */
  function enter({ places, picked, ambiguous, coordinates }) {
    const [read, ...more] = coordinates?.options ?? [];
    if (picked && !ambiguous) void choose(picked);
    else if (read && !more.length) void choosePoint(read);
    else say(t(places.length || read ? 'place.enter_ambiguous' : 'place.enter_nothing', { query: input.value.trim() }), 'bad');
  }

  /** @param {CoordinatesView} read */
  async function choosePoint(read) {
    const point = { lon: read.written_lon, lat: read.written_lat, datum: read.datum, uncertainty_m: read.uncertainty_m };
    await save({ point, label: read.streets ?? degrees(read), confirmed: true });
  }

  /** @param {import('../../types.d.ts').PlaceView} place */
  async function choose(place) {
    await save({ place_id: place.place_id, label: placeLabel(place), confirmed: true });
  }

  /** One place at a time: a second press while the first is being stored stores nothing. @param {import('../../types.d.ts').PlaceIn} body */
  async function save(body) {
    if (saving) return;
    saving = true;
    const on = fromHere();
    const done = await setPlace(base, body).finally(() => { saving = false; });
    if (!done) return;
    finish();
    if (isShown()) on(nextStep(done));
  }

  function finish() {
    input.value = '';
    opened = false;
    begun = false;
    entered = null;
    asked += 1;
    showFound('', null);
  }

  /** @param {KeyboardEvent} event */
  function keys(event) {
    const query = input.value.trim();
    if (event.key === 'Enter' && query && !event.repeat && !event.isComposing && entered !== query) {
      if (found?.query === query) enter(found.answer);
      else {
        entered = query;
        void search();
      }
    }
    if (event.key === 'ArrowDown') /** @type {HTMLElement|null} */ (results.querySelector('button'))?.focus();
  }

  function togglePicking() {
    if (store.state.picking) return store.set({ picking: null });
    return store.set({
      picking: (point) => {
        const body = { point: { ...point, datum: 'wgs84', uncertainty_m: 30 }, label: degrees(point), confirmed: true };
        void save(body);
      },
    });
  }
  store.on(['picking'], () => pickButton.setAttribute('aria-pressed', String(Boolean(store.state.picking))));

  /** Who is under way there: a corrected place is theirs to be told. @param {import('../state.js').Incident} incident */
  function warning(incident) {
    const way = incident.assignments.filter((one) => assignmentState(one.state)?.approaching);
    const without = way.filter((one) => !one.has_place);
    if (without.length) return h('p', { class: 'notice warn', role: 'status', 'data-testid': 'place-warning' }, t('place.untold', { units: without.map((one) => one.call_sign).join(' ') }));
    return opened && way.length > 0 && h('p', { class: 'notice', 'data-testid': 'place-under-way' }, t('place.under_way', { units: way.map((one) => one.call_sign).join(' ') }));
  }

  onEnter('place', () => {
    if (!may('incident_write') || ended(base)) return false;
    if (tools.hidden) {
      opened = true;
      section.update(/** @type {import('../state.js').Incident} */ (selected()));
    }
    input.focus();
    return true;
  });

  /** @type {import('./panel.js').Section} */
  const section = {
    root,
    update(incident) {
      // A form that somebody has begun stands on what it was begun on.
      if (!begun) base = incident;
      const here = located(incident) ? { lon: incident.lon, lat: incident.lat } : null;
      const editable = may('incident_write') && !ended(incident);
      const show = editable && (!here || opened);
      tools.hidden = !show;
      results.hidden = !show;
      fill(summary, warning(incident), here
        ? h('p', { class: 'summary' },
          h('b', {}, incident.place_label || t('place.point')), ' ',
          incident.place_confirmed && (incident.uncertainty_m ?? 0) > ROUGH_M
            ? h('span', { class: 'tag warn' }, t('place.coarse'))
            : incident.place_confirmed
            ? h('span', { class: 'ok' }, `✓ ${t('place.confirmed')}`)
            : h('span', { class: 'tag warn' }, t('place.unconfirmed')),
          incident.uncertainty_m ? h('span', { class: 'faint' }, ` ± ${distance(incident.uncertainty_m)}`) : '',
          editable && !incident.place_confirmed && h('button', {
            class: 'quiet', onclick: () => setPlace(incident, {
              point: { ...here, datum: 'wgs84', uncertainty_m: incident.uncertainty_m ?? undefined },
              label: incident.place_label ?? undefined, confirmed: true,
            }),
          }, t('place.confirm')),
          editable && h('button', {
            class: 'quiet', onclick: () => {
              opened = !opened;
              begun = opened;
              section.update(incident);
              if (opened) input.focus();
            },
          }, t(opened ? 'cancel' : 'change')))
        : h('p', { class: 'notice warn' }, t('place.missing')));
    },
  };
  return section;
}
