/** Where cases stand together: clusters of the newest scan by how seldom chance would bring them, each with its zone on the map, its areas, and what changed since the day before. */

import { get } from '../kit/api.js';
import { clockTime, isoDate } from '../kit/clock.js';
import { code, pick, t } from '../kit/i18n.js';
import { CalmList } from '../kit/parts/calm_list.js';
import { Mark } from '../kit/parts/mark.js';
import { Empty, Read } from '../kit/parts/states.js';
import { resource } from '../kit/resource.js';
import { COLOURS } from '../kit/symbols.js';
import { computed, effect, html, signal, useEffect } from '../kit/view.js';
import { shell } from '../shell/shell.js';
import { BORDER, ClusterMap, STEPS } from './cluster_map.js';
import { listen } from './live.js';
import { Spark } from './spark.js';
import { lookAt } from './state.js';

/** @typedef {import('../types.d.ts').ClustersView} ClustersView */
/** @typedef {import('../types.d.ts').ClusterView} ClusterView */

const DAYS_A_YEAR = 365.25;
const MOST_YEARS = 100;

/** @type {Record<string, import('../kit/symbols.js').Mark>} */
const CHANGE_MARK = {
  new: { shape: 'triangle', colour: COLOURS.vermillion, ink: '#ffffff', letter: 'N' },
  grown: { shape: 'hexagon', colour: COLOURS.orange, ink: '#111111', letter: '+' },
  shrunk: { shape: 'circle', colour: COLOURS.sky, ink: '#1b1b1b', letter: '−' },
  same: { shape: 'square', colour: COLOURS.grey, ink: '#111111', letter: '=' },
};

const read = resource((stop) => get(`/v1/surveillance/clusters?city_id=${shell.city.peek()?.city_id ?? 0}`, { signal: stop }), { now: false });
const chosen = signal(/** @type {string|null} */ (null));
const opened = signal(/** @type {string|null} */ (null));
const shown = computed(() => [...(read.data.value?.clusters ?? []), ...(read.data.value?.weaker ?? [])]);

function keepUp() {
  const stops = [
    effect(() => { if (shell.city.value) void read.reload(); }),
    effect(() => {
      const all = shown.value;
      if (!all.some((one) => one.cluster_id === chosen.peek())) chosen.value = all.find((one) => one.numbers)?.cluster_id ?? null;
    }),
  ];
  stops.push(listen(['cluster_run'], () => { void read.reload(); }));
  return () => { for (const stop of stops) stop(); };
}

/** @param {number|null} value */
const number = (value) => {
  if (value === null) return '–';
  return value > 0 && value < 0.05 ? '<0.1' : value.toLocaleString('en', { maximumFractionDigits: 1 });
};

/** How often chance brings one as strong. @param {number|null} days */
export function recurrence(days) {
  if (days === null) return '–';
  const years = days / DAYS_A_YEAR;
  if (years >= MOST_YEARS) return t('cdc.cluster.over_century');
  return years >= 2 ? t('cdc.cluster.years', { n: Math.round(years) }) : t('cdc.cluster.days', { n: Math.round(days) });
}

/** @param {ClusterView} one */
const zoneOf = (one) => {
  if (one.radius_s !== null && one.radius_s > 0) return t('cdc.cluster.minutes', { n: number(one.radius_s / 60) });
  if (one.radius_m !== null && one.radius_m > 0) return t('cdc.cluster.km', { n: number(one.radius_m / 1000) });
  return t('cdc.cluster.alone');
};

/** @param {ClusterView} one */
const titleOf = (one) => [pick(one.disease_words), one.districts.map((each) => pick(each)).slice(0, 3).join(t('part.comma')) || pick(one.place)].filter(Boolean).join(t('part.comma'));

