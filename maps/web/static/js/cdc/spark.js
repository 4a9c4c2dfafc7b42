/** Small pictures of a series: bars by day, the last seven darker; a missing report is a gap with a dot, not a zero. */

import { t } from '../kit/i18n.js';
import { html } from '../kit/view.js';

const STEP = 3;
const HEIGHT = 34;
const WEEK = 7;

/** @param {{cases: readonly (number|null)[]}} props */
export function Spark({ cases }) {
  const most = Math.max(1, ...cases.map((one) => one ?? 0));
  const week = cases.slice(-WEEK).reduce((/** @type {number} */ sum, one) => sum + (one ?? 0), 0);
  return html`
    <svg class="spark" viewBox=${`0 0 ${cases.length * STEP} ${HEIGHT}`} width=${cases.length * STEP} height=${HEIGHT} role="img"
      aria-label=${t('cdc.spark', { days: cases.length, most, week })}>
      <line x1="0" x2=${cases.length * STEP} y1=${HEIGHT - 0.5} y2=${HEIGHT - 0.5} class="spark-base" />
      ${cases.map((one, place) => (one === null
        ? html`<circle key=${place} cx=${place * STEP + 1} cy=${HEIGHT - 3} r="0.8" class="spark-missing" />`
        : html`<rect key=${place} x=${place * STEP} width=${STEP - 1} y=${HEIGHT - (one / most) * (HEIGHT - 2) - 0.5} height=${(one / most) * (HEIGHT - 2)}
            class=${place >= cases.length - WEEK ? 'spark-now' : 'spark-bar'} />`))}
    </svg>`;
}
