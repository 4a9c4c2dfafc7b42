/** The words of the pages in each language: look-up, marking of static text, and the two switches. */

import { h } from './dom.js';
import { DARK, rememberLanguage, rememberTextSize, rememberTheme, settings, theme } from './settings.js';
import { COMMON } from '../words/common.js';
import { ERRORS } from '../words/errors.js';
import { LANGUAGES, STAFF_LANGUAGES } from '../words/languages.js';

/** @typedef {import('../words/languages.js').Language} Language */
/** @typedef {import('../types.d.ts').Key} Key  of a text of any page */
/** @typedef {Partial<Record<Language, string|null>>} Text  one text, in the languages it has */

/** The texts of this page. @type {Record<string, Text>} */
const words = { ...COMMON, ...ERRORS };

/** Make a page's own words known, before anything is shown. @param {Record<string, Text>} more */
export const addWords = (more) => { Object.assign(words, more); };

/** What this page offers; `startAppearance` says it. */
let offered = STAFF_LANGUAGES;

/** Called whenever the language is asked for: a part of a page that redraws itself notes that it did. */
let asked = () => {};

/** @param {() => void} note */
export const onLanguageAsked = (note) => { asked = note; };

/** The language of the page: the first wanted one that it offers. @returns {Language} */
export function language() {
  asked();
  return settings.languages.find((wanted) => offered.includes(wanted)) ?? 'en';
}

/**
 * Translate a key; `{name}` is replaced from `values`.
 * @param {Key} key @param {Record<string, string|number|null|undefined>} [values] @returns {string}
 */
export function t(key, values = {}) {
  const text = words[key];
  return (text?.[language()] ?? text?.en ?? key).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** Whether a key exists. @param {string} key @returns {key is Key} */
export const has = (key) => key in words;

/** Translate a code under a prefix; an unknown code is shown as it is. @param {string} prefix @param {string|null|undefined} code */
export function code(prefix, code) {
  if (!code) return '–';
  const key = `${prefix}.${code}`;
  return has(key) ? t(key) : code.replaceAll('_', ' ');
}

/** A text of the server in the language of the page, else in English, else in any. @param {Text|null|undefined} text @returns {string} */
export const pick = (text) => text?.[language()] || text?.en || Object.values(text ?? {}).find(Boolean) || '';

/** The name of a row with name, name_zh, name_en, in the language of the page. @param {object|null|undefined} row @param {string} [base] @returns {string} */
export function nameOf(row, base = 'name') {
  const names = /** @type {Record<string, string|null|undefined>} */ (row ?? {});
  return names[`${base}_${language()}`] || names[base] || names[`${base}_zh`] || '';
}

/** A sentence for a problem: translated by its code, else what the server said. @param {{code?: string, detail?: string}} problem */
export function sentence(problem) {
  const key = `error.${problem.code}`;
  if (language() === 'en' && problem.detail) return problem.detail;
  if (has(key)) return t(key);
  return problem.detail || t('error.unknown');
}

const ATTRIBUTES = { i18n: null, i18nTitle: 'title', i18nPlaceholder: 'placeholder', i18nLabel: 'aria-label' };

/** Put words into everything marked `data-i18n…` below `root`. @param {ParentNode} [root] */
export function translate(root = document) {
  document.documentElement.lang = LANGUAGES[language()].tag;
  for (const [mark, attribute] of Object.entries(ATTRIBUTES)) {
    const selector = `[data-${mark.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}]`;
    for (const element of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(selector))) {
      const text = t(/** @type {Key} */ (element.dataset[mark]));
      if (attribute) element.setAttribute(attribute, text);
      else element.textContent = text;
    }
  }
}

/** @type {Set<() => void>} */
const watchers = new Set();

/** Call `watcher` after the language or theme changed. @param {() => void} watcher @returns {() => void} stop calling it */
export function onAppearance(watcher) {
  watchers.add(watcher);
  return () => { watchers.delete(watcher); };
}

/** Apply theme and words once, at the start of a page. @param {Language[]} [languages] which it offers */
export function startAppearance(languages = STAFF_LANGUAGES) {
  offered = languages;
  apply();
  matchMedia(DARK).addEventListener('change', () => { if (settings.theme === 'system') changed(); });
}

function apply() {
  document.documentElement.dataset.theme = theme();
  document.documentElement.dataset.text = settings.textSize;
  translate();
}

/** What of the appearance may be chosen. @param {{language?: Language, theme?: import('./settings.js').Theme, textSize?: import('./settings.js').TextSize}} choice */
export function chooseAppearance(choice) {
  if (choice.language) rememberLanguage(choice.language);
  if (choice.theme) rememberTheme(choice.theme);
  if (choice.textSize) rememberTextSize(choice.textSize);
  changed();
}

/** The languages that this page offers. */
export const offeredLanguages = () => offered;

function changed() {
  apply();
  for (const watcher of watchers) watcher();
}

/** The language and theme switches every page has. @returns {HTMLElement[]} */
export function switches() {
  const languageChoice = h('select', {
    class: 'quiet', 'data-testid': 'language-switch',
    onchange: () => {
      chooseAppearance({ language: /** @type {Language} */ (languageChoice.value) });
      label();
    },
  }, offered.map((one) => h('option', { value: one, lang: LANGUAGES[one].tag, selected: one === language() }, LANGUAGES[one].name)));
  const themeButton = h('button', {
    class: 'quiet', 'data-testid': 'theme-switch',
    onclick: () => {
      chooseAppearance({ theme: theme() === 'dark' ? 'light' : 'dark' });
      label();
    },
  });
  function label() {
    languageChoice.setAttribute('aria-label', t('language'));
    themeButton.textContent = theme() === 'dark' ? '☀' : '☾';
    themeButton.title = t(theme() === 'dark' ? 'theme.light' : 'theme.dark');
    themeButton.setAttribute('aria-label', themeButton.title);
  }
  label();
  return [languageChoice, themeButton];
}
