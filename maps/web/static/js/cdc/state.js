/** What the tabs of disease control share: the disease and the area that are looked at. */

import { signal } from '../kit/view.js';

export const disease = signal('');
/** Empty: the whole city. */
export const area = signal('');

/** Look at a disease in its own tab. @param {string} code @param {string|null} area_code */
export function lookAt(code, area_code) {
  disease.value = code;
  area.value = area_code ?? '';
  location.hash = '#disease';
}
