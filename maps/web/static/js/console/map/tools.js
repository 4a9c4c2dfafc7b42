/** Legend and layer choice, upper left of the map. */

import { byId, fill, h } from '../../kit/dom.js';
import { code, onAppearance, t } from '../../kit/i18n.js';
import { markSvg, PRIORITY, ROAD_MARK, UNIT_MARK } from '../../kit/symbols.js';
import { letterOf, singleOf } from '../commands.js';
import { REACH_MINUTES, setReachMinutes, toggleReach } from './reach.js';
import { chooseLight, onLight } from './light.js';
import { LIGHT_MAP, settings } from '../../kit/settings.js';
import { store } from '../state.js';

/** What can be switched, and the style layers it stands for. */
const SWITCHES = /** @type {Record<string, string[]>} */ ({
  facilities: ['facilities'],
  aeds: ['aeds'],
  stations: ['stations'],
  conditions: ['condition-closure', 'condition-closure-casing', 'condition-flood', 'condition-flood-casing', 'condition-roadworks', 'condition-roadworks-casing', 'condition-cross', 'condition-area', 'condition-outline', 'condition-mark'],
  areas: ['area-fill', 'border-street', 'border-district', 'border-city', 'area-name', 'area-name-street'],
});

/** @type {Record<string, boolean>} */
const shown = { facilities: true, aeds: false, stations: true, conditions: true, areas: true };

/** @param {import('../../map/base.js').CityMap} map */
export function applyLayerChoice(map) {
  for (const [name, layers] of Object.entries(SWITCHES)) {
    for (const layer of layers) {
      if (map.getLayer(layer)) map.setLayoutProperty(layer, 'visibility', shown[name] ? 'visible' : 'none');
    }
  }
}

/** @param {string} key @param {string} word */
const unitLine = (key, word) => h('li', {}, markSvg(UNIT_MARK[key], { size: 18 }), word);

/** @type {[string, import('../../kit/i18n.js').Key][]} */
const ROAD_LINES = [['closure', 'legend.road_closed'], ['flood', 'legend.road_flooded'], ['roadworks', 'legend.road_works']];

/** The switch of the reach layer, and what it shows. */
function reachTool() {
  const { reach } = store.state;
  return h('div', { class: 'tool reach' },
    h('button', { class: 'tool-button', 'aria-pressed': String(Boolean(reach)), 'data-testid': 'reach', onclick: toggleReach }, t('reach.title'), ' ', h('kbd', letterOf('reach'), singleOf('reach'))),
    reach && h('div', { class: 'tool-body' },
      h('div', { class: 'row' }, REACH_MINUTES.map((minutes) => h('button', {
        class: 'filter', 'aria-pressed': String(reach.minutes === minutes), 'data-testid': `reach-${minutes}`, onclick: () => setReachMinutes(minutes),
      }, t('reach.minutes', { n: minutes })))),
      h('p', { class: 'small', role: 'status', 'data-testid': 'reach-result' }, reach.waiting ? t('reach.waiting') : reach.from && reach.area_km2 !== null
        ? t('reach.from', { name: reach.from.name, n: reach.minutes, area: reach.area_km2.toFixed(1) })
        : t('reach.hint'))));
}

function legend() {
  return [
    h('h4', {}, t('legend.incidents')),
    h('ul', {}, Object.keys(PRIORITY).map((key) => h('li', {}, markSvg(PRIORITY[key], { size: 18 }), code('priority', key)))),
    h('h4', {}, t('legend.units')),
    h('ul', {}, Object.keys(UNIT_MARK).map((key) => unitLine(key, code('unit', key))),
      h('li', {}, markSvg(UNIT_MARK.available, { size: 18, hollow: true }), t('legend.stale')),
      h('li', {}, markSvg({ shape: 'diamond', colour: '#d55e00', ink: '#111', letter: '1' }, { size: 18, hollow: true }), t('legend.unconfirmed'))),
    h('h4', {}, t('legend.roads')),
    h('ul', {}, ROAD_LINES.map(([kind, word]) => h('li', {}, markSvg(ROAD_MARK[kind], { size: 18 }), h('span', { class: `road-sample ${kind}` }), t(word)))),
    h('h4', {}, t('legend.places')),
    h('ul', {},
      h('li', {}, h('span', { class: 'place-mark ed' }, 'H'), t('legend.hospital_ed')),
      h('li', {}, h('span', { class: 'place-mark' }, 'H'), t('legend.hospital')),
      h('li', {}, h('span', { class: 'place-mark round' }, '+'), t('legend.clinic')),
      h('li', {}, h('span', { class: 'place-mark station' }, 'S'), t('legend.station')),
      h('li', {}, h('span', { class: 'place-mark aed' }, '♥'), t('legend.aed'))),
  ];
}

/** @param {import('../../map/base.js').CityMap} map @param {() => void} fitWork */
export function startMapTools(map, fitWork) {
  const tools = byId('map-tools');
  function draw() {
    const openBefore = [...tools.querySelectorAll('details')].map((details) => details.open);
    fill(tools,
      h('details', { class: 'tool', open: openBefore[0] ?? false, 'data-testid': 'legend' }, h('summary', {}, t('legend.title')), h('div', { class: 'tool-body legend' }, legend())),
      h('details', { class: 'tool', open: openBefore[1] ?? false, 'data-testid': 'layers' }, h('summary', {}, t('layers.title')),
        h('div', { class: 'tool-body' }, Object.keys(SWITCHES).map((name) => h('label', { class: 'check' },
          h('input', {
            type: 'checkbox', checked: shown[name], 'data-testid': `layer-${name}`,
            onchange: (/** @type {import('../../kit/dom.js').FieldEvent} */ event) => {
              shown[name] = event.target.checked;
              applyLayerChoice(map);
            },
          }), code('layers', name))),
        h('label', { class: 'light-map' }, t('map.light'), h('select', {
          'data-testid': 'light-map',
          onchange: (/** @type {import('../../kit/dom.js').ChoiceEvent} */ event) => chooseLight(/** @type {import('../../kit/settings.js').LightMap} */ (event.target.value)),
        }, LIGHT_MAP.map((value) => h('option', { value, selected: value === settings.lightMap }, code('map.light', value))))))),
      h('button', { class: 'tool-button', onclick: fitWork, 'data-testid': 'fit-map' }, t('map.fit'), ' ', h('kbd', {}, 'm')),
      reachTool());
  }
  store.on(['reach'], draw);
  onLight(draw);
  onAppearance(draw);
  draw();
}
