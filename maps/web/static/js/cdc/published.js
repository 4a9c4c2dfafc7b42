/** Counts as they are published: a week by disease and area; what could point at a person is hidden, and that is said. */

import { get } from '../kit/api.js';
import { nameOf, pick, t } from '../kit/i18n.js';
import { Read } from '../kit/parts/states.js';
import { DataTable } from '../kit/parts/table.js';
import { resource } from '../kit/resource.js';
import { effect, html, useEffect } from '../kit/view.js';
import { shell } from '../shell/shell.js';

const SUBJECT = 'surveillance.cases';
const ALL = '*';

/** @typedef {{disease: string, place: string, people: number|null}} Row */
/** @typedef {{from: string, until: string, least: number, rows: Row[]}|null} Week */

const read = resource(async (stop) => {
  const city_id = shell.city.peek()?.city_id ?? 0;
  const [found, all] = await Promise.all([
    get(`/v1/releases?city_id=${city_id}&subject=${SUBJECT}`, { signal: stop }), get('/v1/areas', { signal: stop }),
  ]);
  const newest = found.releases[0];
  if (!newest) return /** @type {Week} */ (null);
  const { cells } = await get(`/v1/releases/${newest.release_id}`, { signal: stop });
  const groups = new Map(found.subjects[0].groups.map((one) => [one.code, one.words]));
  const areas = new Map(all.areas.filter((one) => one.city_id === city_id).map((one) => [one.code, one]));
  const rows = cells
    .filter((cell) => cell.group !== ALL && (cell.area_code === ALL || areas.has(cell.area_code)) && cell.people !== 0)
    .map((cell) => ({ disease: pick(groups.get(cell.group)) || cell.group, place: cell.area_code === ALL ? t('cdc.whole_city') : nameOf(areas.get(cell.area_code)), people: cell.people }));
  return { from: newest.period_from, until: newest.period_until, least: newest.smallest_told, rows };
}, { now: false });

export function Published() {
  useEffect(() => effect(() => { if (shell.city.value) void read.reload(); }), []);
  return html`
    <section class="cdc-published" aria-labelledby="published-title">
      <h2 id="published-title">${t('cdc.published')}</h2>
      ${read.data.value === null && !read.problem.value && !read.loading.value ? html`<p class="faint" data-testid="published-none">${t('cdc.published.none')}</p>` : html`
        <${Read} of=${read}>${(/** @type {Exclude<Week, null>} */ week) => html`
          <p class="small faint">${t('cdc.published.says', { from: week.from, until: week.until, k: week.least })}</p>
          <${DataTable} label=${t('cdc.published')} rows=${week.rows} rowKey=${(/** @type {Row} */ one) => `${one.disease} ${one.place}`} height_rem=${20} csvName="published-cases" columns=${[
            { key: 'disease', label: t('cdc.disease'), value: (/** @type {Row} */ one) => one.disease, filter: 'choice', narrow: true },
            { key: 'place', label: t('cdc.area'), value: (/** @type {Row} */ one) => one.place, filter: 'choice', narrow: true },
            { key: 'people', label: t('cdc.observed'), value: (/** @type {Row} */ one) => one.people, align: 'end', narrow: true, cell: (/** @type {Row} */ one) => (one.people === null ? html`<span class="faint">${t('cdc.hidden')}</span>` : one.people.toLocaleString('en')) },
          ]} empty=${{ title: t('cdc.published.none') }} />`}<//>`}
    </section>`;
}
