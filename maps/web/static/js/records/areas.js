/** An area, chosen from a list of those that are loaded. */

import { get } from '../kit/api.js';
import { nameOf, t } from '../kit/i18n.js';
import { SelectField } from '../kit/parts/fields.js';
import { resource } from '../kit/resource.js';
import { html } from '../kit/view.js';

/** @typedef {import('../types.d.ts').AreaInfo} AreaInfo */

/** The value of a choice that stands for every area; a jurisdiction writes it as nothing. */
export const EVERYWHERE = '*';

const read = resource(async () => (await get('/v1/areas')).areas, { now: false });

/** Ask for the areas, once a page. */
export function askForAreas() {
  if (!read.data.peek() && !read.loading.peek()) void read.reload();
}

/** What an area is called; its code where it is none that is loaded. @param {string} code */
export function areaName(code) {
  if (!code || code === EVERYWHERE) return t('part.everywhere');
  const found = (read.data.value ?? []).find((one) => one.code === code);
  return found ? `${nameOf(found)} (${code})` : code;
}

/** @param {AreaInfo[]} areas */
function options(areas) {
  const several = new Set(areas.map((one) => one.city_id)).size > 1;
  return areas.map((one) => ({
    value: one.code, label: `${'\u2003'.repeat(one.depth)}${nameOf(one)} · ${one.code}${several ? ` · ${one.city}` : ''}`,
  }));
}

/**
 * A code that is kept and no longer loaded stays a choice.
 * @param {Omit<import('../kit/parts/fields.js').FieldProps<string>, 'label'> & {empty?: string, everywhere?: boolean}} props
 *   `empty`: a first choice of nothing; `everywhere`: a last choice of every area
 */
export function AreaChoice({ value, empty, everywhere = false, ...field }) {
  const areas = read.data.value ?? [];
  const known = options(areas);
  const kept = value.value;
  const all = [
    ...known,
    ...(everywhere ? [{ value: EVERYWHERE, label: t('part.everywhere') }] : []),
    ...(kept && kept !== EVERYWHERE && !areas.some((one) => one.code === kept) ? [{ value: kept, label: kept }] : []),
  ];
  return html`<${SelectField} label=${t('part.area')} value=${value} options=${all} empty=${empty} ...${field} />`;
}
