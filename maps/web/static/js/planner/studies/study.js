/** One study: how far its search is, and its answer as figures, map, districts; an address before and after; the front of plans. */

import { get, post, Problem, request } from '../../kit/api.js';
import { pick, sentence, t } from '../../kit/i18n.js';
import { confirmDialog } from '../../kit/parts/dialog.js';
import { Read } from '../../kit/parts/states.js';
import { DataTable } from '../../kit/parts/table.js';
import { toast, toastProblem } from '../../kit/parts/toast.js';
import { resource } from '../../kit/resource.js';
import { computed, html, signal, useEffect, useMemo } from '../../kit/view.js';
import { pointFeature } from '../../map/features.js';
import { when, who } from '../../records/details.js';
import { shell } from '../../shell/shell.js';
import { Address } from './address.js';
import { byChange, byTime, changeLegend, peopleBy, timeLegend } from './cells.js';
import { askForKinds, kinds } from './form.js';
import { Lines, roundTicks } from '../lines.js';
import { COLOURS, PlanMap } from '../map.js';
import { figure, gapWords, grouped, percent, placeName, points, siteName, written } from '../state.js';
import { StudyReport } from './report.js';
import { SwipeMap } from './swipe.js';
import { parametersOf } from './values.js';

/** @typedef {import('./types.js').StudyView} StudyView */
/** @typedef {import('./types.js').Answer} Answer */
/** @typedef {import('./types.js').DistrictRow} DistrictRow */
/** @typedef {import('./types.js').Site} Site */
/** @typedef {import('./types.js').Plan} Plan */
/** @typedef {Answer['plans'][number]} Other */
/** A plan beside the study's own, as the map shows it. @typedef {{sites: Site[], words: string}} Shown */
/** @typedef {import('./types.js').Cells} Cells */
/** @typedef {import('./types.js').State} State */

const ASK_EVERY_MS = 1000;
const LIVE = new Set(['waiting', 'running']);
const VIEWS = /** @type {const} */ (['change', 'swipe']);
const NO_LAYERS = signal(/** @type {string[]} */ ([]));

/** @param {{study_id: number, onAgain: (study: {kind: string, name: string, parameters: Record<string, unknown>}) => void, onGone: () => void, onChanged: () => void}} props
 * `onAgain`: its parameters are to be changed and asked anew; `onGone`: it was deleted; `onChanged`: the list is to be read again */
export function Study({ study_id, onAgain, onGone, onChanged }) {
  const read = useMemo(() => resource((stop) => get(`/v1/planning/studies/${study_id}`, { signal: stop })), [study_id]);
  useEffect(() => {
    let was = '';
    const timer = setInterval(() => {
      const now = read.data.peek();
      if (now && was && was !== now.state) onChanged();
      was = now?.state ?? was;
      if (!document.hidden && now && LIVE.has(now.state)) void read.reload();
    }, ASK_EVERY_MS);
    return () => clearInterval(timer);
  }, [study_id]);
  return html`<${Read} of=${read}>${(/** @type {StudyView} */ study) => html`<${Shown} study=${study} read=${read} onAgain=${onAgain} onGone=${onGone} onChanged=${onChanged} />`}<//>`;
}

/** @param {{study: StudyView, read: import('../../kit/resource.js').Resource<StudyView>, onAgain: (study: StudyView) => void, onGone: () => void, onChanged: () => void}} props */
function Shown({ study, read, onAgain, onGone, onChanged }) {
  const live = LIVE.has(study.state);
  return html`
    <article class="plan-study" aria-labelledby="study-title" data-testid="study" data-state=${study.state} data-study=${study.study_id}>
      <div class="page-head"><h2 id="study-title">${study.name}</h2><span class="tag ${study.state === 'failed' ? 'bad' : ''}">${t(`plan.state.${/** @type {State} */ (study.state)}`)}</span>
        <span class="faint small">${pick(study.kind_words)} · ${who(study.made_by)} · ${when(study.made_at)}</span><span class="grow"></span>
        <${Actions} study=${study} read=${read} onAgain=${onAgain} onGone=${onGone} onChanged=${onChanged} /></div>
      ${study.error && html`<p class="notice bad" role="alert">${study.error}</p>`}
      ${study.state === 'stopped' && !study.answer && html`<p class="notice">${t('plan.study.stopped.none')}</p>`}
      ${study.changed.map((one) => html`<p key=${one.en} class="notice warn" data-testid="study-changed">${pick(one)}</p>`)}
      ${live && html`<${Running} study=${study} read=${read} />`}
      ${study.answer && html`<${Answered} study=${study} answer=${study.answer} onAgain=${onAgain} />`}
      <${Given} study=${study} />
    </article>`;
}

