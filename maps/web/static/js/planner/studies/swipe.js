/** Two maps that a line parts: before and after, or one plan and another. */

import { html, signal, useEffect, useMemo, useRef } from '../../kit/view.js';
import { inStep } from '../../map/base.js';
import { shell } from '../../shell/shell.js';
import { beginMap, MapLegend } from '../map.js';

/** @typedef {Pick<Parameters<typeof beginMap>[1], 'cells'|'places'|'onPress'>} SideOptions */

/**
 * @param {{label: string, lineLabel: string, left: SideOptions & {name: string}, right: SideOptions & {name: string}, legend: import('../map.js').LegendLine[], testid?: string}} props
 *   `name`: stands in the corner of its side
 */
export function SwipeMap({ label, lineLabel, left, right, legend, testid }) {
  const [one, other] = [useRef(/** @type {HTMLElement|null} */ (null)), useRef(/** @type {HTMLElement|null} */ (null))];
  const line = useMemo(() => signal(0.5), []);
  const known = shell.city.value !== null;
  useEffect(() => {
    if (!known || !one.current || !other.current) return undefined;
    const [before, after] = [beginMap(one.current, { label, ...left }), beginMap(other.current, { label, ...right, scale: false })];
    inStep(before, after);
    return () => { before.remove(); after.remove(); };
  }, [known]);
  return html`
    <div class="plan-map-box">
      <div class="layer-pane plan-map" style=${`--line: ${line.value * 100}%`} data-testid=${testid}>
        <div class="layer-canvas" ref=${one}></div>
        <div class="layer-canvas right" ref=${other}></div>
        <div class="layer-line" aria-hidden="true"></div>
        <p class="plan-side left">${left.name}</p><p class="plan-side right">${right.name}</p>
        <input class="layer-swipe" type="range" min="0" max="1" step="0.01" value=${line.value} aria-label=${lineLabel} data-testid="plan-swipe"
          onInput=${(/** @type {any} */ event) => { line.value = event.target.valueAsNumber; }} />
      </div>
      <${MapLegend} lines=${legend} />
    </div>`;
}
