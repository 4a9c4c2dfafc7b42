/** Top bar: city, clock, purpose, counts, simulation, user. And the banner of a lost stream. */

import { Problem, request } from '../kit/api.js';
import { clockTime, isoDate, now_ms } from '../kit/clock.js';
import { byId, fill, h } from '../kit/dom.js';
import { code, nameOf, onAppearance, pick, switches, t } from '../kit/i18n.js';
import { unitPhase, waiting } from '../kit/lifecycle.js';
import { shortcut } from './commands.js';
import { follow } from './feed.js';
import { sayProblem } from '../kit/messages.js';
import { simulationControl } from './simulation.js';
import { sizeText } from './panes.js';
import { DESK_TEXTS, settings } from '../kit/settings.js';
import { openWindow, VIEWS } from './windows.js';
import { may, queueOrder, selectIncident, store } from './state.js';

export async function signOut() {
  await request('DELETE', '/v1/session').catch(() => undefined);
  location.assign('/login');
}

/** @param {string} cityId */
async function changeCity(cityId) {
  const city = store.state.cities.find((one) => String(one.city_id) === cityId);
  if (!city) return;
  selectIncident(null);
  store.set({ city, incidents: new Map(), units: new Map(), loaded: false });
  history.replaceState(null, '', `/console?city=${encodeURIComponent(city.key)}`);
  await follow().catch((problem) => {
    if (!(problem instanceof Problem)) throw problem;
    sayProblem(problem);
  });
}

/** The viewer's other pages, where he has any. */
function elsewhere() {
  const pages = store.state.session.pages.filter((one) => one.order !== null && !['/', '/aed', '/console'].includes(one.path));
  if (!pages.length) return null;
  return h('select', {
    class: 'quiet', 'aria-label': t('top.pages'), 'data-testid': 'pages',
    onchange: (/** @type {import('../kit/dom.js').ChoiceEvent} */ event) => { if (event.target.value) location.assign(event.target.value); },
  }, h('option', { value: '' }, t('top.pages')), pages.map((one) => h('option', { value: one.path }, pick(one.title))));
}

/** Parts of the desk for other screens. */
const windows = () => h('select', {
  class: 'quiet', 'aria-label': t('top.windows'), 'data-testid': 'windows',
  onchange: (/** @type {import('../kit/dom.js').ChoiceEvent} */ event) => {
    if (event.target.value) openWindow(event.target.value);
    event.target.value = '';
  },
}, h('option', { value: '' }, t('top.windows')), VIEWS.map((view) => h('option', { value: view }, code('window', view))));

/** How large the panes' text is. */
const textSize = () => h('select', {
  class: 'quiet', 'aria-label': t('top.text'), title: t('top.text'), 'data-testid': 'desk-text',
  onchange: (/** @type {import('../kit/dom.js').ChoiceEvent} */ event) => sizeText(Number(event.target.value)),
}, DESK_TEXTS.map((percent) => h('option', { value: percent, selected: Number(percent) === settings.deskText }, `${percent} %`)));

export function startTopbar() {
  const bar = byId('topbar');
  const clock = h('time', { class: 'clock' });
  const counts = h('span', { class: 'counts', 'data-testid': 'counts' });

  function draw() {
    const { session, city, cities } = store.state;
    const simulation = session.installation?.purpose === 'simulation';
    document.body.classList.toggle('simulation', simulation);
    fill(bar,
      h('a', { class: 'brand', href: '/', 'aria-label': 'GoldenHour' }, h('img', { src: '/static/icon.svg', alt: '', width: 24, height: 24 }), h('span', { class: 'brand-name' }, 'GoldenHour')),
      cities.length > 1
        ? h('select', { class: 'city', 'aria-label': t('top.city'), onchange: (/** @type {import('../kit/dom.js').ChoiceEvent} */ event) => void changeCity(event.target.value) },
          cities.map((one) => h('option', { value: one.city_id, selected: one.city_id === city.city_id }, nameOf(one))))
        : h('b', { class: 'city' }, nameOf(city)),
      elsewhere(),
      clock,
      simulation && h('span', { class: 'badge simulation', 'data-testid': 'simulation-badge' }, t('top.simulation')),
      city.modelled && h('span', { class: 'badge', title: t('top.modelled.hint') }, t('top.modelled')),
      counts,
      h('span', { class: 'grow' }),
      windows(),
      textSize(),
      simulation && may('simulation_control') && simulationControl(),
      h('span', { class: 'user', title: session.user.username }, session.user.display_name || session.user.username),
      ...switches(),
      h('button', { class: 'quiet', 'data-testid': 'help', ...shortcut('help'), title: t('help.title'), 'aria-label': t('help.title'), onclick: async () => (await import('./help.js')).showHelp() }, '?'),
      h('button', { class: 'quiet', 'data-testid': 'sign-out', onclick: signOut }, t('top.sign_out')));
    drawCounts();
    tick();
  }

  function drawCounts() {
    const open = queueOrder();
    const unsent = open.filter(waiting).length;
    let free = 0;
    for (const unit of store.state.units.values()) if (unitPhase(unit) === 'available') free += 1;
    fill(counts,
      h('span', { class: unsent ? 'count-bad' : '' }, t('top.waiting', { n: unsent })), ' · ',
      t('top.open', { n: open.length }), ' · ', t('top.free', { n: free, of: store.state.units.size }));
  }

  function tick() {
    const zone = store.state.city.time_zone;
    const date = isoDate(now_ms(), zone);
    clock.title = date;
    fill(clock, h('span', { class: 'date' }, `${date} `), clockTime(now_ms(), zone));
  }

  store.on(['city', 'session'], draw);
  store.on(['incidents', 'units'], drawCounts);
  onAppearance(draw);
  setInterval(tick, 1000);
  draw();
}

export function startBanner() {
  const banner = byId('connection-banner');
  function draw() {
    const { lost, city } = store.state;
    banner.hidden = !lost;
    if (!lost) return;
    const since = clockTime(lost.since_ms, city.time_zone);
    banner.textContent = lost.polled_ms
      ? t('banner.polling', { since, at: clockTime(lost.polled_ms, city.time_zone) })
      : t('banner.lost', { since });
    banner.classList.toggle('polling', Boolean(lost.polled_ms));
  }
  store.on(['lost'], draw);
  onAppearance(draw);
}