/** @param {Parameters<typeof Shown>[0]} props */
function Actions({ study, read, onAgain, onGone, onChanged }) {
  const share = () => post(`/v1/planning/studies/${study.study_id}/share`, { shared: !study.shared }).then((now) => { read.data.value = now; onChanged(); }, toastProblem);
  const remove = async () => {
    if (!await confirmDialog({ title: t('plan.study.delete.title', { name: study.name }), text: t('plan.study.delete.text'), action: t('plan.study.delete'), danger: true })) return;
    try {
      await request('DELETE', `/v1/planning/studies/${study.study_id}`);
      onGone();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      toastProblem(error);
    }
  };
  return html`
    <div class="line">
      ${shell.can(WRITE) && html`<button type="button" data-testid="study-again" onClick=${() => onAgain(study)}>${t('plan.study.again')}</button>`}
      ${study.may_change && html`<button type="button" data-testid="study-share" aria-pressed=${study.shared ? 'true' : 'false'} onClick=${share}>${t(study.shared ? 'plan.study.unshare' : 'plan.study.share')}</button>
        <button type="button" class="quiet" data-testid="study-delete" onClick=${remove}>${t('plan.study.delete')}</button>`}
    </div>`;
}

export const WRITE = 'study_write';
/** The kind of study that searches for nothing: its value is its bound. */
const EVALUATED = 'coverage';

/** @param {{study: StudyView, read: import('../../kit/resource.js').Resource<StudyView>}} props */
function Running({ study, read }) {
  const stop = () => post(`/v1/planning/studies/${study.study_id}/stop`).then((now) => { read.data.value = now; toast(t('plan.study.stopping')); }, toastProblem);
  const { progress } = study;
  return html`
    <section class="card" aria-label=${t('plan.search')} data-testid="running">
      <div class="row"><p class="grow" aria-live="polite">${progress ? t('plan.search.says', { seconds: progress.seconds.toFixed(0), value: figure(study.measure, progress.value), bound: figure(study.measure, progress.bound), gap: gapWords(progress.gap) }) : t(study.state === 'waiting' ? 'plan.search.waiting' : 'plan.search.beginning')}</p>
        ${study.may_change && html`<button type="button" data-testid="study-stop" onClick=${stop}>${t('plan.study.stop')}</button>`}</div>
      <${Convergence} study=${study} />
    </section>`;
}

/** Value and bound as the search went on. @param {{study: StudyView}} props */
export function Convergence({ study }) {
  const trace = study.progress?.trace ?? [];
  const known = trace.flatMap((one) => [one.value, one.bound]).filter((one) => one !== null);
  if (trace.length < 2 || !known.length) return null;
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const room = (high - low) * 0.08 || Math.abs(high) * 0.01 || 1;
  const last = /** @type {number} */ (trace.at(-1)?.seconds) || 1;
  const y = { min: low - room, max: high + room };
  return html`
    <${Lines} testid="convergence" label=${t('plan.search.plot', { measure: pick(study.measure.words), value: figure(study.measure, study.progress?.value), bound: figure(study.measure, study.progress?.bound) })}
      series=${[
        { key: 'one', name: t('plan.search.value'), points: trace.map((one) => [one.seconds, one.value]), step: true },
        { key: 'two', name: t('plan.search.bound'), points: trace.map((one) => [one.seconds, one.bound]), step: true },
      ]}
      x=${{ min: 0, max: last, ticks: roundTicks(0, last).map((at) => ({ at, text: `${at}` })), name: t('plan.search.seconds') }}
      y=${{ ...y, ticks: roundTicks(y.min, y.max).map((at) => ({ at, text: grouped(at) })) }} />`;
}

