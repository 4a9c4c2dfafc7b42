/** Files of cases: taken in by a wizard, and what is to be looked through afterwards. */

import { get, post } from '../kit/api.js';
import { pick, t } from '../kit/i18n.js';
import { Dialog } from '../kit/parts/dialog.js';
import { Empty, Read } from '../kit/parts/states.js';
import { DataTable } from '../kit/parts/table.js';
import { toast, toastProblem } from '../kit/parts/toast.js';
import { Problem } from '../kit/api.js';
import { resource } from '../kit/resource.js';
import { effect, html, useEffect, useMemo, useSignal } from '../kit/view.js';
import { Head, useOpened, when, who } from '../records/details.js';
import { shell } from '../shell/shell.js';
import { CardButton } from './card.js';
import { listen } from './live.js';
import { Institutions } from './institutions.js';
import { Wizard } from './wizard.js';

/** @typedef {import('../types.d.ts').DataView} Found */
/** @typedef {import('../types.d.ts').ImportView} ImportView */
/** @typedef {import('../types.d.ts').DelayView} DelayView */
/** @typedef {import('../types.d.ts').CompletenessView} CompletenessView */
/** @typedef {import('../types.d.ts').DoubleView} DoubleView */
/** @typedef {import('../types.d.ts').DoubleSide} DoubleSide */
/** @typedef {import('../types.d.ts').DateFindingView} DateFindingView */
/** @typedef {import('../types.d.ts').RejectView} RejectView */

const read = resource((stop) => get(`/v1/surveillance/data?city_id=${shell.city.peek()?.city_id ?? 0}`, { signal: stop }), { now: false });

/** @param {number|null|undefined} hours */
const hoursText = (hours) => (hours === null || hours === undefined ? '–' : hours.toFixed(1));

/** @param {() => Promise<unknown>} step @param {string} done */
async function decide(step, done) {
  try {
    await step();
    toast(done, 'good');
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    toastProblem(problem);
  }
  await read.reload();
}

export function Data() {
  const asking = useSignal(false);
  const opened = /** @type {ReturnType<typeof useOpened<ImportView>>} */ (useOpened());
  useEffect(() => {
    const stops = [effect(() => { if (shell.city.value) void read.reload(); }), listen(['case_source'], () => { if (shell.city.peek()) void read.reload(); })];
    return () => { for (const stop of stops) stop(); };
  }, []);
  const done = () => {
    asking.value = false;
    void read.reload();
  };
  const row = opened.row.value;
  return html`
    <${Head} title=${t('cdc.data.title')} text=${t('cdc.data.text')}>
      ${shell.can('cases_import') && html`<button class="primary" data-testid="import" onClick=${() => { asking.value = true; }}>${t('cdc.data.import')}</button>`}
    <//>
    <${Read} of=${read}>${(/** @type {Found} */ found) => html`
      <div class="cdc-data">
        <${Doubles} doubles=${found.doubles} />
        <${Findings} findings=${found.findings} />
        <${Institutions} />
        <section><h2>${t('cdc.data.imports')}</h2>
          <${DataTable} label=${t('cdc.data.imports')} rows=${found.imports} rowKey=${(/** @type {ImportView} */ one) => one.import_id} pageSize=${20} onOpen=${opened.show} columns=${importColumns()} empty=${{ title: t('cdc.data.none'), text: t('cdc.data.none.text') }} />
        </section>
        <section><h2>${t('cdc.data.completeness')}</h2><${Completeness} rows=${found.completeness} /></section>
        <section><h2>${t('cdc.data.delays')}</h2><p class="faint small">${t('cdc.data.delays.text')}</p>
          <${DataTable} label=${t('cdc.data.delays')} rows=${found.delays} rowKey=${(/** @type {DelayView} */ one) => one.reporting_unit ?? ''} pageSize=${20} csvName="delays" columns=${delayColumns()} />
        </section>
      </div>
      <${Dialog} open=${asking} title=${t('cdc.data.import')} wide testid="import-dialog"><${Wizard} sources=${found.sources} onDone=${done} /><//>
      <${Dialog} open=${opened.open} title=${row?.file_name ?? ''} wide testid="import-opened">${row && html`<${Opened} one=${row} />`}<//>`}<//>`;
}

