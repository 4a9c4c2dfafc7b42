/**
 * Charts of the house (`maps/charts`), drawn by Vega under our policy: its expressions are
 * interpreted, never compiled. Vega is 240 kB and comes when the first chart is shown.
 */

import { addWords, language, t } from '../kit/i18n.js';
import { theme } from '../kit/settings.js';
import { html, useEffect, useRef, useSignal } from '../kit/view.js';
import { inTheme } from './theme.js';
import { WORDS } from './words.js';

addWords(WORDS);

/** @typedef {(element: HTMLElement, spec: object, options: object) => Promise<{finalize: () => void}>} Embed */

/** In their order: each needs those before it. */
const SCRIPTS = ['vega', 'vega-lite', 'vega-embed'];

/** @type {Promise<Embed>|null} */
let loading = null;

/** @param {string} name */
const loadScript = (name) => new Promise((resolve, reject) => {
  const script = document.createElement('script');
  script.src = import.meta.resolve(name);
  script.onload = resolve;
  script.onerror = reject;
  document.head.append(script);
});

/** @returns {Promise<Embed>} */
function vegaEmbed() {
  loading ??= (async () => {
    for (const name of SCRIPTS) await loadScript(name);
    return /** @type {any} */ (globalThis).vegaEmbed;
  })();
  return loading;
}

const BESIDE_PX = 110;
const WIDEST = 2;

/**
 * As wide as its place has room for beside axes and legend, never narrower than it was made; small
 * multiples, whose width stands in each, stay.
 * @param {Record<string, any>} spec @param {number} room_px
 */
const inRoom = (spec, room_px) => (typeof spec.width === 'number'
  ? { ...spec, width: Math.max(spec.width, Math.min(room_px - BESIDE_PX, WIDEST * spec.width)) }
  : spec);

/** @param {{spec: object}} props  a Vega-Lite specification with its data inside */
export function Chart({ spec }) {
  const place = useRef(/** @type {HTMLElement|null} */ (null));
  const failed = useSignal(false);
  const words = language();
  const ground = theme();
  useEffect(() => {
    let over = false;
    let finish = () => {};
    vegaEmbed().then(async (embed) => {
      if (over || !place.current) return;
      const shown = await embed(place.current, inRoom(inTheme(spec, ground), place.current.clientWidth), { ast: true, actions: false, renderer: 'svg', tooltip: { theme: 'custom' } });
      finish = shown.finalize;
      if (over) finish();
    }).catch((error) => {
      loading = null;
      failed.value = true;
      console.warn(error);
    });
    return () => { over = true; finish(); };
  }, [spec, ground]);
  const description = /** @type {{description?: string}} */ (spec).description;
  if (failed.value) return html`<p class="notice bad" role="alert">${t('chart.failed')} ${description}</p>`;
  return html`<div class="chart" role="img" aria-label=${description} lang=${words} ref=${place} data-testid="chart"></div>`;
}