/** @param {{study: StudyView, answer: Answer, onAgain: (study: any) => void}} props */
function Answered({ study, answer, onAgain }) {
  const [city] = answer.districts;
  const chosenPlan = useMemo(() => signal(/** @type {Shown|null} */ (null)), [study.study_id]);
  const cells = useMemo(() => resource((stop) => /** @type {Promise<any>} */ (get(`/v1/planning/studies/${study.study_id}/cells`, { signal: stop }))), [study.study_id]);
  const spot = useMemo(() => signal(/** @type {import('./address.js').Spot|null} */ (null)), [study.study_id]);
  const added = answer.sites.filter(changed);
  const searched = study.kind !== EVALUATED;
  return html`
    <p class="plan-says" data-testid="answer-says">${says(study, answer, city, added)}</p>
    <dl class="plan-figures">
      <div><dt>${pick(study.measure.words)}</dt><dd data-testid="answer-value">${figure(study.measure, answer.value)}</dd></div>
      ${searched && html`<div><dt>${t(study.measure.sense === 'least' ? 'plan.bound.least' : 'plan.bound.most')}</dt><dd>${figure(study.measure, answer.bound)}</dd></div>
        <div><dt>${t('plan.gap')}</dt><dd>${gapWords(answer.gap)}</dd></div>`}
      ${city && html`<div><dt>${t('plan.within.before')}</dt><dd>${percent(city.share_before)}</dd></div>
        <div><dt>${t('plan.within.after')}</dt><dd>${percent(city.share_after)} <span class="change ${(city.share_after ?? 0) < (city.share_before ?? 0) ? 'worse' : ''}">${t('plan.points', { n: points(city.share_before, city.share_after) })}</span></dd></div>`}
    </dl>
    ${searched && html`<p class="hint">${t(`plan.ended.${/** @type {'proven'|'gap'|'done'|'time'|'stopped'} */ (answer.ended)}`)} ${t('plan.solver', { solver: answer.solver, seconds: answer.seconds.toFixed(1), seed: answer.seed })} ${answer.repeatable ? '' : t('plan.not_repeatable')}</p>`}
    ${chosenPlan.value && html`<${Taken} study=${study} answer=${answer} plan=${chosenPlan.value} onAgain=${onAgain} />`}
    <div class="plan-main">
      <${AnswerMap} study=${study} answer=${answer} cells=${cells} plan=${chosenPlan} spot=${spot} />
      <div class="plan-beside"><${Sites} study=${study} sites=${chosenPlan.value ? sitesOf(chosenPlan.value, answer) : answer.sites} /><${Address} study_id=${study.study_id} spot=${spot} />
        ${(study.progress?.trace ?? []).length > 1 && html`<section aria-labelledby="trace-title"><h3 id="trace-title">${t('plan.search.how')}</h3><${Convergence} study=${study} /></section>`}</div>
    </div>
    ${answer.front.length > 0 && html`<${Front} answer=${answer} plan=${chosenPlan} />`}
    ${answer.plans.length > 0 && html`<${Others} study=${study} answer=${answer} plan=${chosenPlan} />`}
    <${DistrictTable} study=${study} answer=${answer} />
    <${StudyReport} study_id=${study.study_id} />
    <section class="plan-basis" aria-labelledby="study-basis"><h3 id="study-basis">${t('plan.basis')}</h3><ul>${answer.sentences.map((one) => html`<li key=${one.en}>${pick(one)}</li>`)}</ul></section>`;
}

