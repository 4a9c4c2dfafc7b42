/** What this workstation remembers: language, theme, text size, shortcuts. Never anything about a person. */

import { LANGUAGES } from '../words/languages.js';

/** @param {string} name @returns {string|null} */
function read(name) {
  try {
    return localStorage.getItem(`goldenhour.${name}`);
  } catch {
    return null;
  }
}

/** @param {string} name @param {string} value */
function write(name, value) {
  try {
    localStorage.setItem(`goldenhour.${name}`, value);
  } catch {
    // Storage may be switched off; the setting then lasts as long as the page.
  }
}

/** @typedef {import('../words/languages.js').Language} Language */

/** @param {string|undefined} tag  as browsers write it: `es-CL` @returns {Language[]} the one it means, if we speak it */
function known(tag) {
  const primary = tag?.slice(0, 2).toLowerCase();
  return /** @type {Language[]} */ (Object.keys(LANGUAGES)).filter((one) => one === primary);
}

/** What this workstation chose, then what its browser asks servers for, best first. */
const languages = [read('language') ?? undefined, ...(navigator.languages ?? [navigator.language])].flatMap(known);

/** @typedef {'system'|'light'|'dark'} Theme */
/** @typedef {'normal'|'large'|'larger'} TextSize */

/** @template {string} T @param {string|null} value @param {readonly T[]} values  the first is the usual one */
const oneOf = (value, values) => values.find((one) => one === value) ?? values[0];

export const THEMES = /** @type {const} */ (['system', 'light', 'dark']);
export const TEXT_SIZES = /** @type {const} */ (['normal', 'large', 'larger']);
export const DESK_TEXTS = /** @type {const} */ (['100', '125', '150', '200']);
/** The simple map of slow machines: chosen by itself where frames are slow, or by hand. @typedef {'auto'|'on'|'off'} LightMap */
export const LIGHT_MAP = /** @type {const} */ (['auto', 'on', 'off']);
export const DARK = '(prefers-color-scheme: dark)';

/** Until somebody chooses: readable on a 4K screen that its system does not magnify, too. */
const usualDeskText = () => (globalThis.innerWidth >= 3000 ? '200' : '100');

export const settings = {
  languages,
  /** @type {Theme} */
  theme: oneOf(read('theme'), THEMES),
  /** @type {TextSize} */
  textSize: oneOf(read('text'), TEXT_SIZES),
  shortcuts: read('shortcuts') !== 'off',
  queueFilter: queueFilter(),
  queueViews: queueViews(),
  /** Size of the console's text in %. */
  deskText: Number(oneOf(read('desk.text') ?? usualDeskText(), DESK_TEXTS)),
  /** @type {LightMap} */
  lightMap: oneOf(read('map.light'), LIGHT_MAP),
  slowMap: read('map.slow') === 'yes',
  /** Keys that were chosen for commands instead of their own. */
  keys: chosenKeys(),
  /** Widths of the console's panes in px; none: the usual ones. */
  panes: { queue: Number(read('pane.queue')) || null, side: Number(read('pane.side')) || null },
};

/** Which incidents the queue leaves out. @typedef {{hidden: string[], mine: boolean}} QueueFilter */

/** @returns {QueueFilter} */
function queueFilter() {
  const [hidden = '', mine = ''] = (read('queue') ?? '').split('|');
  return { hidden: hidden.split(' ').filter(Boolean), mine: mine === 'mine' };
}

/** @param {QueueFilter} filter */
export function rememberQueueFilter(filter) {
  settings.queueFilter = filter;
  write('queue', `${filter.hidden.join(' ')}|${filter.mine ? 'mine' : ''}`);
}

/** @param {{name: string, filter: QueueFilter}[]} views */
export function rememberQueueViews(views) {
  settings.queueViews = views;
  write('queue.views', JSON.stringify(views));
}

/** Filters that were given a name. @returns {{name: string, filter: QueueFilter}[]} */
function queueViews() {
  try {
    const kept = JSON.parse(read('queue.views') ?? '[]');
    return Array.isArray(kept) ? kept.filter((one) => typeof one?.name === 'string' && Array.isArray(one.filter?.hidden)) : [];
  } catch {
    return [];
  }
}

/** @param {number} percent */
export function rememberDeskText(percent) {
  settings.deskText = percent;
  write('desk.text', String(percent));
}

/** @param {LightMap} value */
export function rememberLightMap(value) {
  settings.lightMap = value;
  write('map.light', value);
}

/** Whether frames were found slow here: so that the next start is not slow again. @param {boolean} slow */
export function rememberSlowMap(slow) {
  settings.slowMap = slow;
  write('map.slow', slow ? 'yes' : '');
}

/** @param {'queue'|'side'} name @param {number|null} width_px */
export function rememberPane(name, width_px) {
  settings.panes[name] = width_px;
  write(`pane.${name}`, width_px === null ? '' : String(width_px));
}

/** @param {Language} language */
export function rememberLanguage(language) {
  settings.languages = [language, ...settings.languages];
  write('language', language);
}

/** The theme that is shown: the chosen one, else the system's. @returns {'light'|'dark'} */
export function theme() {
  if (settings.theme !== 'system') return settings.theme;
  return globalThis.matchMedia?.(DARK).matches ? 'dark' : 'light';
}

/** @param {Theme} theme */
export function rememberTheme(theme) {
  settings.theme = theme;
  write('theme', theme);
}

/** @param {TextSize} size */
export function rememberTextSize(size) {
  settings.textSize = size;
  write('text', size);
}

/** @param {string} key */
export function rememberCity(key) {
  write('city', key);
}

/** The city that was last chosen here. */
export const rememberedCity = () => read('city');

/** @returns {Record<string, string>} */
function chosenKeys() {
  return Object.fromEntries((read('keys') ?? '').split(' ').filter((one) => one.includes('=')).map((one) => one.split('=', 2)));
}

/** @param {Record<string, string>} keys  by command */
export function rememberKeys(keys) {
  settings.keys = keys;
  write('keys', Object.entries(keys).map((one) => one.join('=')).join(' '));
}

/** @param {boolean} on */
export function rememberShortcuts(on) {
  settings.shortcuts = on;
  write('shortcuts', on ? 'on' : 'off');
}
