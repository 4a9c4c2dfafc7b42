/**
 * Marks of units and incidents on a canvas of their own, above the map: while they move the map
 * itself rests, and where there are thousands of them it need not place and blend each one.
 */

import { ARROW_FROM_PX, icon } from './icons.js';
import { FONT as WORDS_FONT, INCIDENT_SCALE, UNIT_SCALE } from './overlay.js';

/** @typedef {import('./features.js').Feature} Feature */
/** @typedef {{x: number, y: number, feature: Feature}} Placed  in CSS pixels of the map */
/** @typedef {'units'|'incidents'|'fans'|'selection'|'candidates'} MarkSource */
/** @typedef {{ink: string, halo: string, ring: string}} Inks */

const FONT = WORDS_FONT.map((one) => (one.includes(' ') ? `"${one}"` : one)).join(', ');
/** Arrows are kept turned this often: five degrees are not seen at twelve pixels. */
const TURNS = 72;
const LABEL_LINE_PX = 14;
/** Pictures of labels that are kept. */
const MOST_LABELS = 4000;
/** Marks of so far outside still hold their label's place, so that labels do not jump at the edge. */
const MARGIN_PX = 120;
const CELL_PX = 32;
const INCIDENT_LABEL_ZOOM = 11;

/** As the style's `interpolate` between zoom 10 and 15. @param {number} zoom @param {number} low @param {number} high */
const zoomed = (zoom, low, high) => low + (high - low) * Math.min(1, Math.max(0, (zoom - 10) / 5));

/** Boxes that are taken, by squares of the screen. */
class Taken {
  constructor() {
    /** @type {Map<number, [number, number, number, number][]>} */
    this.cells = new Map();
  }

  /** Take a box if nothing has it. @param {[number, number, number, number]} box  left, top, right, bottom */
  take(box) {
    const cells = [];
    for (let column = Math.floor(box[0] / CELL_PX); column <= box[2] / CELL_PX; column += 1) {
      for (let row = Math.floor(box[1] / CELL_PX); row <= box[3] / CELL_PX; row += 1) {
        const key = column * 100_003 + row;
        const there = this.cells.get(key) ?? [];
        if (there.some((one) => one[0] < box[2] && box[0] < one[2] && one[1] < box[3] && box[1] < one[3])) return false;
        cells.push(/** @type {const} */ ([key, there]));
      }
    }
    for (const [key, there] of cells) this.cells.set(key, [...there, box]);
    return true;
  }
}

/** @param {number} width @param {number} height */
function blank(width, height) {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.ceil(width));
  canvas.height = Math.max(1, Math.ceil(height));
  return { canvas, context: /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d')) };
}

