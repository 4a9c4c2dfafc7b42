/** A study's form, made from the schema of its kind: fields, and a map to draw sites, closures and areas on. */

import { get, newKey, post, Problem } from '../../kit/api.js';
import { nameOf, pick, sentence, t } from '../../kit/i18n.js';
import { Dialog } from '../../kit/parts/dialog.js';
import { AreaField, CheckField, formProblems, NumberField, SelectField, TextField } from '../../kit/parts/fields.js';
import { Read } from '../../kit/parts/states.js';
import { resource } from '../../kit/resource.js';
import { computed, html, signal, useEffect, useMemo } from '../../kit/view.js';
import { feature, pointFeature } from '../../map/features.js';
import { shell } from '../../shell/shell.js';
import { COLOURS, PlanMap } from '../map.js';
import { cityId, keepStations, stations } from '../state.js';
import { initialOf, parametersOf, sent, sitesFrom } from './values.js';

/** @typedef {import('./values.js').Parameter} Parameter */
/** @typedef {import('./values.js').SiteValue} SiteValue */
/** @typedef {import('./values.js').AreaValue} AreaValue */
/** @typedef {import('./types.js').StudyView} StudyView */
/** @typedef {import('./types.js').Kind} Kind */
/** @typedef {import('../../kit/view.js').Signal<any>} Value */

export const kinds = resource(async (stop) => (await get('/v1/planning/studies/kinds', { signal: stop })).kinds, { now: false });

/** Ask for the kinds, once a page. */
export function askForKinds() {
  if (!kinds.data.peek() && !kinds.loading.peek()) void kinds.reload();
}

const kind = signal('');
const name = signal('');
const shared = signal(false);
/** What a study that is made again had. */
const given = signal(/** @type {Record<string, unknown>} */ ({}));
/** Counts how often the form was filled anew. */
const turn = signal(0);
/** The parameter that presses on the map go to. */
const tool = signal(/** @type {string|null} */ (null));
/** Corners of the area that is being drawn. */
const corners = signal(/** @type {[number, number][]} */ ([]));
const problem = signal(/** @type {Problem|null} */ (null));
const sending = signal(false);

/** Fill the form with a study that was made, or with a plan. @param {{kind: string, name: string, parameters: Record<string, unknown>}} study */
export function fillForm(study) {
  turn.value += 1;
  [kind.value, name.value, given.value, tool.value, corners.value, problem.value] = [study.kind, study.name, study.parameters, null, [], null];
}

/** @param {{onMade: (study: StudyView) => void}} props */
export function StudyForm({ onMade }) {
  useEffect(() => {
    askForKinds();
    return keepStations();
  }, []);
  return html`<${Read} of=${kinds}>${(/** @type {Kind[]} */ all) => html`<${Chosen} all=${all} onMade=${onMade} />`}<//>`;
}

/** @param {{all: Kind[], onMade: (study: StudyView) => void}} props */
function Chosen({ all, onMade }) {
  const one = all.find((each) => each.code === kind.value) ?? all[0];
  useEffect(() => { if (one && kind.peek() !== one.code) kind.value = one.code; }, [one]);
  if (!one) return null;
  return html`
    <section class="card plan-form" aria-labelledby="form-title" data-testid="study-form">
      <h2 id="form-title">${t('plan.form')}</h2>
      <div class="choice-row" role="group" aria-label=${t('plan.form.kind')} data-testid="kinds">${all.map((each) => html`
        <button key=${each.code} type="button" data-kind=${each.code} aria-pressed=${each === one ? 'true' : 'false'} onClick=${() => { kind.value = each.code; tool.value = null; problem.value = null; }}>${pick(each.words)}</button>`)}</div>
      <p class="hint">${pick(one.says)}</p>
      <${Fields} key=${`${one.code}-${turn.value}`} kind=${one} onMade=${onMade} />
    </section>`;
}

