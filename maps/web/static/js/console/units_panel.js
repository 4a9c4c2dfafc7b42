/** The unit list: the accessible view of the map's vehicles. */

import { ageSeconds, duration } from '../kit/clock.js';
import { byId, debounce, fill, h } from '../kit/dom.js';
import { code, onAppearance, t } from '../kit/i18n.js';
import { unitPhase } from '../kit/lifecycle.js';
import { CalmList } from '../kit/parts/calm_list.js';
import { Mark } from '../kit/parts/mark.js';
import { STALE_AFTER_S, UNIT_MARK } from '../kit/symbols.js';
import { html, render } from '../kit/view.js';
import { letterOf, singleOf } from './commands.js';
import { orderedConditions, stateOf } from './roads/conditions.js';
import { refreshOnUnitSelect } from './map/view.js';
import { selectIncident, store } from './state.js';
import { outWords, UnitDuty } from './unit_duty.js';

const DRAW_EVERY_MS = 700;
const SHOWN = 300;

let group = 'all';
let typed = '';

/** @typedef {import('../types.d.ts').UnitView} Unit */

/** A component is only drawn anew for props that changed; `drawn` is new each time, for ages and names. @param {{unit: Unit, gone: boolean, drawn: object}} props */
function Row({ unit, gone }) {
  const mark = unitPhase(unit);
  const stale = isStale(unit);
  const out = outWords(unit);
  const incident = unit.incident_id ? store.state.incidents.get(unit.incident_id) : null;
  const choose = () => {
    store.set({ unitId: unit.unit_id });
    refreshOnUnitSelect();
  };
  return html`<li class=${gone ? 'gone' : ''}><div class="unit-line">
    <button class="unit-row" data-testid="unit-row" data-unit-id=${unit.unit_id} data-group=${mark}
      aria-current=${unit.unit_id === store.state.unitId ? 'true' : null} onClick=${choose}>
      <${Mark} mark=${UNIT_MARK[mark]} size=${22} title=${code('unit', mark)} hollow=${stale} />
      <span class="grow"><b>${unit.call_sign}</b> <span class="tag">${code('level', unit.level)}</span><span class="faint line" title=${unit.station_name ?? ''}>${unit.station_name ?? ''}</span></span>
      <span class="unit-end">
        ${out && html`<span class=${`small ${out.late ? 'overdue' : ''}`} data-testid="unit-out">${out.text}</span>`}
        <span>${unit.assignment_state && mark !== 'available' ? code('stamp', unit.assignment_state) : code('unit', mark)}</span>
        ${unit.device_at
    ? html`<span class=${`faint small${stale ? ' warn' : ''}`}>${stale ? t('unit.stale', { age: duration(ageSeconds(unit.device_at)) }) : unit.speed_kmh && !STANDING.has(mark) ? `${Math.round(unit.speed_kmh)} km/h` : ''}</span>`
    : html`<span class="faint small">${t('unit.no_position')}</span>`}
      </span>
    </button>
    ${incident && html`<button class="link" onClick=${() => selectIncident(unit.incident_id)}>${incident.number}</button>`}
  </div></li>`;
}

/** @param {{counts: Record<string, number>, draw: () => void}} props */
const Filters = ({ counts, draw }) => html`${['all', ...Object.keys(UNIT_MARK)].map((name) => html`<button key=${name} class="filter" aria-pressed=${String(group === name)} data-testid=${`unit-filter-${name}`}
  onClick=${() => { group = name; draw(); }}>${name === 'all' ? t('unit.all') : html`<${Mark} mark=${UNIT_MARK[name]} size=${16} />${code('unit', name)}`} ${counts[name] ?? 0}</button>`)}`;

/** What a unit does while it stands: a speed there is the noise of its position. @type {Set<string>} */
const STANDING = new Set(['on_scene', 'at_hospital', 'off']);

/** @param {import('../types.d.ts').UnitView} unit */
const isStale = (unit) => Boolean(unit.device_at) && ageSeconds(unit.device_at) > STALE_AFTER_S;

