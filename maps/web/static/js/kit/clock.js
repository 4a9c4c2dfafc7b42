/** Time as people read it: 24 h, ISO dates, the city's zone; ages by the server's clock. */

let offset_ms = 0;
let known = false;

/** Learn the server's clock from a `Date` header or a tick. Precise ones replace rough ones.
 * @param {string|null} text @param {{precise?: boolean}} [how] */
export function noteServerTime(text, { precise = false } = {}) {
  const at = text ? Date.parse(text) : NaN;
  if (Number.isNaN(at) || (known && !precise)) return;
  offset_ms = at - Date.now();
  known = precise;
}

/** Now, in milliseconds, by the server's clock. */
export const now_ms = () => Date.now() + offset_ms;

/** Seconds since an ISO time. @param {string|null|undefined} at @returns {number} */
export const ageSeconds = (at) => (at ? Math.max(0, (now_ms() - Date.parse(at)) / 1000) : 0);

/** `m:ss`, from one hour `h:mm:ss`. @param {number|null|undefined} seconds */
export function duration(seconds) {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '–';
  const whole = Math.max(0, Math.round(seconds));
  const ss = String(whole % 60).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)}:${ss}`;
  const mm = String(Math.floor((whole % 3600) / 60)).padStart(2, '0');
  if (whole < 86400) return `${Math.floor(whole / 3600)}:${mm}:${ss}`;
  return `${Math.floor(whole / 86400)} d ${String(Math.floor((whole % 86400) / 3600)).padStart(2, '0')}:${mm}`;
}

/** @param {string} zone @param {Intl.DateTimeFormatOptions} options */
const formatter = (zone, options) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: zone, hourCycle: 'h23', ...options });

/** `HH:MM:SS` in a zone. @param {string|number|null|undefined} at @param {string} zone */
export function clockTime(at, zone) {
  if (at === null || at === undefined) return '–';
  return formatter(zone, { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(new Date(at));
}

/** `YYYY-MM-DD` in a zone. @param {string|number} at @param {string} zone */
export const isoDate = (at, zone) =>
  formatter(zone, { year: 'numeric', month: '2-digit', day: '2-digit' }).format(new Date(at));

/** Metres, or kilometres from one kilometre. @param {number|null|undefined} metres */
export function distance(metres) {
  if (metres === null || metres === undefined || !Number.isFinite(metres)) return '–';
  return metres < 1000 ? `${Math.round(metres)} m` : `${(metres / 1000).toFixed(metres < 10000 ? 1 : 0)} km`;
}

/** An age that keeps counting. @param {string} since @param {number|null} [late_s] age at which it turns late */
export function ageElement(since, late_s = null) {
  const element = document.createElement('time');
  element.className = 'age';
  element.dataset.since = since;
  if (late_s !== null) element.dataset.late = String(late_s);
  showAge(element);
  return element;
}

/** Show the age of an element with `data-since` as it is now. @param {HTMLElement} element */
export function showAge(element) {
  const { since, late } = element.dataset;
  const age = ageSeconds(since);
  const shown = duration(age);
  if (element.textContent !== shown) element.textContent = shown;
  element.classList.toggle('late', late !== undefined && age > Number(late));
}

/** Keep every element with `data-since` showing its age. `data-late` is the age it turns late. */
export function startAges() {
  const tick = () => {
    for (const element of document.querySelectorAll('[data-since]')) showAge(/** @type {HTMLElement} */ (element));
  };
  tick();
  setInterval(tick, 1000);
}

/** `YYYY-MM-DDTHH:MM` of a time in a zone, as date fields want it. @param {number} at_ms @param {string} zone */
export const wallTime = (at_ms, zone) => `${isoDate(at_ms, zone)}T${clockTime(at_ms, zone).slice(0, 5)}`;

/** The moment at which clocks of a zone show `YYYY-MM-DDTHH:MM`, NaN if that is no time.
 * @param {string} wall @param {string} zone @returns {number} */
export function moment_ms(wall, zone) {
  const shown_ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(wall) ? Date.parse(`${wall}:00Z`) : NaN;
  if (Number.isNaN(shown_ms)) return NaN;
  let at_ms = shown_ms;
  // Twice: the first guess may stand on the other side of a change of the clocks.
  for (let pass = 0; pass < 2; pass += 1) at_ms += shown_ms - Date.parse(`${wallTime(at_ms, zone)}:00Z`);
  return at_ms;
}

/** When a time is near, its clock time; else with its date. @param {string} at @param {string} zone */
export function shortTime(at, zone) {
  const clock = clockTime(at, zone).slice(0, 5);
  return isoDate(at, zone) === isoDate(now_ms(), zone) ? clock : `${isoDate(at, zone).slice(5)} ${clock}`;
}