export class MarksCanvas {
  /** @param {import('./base.js').CityMap} map @param {Inks} inks */
  constructor(map, inks) {
    this.map = map;
    this.inks = inks;
    this.canvas = document.createElement('canvas');
    this.canvas.className = 'marks';
    this.canvas.setAttribute('aria-hidden', 'true');
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext('2d'));
    map.getCanvasContainer().after(this.canvas);
    /** @type {Record<MarkSource, Feature[]>} */
    this.features = { selection: [], units: [], fans: [], incidents: [], candidates: [] };
    /** @type {Record<'units'|'incidents', Placed[]>} */
    this.placed = { units: [], incidents: [] };
    /** @type {Map<string, {canvas: HTMLCanvasElement, size_px: number}>} */
    this.pictures = new Map();
    /** @type {Map<string, {canvas: HTMLCanvasElement, width: number, height: number}>} */
    this.labels = new Map();
    this.asked = false;
    this.draw = () => this.paint();
    map.on('render', this.draw);
    map.on('resize', this.draw);
  }

  remove() {
    this.map.off('render', this.draw);
    this.map.off('resize', this.draw);
    this.canvas.remove();
  }

  /** Show new features of a source; they are drawn at the next frame. @param {MarkSource} source @param {Feature[]} features */
  show(source, features) {
    // What is drawn later lies above.
    this.features[source] = source === 'units' || source === 'incidents'
      ? [...features].sort((a, b) => Number(a.properties.order) - Number(b.properties.order)) : features;
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      if (this.canvas.isConnected) this.paint();
    });
  }

  /** The mark at a point, the topmost first: incidents lie above units. @param {{x: number, y: number}} point @param {number} near_px @returns {Feature|null} */
  at(point, near_px) {
    const zoom = this.map.getZoom();
    for (const [source, reach_px] of /** @type {const} */ ([['incidents', 16 * zoomed(zoom, ...INCIDENT_SCALE)], ['units', 12 * zoomed(zoom, ...UNIT_SCALE)]])) {
      const hit = this.placed[source].findLast((one) => Math.max(Math.abs(one.x - point.x), Math.abs(one.y - point.y)) <= reach_px + near_px);
      if (hit) return hit.feature;
    }
    return null;
  }

  /** @param {Feature[]} features @param {number} margin_px @returns {Placed[]} */
  onScreen(features, margin_px) {
    const { clientWidth, clientHeight } = this.canvas;
    const found = [];
    for (const feature of features) {
      const at = /** @type {[number, number]} */ (/** @type {import('../types.d.ts').Point} */ (feature.geometry).coordinates);
      const { x, y } = this.map.project(at);
      if (x > -margin_px && y > -margin_px && x < clientWidth + margin_px && y < clientHeight + margin_px) found.push({ x, y, feature });
    }
    return found;
  }

  paint() {
    const ratio = window.devicePixelRatio || 1;
    const width = Math.round(this.canvas.clientWidth * ratio);
    const height = Math.round(this.canvas.clientHeight * ratio);
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    const { context } = this;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const zoom = this.map.getZoom();
    const taken = new Taken();
    const units = this.onScreen(this.features.units, MARGIN_PX);
    const incidents = this.onScreen(this.features.incidents, MARGIN_PX);
    this.placed = { units, incidents };
    this.paintRings();
    this.paintUnits(units, zoomed(zoom, ...UNIT_SCALE));
    this.paintFans();
    const incidentScale = zoomed(zoom, ...INCIDENT_SCALE);
    for (const { x, y, feature: { properties } } of incidents) {
      this.stamp(`incident:${properties.category}${properties.confirmed ? '' : ':unconfirmed'}`, x, y, incidentScale);
    }
    if (zoom >= INCIDENT_LABEL_ZOOM) {
      for (const { x, y, feature } of incidents) this.write(String(feature.properties.label ?? ''), x, y - 17, { size_px: 12, above: true, taken, ratio });
    }
    // Busy units first: they are last in the order of drawing.
    for (const { x, y, feature } of units.toReversed()) if (feature.properties.label) this.write(String(feature.properties.label), x, y + 12.7, { size_px: 11, above: false, taken, ratio });
    this.paintCandidates();
  }

  paintRings() {
    const { context } = this;
    context.lineWidth = 2.5;
    context.strokeStyle = this.inks.ring;
    context.fillStyle = 'rgba(0,114,178,0.14)';
    for (const { x, y, feature } of this.onScreen(this.features.selection, 30)) {
      context.beginPath();
      context.arc(x, y, Number(feature.properties.radius), 0, 2 * Math.PI);
      context.fill();
      context.stroke();
    }
  }

  /** @param {Placed[]} units @param {number} scale */
  paintUnits(units, scale) {
    for (const { x, y, feature: { properties } } of units) {
      if (properties.heading !== undefined) this.arrow(String(properties.group), Number(properties.heading), x, y, scale);
    }
    for (const { x, y, feature: { properties } } of units) {
      this.stamp(`unit:${properties.group}${properties.stale ? ':stale' : ''}`, x, y, scale);
    }
  }

  paintFans() {
    const { context } = this;
    context.globalAlpha = 0.7;
    context.lineWidth = 1.5;
    context.strokeStyle = this.inks.ink;
    context.beginPath();
    for (const { geometry } of this.features.fans) {
      const line = /** @type {import('../types.d.ts').LineString} */ (geometry).coordinates;
      for (const [index, at] of line.entries()) {
        const { x, y } = this.map.project(/** @type {[number, number]} */ (at));
        if (index) context.lineTo(x, y);
        else context.moveTo(x, y);
      }
    }
    context.stroke();
    context.globalAlpha = 1;
  }

  paintCandidates() {
    const { context } = this;
    for (const { x, y, feature } of this.onScreen(this.features.candidates, 20)) {
      context.beginPath();
      context.arc(x, y, 11, 0, 2 * Math.PI);
      Object.assign(context, { fillStyle: '#ffffff', strokeStyle: '#0072b2', lineWidth: 3 });
      context.fill();
      context.stroke();
      Object.assign(context, { fillStyle: '#14181b', font: `13px ${FONT}`, textAlign: 'center', textBaseline: 'middle' });
      context.fillText(String(feature.properties.label), x, y);
    }
  }

  /** The map's own picture of a name, kept. @param {string} name */
  picture(name) {
    let kept = this.pictures.get(name);
    if (!kept) {
      const made = icon(name);
      if (!made) return null;
      const { canvas, context } = blank(made.image.width, made.image.height);
      context.putImageData(made.image, 0, 0);
      kept = { canvas, size_px: made.image.width / made.pixelRatio };
      this.pictures.set(name, kept);
    }
    return kept;
  }

  /** @param {string} name @param {number} x @param {number} y @param {number} scale */
  stamp(name, x, y, scale) {
    const kept = this.picture(name);
    if (!kept) return;
    const size = kept.size_px * scale;
    this.context.drawImage(kept.canvas, x - size / 2, y - size / 2, size, size);
  }

  /** An arrow beside the mark, where the unit is heading: turned once for each direction, then kept. @param {string} group @param {number} heading_deg @param {number} x @param {number} y @param {number} scale */
  arrow(group, heading_deg, x, y, scale) {
    const turn = Math.round((heading_deg / 360) * TURNS) % TURNS;
    const angle = (turn / TURNS) * 2 * Math.PI;
    const name = `${turn} ${group}`;
    let kept = this.pictures.get(name);
    if (!kept) {
      const upright = this.picture(`heading:${group}`);
      if (!upright) return;
      const { canvas, context } = blank(upright.canvas.width, upright.canvas.height);
      context.translate(canvas.width / 2, canvas.height / 2);
      context.rotate(angle);
      context.drawImage(upright.canvas, -canvas.width / 2, -canvas.height / 2);
      kept = { canvas, size_px: upright.size_px };
      this.pictures.set(name, kept);
    }
    const size = kept.size_px * scale;
    const from_px = ARROW_FROM_PX * scale;
    this.context.drawImage(kept.canvas, x + Math.sin(angle) * from_px - size / 2, y - Math.cos(angle) * from_px - size / 2, size, size);
  }

  /** Write a label where no other stands. @param {string} words @param {number} x @param {number} y @param {{size_px: number, above: boolean, taken: Taken, ratio: number}} how */
  write(words, x, y, { size_px, above, taken, ratio }) {
    if (!words) return;
    const name = `${size_px} ${ratio} ${words}`;
    let kept = this.labels.get(name);
    if (!kept) {
      if (this.labels.size > MOST_LABELS) this.labels.clear();
      kept = this.label(words.split('\n'), size_px, ratio);
      this.labels.set(name, kept);
    }
    const left = x - kept.width / 2;
    const top = above ? y - kept.height : y;
    if (!taken.take([left, top, left + kept.width, top + kept.height])) return;
    this.context.drawImage(kept.canvas, left, top, kept.canvas.width / ratio, kept.canvas.height / ratio);
  }

  /** @param {string[]} lines @param {number} size_px @param {number} ratio */
  label(lines, size_px, ratio) {
    const font = `${size_px}px ${FONT}`;
    this.context.font = font;
    const width = Math.max(...lines.map((line) => this.context.measureText(line).width)) + 4;
    const height = lines.length * LABEL_LINE_PX + 2;
    const { canvas, context } = blank(width * ratio, height * ratio);
    context.scale(ratio, ratio);
    Object.assign(context, { font, textAlign: 'center', textBaseline: 'middle', lineJoin: 'round', lineWidth: 3.2, strokeStyle: this.inks.halo, fillStyle: this.inks.ink });
    for (const paint of /** @type {const} */ (['strokeText', 'fillText'])) {
      for (const [index, line] of lines.entries()) context[paint](line, width / 2, (index + 0.5) * LABEL_LINE_PX + 1);
    }
    return { canvas, width, height };
  }
}