/** The answer in a sentence. @param {StudyView} study @param {Answer} answer @param {DistrictRow|undefined} city @param {Site[]} added */
function says(study, answer, city, added) {
  const where = added.slice(0, MOST_NAMED).map((one, index) => (added.length > 1 ? `${index + 1} ${siteName(one)}` : siteName(one))).join(t('part.comma')) + (added.length > MOST_NAMED ? t('plan.more', { n: added.length - MOST_NAMED }) : '');
  if (!city) return where ? t('plan.answer.sites', { where }) : '';
  const limit = limitWords(study);
  const values = { where, limit, measure: pick(study.measure.words), before: percent(city.share_before), after: percent(city.share_after), gains: grouped(city.gains), loses: grouped(city.loses) };
  return `${t(SHARED_OUT.has(study.measure.code) && added.length ? 'plan.answer.says.expected' : added.length ? 'plan.answer.says' : 'plan.answer.says.none', values)}${city.loses > 0 ? ` ${t('plan.answer.loses', values)}` : ''}`;
}

const MOST_NAMED = 4;
/** Measures by which somebody within the limit counts in part. */
export const SHARED_OUT = new Set(['expected_people', 'people_served']);
const ON_FOOT = 'aeds';

/** The limit of a study: minutes by road, or minutes on foot. @param {StudyView} study */
const limitWords = (study) => t(study.kind === ON_FOOT ? 'plan.minutes.foot' : 'plan.minutes', { n: Number((study.measure.limit_s / 60).toFixed(1)) });

/** @param {{study: StudyView, answer: Answer, cells: import('../../kit/resource.js').Resource<Cells>, plan: import('../../kit/view.js').Signal<Shown|null>, spot: import('../../kit/view.js').Signal<import('./address.js').Spot|null>}} props */
function AnswerMap({ study, answer, cells, plan, spot }) {
  const view = useMemo(() => signal(/** @type {typeof VIEWS[number]} */ ('change')), [study.study_id]);
  const { limit_s } = study.measure;
  const shown = useMemo(() => ({
    change: computed(() => (plan.value ? [] : byChange(cells.data.value))),
    before: computed(() => byTime(cells.data.value, 'before_s', limit_s)),
    after: computed(() => byTime(cells.data.value, 'after_s', limit_s)),
    places: computed(() => [...marks(plan.value ? sitesOf(plan.value, answer) : answer.sites), ...spotMarks(spot.value)]),
    old: computed(() => [...marks(answer.sites.filter((one) => !changed(one))), ...spotMarks(spot.value)]),
  }), [study.study_id, answer]);
  const press = (/** @type {import('../map.js').Pressed} */ { lonlat: [lon, lat] }) => { spot.value = { lon: Number(lon.toFixed(6)), lat: Number(lat.toFixed(6)), name: `${lat.toFixed(5)}, ${lon.toFixed(5)}` }; };
  return html`
    <section aria-label=${t('plan.map')}>
      <div class="choice-row" role="group" aria-label=${t('plan.map')} data-testid="map-view">${VIEWS.map((one) => html`
        <button key=${one} type="button" data-value=${one} aria-pressed=${one === view.value ? 'true' : 'false'} onClick=${() => { view.value = one; }}>${t(`plan.map.${one}`)}</button>`)}</div>
      ${cells.problem.value && html`<p class="notice bad" role="alert">${sentence(cells.problem.value)}</p>`}
      ${view.value === 'change'
        ? html`<${PlanMap} key="change" label=${t('plan.map')} layers=${NO_LAYERS} cells=${shown.change} places=${shown.places} testid="answer-map" onPress=${press} legend=${[...(plan.value ? [] : changeLegend(peopleBy(cells.data.value))), ...siteLegend()]} />`
        : html`<${SwipeMap} key="swipe" label=${t('plan.map')} lineLabel=${t('plan.map.line')} testid="answer-swipe" legend=${[...timeLegend(limit_s), ...siteLegend()]}
            left=${{ name: t('plan.before'), cells: shown.before, places: shown.old, onPress: press }} right=${{ name: t('plan.after'), cells: shown.after, places: shown.places, onPress: press }} />`}
    </section>`;
}

/** How sites stand on the map. @returns {import('../map.js').LegendLine[]} */
export const siteLegend = () => [{ colour: COLOURS.site, sign: '1', text: t('plan.site.new'), round: true }, { colour: '#ffffff', sign: 'S', text: t('plan.site.old'), round: true }];

