/** Where signals are: the layer of the catalogue alone, small; a press on an area marks its signal. */

import { get } from '../kit/api.js';
import { t } from '../kit/i18n.js';
import { effect, html, useEffect, useRef } from '../kit/view.js';
import { createMap } from '../map/base.js';
import { LayersOnMap } from '../map/layers.js';
import { bringStyle } from '../map/style_sheet.js';
import { shell } from '../shell/shell.js';

const LAYER = 'surveillance_signals';

/**
 * @param {{turn: import('../kit/view.js').ReadonlySignal<number>, onArea: (code: string) => void}} props  another `turn`: what is shown has changed
 */
export function SignalMap({ turn, onArea }) {
  const box = useRef(/** @type {HTMLElement|null} */ (null));
  const city = shell.city.value;
  useEffect(() => {
    if (!city || !box.current) return undefined;
    const place = box.current;
    let over = false;
    let finish = () => {};
    void (async () => {
      const [, found] = await Promise.all([bringStyle(), get(`/v1/map/layers?city_id=${city.city_id}`)]);
      const view = found.layers.find((one) => one.name === LAYER);
      if (over || !view) return;
      /** @type {LayersOnMap|null} */
      let layers = null;
      const show = () => { void layers?.show([{ view, opacity: view.opacity, time: null, turn: turn.peek() }]); };
      const map = createMap(place, city, () => {
        layers?.forget();
        show();
      }, { base: true, scale: false });
      layers = new LayersOnMap(map);
      map.getCanvas().setAttribute('aria-label', t('cdc.map'));
      map.on('click', (event) => {
        const code = layers?.at(event.point)[0]?.properties.code;
        if (typeof code === 'string') onArea(code);
      });
      const stop = effect(() => {
        void turn.value;
        show();
      });
      finish = () => {
        stop();
        map.remove();
      };
      if (over) finish();
    })();
    return () => {
      over = true;
      finish();
    };
  }, [city?.city_id]);
  return html`<div class="cdc-map" ref=${box} data-testid="signal-map"></div>`;
}
