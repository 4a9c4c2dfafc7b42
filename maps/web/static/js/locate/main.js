/** A caller's phone sends where it is, once. The token stands behind # and is taken out of the address. */

import { post, Problem } from '../kit/api.js';
import { byId, fill } from '../kit/dom.js';
import { addWords, onAppearance, startAppearance, switches, t } from '../kit/i18n.js';
import { CITIZEN_LANGUAGES } from '../words/languages.js';
import { WORDS } from './words.js';

const PATIENCE_MS = 20_000;

addWords(WORDS);
startAppearance(CITIZEN_LANGUAGES);
fill(byId('switches'), switches());

const token = location.hash.slice(1);
history.replaceState(null, '', location.pathname);
const button = byId('locate-send', HTMLButtonElement);
const state = byId('locate-state');

/** @type {() => string} */
let said = () => '';
/** @param {() => string} words */
function tell(words) {
  said = words;
  state.textContent = words();
  state.hidden = false;
}
onAppearance(() => { state.textContent = said(); });

/** @param {GeolocationPosition} position */
async function send({ coords }) {
  try {
    const used = await post('/v1/location-links/use', {
      token, lon: coords.longitude, lat: coords.latitude, accuracy_m: Math.min(Math.max(coords.accuracy, 1), 100_000),
    });
    tell(() => t('locate.sent', { radius: Math.round(used.shown_radius_m) }));
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    const over = problem.status >= 400 && problem.status < 500;
    tell(() => t(over ? 'locate.over' : 'locate.away'));
    button.disabled = over;
  }
}

button.addEventListener('click', () => {
  button.disabled = true;
  tell(() => t('locate.looking'));
  navigator.geolocation.getCurrentPosition((position) => void send(position), (fault) => {
    button.disabled = false;
    tell(() => t(fault.code === fault.PERMISSION_DENIED ? 'locate.refused' : 'locate.nowhere'));
  }, { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 0 });
});

if (token) button.disabled = false;
else tell(() => t('locate.over'));
