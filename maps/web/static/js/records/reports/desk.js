/** A desk of reports: asked for, followed while they are made, looked at, taken away. For the page of reports, and for others with some kinds of them. */

import { Chart } from '../../chart/chart.js';
import { get, newKey, post, Problem } from '../../kit/api.js';
import { shortTime } from '../../kit/clock.js';
import { taking } from '../../kit/files.js';
import { code, language, pick, sentence, t } from '../../kit/i18n.js';
import { Dialog } from '../../kit/parts/dialog.js';
import { CheckField, SelectField, TextField } from '../../kit/parts/fields.js';
import { JobProgress } from '../../kit/parts/jobs.js';
import { Empty, Read } from '../../kit/parts/states.js';
import { DataTable } from '../../kit/parts/table.js';
import { Tabs } from '../../kit/parts/tabs.js';
import { resource } from '../../kit/resource.js';
import { effect, html, signal, useEffect, useMemo } from '../../kit/view.js';
import { shell } from '../../shell/shell.js';
import { LANGUAGES, STAFF_LANGUAGES } from '../../words/languages.js';

/** @typedef {import('../../types.d.ts').Reports} Reports */
/** @typedef {import('../../types.d.ts').MadeReport} MadeReport */
/** @typedef {Reports['kinds'][number]} Kind */

/** Made along with every report: what the page draws its charts from. */
const CHARTS = 'charts';

const read = resource(
  (stop) => get(`/v1/reports?city_id=${shell.city.peek()?.city_id ?? ''}`, { signal: stop }), { now: false },
);
const kind = signal('');
const period = signal('');
const chosenLanguage = signal(/** @type {string} */ (language()));
const chosen = Object.fromEntries(['pdf', 'html', 'docx', 'xlsx', 'folium'].map((one) => [one, signal(true)]));
const job_id = signal(/** @type {number|null} */ (null));
const problem = signal(/** @type {string|null} */ (null));
const asking = signal(false);
const previewed = signal(/** @type {MadeReport|null} */ (null));
const previewOpen = signal(false);
const previewTab = signal('page');

/** @param {MadeReport} report @param {string} format */
const address = (report, format) => `/v1/reports/${report.report_id}.${format}`;

/** @param {number} bytes */
const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

const zone = () => shell.city.value?.time_zone ?? 'UTC';

/** @param {Event} event */
async function ask(event) {
  event.preventDefault();
  const city = shell.city.peek();
  const formats = Object.keys(chosen).filter((one) => chosen[one].peek());
  problem.value = formats.length ? null : t('reports.formats.none');
  if (!city || !formats.length) return;
  asking.value = true;
  try {
    const ofPeriods = read.data.peek()?.kinds.find((one) => one.name === kind.peek())?.of_periods;
    const body = /** @type {import('../../types.d.ts').ReportIn} */ ({
      city_id: city.city_id, language: chosenLanguage.peek(), formats: [...formats, CHARTS], period: (ofPeriods && period.peek().trim().toUpperCase()) || null,
    });
    const job = await post(`/v1/reports/${kind.peek()}`, body, { key: newKey() });
    job_id.value = job.job_id;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    problem.value = sentence(error);
  } finally {
    asking.value = false;
  }
}

/** @param {{kinds: Reports['kinds']}} props */
function Make({ kinds }) {
  const one = kinds.find((each) => each.name === kind.value);
  return html`
    <section class="card" aria-labelledby="make-title">
      <h2 id="make-title">${t('reports.make')}</h2>
      <form class="reports-form" onSubmit=${ask}>
        <div class="fields">
          <${SelectField} label=${t('reports.kind')} value=${kind} hint=${one && pick(one.says)} options=${kinds.map((each) => ({ value: each.name, label: pick(each.title) }))} testid="kind" />
          <${SelectField} label=${t('reports.language')} value=${chosenLanguage} options=${STAFF_LANGUAGES.map((each) => ({ value: each, label: LANGUAGES[each].name }))} testid="report-language" />
          ${one?.of_periods && html`<${TextField} label=${t('reports.period')} value=${period} hint=${t('reports.period.hint')} placeholder="2026-W24" maxlength=${8} testid="report-period" />`}
        </div>
        <fieldset class="reports-formats">
          <legend>${t('reports.formats')}</legend>
          ${Object.keys(chosen).map((each) => html`<${CheckField} key=${each} label=${code('report.format', each)} value=${chosen[each]} testid=${`format-${each}`} />`)}
        </fieldset>
        ${problem.value && html`<p class="notice bad" role="alert">${problem.value}</p>`}
        <div><button class="primary" disabled=${asking.value || !kind.value} data-testid="make">${t('reports.go')}</button></div>
      </form>
      ${job_id.value !== null && html`<${JobProgress} key=${job_id.value} job_id=${job_id.value} live=${shell.can('events_read')} onDone=${() => { void read.reload(); }} />`}
    </section>`;
}

