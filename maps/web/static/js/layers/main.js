/** Map layers by right; beside them minutes by road, which follow the roads as they change. */

import { get } from '../kit/api.js';
import { t } from '../kit/i18n.js';
import { resource } from '../kit/resource.js';
import { effect, html, signal, useEffect } from '../kit/view.js';
import { startLive } from '../live/live.js';
import { LayerMap, layerMapState } from '../map/catalogue.js';
import { shell, startPage } from '../shell/shell.js';
import { Districts, Minutes } from './minutes.js';
import { WORDS } from './words.js';

/** Closures also end by themselves, which is no event. */
const LOOK_EVERY_MS = 10_000;
const ACCESS = 'access_read';
const EVENTS = 'events_read';

const target = signal(/** @type {import('./minutes.js').Target} */ ('station'));
const limit_min = signal(12);
const timeOfDay = signal(/** @type {import('./minutes.js').TimeOfDay} */ ('all'));
/** Layer of risks by which people are weighed; empty: none. */
const weighBy = signal('');
const layerOf = (/** @type {string} */ one) => `minutes_${one}`;

const map = layerMapState(shell.city, { on: ['stations', 'facilities', 'conditions'] });

const read = resource((stop) => {
  const city = /** @type {import('../types.d.ts').CityInfo} */ (shell.city.peek());
  const query = new URLSearchParams({ city_id: String(city.city_id), limit_min: String(limit_min.peek()), time_of_day: timeOfDay.peek() });
  if (weighBy.peek()) query.set('weigh_by', weighBy.peek());
  return get(`/v1/planning/minutes/${target.peek()}?${query}`, { signal: stop });
}, { now: false });

/** Whether people may be weighed by a layer: risks of areas in units whose double is twice as much. @param {import('../types.d.ts').LayerView} view */
const weighs = (view) => view.group.code === 'risks' && view.geometry === 'polygon' && view.unit?.code !== 'Cel';

/** One layer of minutes at a time: the one that is summed up. */
function showTarget() {
  const others = [...map.on.peek()].filter((name) => !name.startsWith('minutes_'));
  map.on.value = new Set([...others, layerOf(target.value)]);
}

function keepUp() {
  const mayRead = shell.can(ACCESS);
  if (!mayRead) return () => undefined;
  let conditions = '';
  const stops = [
    effect(showTarget),
    effect(() => {
      void [limit_min.value, timeOfDay.value, target.value, weighBy.value];
      if (shell.city.value) void read.reload();
    }),
    effect(() => {
      const now = read.data.value?.roads.conditions_id ?? '';
      if (conditions && now !== conditions) map.renew((name) => name.startsWith('minutes_') || name === 'conditions');
      conditions = now;
    }),
    effect(() => {
      const city = shell.city.value;
      if (!city || !shell.can(EVENTS)) return undefined;
      const live = startLive(city.city_id, null, {
        onDomain: (event) => { if (event.subject_kind === 'road_condition' || event.subject_kind === 'road_network') void read.reload(); },
        onResync: () => void read.reload(),
        onGone: () => undefined, onPositions: () => undefined, onLogout: () => undefined, onLost: () => undefined,
      });
      return () => live.close();
    }),
  ];
  const timer = setInterval(() => { if (!document.hidden && shell.city.peek()) void read.reload(); }, LOOK_EVERY_MS);
  return () => {
    clearInterval(timer);
    for (const stop of stops) stop();
  };
}

function LayersPage() {
  const may = shell.can(ACCESS);
  useEffect(keepUp, []);
  const state = { city: shell.city, target, limit_min, timeOfDay, weighBy, read, simulated: shell.session.value?.installation.purpose === 'simulation',
    legend: map.views.value.find((view) => view.name === layerOf(target.value))?.legend ?? [],
    risks: map.views.value.filter(weighs) };
  return html`
    <div class="layers-page ${may ? '' : 'map-only'}">
      <h1 class="visually-hidden">${t('minutes.title')}</h1>
      <${LayerMap} state=${map} />
      ${may && html`<aside class="layers-beside" aria-label=${t('minutes.heading')}><${Minutes} state=${state} /></aside>
        <div class="layers-below"><${Districts} state=${state} /></div>`}
    </div>`;
}

await startPage({ words: WORDS, view: LayersPage });
