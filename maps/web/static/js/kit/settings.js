/** What this workstation remembers: language, theme, shortcuts. Never anything about a person. */

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

const preferred = /** @type {string[]} */ ([...(navigator.languages ?? [navigator.language])]);
const browserLanguage = preferred.find((tag) => /^(zh|en)/i.test(tag))?.slice(0, 2).toLowerCase() ?? 'en';

export const settings = {
  language: read('language') ?? browserLanguage,
  theme: read('theme') ?? 'light',
  shortcuts: read('shortcuts') !== 'off',
};

/** @param {'zh'|'en'} language */
export function rememberLanguage(language) {
  settings.language = language;
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