/** @param {{reports: Reports}} props */
function Made({ reports }) {
  const columns = [
    { key: 'name', label: t('reports.kind'), value: (/** @type {MadeReport} */ one) => pick(reports.kinds.find((each) => each.name === one.name)?.title) },
    ...(reports.made.some((one) => one.period) ? [{ key: 'period', label: t('reports.period'), value: (/** @type {MadeReport} */ one) => one.period ?? '–', narrow: true }] : []),
    { key: 'language', label: t('reports.language'), value: (/** @type {MadeReport} */ one) => LANGUAGES[/** @type {'zh'|'en'} */ (one.language)].name },
    { key: 'as_of', label: t('reports.as_of'), value: (/** @type {MadeReport} */ one) => one.as_of, cell: (/** @type {MadeReport} */ one) => shortTime(one.as_of, zone()), narrow: true },
    { key: 'provenance', label: t('reports.provenance'), value: (/** @type {MadeReport} */ one) => code('report.provenance', one.provenance) },
    { key: 'by', label: t('reports.by'), value: (/** @type {MadeReport} */ one) => one.requested_by },
    { key: 'files', label: t('reports.files'), value: (/** @type {MadeReport} */ one) => one.files.length, sort: false, width: 'minmax(17rem, 2fr)', narrow: true, cell: (/** @type {MadeReport} */ one) => html`<${Files} report=${one} />` },
  ];
  return html`
    <section aria-labelledby="made-title">
      <h2 id="made-title">${t('reports.made')}</h2>
      <${DataTable} label=${t('reports.made')} columns=${columns} rows=${reports.made} rowKey=${(/** @type {MadeReport} */ one) => one.report_id}
        search=${false} height_rem=${24} empty=${{ title: t('reports.none'), text: t('reports.none.text') }} />
    </section>`;
}

/** @param {{report: MadeReport}} props */
const Files = ({ report }) => html`
  <span class="reports-files">
    ${report.files.some((one) => one.format === 'html') && html`<button class="quiet" data-testid="preview" onClick=${() => { previewed.value = report; previewOpen.value = true; }}>${t('reports.preview')}</button>`}
    ${report.files.filter((one) => one.format !== CHARTS).map((one) => html`
      <a key=${one.format} href=${address(report, one.format)} download onClick=${taking(address(report, one.format))} title=${size(one.size_bytes)} data-testid=${`file-${one.format}`}>${code('report.short', one.format)}</a>`)}
  </span>`;

function Preview() {
  const report = previewed.value;
  const title = report ? pick(read.data.value?.kinds.find((one) => one.name === report.name)?.title) : '';
  const charts = report?.files.some((one) => one.format === CHARTS);
  return html`
    <${Dialog} open=${previewOpen} title=${title} wide testid="preview-dialog">
      ${report && html`<${Tabs} label=${title} chosen=${previewTab} tabs=${[
        { key: 'page', label: t('reports.preview.page'), view: () => html`<iframe class="reports-page" sandbox="" title=${title} src=${`${address(report, 'html')}?preview=true`}></iframe>` },
        ...(charts ? [{ key: 'charts', label: t('reports.preview.charts'), view: () => html`<${Charts} report=${report} />` }] : []),
      ]} />`}
    <//>`;
}

/** @param {{report: MadeReport}} props */
function Charts({ report }) {
  const specs = useMemo(() => resource(() => /** @type {Promise<object[]>} */ (get(/** @type {any} */ (address(report, CHARTS))))), [report.report_id]);
  return html`<${Read} of=${specs}>${(/** @type {object[]} */ found) => html`<div class="reports-charts">${found.map((one, place) => html`<${Chart} key=${place} spec=${one} />`)}</div>`}<//>`;
}

function keepUp() {
  return effect(() => { if (shell.city.value) void read.reload(); });
}

/** @param {{reports: Reports}} props */
function Desk({ reports }) {
  // A report on one thing is asked for where the thing is shown.
  const kinds = reports.kinds.filter((one) => !one.of_one);
  useEffect(() => { if (!kinds.some((one) => one.name === kind.peek())) kind.value = kinds[0]?.name ?? ''; }, [kinds]);
  return html`
    ${kinds.length ? html`<${Make} kinds=${kinds} />` : html`<${Empty} text=${t('reports.no_kind')} />`}
    <${Made} reports=${reports} />`;
}

/** `only`: which kinds of reports; all if none is given. @param {{only?: (kind: Kind) => boolean}} props */
export function ReportsDesk({ only = () => true }) {
  useEffect(keepUp, []);
  if (!shell.city.value) return html`<${Empty} text=${t('reports.no_city')} />`;
  return html`
    <div class="reports">
      <${Read} of=${read}>${(/** @type {Reports} */ found) => {
        const kinds = found.kinds.filter(only);
        const names = new Set(kinds.map((one) => one.name));
        return html`<${Desk} reports=${{ kinds, made: found.made.filter((one) => names.has(one.name)) }} />`;
      }}<//>
      <${Preview} />
    </div>`;
}