/** @returns {import('../kit/parts/table.js').Column<ImportView>[]} */
const importColumns = () => [
  { key: 'imported_at', label: t('part.at'), value: (one) => one.imported_at, cell: (one) => when(one.imported_at) },
  { key: 'source', label: t('cdc.data.source'), value: (one) => one.source, narrow: true, filter: 'choice' },
  { key: 'file_name', label: t('cdc.data.file'), value: (one) => one.file_name, narrow: true, width: 'minmax(8rem, 1.5fr)' },
  { key: 'rows_read', label: t('cdc.data.read'), value: (one) => one.rows_read, align: 'end' },
  { key: 'rows_new', label: t('cdc.data.new'), value: (one) => one.rows_new, align: 'end', narrow: true },
  { key: 'rows_revised', label: t('cdc.data.revised'), value: (one) => one.rows_revised, align: 'end' },
  { key: 'rows_deleted', label: t('cdc.data.deleted'), value: (one) => one.rows_deleted, align: 'end' },
  { key: 'rows_unchanged', label: t('cdc.data.unchanged'), value: (one) => one.rows_unchanged, align: 'end' },
  { key: 'rows_repeated', label: t('cdc.data.repeated'), value: (one) => one.rows_repeated, align: 'end' },
  { key: 'rows_rejected', label: t('cdc.data.rejected'), value: (one) => one.rows_rejected, align: 'end', narrow: true },
  { key: 'fields_lost', label: t('cdc.data.lost'), value: (one) => one.fields_lost, align: 'end' },
  { key: 'imported_by', label: t('part.who'), value: (one) => who(one.imported_by) },
];

/** @returns {import('../kit/parts/table.js').Column<DelayView>[]} */
const delayColumns = () => [
  { key: 'unit', label: t('cdc.data.unit'), value: (one) => one.reporting_unit ?? t('cdc.data.no_unit'), narrow: true, width: 'minmax(10rem, 2fr)' },
  { key: 'reports', label: t('cdc.data.reports'), value: (one) => one.reports, align: 'end', narrow: true },
  { key: 'late_2h', label: t('cdc.data.late_2h'), value: (one) => one.late_2h, align: 'end' },
  { key: 'late_24h', label: t('cdc.data.late_24h'), value: (one) => one.late_24h, align: 'end', narrow: true },
  { key: 'median', label: t('cdc.data.median'), value: (one) => one.median_h ?? null, cell: (one) => hoursText(one.median_h), align: 'end' },
  { key: 'p90', label: t('cdc.data.p90'), value: (one) => one.p90_h ?? null, cell: (one) => hoursText(one.p90_h), align: 'end' },
  { key: 'unreviewed', label: t('cdc.data.unreviewed'), value: (one) => one.unreviewed, align: 'end' },
  { key: 'doubles', label: t('cdc.data.doubles.column'), value: (one) => one.doubles, align: 'end' },
];

/** @param {{rows: readonly CompletenessView[]}} props */
function Completeness({ rows }) {
  if (!rows.length) return html`<${Empty} text=${t('cdc.data.none')} />`;
  const fields = Object.keys(rows[0].filled);
  return html`
    <div class="cdc-complete" tabindex="0" role="region" aria-label=${t('cdc.data.completeness')}><table>
      <thead><tr><th scope="col">${t('cdc.data.source')}</th><th scope="col" class="end">${t('cdc.data.cases')}</th>
        ${fields.map((name) => html`<th key=${name} scope="col" class="end">${t(/** @type {any} */ (`cdc.field.${name}`))}</th>`)}
        <th scope="col" class="end">${t('cdc.data.unreviewed')}</th></tr></thead>
      <tbody>${rows.map((row) => html`<tr key=${row.source}><th scope="row">${row.source}</th><td class="end">${row.cases.toLocaleString('en')}</td>
        ${fields.map((name) => {
          const share = row.cases ? row.filled[name] / row.cases : 0;
          return html`<td key=${name} class=${share < 0.8 ? 'end low' : 'end'}>${Math.floor(100 * share)} %</td>`;
        })}
        <td class="end">${row.unreviewed.toLocaleString('en')}</td></tr>`)}</tbody>
    </table></div>`;
}

/** @param {{doubles: readonly DoubleView[]}} props */
function Doubles({ doubles }) {
  if (!doubles.length) return null;
  /** @param {DoubleView} one @param {'same'|'different'} decision */
  const say = (one, decision) => decide(
    () => post(`/v1/surveillance/doubles/${one.first_id}/${one.second_id}/decision`, { decision }), t(`cdc.double.done.${decision}`));
  return html`<section><h2>${t('cdc.double.title', { n: doubles.length })}</h2>
    <ul class="cdc-doubles">${doubles.map((one) => html`
      <li key=${`${one.first_id}${one.second_id}`} data-testid="double">
        <p class="small">${t('cdc.double.score', { score: one.score.toFixed(2) })} ${one.agreeing.map((name) => t(/** @type {any} */ (`cdc.agree.${name}`))).join(t('part.comma'))}</p>
        <div class="cdc-sides"><${Side} of=${one.first} case_id=${one.first_id} label=${t('cdc.double.stored')} /><${Side} of=${one.second} case_id=${one.second_id} label=${t('cdc.double.incoming')} /></div>
        <p class="cdc-actions"><button data-testid="same" onClick=${() => say(one, 'same')}>${t('cdc.double.same')}</button>
          <button data-testid="different" onClick=${() => say(one, 'different')}>${t('cdc.double.different')}</button></p>
      </li>`)}</ul></section>`;
}