/** @param {{kind: Kind, onMade: (study: StudyView) => void}} props */
function Fields({ kind: one, onMade }) {
  const parameters = useMemo(() => parametersOf(one.schema), [one]);
  const values = useMemo(() => new Map(parameters.map((each) => [each.name, /** @type {Value} */ (signal(initialOf(each, given.peek())))])), [parameters]);
  const valueOf = (/** @type {string} */ key) => /** @type {Value} */ (values.get(key));
  const problems = formProblems(problem.value);
  const field = (/** @type {Parameter} */ each) => html`<${ParameterField} key=${each.name} parameter=${each} value=${valueOf(each.name)} problem=${problems[`parameters.${each.name}`] ?? null} />`;
  const make = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const city_id = cityId();
    sending.value = true;
    problem.value = null;
    try {
      const body = { city_id, name: name.peek().trim() || pick(one.words), kind: one.code, shared: shared.peek(), parameters: sent(parameters, (key) => valueOf(key).peek()) };
      onMade(await post('/v1/planning/studies', /** @type {any} */ (body), { key: newKey() }));
      fillForm({ kind: one.code, name: '', parameters: {} });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      problem.value = error;
    } finally {
      sending.value = false;
    }
  };
  const [plain, folded] = [parameters.filter((each) => !each.advanced), parameters.filter((each) => each.advanced)];
  const simple = plain.filter((each) => !DRAWN.has(each.widget));
  const drawn = plain.filter((each) => DRAWN.has(each.widget));
  return html`
    <form class="form" onSubmit=${make}>
      <div class="fields">
        <${TextField} label=${t('plan.form.name')} value=${name} placeholder=${pick(one.words)} maxlength=${120} testid="study-name" problem=${problems.name ?? null} />
        ${simple.map(field)}
      </div>
      <div class="plan-main">
        <${Sketch} parameters=${drawn} values=${values} />
        <div class="plan-beside">${drawn.map(field)}</div>
      </div>
      ${folded.length > 0 && html`<details class="plan-more"><summary>${t('plan.form.advanced')}</summary><div class="fields">${folded.map(field)}</div></details>`}
      <${CheckField} label=${t('plan.form.shared')} hint=${t('plan.form.shared.hint')} value=${shared} testid="study-shared" />
      ${problem.value && html`<p class="notice bad" role="alert" data-testid="study-problem">${sentence(problem.value)}</p>`}
      <div><button class="primary" disabled=${sending.value} data-testid="study-start">${t('plan.form.start')}</button></div>
    </form>`;
}

const DRAWN = new Set(['sites', 'stations', 'areas']);

/** @param {{parameter: Parameter, value: Value, problem: string|null}} props */
function ParameterField({ parameter, value, problem: wrong }) {
  const label = pick(parameter.words);
  const common = { label, value, problem: wrong, hint: parameter.help ? pick(parameter.help) : undefined, testid: `p-${parameter.name}` };
  if (parameter.widget === 'choice') return html`<${SelectField} ...${common} options=${parameter.choices.map((one) => ({ value: one.value, label: pick(one.words) }))} empty=${parameter.optional ? t('plan.form.none') : undefined} />`;
  if (parameter.widget === 'switch') return html`<${CheckField} ...${common} />`;
  if (parameter.widget === 'sites') return html`<${SitesField} parameter=${parameter} value=${value} problem=${wrong} />`;
  if (parameter.widget === 'stations') return html`<${StationsField} parameter=${parameter} value=${value} problem=${wrong} />`;
  if (parameter.widget === 'areas') return html`<${AreasField} parameter=${parameter} value=${value} problem=${wrong} />`;
  return html`<${NumberField} ...${common} min=${parameter.min} max=${parameter.max} />`;
}

/** Head of what is drawn: what it is, how much of it there is. @param {{parameter: Parameter, said: string, problem: string|null, children: import('../../kit/view.js').Children}} props */
const Drawn = ({ parameter, said, problem: wrong, children }) => html`
  <fieldset class="plan-drawn ${wrong ? 'wrong' : ''}" data-testid=${`p-${parameter.name}`}>
    <legend>${pick(parameter.words)}</legend>
    ${parameter.help && html`<p class="hint">${pick(parameter.help)}</p>`}
    <p class="small" aria-live="polite">${said}</p>
    ${children}
    ${wrong && html`<p class="problem"><span aria-hidden="true">▲ </span>${wrong}</p>`}
  </fieldset>`;

/** @param {{name: string, words: string}} props */
const Draw = ({ name: key, words }) => html`
  <button type="button" aria-pressed=${tool.value === key ? 'true' : 'false'} class=${tool.value === key ? 'on' : ''} data-draw=${key}
    onClick=${() => { tool.value = tool.value === key ? null : key; corners.value = []; }}>${tool.value === key ? t('plan.form.drawing') : words}</button>`;

