/** 中文 and English: look-up, marking of static text, and the two switches. */

import { h } from './dom.js';
import { rememberLanguage, rememberTheme, settings } from './settings.js';
import { COMMON } from '../words/common.js';
import { CONSOLE } from '../words/console.js';
import { ERRORS } from '../words/errors.js';
import { PUBLIC } from '../words/public.js';
import { ROADS } from '../words/roads.js';

/** @type {Record<string, {zh: string, en: string}>} */
export const WORDS = { ...COMMON, ...CONSOLE, ...ERRORS, ...PUBLIC, ...ROADS };

/** @typedef {{zh?: string|null, en?: string|null}} Bilingual */

/** @returns {'zh'|'en'} */
export const language = () => (settings.language === 'zh' ? 'zh' : 'en');

/**
 * Translate a key; `{name}` is replaced from `values`. An unknown key shows itself.
 * @param {string} key @param {Record<string, any>} [values] @returns {string}
 */
export function t(key, values = {}) {
  const sentence = WORDS[key]?.[language()] ?? key;
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** Whether a key exists. @param {string} key */
export const has = (key) => key in WORDS;

/** Translate a code under a prefix; an unknown code is shown as it is. @param {string} prefix @param {string|null|undefined} code */
export function code(prefix, code) {
  if (!code) return '–';
  const key = `${prefix}.${code}`;
  return has(key) ? t(key) : code.replaceAll('_', ' ');
}

/** The current language of a bilingual text, else the other. @param {Bilingual|string|null|undefined} text */
export function pick(text) {
  if (!text) return '';
  if (typeof text === 'string') return text;
  return text[language()] || text.en || text.zh || '';
}

/** The name of a row with name, name_zh, name_en. @param {any} row @param {string} [base] */
export function nameOf(row, base = 'name') {
  return row?.[`${base}_${language()}`] || row?.[base] || row?.[`${base}_zh`] || '';
}

/** A sentence for a problem: translated by its code, else what the server said. @param {any} problem */
export function sentence(problem) {
  const key = `error.${problem?.code}`;
  if (language() === 'en' && problem?.detail) return problem.detail;
  if (has(key)) return t(key);
  return problem?.detail || t('error.unknown');
}

const ATTRIBUTES = { i18n: null, i18nTitle: 'title', i18nPlaceholder: 'placeholder', i18nLabel: 'aria-label' };

/** Put words into everything marked `data-i18n…` below `root`. @param {ParentNode} [root] */
export function translate(root = document) {
  document.documentElement.lang = language() === 'zh' ? 'zh-CN' : 'en';
  for (const [mark, attribute] of Object.entries(ATTRIBUTES)) {
    const selector = `[data-${mark.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}]`;
    for (const element of root.querySelectorAll(selector)) {
      const text = t(/** @type {any} */ (element).dataset[mark]);
      if (attribute) element.setAttribute(attribute, text);
      else element.textContent = text;
    }
  }
}

/** @type {Set<() => void>} */
const watchers = new Set();

/** Call `watcher` after the language or theme changed. @param {() => void} watcher */
export const onAppearance = (watcher) => watchers.add(watcher);

/** Apply theme and words once, at the start of a page. */
export function startAppearance() {
  document.documentElement.dataset.theme = settings.theme;
  translate();
}

function changed() {
  startAppearance();
  for (const watcher of watchers) watcher();
}

/** The two buttons every page has. @returns {HTMLElement[]} */
export function switches() {
  const languageButton = h('button', {
    class: 'quiet', 'data-testid': 'language-switch',
    onclick: () => {
      rememberLanguage(language() === 'zh' ? 'en' : 'zh');
      changed();
      label();
    },
  });
  const themeButton = h('button', {
    class: 'quiet', 'data-testid': 'theme-switch',
    onclick: () => {
      rememberTheme(settings.theme === 'dark' ? 'light' : 'dark');
      changed();
      label();
    },
  });
  function label() {
    languageButton.textContent = language() === 'zh' ? 'English' : '中文';
    languageButton.lang = language() === 'zh' ? 'en' : 'zh-CN';
    themeButton.textContent = settings.theme === 'dark' ? '☀' : '☾';
    themeButton.title = t(settings.theme === 'dark' ? 'theme.light' : 'theme.dark');
    themeButton.setAttribute('aria-label', themeButton.title);
  }
  label();
  return [languageButton, themeButton];
}
