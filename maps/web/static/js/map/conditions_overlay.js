/** Sources and layers of road conditions: what was drawn, what is being drawn, how far one comes. */

import { feature, pointFeature, show } from './features.js';
import { labelPoint } from './shapes.js';

const FONT = ['Noto Sans CJK SC', 'Noto Sans SC', 'Microsoft YaHei', 'PingFang SC', 'sans-serif'];
export const CONDITION_SOURCES = ['reach', 'condition-shapes', 'sketch', 'condition-marks'];
const COLOUR = ['match', ['get', 'kind'], 'closure', '#d55e00', 'flood', '#0072b2', 'roadworks', '#b39b00', '#57626b'];

/** Layers that lie below incidents, units and routes. @param {{ink: string, halo: string}} inks */
export const conditionLayers = ({ ink, halo }) => [
  { id: 'reach-fill', type: 'fill', source: 'reach', paint: { 'fill-color': '#009e73', 'fill-opacity': 0.16 } },
  { id: 'reach-line', type: 'line', source: 'reach', paint: { 'line-color': '#00785a', 'line-width': 2, 'line-dasharray': [4, 1.5] } },
  { id: 'condition-area', type: 'fill', source: 'condition-shapes', filter: ['==', ['geometry-type'], 'Polygon'],
    paint: { 'fill-color': COLOUR, 'fill-opacity': ['case', ['get', 'chosen'], 0.22, 0.1] } },
  { id: 'condition-outline', type: 'line', source: 'condition-shapes', filter: ['==', ['geometry-type'], 'Polygon'],
    paint: { 'line-color': COLOUR, 'line-width': ['case', ['get', 'chosen'], 3, 1.6], 'line-dasharray': [2, 1.5] } },
  { id: 'sketch-area', type: 'fill', source: 'sketch', filter: ['==', ['get', 'part'], 'area'], paint: { 'fill-color': '#d55e00', 'fill-opacity': 0.14 } },
  { id: 'sketch-hit', type: 'line', source: 'sketch', filter: ['in', ['get', 'part'], ['literal', ['hit', 'piece']]],
    layout: { 'line-join': 'round' }, paint: { 'line-color': '#d55e00', 'line-width': 7, 'line-opacity': 0.75 } },
  { id: 'sketch-line-casing', type: 'line', source: 'sketch', filter: ['==', ['get', 'part'], 'line'], paint: { 'line-color': halo, 'line-width': 5 } },
  { id: 'sketch-line', type: 'line', source: 'sketch', filter: ['==', ['get', 'part'], 'line'], paint: { 'line-color': ink, 'line-width': 2.5, 'line-dasharray': [3, 1.5] } },
  { id: 'sketch-corner', type: 'circle', source: 'sketch', filter: ['==', ['get', 'part'], 'corner'],
    paint: { 'circle-radius': 6, 'circle-color': '#ffffff', 'circle-stroke-color': '#14181b', 'circle-stroke-width': 2.5 } },
];

/** Marks of conditions, over the roads they hold for. @param {{ink: string, halo: string}} inks */
export const conditionMarkLayers = ({ ink, halo }) => [
  { id: 'condition-mark', type: 'symbol', source: 'condition-marks',
    layout: {
      'icon-image': ['concat', 'road:', ['get', 'kind'], ['case', ['get', 'planned'], ':planned', '']], 'icon-allow-overlap': true, 'icon-ignore-placement': true,
      'icon-size': ['case', ['get', 'chosen'], 1.25, 1], 'text-field': ['step', ['zoom'], '', 13, ['get', 'label']], 'text-font': FONT, 'text-size': 12, 'text-anchor': 'top', 'text-offset': [0, 1.1], 'text-optional': true,
    },
    paint: { 'text-color': ink, 'text-halo-color': halo, 'text-halo-width': 1.8 } },
];

/** Draw what was drawn. @param {import('./base.js').CityMap} map @param {{condition: import('../types.d.ts').ConditionShown, planned: boolean, chosen: boolean, label: string}[]} rows */
export function showConditions(map, rows) {
  const shapes = [];
  const marks = [];
  for (const { condition, planned, chosen, label } of rows) {
    const { kind, condition_id, geometry } = condition;
    const properties = { kind, condition_id, planned, chosen };
    if (/Polygon$/.test(geometry?.type ?? '')) shapes.push(feature(geometry, properties));
    const at = labelPoint(geometry);
    if (at) marks.push(pointFeature(at[0], at[1], { ...properties, label }));
  }
  show(map, 'condition-shapes', shapes);
  show(map, 'condition-marks', marks);
}

/** Fetch the tiles of roads under a condition anew. @param {import('./base.js').CityMap} map @param {number} version  changes with what they hold */
export function refreshConditionTiles(map, version) {
  /** @type {import('./base.js').maplibre.VectorTileSource|undefined} */
  const source = map.getSource('conditions');
  const [address] = source?.tiles ?? [];
  if (!source || !address) return;
  const fresh = `${address.replace(/&now=\d+/, '')}&now=${version}`;
  if (fresh !== address) source.setTiles([fresh]);
}
