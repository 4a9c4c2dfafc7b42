/** Where a cluster is: its areas by how many times too many, its circle or the roads reached in time; the other clusters by their numbers. */

import { get, Problem } from '../kit/api.js';
import { pick, sentence, t } from '../kit/i18n.js';
import { toast } from '../kit/parts/toast.js';
import { effect, html, useEffect, useRef } from '../kit/view.js';
import { createMap, fitBox } from '../map/base.js';
import { collection, pointFeature, show } from '../map/features.js';
import { bringStyle } from '../map/style_sheet.js';
import { shell } from '../shell/shell.js';

/** @typedef {import('../types.d.ts').ClusterView} ClusterView */
/** @typedef {import('../types.d.ts').ZoneView} ZoneView */
/** @typedef {import('../map/base.js').CityMap} CityMap */

const FONT = ['Noto Sans CJK SC', 'Noto Sans SC', 'Microsoft YaHei', 'PingFang SC', 'sans-serif'];
/** Times as many as expected, from which a colour holds: ColorBrewer's oranges, as the catalogue's. */
export const STEPS = /** @type {const} */ ([[0, '#fdd0a2'], [1, '#fdae6b'], [2, '#f16913'], [4, '#a63603']]);
export const BORDER = '#0072b2';

/** @param {CityMap} map */
function install(map) {
  for (const name of ['zone', 'centres']) if (!map.getSource(name)) map.addSource(name, { type: 'geojson', data: collection([]) });
  const part = (/** @type {string} */ name) => ['==', ['get', 'part'], name];
  const steps = STEPS.slice(1).flatMap(([least, colour]) => [least, colour]);
  const layers = /** @type {import('../map/base.js').Layer[]} */ ([
    { id: 'zone-member', type: 'fill', source: 'zone', filter: part('member'),
      paint: { 'fill-color': ['step', ['coalesce', ['get', 'relative_risk'], 0], STEPS[0][1], ...steps], 'fill-opacity': 0.55 } },
    { id: 'zone-member-line', type: 'line', source: 'zone', filter: part('member'), paint: { 'line-color': '#7f2704', 'line-width': 1 } },
    { id: 'zone-roads', type: 'line', source: 'zone', filter: part('roads'), layout: { 'line-cap': 'round' },
      paint: { 'line-color': BORDER, 'line-width': ['interpolate', ['linear'], ['zoom'], 10, 1, 16, 4] } },
    { id: 'zone-circle', type: 'line', source: 'zone', filter: part('circle'), paint: { 'line-color': BORDER, 'line-width': 2.5, 'line-dasharray': [3, 2] } },
    { id: 'zone-name', type: 'symbol', source: 'zone', filter: part('member'), minzoom: 11,
      layout: { 'text-field': ['get', 'label'], 'text-font': FONT, 'text-size': 11, 'text-optional': true },
      paint: { 'text-color': '#14181b', 'text-halo-color': '#ffffff', 'text-halo-width': 1.4 } },
    { id: 'centre', type: 'circle', source: 'centres', paint: { 'circle-radius': 11, 'circle-color': ['case', ['get', 'chosen'], BORDER, '#ffffff'], 'circle-stroke-color': BORDER, 'circle-stroke-width': 2.5 } },
    { id: 'centre-number', type: 'symbol', source: 'centres', layout: { 'text-field': ['get', 'number'], 'text-font': FONT, 'text-size': 12, 'text-allow-overlap': true },
      paint: { 'text-color': ['case', ['get', 'chosen'], '#ffffff', '#14181b'] } },
  ]);
  for (const layer of layers) if (!map.getLayer(layer.id)) map.addLayer(layer);
}

/** @param {ClusterView[]} clusters @param {string|null} chosen */
const centres = (clusters, chosen) => clusters.flatMap((one, index) => (one.lon === null || one.lat === null ? []
  : [pointFeature(one.lon, one.lat, { id: one.cluster_id, number: String(index + 1), chosen: one.cluster_id === chosen })]));

/** @param {ZoneView} zone @returns {import('../map/features.js').Feature[]} */
const zoneFeatures = (zone) => zone.features.map(({ geometry, properties }) => ({
  type: 'Feature', geometry, properties: { ...properties, name: null, label: properties.part === 'member' ? `${pick(properties.name)} ${properties.observed}` : '' },
}));

/**
 * @param {{clusters: import('../kit/view.js').ReadonlySignal<ClusterView[]>, chosen: import('../kit/view.js').Signal<string|null>}} props
 */
export function ClusterMap({ clusters, chosen }) {
  const box = useRef(/** @type {HTMLElement|null} */ (null));
  const city = shell.city.value;
  useEffect(() => {
    if (!city || !box.current) return undefined;
    const place = box.current;
    let over = false;
    let finish = () => {};
    void (async () => {
      await bringStyle();
      if (over) return;
      /** @type {{id: string, zone: ZoneView}|null} */
      let held = null;
      const draw = () => {
        show(map, 'centres', centres(clusters.peek(), chosen.peek()));
        show(map, 'zone', held && held.id === chosen.peek() ? zoneFeatures(held.zone) : []);
        place.dataset.zone = held && held.id === chosen.peek() ? held.id : '';
      };
      const map = createMap(place, city, () => {
        install(map);
        draw();
      }, { base: true, scale: false });
      map.getCanvas().setAttribute('aria-label', t('cdc.cluster.map'));
      map.on('click', 'centre', (event) => {
        const id = event.features?.[0]?.properties?.id;
        if (typeof id === 'string') chosen.value = id;
      });
      const stop = effect(() => {
        const id = chosen.value;
        const one = clusters.value.find((each) => each.cluster_id === id);
        if (!one?.numbers) {
          draw();
          return;
        }
        if (held?.id === id) {
          draw();
          return;
        }
        void (async () => {
          try {
            const zone = await get(`/v1/surveillance/clusters/${one.cluster_id}/zone`);
            if (over || chosen.peek() !== one.cluster_id) return;
            held = { id: one.cluster_id, zone };
            fitBox(map, zone.bbox, { duration: 0, padding: 40, maxZoom: 14 });
            draw();
          } catch (error) {
            if (!(error instanceof Problem)) throw error;
            toast(sentence(error), 'bad');
          }
        })();
      });
      finish = () => {
        stop();
        map.remove();
      };
    })();
    return () => {
      over = true;
      finish();
    };
  }, [city?.city_id]);
  return html`<div class="cdc-map cdc-cluster-map" ref=${box} data-testid="cluster-map"></div>`;
}
