/** The report of one study: asked for, followed, taken away. */

import { get, newKey, post, Problem } from '../../kit/api.js';
import { taking } from '../../kit/files.js';
import { language, pick, sentence, t } from '../../kit/i18n.js';
import { SelectField } from '../../kit/parts/fields.js';
import { JobProgress } from '../../kit/parts/jobs.js';
import { resource } from '../../kit/resource.js';
import { html, signal, useMemo } from '../../kit/view.js';
import { when } from '../../records/details.js';
import { shell } from '../../shell/shell.js';
import { LANGUAGES, STAFF_LANGUAGES } from '../../words/languages.js';
import { cityId } from '../state.js';

/** @typedef {import('../../types.d.ts').MadeReport} MadeReport */
/** @typedef {import('../../types.d.ts').ReportIn} ReportIn */

const FORMATS = /** @type {NonNullable<ReportIn['formats']>} */ (['pdf', 'html', 'docx', 'folium']);
const SHORT = /** @type {Record<string, string>} */ ({ pdf: 'PDF', html: 'HTML', docx: 'DOCX', folium: 'folium', xlsx: 'XLSX' });

/** @param {{study_id: number}} props */
export function StudyReport({ study_id }) {
  const state = useMemo(() => ({
    read: resource((stop) => get(`/v1/reports?city_id=${cityId()}`, { signal: stop })),
    language: signal(/** @type {string} */ (language())),
    job_id: signal(/** @type {number|null} */ (null)),
    problem: signal(/** @type {string|null} */ (null)),
  }), [study_id]);
  const kind = state.read.data.value?.kinds.find((one) => one.of_one);
  if (!kind) return null;
  const made = (state.read.data.value?.made ?? []).filter((one) => one.name === kind.name && one.period === String(study_id));
  const make = async () => {
    state.problem.value = null;
    try {
      const body = /** @type {ReportIn} */ ({ city_id: cityId(), language: state.language.peek(), formats: FORMATS, number: study_id });
      state.job_id.value = (await post(`/v1/reports/${kind.name}`, body, { key: newKey() })).job_id;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      state.problem.value = sentence(error);
    }
  };
  return html`
    <section aria-labelledby="report-title" data-testid="study-report">
      <h3 id="report-title">${t('plan.report')}</h3>
      <p class="hint">${pick(kind.says)}</p>
      <div class="plan-choices"><${SelectField} label=${t('language')} value=${state.language} options=${STAFF_LANGUAGES.map((one) => ({ value: one, label: LANGUAGES[one].name }))} testid="report-language" />
        <button type="button" data-testid="report-make" onClick=${make}>${t('plan.report.make')}</button></div>
      ${state.problem.value && html`<p class="notice bad" role="alert">${state.problem.value}</p>`}
      ${state.job_id.value !== null && html`<${JobProgress} key=${state.job_id.value} job_id=${state.job_id.value} live=${shell.can('events_read')} onDone=${() => { void state.read.reload(); }} />`}
      ${made.length > 0 && html`<ul class="plan-found" data-testid="reports-made">${made.map((one) => html`<li key=${one.report_id}>${when(one.as_of)} · ${LANGUAGES[/** @type {'zh'|'en'} */ (one.language)].name} · ${one.files.filter((file) => file.format in SHORT).map((file) => html`<${File} key=${file.format} report=${one} format=${file.format} /> `)}</li>`)}</ul>`}
    </section>`;
}

/** @param {{report: MadeReport, format: string}} props */
function File({ report, format }) {
  const address = `/v1/reports/${report.report_id}.${format}`;
  return html`<a href=${address} download onClick=${taking(address)} data-testid=${`file-${format}`}>${SHORT[format]}</a>`;
}
