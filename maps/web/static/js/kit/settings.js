/** What this workstation remembers: language, theme, shortcuts. Never anything about a person. */

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

export const settings = {
  languages,
  theme: read('theme') ?? 'light',
  shortcuts: read('shortcuts') !== 'off',
};

/** @param {Language} language */
export function rememberLanguage(language) {
  settings.languages = [language, ...settings.languages];
  write('language', language);
}

/** @param {'light'|'dark'} theme */
export function rememberTheme(theme) {
  settings.theme = theme;
  write('theme', theme);
}

/** @param {boolean} on */
export function rememberShortcuts(on) {
  settings.shortcuts = on;
  write('shortcuts', on ? 'on' : 'off');
}