/** @param {import('./address.js').Spot|null} spot */
const spotMarks = (spot) => (spot ? [pointFeature(spot.lon, spot.lat, { kind: 'address', letter: '?', label: spot.name })] : []);

/** All that stands by another plan. @param {Shown} plan @param {Answer} answer @returns {Site[]} */
function sitesOf(plan, answer) {
  const keys = new Set(plan.sites.map((one) => one.key));
  return [...answer.sites.filter((one) => !changed(one) && !keys.has(one.key)), ...plan.sites];
}

/** Whether a plan builds a site or gives it more units. @param {Site} site */
const changed = (site) => site.new || site.units > site.units_before;

/** @param {Site[]} sites */
export function marks(sites) {
  let number = 0;
  return [...sites].sort((a, b) => Number(changed(a)) - Number(changed(b))).map((one) => {
    if (changed(one)) number += 1;
    const many = sites.length > MANY;
    return pointFeature(one.lon, one.lat, { kind: changed(one) ? 'chosen' : many ? 'candidate' : 'station', letter: changed(one) ? String(number) : 'S', ...(many ? {} : { label: siteName(one) }) });
  });
}

const MANY = 80;

/** The sites that the map shows, by their numbers there. @param {{study: StudyView, sites: Site[]}} props */
function Sites({ study, sites }) {
  const rows = sites.filter(changed).map((one, index) => ({ ...one, number: index + 1 }));
  if (!rows.length) return null;
  const chosen = rows.some((one) => one.share_chosen !== null);
  /** @type {import('../../kit/parts/table.js').Column<typeof rows[number]>[]} */
  const columns = [
    { key: 'number', label: '#', value: (row) => row.number, width: '3rem', narrow: true, align: 'end' },
    { key: 'name', label: t('plan.site'), value: siteName, width: 'minmax(7rem, 2fr)', narrow: true },
    ...(study.kind === ON_FOOT ? [] : /** @type {import('../../kit/parts/table.js').Column<typeof rows[number]>[]} */ ([{ key: 'units', label: t('plan.site.units'), value: (row) => row.units, cell: (row) => (row.units_before ? `${row.units_before} → ${row.units}` : row.units), align: 'end' }])),
    { key: 'where', label: t('plan.site.where'), value: (row) => `${row.lat.toFixed(5)}, ${row.lon.toFixed(5)}`, width: 'minmax(11rem, 1.4fr)', sort: false },
    ...(chosen ? /** @type {import('../../kit/parts/table.js').Column<typeof rows[number]>[]} */ ([{ key: 'often', label: t('plan.site.often'), value: (row) => row.share_chosen, cell: (row) => percent(row.share_chosen), align: 'end', narrow: true }]) : []),
  ];
  return html`<section aria-labelledby="sites-title"><h3 id="sites-title">${t('plan.sites.new', { n: rows.length })}</h3>
    <${DataTable} label=${t('plan.sites.new', { n: rows.length })} columns=${columns} rows=${rows} rowKey=${(/** @type {Site} */ row) => row.key} search=${false} pageSize=${10} csvName="sites" /></section>`;
}