/** @param {{one: ClusterView, place: number|null, gone?: boolean, over?: boolean}} props  `over`: of the run before, not found any more */
function Cluster({ one, place, gone = false, over = false }) {
  const isOpen = opened.value === one.cluster_id;
  const isChosen = chosen.value === one.cluster_id;
  const toggle = () => { opened.value = isOpen ? null : one.cluster_id; };
  const keys = (/** @type {KeyboardEvent} */ event) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter') toggle();
    else if (event.key === 'c' && one.disease) lookAt(one.disease, one.members.length === 1 ? one.members[0].area_code : null);
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const all = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('.cdc-cluster')]);
      all[all.indexOf(/** @type {HTMLElement} */ (event.currentTarget)) + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
    }
  };
  const choose = () => { if (one.numbers) chosen.value = one.cluster_id; };
  return html`
    <li key=${one.cluster_id} id=${`cluster-${one.cluster_id}`} class="cdc-signal cdc-cluster ${over ? 'over' : one.change} ${gone ? 'gone' : ''} ${isChosen ? 'chosen' : ''}" tabindex="0"
      onKeyDown=${keys} onFocus=${choose} onClick=${choose} aria-keyshortcuts="Enter C" data-testid="cluster" data-change=${over ? 'gone' : one.change}>
      <div class="cdc-signal-head">
        ${over ? html`<span class="cdc-rule">${t('cdc.cluster.gone')}</span>` : html`<${Mark} mark=${CHANGE_MARK[one.change]} title=${code('cdc.cluster.change', one.change)} />`}
        <h3>${place !== null && html`<span class="faint">${place}.</span> `}${titleOf(one)}</h3>
        ${one.numbers && html`<span class="cdc-seldom" title=${t('cdc.cluster.recurrence.text')}>${recurrence(one.recurrence_days)}</span>`}
        <span class="cdc-since faint">${t('cdc.cluster.first', { day: one.first_on })}</span>
      </div>
      <div class="cdc-signal-body">
        <div>
          <p class="cdc-reason">${pick(one.reason)}</p>
          ${one.changed && !over && html`<p class="small cdc-changed" data-testid="cluster-changed"><b>${code('cdc.cluster.change', one.change)}</b> ${pick(one.changed)}</p>`}
        </div>
        ${one.by_day.length > 0 && html`<${Spark} cases=${one.by_day} />`}
        ${one.numbers && html`<dl class="cdc-figures">
          <div><dt>${t('cdc.observed')}</dt><dd>${one.observed}</dd></div>
          <div><dt>${t('cdc.expected')}</dt><dd>${number(one.expected)}</dd></div>
          <div><dt title=${t('cdc.cluster.rr.text')}>${t('cdc.cluster.rr')}</dt><dd>${number(one.relative_risk)}</dd></div>
          <div><dt>p</dt><dd>${one.p_value?.toPrecision(1) ?? '–'}</dd></div></dl>`}
      </div>
      ${one.numbers && html`<div class="row cdc-actions">
        <button class="quiet" aria-expanded=${isOpen ? 'true' : 'false'} data-testid="cluster-members" onClick=${toggle}>${one.members.length === 1 ? t('cdc.cluster.alone') : t('cdc.cluster.members', { n: one.members.length })} · ${t('cdc.cluster.methods', { n: one.also.length + 1 })}</button>
        ${one.disease && html`<button class="quiet" data-testid="cluster-curve" onClick=${() => lookAt(one.disease ?? '', one.members.length === 1 ? one.members[0].area_code : null)}>${t('cdc.curve')} →</button>`}
      </div>`}
      ${isOpen && html`<${Details} one=${one} />`}
    </li>`;
}

/** @param {{one: ClusterView}} props */
const Details = ({ one }) => html`
  <div class="cdc-cluster-details">
    <div class="cdc-opinions" tabindex="0" role="group" aria-label=${t('cdc.cluster.members.title', { since: one.starts_on, until: one.ends_on })}>
      <table data-testid="member-table">
        <caption>${t('cdc.cluster.members.title', { since: one.starts_on, until: one.ends_on })}</caption>
        <thead><tr><th>${t('cdc.area')}</th><th>${t('cdc.cluster.district')}</th><th class="end">${t('cdc.observed')}</th><th class="end">${t('cdc.expected')}</th><th class="end">${t('cdc.cluster.times')}</th></tr></thead>
        <tbody>${[...one.members].sort((a, b) => b.observed - a.observed).map((each) => html`
          <tr key=${each.area_code}>
            <th>${pick(each.place)}${each.change === 'joined' && one.change !== 'new' ? html` <span class="cdc-rule">${t('cdc.cluster.joined')}</span>` : ''}</th>
            <td>${each.district ? pick(each.district) : ''}</td>
            <td class="end">${each.observed}</td><td class="end">${number(each.expected)}</td><td class="end">${each.expected > 0 ? number(each.observed / each.expected) : '–'}</td>
          </tr>`)}</tbody>
      </table>
    </div>
    <div class="cdc-opinions" tabindex="0" role="group" aria-label=${t('cdc.cluster.methods.title')}>
      <table data-testid="method-table">
        <caption>${t('cdc.cluster.methods.title')}</caption>
        <thead><tr><th>${t('cdc.detector')}</th><th class="end">${t('cdc.cluster.areas')}</th><th class="end">${t('cdc.observed')}</th><th class="end">${t('cdc.expected')}</th><th class="end">p</th><th class="end">${t('cdc.cluster.recurrence')}</th></tr></thead>
        <tbody>
          <tr class="alarm"><th><b>${pick(one.method)}</b></th><td class="end">${one.members.length}</td><td class="end">${one.observed}</td><td class="end">${number(one.expected)}</td><td class="end">${one.p_value?.toPrecision(1)}</td><td class="end">${recurrence(one.recurrence_days)}</td></tr>
          ${one.also.map((each) => html`<tr key=${pick(each.words)}><th>${pick(each.words)}</th><td class="end">${each.places}</td><td class="end">${each.observed}</td><td class="end">${number(each.expected)}</td><td class="end">${each.p_value.toPrecision(1)}</td><td class="end">${recurrence(each.recurrence_days)}</td></tr>`)}
        </tbody>
      </table>
      <p class="small faint">${t('cdc.cluster.zone', { zone: zoneOf(one) })} ${t('cdc.cluster.llr', { llr: number(one.log_likelihood_ratio), gumbel: one.gumbel_p === null ? '–' : one.gumbel_p.toExponential(1) })}</p>
      ${one.parted.length > 0 && html`<p class="small">${t('cdc.cluster.parted', { areas: one.parted.map((each) => pick(each)).join(t('part.comma')) })}</p>`}
    </div>
  </div>`;

