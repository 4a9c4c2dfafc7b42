/** Charts are made for a light ground (`maps/charts/colours.py`); on a dark one each of their colours has another. */

/** What charts are drawn in on a light ground → on a dark one, as dark as the panels of a page. */
export const DARK = /** @type {Record<string, string>} */ ({
  '#ffffff': '#242a2f', '#22282d': '#e6eaed', '#5f6971': '#a9b3bb', '#e3e6e8': '#343c43', '#a3abb3': '#69757e',
  '#c9cfd4': '#4a545c', '#b4bcc3': '#5d6770', '#9aa4ad': '#737e87', '#7d8892': '#8d97a0',
  '#0072b2': '#56b4e9', '#d55e00': '#ff9d66',
});

/**
 * A specification with the colours of a theme; data are left as they are.
 * @template T
 * @param {T} spec @param {'light'|'dark'} theme
 * @returns {T}
 */
export function inTheme(spec, theme) {
  return theme === 'light' ? spec : /** @type {T} */ (recoloured(spec));
}

/** @param {unknown} part @returns {unknown} */
function recoloured(part) {
  if (typeof part === 'string') return DARK[part.toLowerCase()] ?? part;
  if (Array.isArray(part)) return part.map(recoloured);
  if (part === null || typeof part !== 'object') return part;
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, key === 'data' ? value : recoloured(value)]));
}
