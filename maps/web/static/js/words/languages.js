/** The languages of the pages, and which of them each kind of page offers. */

export const LANGUAGES = {
  zh: { name: '中文', tag: 'zh-CN' },
  en: { name: 'English', tag: 'en' },
  es: { name: 'Español', tag: 'es' },
};

/** @typedef {keyof typeof LANGUAGES} Language */

/** @type {Language[]} pages for anybody, and what they share with the others */
export const CITIZEN_LANGUAGES = ['zh', 'en', 'es'];
/** @type {Language[]} pages behind the sign-in */
export const STAFF_LANGUAGES = ['zh', 'en'];

/** @typedef {Record<string, Record<'zh'|'en'|'es', string>>} CitizenWords */
/** @typedef {Record<string, Record<'zh'|'en', string>>} StaffWords */
