/** What else the map of diseases shows: another risk of areas in place of the disease, points over both, and what the index of vulnerability is of. */

import { get } from '../kit/api.js';
import { pick, t } from '../kit/i18n.js';
import { SelectField } from '../kit/parts/fields.js';
import { Loading } from '../kit/parts/states.js';
import { DataTable } from '../kit/parts/table.js';
import { resource } from '../kit/resource.js';
import { effect, html, signal } from '../kit/view.js';
import { shell } from '../shell/shell.js';

/** @typedef {import('../types.d.ts').LayerView} LayerView */
/** @typedef {import('../types.d.ts').VulnerabilityView} VulnerabilityView */
/** @typedef {VulnerabilityView['rows'][number]} Ranked */

export const INDEX = 'vulnerability';

/** The layer of areas in place of the disease; empty: the disease. */
export const ground = signal('');
/** Layers of points over it. */
export const points = signal(/** @type {Set<string>} */ (new Set()));

const read = resource(async (stop) => (ground.peek() === INDEX ? get(`/v1/surveillance/vulnerability?city_id=${shell.city.peek()?.city_id ?? 0}`, { signal: stop }) : null), { now: false });

/** Layers of areas that may take the place of the disease. @param {LayerView[]} all */
const grounds = (all) => all.filter((one) => one.group.code === 'risks' && one.geometry === 'polygon');
/** @param {LayerView[]} all */
const pointed = (all) => all.filter((one) => (one.group.code === 'risks' || one.group.code === 'surveillance') && one.geometry === 'point');

/** The layers chosen here, from below to above. @param {LayerView[]} all */
export function chosenLayers(all) {
  return {
    area: grounds(all).find((one) => one.name === ground.value) ?? null,
    points: pointed(all).filter((one) => points.value.has(one.name)),
  };
}

/** Follow the city and what is chosen. @returns {() => void} */
export const keepRisks = () => effect(() => { void [shell.city.value, ground.value]; if (shell.city.peek()) void read.reload(); });

/** @param {{layers: LayerView[]}} props */
export function RiskChoice({ layers }) {
  const areas = grounds(layers);
  const toggle = (/** @type {string} */ name) => {
    const next = new Set(points.value);
    if (!next.delete(name)) next.add(name);
    points.value = next;
  };
  return html`
    ${areas.length > 0 && html`<${SelectField} label=${t('cdc.risks.ground')} value=${ground} testid="map-ground" options=${[
      { value: '', label: t('cdc.risks.disease') }, ...areas.map((one) => ({ value: one.name, label: one.empty ? t('cdc.risks.empty', { title: pick(one.title) }) : pick(one.title) }))]} />`}
    ${pointed(layers).map((one) => html`
      <label key=${one.name} class="check" title=${pick(one.says)}><input type="checkbox" checked=${points.value.has(one.name)} data-points=${one.name} onChange=${() => toggle(one.name)} /> <span>${pick(one.title)}</span></label>`)}`;
}

/** What the index is of and how sure its ranks are. */
export function Vulnerability() {
  const shown = /** @type {VulnerabilityView|null} */ (read.data.value ?? null);
  if (!shown) return html`<${Loading} />`;
  if (shown.version === null) return html`<p class="notice small" data-testid="vulnerability">${t('cdc.risks.none')}</p>`;
  const spread = Math.round(shown.spread * 100);
  /** @param {number} from @param {number} to */
  const between = (from, to) => (Math.round(from) === Math.round(to) ? `${Math.round(from)}` : `${Math.round(from)}–${Math.round(to)}`);
  /** @type {import('../kit/parts/table.js').Column<Ranked>[]} */
  const columns = [
    { key: 'rank', label: t('cdc.risks.rank'), align: 'end', narrow: true, value: (row) => row.rank },
    { key: 'place', label: t('cdc.area'), narrow: true, value: (row) => pick(row.place), width: 'minmax(6rem, 1.4fr)' },
    { key: 'value', label: t('cdc.risks.index'), align: 'end', narrow: true, value: (row) => row.value, cell: (row) => row.value.toFixed(3) },
    { key: 'likely', label: t('cdc.risks.likely'), align: 'end', value: (row) => row.rank_high - row.rank_low, cell: (row) => between(row.rank_low, row.rank_high) },
    { key: 'within', label: t('cdc.risks.within', { spread }), align: 'end', value: (row) => row.rank_worst - row.rank_best, cell: (row) => between(row.rank_best, row.rank_worst) },
    { key: 'top', label: t('cdc.risks.top'), align: 'end', value: (row) => row.often_top, cell: (row) => `${Math.round(row.often_top * 100)} %` },
  ];
  return html`
    <section class="cdc-atlas-side cdc-vulnerability" aria-label=${t('cdc.risks.heading')} data-testid="vulnerability">
      <h2>${t('cdc.risks.heading')}</h2>
      <p class="small">${t('cdc.risks.made', { version: shown.version, at: (shown.made_at ?? '').slice(0, 10), ranked: shown.ranked, areas: shown.areas, hash: (shown.inputs_hash ?? '').slice(0, 12) })}</p>
      <ul class="small">${shown.inputs.map((one) => html`
        <li key=${one.indicator}><b>${pick(one.words)}</b> ${t('cdc.risks.input', { weight: Math.round(one.weight * 100), areas: one.areas, sources: one.sources.join(t('part.comma')) || '–', first: one.first_day ?? '–', last: one.last_day ?? '–', shift: one.shift.toFixed(1), spread })}</li>`)}</ul>
      <${DataTable} label=${t('cdc.risks.heading')} rows=${shown.rows} rowKey=${(/** @type {Ranked} */ row) => row.area_code} columns=${columns}
        sortedBy=${{ key: 'rank', descending: false }} search=${shown.rows.length > 12} height_rem=${20} csvName=${`vulnerability-${shown.version}`} empty=${{ title: t('cdc.risks.none') }} />
    </section>`;
}