/** @param {{of: DoubleSide, case_id: string, label: string}} props */
const Side = ({ of: one, case_id, label }) => html`
  <div><h3 class="small">${label}</h3><${CardButton} case_id=${case_id} reason=${t('cdc.card.why.double')} /><p><b>${pick(one.disease)}</b>${t('part.comma')}${t(/** @type {any} */ (`cdc.class.${one.classification}`))}</p>
    <p class="small">${one.source} · ${one.source_key}</p>
    <p class="small">${t('cdc.field.onset_on')} ${one.onset_on ?? '–'} · ${t('cdc.field.diagnosed_on')} ${one.diagnosed_on ?? '–'} · ${t('cdc.field.entered_on')} ${one.entered_on ?? '–'}</p>
    <p class="small">${one.sex ? t(/** @type {any} */ (`cdc.sex.${one.sex}`)) : '–'} · ${one.age_years === null ? '–' : t('cdc.data.age', { n: Math.floor(one.age_years ?? 0) })} · ${one.residence_area ?? '–'} · ${one.reporting_unit ?? '–'}</p></div>`;

/** @param {{findings: readonly DateFindingView[]}} props */
function Findings({ findings }) {
  if (!findings.length) return null;
  /** @param {DateFindingView} one @param {'right'|'reported_back'} decision */
  const say = (one, decision) => decide(
    () => post(`/v1/surveillance/cases/${one.case_id}/findings/${/** @type {any} */ (one.problem)}/decision`, { decision }), t(`cdc.finding.done.${decision}`));
  return html`<section><h2>${t('cdc.finding.title', { n: findings.length })}</h2><p class="faint small">${t('cdc.finding.text')}</p>
    <ul class="cdc-findings">${findings.map((one) => html`
      <li key=${`${one.case_id}${one.problem}`} data-testid="finding">
        <div class="grow"><b>${pick(one.words)}</b><p class="small">${pick(one.disease)} · ${one.source} ${one.source_key} · ${one.reporting_unit ?? '–'}</p>
          <p class="small">${t('cdc.field.onset_on')} ${one.onset_on ?? '–'} · ${t('cdc.field.diagnosed_on')} ${one.diagnosed_on ?? '–'} · ${t('cdc.field.entered_on')} ${one.entered_on ?? '–'} · ${t('cdc.field.died_on')} ${one.died_on ?? '–'}</p></div>
        <p class="cdc-actions"><${CardButton} case_id=${one.case_id} reason=${t('cdc.card.why.finding')} /><button data-testid="reported-back" onClick=${() => say(one, 'reported_back')}>${t('cdc.finding.back')}</button>
          <button data-testid="right" onClick=${() => say(one, 'right')}>${t('cdc.finding.right')}</button></p>
      </li>`)}</ul></section>`;
}

/** How a file was read, and what it refused. @param {{one: ImportView}} props */
function Opened({ one }) {
  const refused = useMemo(() => (shell.can('cases_import')
    ? resource(async (stop) => (await get(`/v1/surveillance/imports/${one.import_id}/rejects`, { signal: stop })).rejects) : null), [one.import_id]);
  return html`
    <ul class="small">${one.told.map((line) => html`<li key=${line}>${line}</li>`)}</ul>
    <p class="small">${t('cdc.data.as_of')} ${when(one.as_of)}</p>
    ${refused && html`<h3>${t('cdc.data.rejects')}</h3><p class="faint small">${t('cdc.data.rejects.text')}</p>
      <${Read} of=${refused}>${(/** @type {RejectView[]} */ rows) => html`<${Rejects} rows=${rows} />`}<//>`}`;
}

/** @param {{rows: readonly RejectView[]}} props */
export const Rejects = ({ rows }) => html`
  <${DataTable} label=${t('cdc.data.rejects')} rows=${rows.map((row, n) => ({ ...row, n }))} rowKey=${(/** @type {RejectView & {n: number}} */ row) => row.n} pageSize=${20} csvName="rejects"
    empty=${{ title: t('cdc.data.no_rejects') }} columns=${rejectColumns()} />`;

/** @returns {import('../kit/parts/table.js').Column<RejectView & {n: number}>[]} */
const rejectColumns = () => [
  { key: 'row', label: t('cdc.data.row'), value: (row) => row.row_number, align: 'end', width: '5rem', narrow: true },
  { key: 'field', label: t('cdc.data.field'), value: (row) => row.field ?? t('cdc.data.whole_row'), width: 'minmax(6rem, 0.5fr)' },
  { key: 'reason', label: t('cdc.data.reason'), value: (row) => row.reason, width: 'minmax(14rem, 3fr)', narrow: true },
  { key: 'cells', label: t('cdc.data.cells'), value: (row) => Object.entries(row.cells ?? {}).map(([name, cell]) => `${name}: ${cell}`).join('; '), width: 'minmax(10rem, 2fr)' },
];