/** @param {{parameter: Parameter, value: Value, problem: string|null}} props */
function SitesField({ parameter, value, problem: wrong }) {
  const open = useMemo(() => signal(false), []);
  const sites = /** @type {SiteValue[]} */ (value.value);
  const change = (/** @type {number} */ index, /** @type {Partial<SiteValue>} */ to) => { value.value = sites.map((one, place) => (place === index ? { ...one, ...to } : one)); };
  return html`
    <${Drawn} parameter=${parameter} problem=${wrong} said=${sites.length ? t('plan.form.sites', { n: sites.length }) : t('plan.form.sites.none')}>
      <div class="line"><${Draw} name=${parameter.name} words=${t('plan.form.sites.draw')} />
        <button type="button" data-testid=${`import-${parameter.name}`} onClick=${() => { open.value = true; }}>${t('plan.form.import')}</button>
        ${sites.length > 0 && html`<button type="button" class="quiet" onClick=${() => { value.value = []; }}>${t('plan.form.clear')}</button>`}</div>
      ${sites.length > 0 && sites.length <= MOST_LISTED && html`
        <ul class="plan-sites">${sites.map((one, index) => html`
          <li key=${one.key}><b>${index + 1}</b> <input aria-label=${t('plan.form.site.name', { n: index + 1 })} value=${one.name} maxlength="80" onInput=${(/** @type {any} */ event) => change(index, { name: event.target.value })} />
            ${parameter.units && html`<input type="number" min="1" max="20" aria-label=${t('plan.form.site.units', { n: index + 1 })} value=${one.units ?? 1} onInput=${(/** @type {any} */ event) => { if (event.target.valueAsNumber >= 1) change(index, { units: event.target.valueAsNumber }); }} />`}
            <button type="button" class="quiet" aria-label=${t('plan.form.site.drop', { name: one.name })} onClick=${() => { value.value = sites.filter((_, place) => place !== index); }}>✕</button></li>`)}</ul>`}
      <${Import} open=${open} parameter=${parameter} value=${value} />
    <//>`;
}

const MOST_LISTED = 25;

/** A list of sites as text or from a file. @param {{open: import('../../kit/view.js').Signal<boolean>, parameter: Parameter, value: Value}} props */
function Import({ open, parameter, value }) {
  const text = useMemo(() => signal(''), []);
  const wrong = useMemo(() => signal(/** @type {string|null} */ (null)), []);
  const take = () => {
    const found = sitesFrom(text.peek(), 'list-');
    wrong.value = found.wrong.length ? t('plan.form.import.wrong', { lines: found.wrong.slice(0, 8).join(', ') }) : found.sites.length ? null : t('plan.form.import.empty');
    if (wrong.peek()) return;
    const sites = parameter.units ? found.sites : found.sites.map(({ units: _, ...one }) => one);
    value.value = sites;
    open.value = false;
  };
  const read = async (/** @type {any} */ event) => {
    const [file] = event.target.files;
    if (file) text.value = await file.text();
  };
  return html`
    <${Dialog} open=${open} title=${t('plan.form.import.title', { what: pick(parameter.words) })} testid="import-dialog">
      <div class="form">
        <p>${t(parameter.units ? 'plan.form.import.how.units' : 'plan.form.import.how')}</p>
        <input type="file" accept=".csv,.txt,.tsv,.json,.geojson" aria-label=${t('plan.form.import.file')} onChange=${read} />
        <${AreaField} label=${t('plan.form.import.list')} value=${text} rows=${8} problem=${wrong.value} testid="import-text" />
        <div class="row end"><button type="button" class="primary" data-testid="import-take" onClick=${take}>${t('plan.form.import.take')}</button></div>
      </div>
    <//>`;
}

/** @param {{parameter: Parameter, value: Value, problem: string|null}} props */
function StationsField({ parameter, value, problem: wrong }) {
  const chosen = /** @type {number[]} */ (value.value);
  const known = stations.data.value ?? [];
  return html`
    <${Drawn} parameter=${parameter} problem=${wrong} said=${chosen.length ? t('plan.form.stations', { n: chosen.length }) : t('plan.form.stations.none')}>
      <div class="plan-station-list" tabindex="0" role="group" aria-label=${pick(parameter.words)}>${known.map((one) => html`
        <label key=${one.station_id} class="check"><input type="checkbox" data-station=${one.station_id} checked=${chosen.includes(one.station_id)} onChange=${() => { value.value = toggled(chosen, one.station_id); }} /> <span>${nameOf(one.names)}</span></label>`)}</div>
    <//>`;
}

/** @param {number[]} all @param {number} one */
const toggled = (all, one) => (all.includes(one) ? all.filter((each) => each !== one) : [...all, one]);

/** @param {{parameter: Parameter, value: Value, problem: string|null}} props */
function AreasField({ parameter, value, problem: wrong }) {
  const areas = /** @type {AreaValue[]} */ (value.value);
  const drawing = tool.value === parameter.name;
  return html`
    <${Drawn} parameter=${parameter} problem=${wrong} said=${areas.length ? t('plan.form.areas', { n: areas.length }) : t('plan.form.areas.none')}>
      <div class="line"><${Draw} name=${parameter.name} words=${t('plan.form.areas.draw')} />
        ${drawing && html`<button type="button" disabled=${corners.value.length < 3} data-testid="area-finish" onClick=${() => finish(value)}>${t('plan.form.areas.finish', { n: corners.value.length })}</button>`}
        ${areas.length > 0 && html`<button type="button" class="quiet" onClick=${() => { value.value = []; }}>${t('plan.form.clear')}</button>`}</div>
    <//>`;
}

