/** Plain plots of a few series, as wide as their place: hours of a day, value and bound, plans one may press. */

import { html, useEffect, useRef, useSignal } from '../kit/view.js';

/**
 * @typedef {object} Series
 * @property {string} key  `one`, `two` or `three`: how it is drawn
 * @property {string} name  stands at its end
 * @property {readonly (readonly [number, number|null])[]} points  in order; null: a gap
 * @property {boolean} [step]  holds its value until the next point
 */
/** @typedef {{at: number, text: string}} Tick */
/** @typedef {{min: number, max: number, ticks: Tick[], name?: string}} Axis */
/** @typedef {{key: string, x: number, y: number, label: string, chosen: boolean}} Spot  a plan that may be pressed */

const FONT_PX = 12;
const TOP_PX = 10;
const CHINESE = /[\u2e80-\uffff]/;

/** How wide a text is, roughly. @param {string} text */
const width = (text) => [...text].reduce((sum, one) => sum + (CHINESE.test(one) ? FONT_PX : 0.58 * FONT_PX), 0);

/** Numbers for an axis: at most `most` round ones from `min` to `max`. @param {number} min @param {number} max @param {number} [most] */
export function roundTicks(min, max, most = 5) {
  const raw = (max - min) / Math.max(1, most - 1) || 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= raw) ?? raw;
  const found = [];
  for (let at = Math.ceil(min / step - 1e-9) * step; at <= max + step * 1e-9; at += step) found.push(Number(at.toPrecision(12)));
  return found;
}

/** Names at the right, none over another: each as near to its end as the others let it. @param {{name: string, key: string, y: number}[]} ends */
function apart(ends) {
  const placed = [...ends].sort((a, b) => a.y - b.y);
  for (let index = 1; index < placed.length; index += 1) placed[index] = { ...placed[index], y: Math.max(placed[index].y, placed[index - 1].y + FONT_PX + 2) };
  return placed;
}

/**
 * @param {{label: string, series: Series[], x: Axis, y: Axis, height_px?: number, now?: number|null, spots?: Spot[], onSpot?: (key: string) => void, testid?: string}} props
 *   `label`: what it shows, in a sentence; `now`: a line at this x
 */
export function Lines({ label, series, x, y, height_px = 190, now = null, spots = [], onSpot, testid }) {
  const box = useRef(/** @type {HTMLElement|null} */ (null));
  const room = useSignal(0);
  useEffect(() => {
    const place = box.current;
    if (!place) return undefined;
    const size = new ResizeObserver(() => { room.value = Math.floor(place.clientWidth); });
    size.observe(place);
    return () => size.disconnect();
  }, []);
  const wide = room.value;
  const left = 8 + Math.max(...y.ticks.map((one) => width(one.text)), 0);
  const right = 10 + Math.max(...series.map((one) => width(one.name)), 8);
  const bottom = x.name ? 36 : 22;
  const [inner, high] = [Math.max(10, wide - left - right), height_px - TOP_PX - bottom];
  const px = (/** @type {number} */ value) => left + (inner * (value - x.min)) / (x.max - x.min || 1);
  const py = (/** @type {number} */ value) => TOP_PX + high * (1 - (value - y.min) / (y.max - y.min || 1));
  const ends = series.flatMap((one) => {
    const last = one.points.findLast(([, value]) => value !== null);
    return last ? [{ name: one.name, key: one.key, y: py(/** @type {number} */ (last[1])) }] : [];
  });
  return html`
    <div class="plot" ref=${box} data-testid=${testid}>
      ${wide > 0 && html`
        <svg width=${wide} height=${height_px} role=${spots.length ? 'group' : 'img'} aria-label=${label}>
          ${y.ticks.map((one) => html`
            <g key=${one.at}><line x1=${left} x2=${left + inner} y1=${py(one.at)} y2=${py(one.at)} class="plot-grid" />
              <text x=${left - 5} y=${py(one.at)} text-anchor="end" dominant-baseline="central">${one.text}</text></g>`)}
          ${x.ticks.map((one) => html`<text key=${one.at} x=${px(one.at)} y=${TOP_PX + high + 15} text-anchor="middle">${one.text}</text>`)}
          ${x.name && html`<text x=${left + inner / 2} y=${height_px - 4} text-anchor="middle" class="plot-name">${x.name}</text>`}
          <line x1=${left} x2=${left + inner} y1=${TOP_PX + high} y2=${TOP_PX + high} class="plot-axis" />
          ${now !== null && html`<line x1=${px(now)} x2=${px(now)} y1=${TOP_PX} y2=${TOP_PX + high} class="plot-now" />`}
          ${series.map((one) => html`<path key=${one.key} d=${path(one, px, py)} class=${`plot-line ${one.key}`} />`)}
          ${apart(ends).map((one) => html`<text key=${one.key} x=${left + inner + 6} y=${one.y} dominant-baseline="central" class=${`plot-end ${one.key}`}>${one.name}</text>`)}
          ${spots.map((one) => html`
            <circle key=${one.key} cx=${px(one.x)} cy=${py(one.y)} r=${one.chosen ? 8 : 6} class="plot-spot ${one.chosen ? 'chosen' : ''}" role="button" tabindex="0"
              aria-label=${one.label} aria-pressed=${one.chosen ? 'true' : 'false'} data-spot=${one.key} onClick=${() => onSpot?.(one.key)}
              onKeyDown=${(/** @type {KeyboardEvent} */ event) => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); onSpot?.(one.key); } }}><title>${one.label}</title></circle>`)}
        </svg>`}
    </div>`;
}

/** @param {Series} series @param {(value: number) => number} px @param {(value: number) => number} py */
function path({ points, step }, px, py) {
  let [drawn, open] = ['', false];
  for (const [at, value] of points) {
    if (value === null) {
      open = false;
      continue;
    }
    const [x, y] = [px(at).toFixed(1), py(value).toFixed(1)];
    drawn += !open ? `M${x} ${y}` : step ? `H${x}V${y}` : `L${x} ${y}`;
    open = true;
  }
  return drawn;
}