/** @param {{study: StudyView, answer: Answer}} props */
function DistrictTable({ study, answer }) {
  const title = SHARED_OUT.has(study.measure.code) ? t('plan.districts.measure', { measure: pick(study.measure.words), limit: limitWords(study) }) : t('plan.districts', { limit: limitWords(study) });
  /** @type {import('../../kit/parts/table.js').Column<DistrictRow>[]} */
  const columns = [
    { key: 'district', label: t('plan.district'), value: (row) => placeName(row.district, row.part === 'city' ? 'city' : 'outside'), narrow: true, width: 'minmax(7rem, 1.4fr)' },
    { key: 'people', label: t('plan.people'), value: (row) => row.people, align: 'end' },
    { key: 'before', label: t('plan.before'), value: (row) => row.share_before, cell: (row) => percent(row.share_before), align: 'end', narrow: true },
    { key: 'after', label: t('plan.after'), value: (row) => row.share_after, cell: (row) => percent(row.share_after), align: 'end', narrow: true },
    { key: 'gains', label: t('plan.change.gains'), value: (row) => row.gains, align: 'end', narrow: true },
    { key: 'loses', label: t('plan.change.loses'), value: (row) => row.loses, align: 'end' },
    { key: 'quicker', label: t('plan.change.quicker'), value: (row) => row.quicker, align: 'end', width: 'minmax(9.5rem, 1fr)' },
    { key: 'slower', label: t('plan.change.slower'), value: (row) => row.slower, align: 'end', width: 'minmax(9.5rem, 1fr)' },
    { key: 'mean_before', label: t('plan.mean.before'), value: (row) => minutesOf(row.mean_before_s), cell: (row) => inMinutes(row.mean_before_s), align: 'end' },
    { key: 'mean_after', label: t('plan.mean.after'), value: (row) => minutesOf(row.mean_after_s), cell: (row) => inMinutes(row.mean_after_s), align: 'end' },
  ];
  return html`<section aria-labelledby="districts-title"><h3 id="districts-title">${title}</h3>
    <${DataTable} label=${title} columns=${columns} rows=${answer.districts} rowKey=${(/** @type {DistrictRow} */ row) => `${row.part}${row.district.code ?? ''}`} pageSize=${50} search=${answer.districts.length > 12} csvName=${`study-${study.study_id}-districts`} /></section>`;
}

/** @param {number|null} seconds */
const minutesOf = (seconds) => (seconds === null ? null : Math.round(seconds / 6) / 10);
/** @param {number|null} seconds */
const inMinutes = (seconds) => (seconds === null ? '–' : t('plan.minutes', { n: (seconds / 60).toFixed(1) }));

/** @param {{answer: Answer, plan: import('../../kit/view.js').Signal<Shown|null>}} props */
function Front({ answer, plan }) {
  const x = span(answer.front.map((one) => one.value));
  // Against the tenth served worst the minutes count, else the share of the worst-off district.
  const byTail = answer.front.every((one) => one.tail_s !== null);
  const worst = (/** @type {Plan} */ one) => (byTail ? (one.tail_s ?? 0) / 60 : one.worst_share);
  const shown = (/** @type {number} */ at) => (byTail ? t('plan.minutes', { n: at.toFixed(1) }) : percent(at));
  const title = t(byTail ? 'plan.front.tail' : 'plan.front');
  const y = span(answer.front.map(worst));
  const words = (/** @type {Plan} */ one) => t(byTail ? 'plan.front.tail.plan' : 'plan.front.plan', { people: grouped(one.value), worst: shown(worst(one)), district: placeName(one.worst_district) });
  return html`
    <section aria-labelledby="front-title" data-testid="front"><h3 id="front-title">${title}</h3><p class="hint">${t('plan.front.hint')}</p>
      <${Lines} label=${title} height_px=${240} series=${[{ key: 'one', name: '', points: [...answer.front].sort((a, b) => a.value - b.value).map((one) => [one.value, worst(one)]) }]}
        spots=${answer.front.map((one, index) => ({ key: String(index), x: one.value, y: worst(one), label: words(one), chosen: one.sites === plan.value?.sites }))}
        onSpot=${(/** @type {string} */ which) => { const one = answer.front[Number(which)]; press(plan, { sites: one.sites, words: words(one) }); }}
        x=${{ ...x, ticks: roundTicks(x.min, x.max, 4).map((at) => ({ at, text: grouped(at) })), name: t('plan.front.people') }}
        y=${{ ...y, ticks: roundTicks(y.min, y.max, 6).map((at) => ({ at, text: shown(at) })) }} />
    </section>`;
}

/** Show a plan, or no more. @param {import('../../kit/view.js').Signal<Shown|null>} plan @param {Shown} one */
function press(plan, one) {
  plan.value = plan.peek()?.sites === one.sites ? null : one;
}

