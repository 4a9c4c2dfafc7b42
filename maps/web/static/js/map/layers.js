/** Layers of the catalogue on a map: what is wanted is put on, the rest taken off; no page, no words. */

import { get } from '../kit/api.js';
import { language } from '../kit/i18n.js';
import { theme } from '../kit/settings.js';

/** @typedef {import('../types.d.ts').LayerView} LayerView */
/** @typedef {{view: LayerView, opacity: number, time: string|null, turn?: number}} Wanted  from below to above; another `turn` asks for its features anew */

const OPACITIES = /** @type {Record<string, string[]>} */ ({
  fill: ['fill-opacity'], line: ['line-opacity'], circle: ['circle-opacity', 'circle-stroke-opacity'], symbol: ['icon-opacity', 'text-opacity'],
  heatmap: ['heatmap-opacity'], 'fill-extrusion': ['fill-extrusion-opacity'],
});

/** @type {Map<string, Promise<{layers: Record<string, any>[]}>>} */
const styles = new Map();

/** How a layer is drawn, in the theme and language of the page. @param {string} name */
function styleOf(name) {
  const address = /** @type {const} */ (`/v1/map/layers/${encodeURIComponent(name)}/style?theme=${theme()}&language=${language()}`);
  let known = styles.get(address);
  if (!known) {
    known = get(address);
    known.catch(() => styles.delete(address));
    styles.set(address, known);
  }
  return known;
}

/** An opacity, or an expression of one, times a factor; a zoom may stand only at the top of an expression. @param {any} value @param {number} factor @returns {any} */
export function scaled(value, factor) {
  if (value === undefined || typeof value === 'number') return (value ?? 1) * factor;
  const [kind] = value;
  if (kind === 'interpolate') return value.map((/** @type {any} */ part, /** @type {number} */ index) => (index >= 4 && index % 2 === 0 ? scaled(part, factor) : part));
  if (kind === 'step') return value.map((/** @type {any} */ part, /** @type {number} */ index) => (index >= 2 && index % 2 === 0 ? scaled(part, factor) : part));
  return ['*', value, factor];
}

/** Where a layer's features come from at a time. @param {LayerView} view @param {string|null} time */
export function addressOf(view, time) {
  const address = view.tiles ?? view.data ?? '';
  if (time === null) return address;
  return `${address}${address.includes('?') ? '&' : '?'}time=${encodeURIComponent(time)}`;
}

/** @param {LayerView} view @param {string|null} time @returns {any} */
function sourceOf(view, time) {
  const address = new URL(addressOf(view, time), location.href).href.replaceAll('%7B', '{').replaceAll('%7D', '}');
  if (view.tiles) return { type: 'vector', tiles: [address], minzoom: view.minzoom, maxzoom: view.maxzoom };
  return { type: 'geojson', data: address };
}

/** Keeps a map's layers in step with what is wanted. */
export class LayersOnMap {
  /** @param {import('./base.js').CityMap} map */
  constructor(map) {
    this.map = map;
    /** @type {Map<string, {address: string, turn: number, layers: {id: string, type: string, paint: any}[]}>} */
    this.shown = new Map();
    this.turn = 0;
  }

  /** The style was loaded anew: nothing of ours is on it. */
  forget() {
    this.shown.clear();
  }

  /** @param {Wanted[]} wanted */
  async show(wanted) {
    this.turn += 1;
    const turn = this.turn;
    const drawn = await Promise.all(wanted.map((one) => styleOf(one.view.name)));
    if (turn !== this.turn || !this.map.getStyle()) return;
    const names = new Map(wanted.map((one) => [one.view.name, one]));
    for (const [name, there] of this.shown) {
      const now = names.get(name);
      // Features that come as one file are exchanged where they lie: nothing blinks.
      if (!now || (now.view.tiles && addressOf(now.view, now.time) !== there.address)) this.take(name);
    }
    wanted.forEach((one, index) => this.put(one, drawn[index].layers));
  }

  /** @param {string} name */
  take(name) {
    for (const { id } of this.shown.get(name)?.layers ?? []) if (this.map.getLayer(id)) this.map.removeLayer(id);
    if (this.map.getSource(name)) this.map.removeSource(name);
    this.shown.delete(name);
  }

  /** @param {Wanted} one @param {Record<string, any>[]} layers */
  put({ view, opacity, time, turn = 0 }, layers) {
    if (!this.shown.has(view.name)) {
      if (!this.map.getSource(view.name)) this.map.addSource(view.name, sourceOf(view, time));
      const made = [];
      for (const layer of layers) {
        if (this.map.getLayer(layer.id)) this.map.removeLayer(layer.id);
        this.map.addLayer(/** @type {any} */ (layer));
        made.push({ id: layer.id, type: layer.type, paint: layer.paint ?? {} });
      }
      this.shown.set(view.name, { address: addressOf(view, time), turn, layers: made });
    }
    const there = /** @type {{turn: number, address: string}} */ (this.shown.get(view.name));
    const address = addressOf(view, time);
    if (there.turn !== turn || there.address !== address) {
      Object.assign(there, { turn, address });
      const source = /** @type {any} */ (this.map.getSource(view.name));
      if (view.data) source.setData(sourceOf(view, time).data);
      else source.setTiles(sourceOf(view, time).tiles);
    }
    for (const { id, type, paint } of this.shown.get(view.name)?.layers ?? []) {
      for (const property of OPACITIES[type] ?? []) this.map.setPaintProperty(id, /** @type {any} */ (property), scaled(paint[property], opacity / (view.opacity || 1)));
      this.map.moveLayer(id);
    }
  }

  /** The features of the shown layers at a point of the screen, the topmost first, each once. @param {{x: number, y: number}} point */
  at(point) {
    const near = 6;
    const ids = [...this.shown.values()].flatMap((one) => one.layers.map((layer) => layer.id)).filter((id) => this.map.getLayer(id));
    const found = this.map.queryRenderedFeatures([[point.x - near, point.y - near], [point.x + near, point.y + near]], { layers: ids });
    const seen = new Set();
    return found.filter((feature) => {
      const key = `${feature.source} ${JSON.stringify(feature.properties)}`;
      return !seen.has(key) && seen.add(key);
    }).map((feature) => ({ layer: feature.source, properties: feature.properties }));
  }
}