/** @param {import('../types.d.ts').UnitView} unit */
function matches(unit) {
  if (group !== 'all' && unitPhase(unit) !== group) return false;
  if (!typed) return true;
  return `${unit.call_sign} ${unit.station_name ?? ''} ${unit.level}`.toLowerCase().includes(typed);
}

export function startUnitsPanel() {
  const panel = byId('units-panel');
  const list = h('div', {});
  const count = h('p', { class: 'faint small', role: 'status' });
  const filters = h('div', { class: 'filters', role: 'group' });
  const search = h('input', {
    type: 'search', autocomplete: 'off', 'data-testid': 'unit-search',
    oninput: (/** @type {import('../kit/dom.js').FieldEvent} */ event) => {
      typed = event.target.value.trim().toLowerCase();
      draw();
    },
  });
  const duty = h('div', {});
  fill(panel, search, filters, duty, count, list);

  function draw() {
    if (store.state.tab !== 'units') return;
    const chosen = store.state.units.get(store.state.unitId ?? -1);
    render(chosen ? html`<${UnitDuty} key=${chosen.unit_id} unit=${chosen} />` : null, duty);
    const units = [...store.state.units.values()];
    const counts = /** @type {Record<string, number>} */ ({ all: units.length });
    for (const unit of units) counts[unitPhase(unit)] = (counts[unitPhase(unit)] ?? 0) + 1;
    render(html`<${Filters} counts=${counts} draw=${draw} />`, filters);
    const shown = units.filter(matches).sort((a, b) => a.call_sign.localeCompare(b.call_sign, 'en', { numeric: true }));
    count.textContent = shown.length > SHOWN ? t('unit.shown', { shown: SHOWN, n: shown.length }) : t('unit.count', { n: shown.length });
    const drawn = {};
    render(html`<${CalmList} items=${shown.slice(0, SHOWN)} keyOf=${(/** @type {Unit} */ unit) => unit.unit_id} scope=${`${group} ${typed}`} tag="ul" class="unit-list" label=${t('unit.list')}
      row=${(/** @type {Unit} */ unit, /** @type {{gone: boolean}} */ { gone }) => html`<${Row} key=${unit.unit_id} unit=${unit} gone=${gone} drawn=${drawn} />`} />`, list);
  }

  const soon = debounce(draw, 50);
  store.on(['units', 'unitId', 'tab', 'incidents'], soon);
  setInterval(draw, DRAW_EVERY_MS * 3);
  function words() {
    search.placeholder = t('unit.search');
    search.setAttribute('aria-label', t('unit.search'));
    filters.setAttribute('aria-label', t('unit.filter'));
    draw();
  }
  onAppearance(words);
  words();
}

/** The commands that show the other tabs. */
const TAB_COMMANDS = /** @type {Record<string, string>} */ ({ units: 'show_units', roads: 'show_roads' });

/** The tabs of the right side. */
export function startTabs() {
  const tabs = byId('tabs');
  function draw() {
    const focused = tabs.contains(document.activeElement);
    fill(tabs, /** @type {const} */ (['incident', 'units', 'roads']).map((name) => h('button', {
      role: 'tab', id: `tab-${name}`, 'aria-selected': String(store.state.tab === name), 'aria-controls': `${name}-panel`,
      'data-testid': `tab-${name}`, onclick: () => store.set({ tab: name }),
    }, t(`tab.${name}`), name === 'roads' && roadCount(), TAB_COMMANDS[name] && h('kbd', letterOf(TAB_COMMANDS[name]), singleOf(TAB_COMMANDS[name])))));
    for (const name of ['incident', 'units', 'roads']) byId(`${name}-panel`).hidden = store.state.tab !== name;
    if (focused) /** @type {HTMLElement|null} */ (tabs.querySelector('[aria-selected="true"]'))?.focus();
  }
  function roadCount() {
    const count = orderedConditions().filter((one) => stateOf(one) === 'active').length;
    return count > 0 && h('span', { class: 'count', 'data-testid': 'road-count' }, ` ${count}`);
  }
  store.on(['tab', 'conditions'], draw);
  onAppearance(draw);
  draw();
}
