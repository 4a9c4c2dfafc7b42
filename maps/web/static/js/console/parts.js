/** Small parts of the console's components: a mark, an age that keeps counting, what is missing. */

import { showAge } from '../kit/clock.js';
import { code } from '../kit/i18n.js';
import { markSvg, PRIORITY } from '../kit/symbols.js';
import { html } from '../kit/view.js';

/** @param {{category: string|null, title: string, size?: number, hollow?: boolean}} props */
export function CategoryMark({ category, title, size = 28, hollow = false }) {
  const put = (/** @type {HTMLElement|null} */ box) => box?.replaceChildren(
    markSvg(PRIORITY[category ?? 'none'], { size, title, hollow }),
  );
  return html`<span class="mark-box" ref=${put} />`;
}

/** Its text is the clock's: a component that drew it again would fight with the ticks.
 * @param {{since: string, due?: string|null}} props  due: when it turns late */
export const Age = ({ since, due = null }) => html`
  <time class="age" data-since=${since}
    data-late=${due ? (Date.parse(due) - Date.parse(since)) / 1000 : undefined}
    ref=${(/** @type {HTMLElement|null} */ element) => element && showAge(element)} />`;

/** The units that are missing, in words. @param {import('./state.js').Incident} incident */
export const missingWords = (incident) => incident.missing
  .map((one) => (one.count > 1 ? `${one.count} × ${code('level', one.level)}` : code('level', one.level))).join(' + ');