const zone = () => shell.city.value?.time_zone ?? 'UTC';

/** @param {{found: ClustersView}} props */
function Found({ found }) {
  const run = found.run;
  if (!run) return html`<${Empty} title=${t('cdc.cluster.never')} text=${t('cdc.cluster.never.text')} />`;
  const fresh = found.clusters.filter((one) => one.change === 'new').length;
  const reads = shell.can('cases_read');
  return html`
    <div class="cdc-today cdc-clusters">
      <section class="cdc-list" aria-label=${t('cdc.tab.clusters')}>
        <p class="cdc-says" data-testid="clusters-says"><b>${run.day}</b> ${t('cdc.cluster.says', { n: found.clusters.length, fresh, gone: found.gone.length })}
          ${reads && html` <span class="faint">${t('cdc.cluster.says.scanned', { scanned: run.scanned, days: Math.round(run.recurrence_days) })}</span>`}</p>
        ${found.clusters.length === 0 ? html`<${Empty} title=${t('cdc.cluster.none')} text=${t('cdc.cluster.none.text', { scanned: run.scanned })} />` : html`
          <${CalmList} items=${found.clusters} keyOf=${(/** @type {ClusterView} */ one) => one.cluster_id} scope=${`${run.city_id} ${run.day}`} class="cdc-signals" label=${t('cdc.tab.clusters')} testid="clusters"
            row=${(/** @type {ClusterView} */ one, /** @type {{index: number, gone: boolean}} */ at) => html`<${Cluster} key=${one.cluster_id} one=${one} place=${at.index + 1} gone=${at.gone} />`} />`}
        ${found.gone.length > 0 && html`<details class="cdc-more" open><summary>${t('cdc.cluster.gone.title', { n: found.gone.length, day: found.day_before })}</summary>
          <ol class="cdc-signals">${found.gone.map((one) => html`<${Cluster} key=${one.cluster_id} one=${one} place=${null} over />`)}</ol></details>`}
        ${found.weaker.length > 0 && html`<details class="cdc-more"><summary>${t('cdc.cluster.weaker', { n: found.weaker.length })}</summary>
          <ol class="cdc-signals">${found.weaker.map((one, index) => html`<${Cluster} key=${one.cluster_id} one=${one} place=${found.clusters.length + index + 1} />`)}</ol></details>`}
      </section>
      ${reads && html`<aside class="cdc-beside" aria-label=${t('cdc.cluster.map')}>
        <${ClusterMap} clusters=${shown} chosen=${chosen} />
        <p class="small cdc-legend">${t('cdc.cluster.times')}
          ${STEPS.map(([least, colour], index) => html`<span key=${least}><i class="swatch" style=${`background:${colour}`}></i>${index === 0 ? '<1' : `≥${least}`}</span>`)}
          <span><i class="cdc-line dashed" style=${`border-color:${BORDER}`}></i>${t('cdc.cluster.circle')}</span><span><i class="cdc-line" style=${`border-color:${BORDER}`}></i>${t('cdc.cluster.roads')}</span></p>
        <dl class="cdc-run small">
          <div><dt>${t('cdc.run.basis')}</dt><dd>${pick(found.basis)}</dd></div>
          <div><dt>${t('cdc.run.as_of')}</dt><dd>${isoDate(run.as_of, zone())} ${clockTime(run.as_of, zone()).slice(0, 5)}</dd></div>
          <div><dt>${t('cdc.cluster.window')}</dt><dd>${t('cdc.cluster.window.text', { days: run.window_days, longest: run.longest_days, share: Math.round(run.largest_share * 100), replicates: run.replicates })}</dd></div>
          <div><dt>${t('cdc.cluster.compared')}</dt><dd>${[t('cdc.cluster.own_past'), run.residents && t('cdc.cluster.residents'), t('cdc.cluster.circle'), run.topology_id && t('cdc.cluster.by_road')].filter(Boolean).join(t('part.comma'))}</dd></div>
          ${run.unplaced > 0 && html`<div><dt>${t('cdc.run.lost')}</dt><dd>${t('cdc.cluster.unplaced', { n: run.unplaced })}</dd></div>`}
        </dl>
        <p class="small faint cdc-keys">${t('cdc.cluster.keys')}</p>
      </aside>`}
    </div>`;
}

export function Clusters() {
  useEffect(keepUp, []);
  return html`<${Read} of=${read}>${(/** @type {ClustersView} */ found) => html`<${Found} found=${found} />`}<//>`;
}