/** The next best plans, and phases. @param {{study: StudyView, answer: Answer, plan: import('../../kit/view.js').Signal<Shown|null>}} props */
function Others({ study, answer, plan }) {
  const words = (/** @type {Other} */ one) => t(`plan.others.${/** @type {'alternative'|'phase'} */ (one.code)}`, { n: one.number });
  const where = (/** @type {Other} */ one) => one.sites.map(siteName).join(t('part.comma'));
  /** @type {import('../../kit/parts/table.js').Column<Other>[]} */
  const columns = [
    { key: 'plan', label: t('plan.others.plan'), value: words, narrow: true },
    { key: 'value', label: pick(study.measure.words), value: (row) => row.value, cell: (row) => figure(study.measure, row.value), align: 'end', narrow: true },
    { key: 'bound', label: t('plan.search.bound'), value: (row) => row.bound, cell: (row) => figure(study.measure, row.bound), align: 'end' },
    { key: 'gap', label: t('plan.gap'), value: (row) => row.gap, cell: (row) => gapWords(row.gap), align: 'end' },
    { key: 'where', label: t('plan.sites'), value: where, width: 'minmax(10rem, 3fr)' },
  ];
  return html`
    <section aria-labelledby="others-title" data-testid="others"><h3 id="others-title">${t('plan.others')}</h3><p class="hint">${t('plan.others.hint')}</p>
      <${DataTable} label=${t('plan.others')} columns=${columns} rows=${answer.plans} rowKey=${(/** @type {Other} */ row) => `${row.code}${row.number}`} pageSize=${50} search=${false}
        onOpen=${(/** @type {Other} */ row) => press(plan, { sites: row.sites, words: `${words(row)}${t('part.comma')}${figure(study.measure, row.value)}` })} csvName=${`study-${study.study_id}-plans`} /></section>`;
}

/** The plan that is shown in place of the study's own, to be studied. @param {{study: StudyView, answer: Answer, plan: Shown, onAgain: (study: any) => void}} props */
function Taken({ study, answer, plan, onAgain }) {
  const take = () => {
    const sites = sitesOf(plan, answer).filter(changed).map((one) => ({ key: one.key.replaceAll(':', '-'), name: siteName(one), lon: one.lon, lat: one.lat, units: Math.max(1, one.units - one.units_before) }));
    onAgain({ kind: EVALUATED, name: `${study.name}: ${plan.words}`.slice(0, 120), parameters: { sites, reach_min: study.parameters.reach_min, closed: study.parameters.closed, time_of_day: study.parameters.time_of_day } });
  };
  return html`<div class="notice line" data-testid="plan-shown"><p class="grow"><b>${plan.words}</b> ${t('plan.front.shown')}</p>${shell.can(WRITE) && html`<button type="button" onClick=${take}>${t('plan.front.take')}</button>`}</div>`;
}

/** From the least to the most with some room. @param {number[]} values */
function span(values) {
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const room = (max - min) * 0.1 || Math.abs(max) * 0.01 || 0.01;
  return { min: min - room, max: max + room };
}

/** What was asked, and of what. @param {{study: StudyView}} props */
function Given({ study }) {
  useEffect(askForKinds, []);
  const kind = kinds.data.value?.find((one) => one.code === study.kind);
  const asked = kind ? parametersOf(kind.schema) : [];
  return html`
    <details class="plan-more"><summary>${t('plan.given')}</summary>
      <dl class="plan-given">${asked.map((one) => html`<div key=${one.name}><dt>${pick(one.words)}</dt><dd>${written(study.parameters[one.name], one.choices)}</dd></div>`)}</dl>
      <div class="plan-scroll" tabindex="0" role="region" aria-label=${t('plan.input')}><table class="plan-table"><thead><tr><th scope="col">${t('plan.input')}</th><th scope="col">${t('plan.input.version')}</th><th scope="col">${t('plan.input.hash')}</th></tr></thead>
        <tbody>${(study.inputs?.parts ?? []).map((one) => html`<tr key=${one.code}><th scope="row">${pick(one.words)}</th><td>${one.version}</td><td><code>${one.digest.slice(0, 16)}</code></td></tr>`)}</tbody></table></div>
      ${study.inputs && html`<p class="hint">${t('plan.input.all', { digest: study.inputs.digest.slice(0, 24), seed: study.inputs.seed })}</p>`}
    </details>`;
}