/** Close the area that is being drawn. @param {Value} value */
function finish(value) {
  const ring = corners.peek();
  if (ring.length < 3) return;
  value.value = [...value.peek(), { type: 'Polygon', coordinates: [[...ring, ring[0]]] }];
  [corners.value, tool.value] = [[], null];
}

/** The map beside the fields. @param {{parameters: Parameter[], values: Map<string, Value>}} props */
function Sketch({ parameters, values }) {
  const of = (/** @type {string} */ widget) => parameters.filter((one) => one.widget === widget);
  const valueOf = (/** @type {Parameter} */ one) => /** @type {Value} */ (values.get(one.name));
  const [places, sketch] = useMemo(() => [
    computed(() => {
      const shut = new Set(of('stations').flatMap((one) => /** @type {number[]} */ (valueOf(one).value)));
      const there = (stations.data.value ?? []).map((one) => pointFeature(one.lon, one.lat, { station_id: one.station_id, kind: shut.has(one.station_id) ? 'closed' : 'station', letter: shut.has(one.station_id) ? '✕' : 'S', label: nameOf(one.names) }));
      const drawn = of('sites').flatMap((one) => {
        const sites = /** @type {SiteValue[]} */ (valueOf(one).value);
        const few = sites.length <= MOST_LISTED;
        return sites.map((site, index) => pointFeature(site.lon, site.lat, { kind: few ? 'drawn' : 'candidate', letter: String(index + 1), ...(few ? { label: site.name } : {}) }));
      });
      return [...there, ...drawn];
    }),
    computed(() => {
      const ring = corners.value;
      return [
        ...of('areas').flatMap((one) => /** @type {AreaValue[]} */ (valueOf(one).value).map((area) => feature(area, {}))),
        ...(ring.length > 1 ? [feature({ type: 'LineString', coordinates: ring }, {})] : []),
        ...ring.map(([lon, lat]) => pointFeature(lon, lat, {})),
      ];
    }),
  ], [values]);
  const press = useMemo(() => (/** @type {import('../map.js').Pressed} */ { lonlat, place }) => {
    const one = parameters.find((each) => each.name === tool.peek());
    if (one?.widget === 'areas') corners.value = [...corners.peek(), rounded(lonlat)];
    else if (one?.widget === 'sites') addSite(one, valueOf(one), rounded(lonlat));
    else if (place?.station_id !== undefined && of('stations')[0]) {
      const value = valueOf(of('stations')[0]);
      value.value = toggled(value.peek(), place.station_id);
    }
  }, [values]);
  useEffect(() => {
    const keys = (/** @type {KeyboardEvent} */ event) => {
      if (event.key === 'Escape' && tool.peek()) [tool.value, corners.value] = [null, []];
      if (event.key === 'Backspace' && corners.peek().length && !(event.target instanceof HTMLInputElement)) corners.value = corners.peek().slice(0, -1);
    };
    addEventListener('keydown', keys);
    return () => removeEventListener('keydown', keys);
  }, []);
  const active = parameters.find((each) => each.name === tool.value);
  return html`
    <${PlanMap} key=${shell.city.value?.city_id} label=${t('plan.form.map')} layers=${NO_LAYERS} places=${places} sketch=${sketch} onPress=${press} testid="form-map"
      legend=${[{ colour: '#ffffff', sign: 'S', text: t('plan.cover.station'), round: true }, { colour: COLOURS.closed, sign: '✕', text: t('plan.cover.closed'), round: true }, { colour: COLOURS.drawn, sign: '1', text: t('plan.form.drawn_here'), round: true }]}>
      ${active && html`<p class="plan-hint" role="status"><b>${pick(active.words)}</b> ${t(active.widget === 'areas' ? 'plan.form.hint.area' : 'plan.form.hint.site')}</p><span class="plan-cross" aria-hidden="true">+</span>`}
    <//>`;
}

const NO_LAYERS = signal(/** @type {string[]} */ ([]));

/** To about 10 cm. @param {[number, number]} lonlat @returns {[number, number]} */
const rounded = ([lon, lat]) => [Number(lon.toFixed(6)), Number(lat.toFixed(6))];

/** @param {Parameter} parameter @param {Value} value @param {[number, number]} lonlat */
function addSite(parameter, value, [lon, lat]) {
  const sites = /** @type {SiteValue[]} */ (value.peek());
  let number = sites.length + 1;
  while (sites.some((one) => one.key === `drawn-${number}`)) number += 1;
  value.value = [...sites, { key: `drawn-${number}`, name: t('plan.form.site.new', { n: number }), lon, lat, ...(parameter.units ? { units: 1 } : {}) }];
}
