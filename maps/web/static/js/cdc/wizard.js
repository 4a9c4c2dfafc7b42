/** A file of cases taken in, step by step: chosen, understood, its columns set right, stored. */

import { post, Problem } from '../kit/api.js';
import { sentence, t } from '../kit/i18n.js';
import { DateField, SelectField, TextField } from '../kit/parts/fields.js';
import { JobProgress } from '../kit/parts/jobs.js';
import { Loading } from '../kit/parts/states.js';
import { html, signal, useMemo, useSignal } from '../kit/view.js';
import { shell } from '../shell/shell.js';
import { Rejects } from './data.js';

/** @typedef {import('../types.d.ts').FileUnderstood} FileUnderstood */
/** @typedef {import('../types.d.ts').SourceSeen} SourceSeen */

const PART_BYTES = 512 * 1024;

/** @param {Blob} part @returns {Promise<string>} */
const base64 = (part) => new Promise((resolve, reject) => {
  const reader = new FileReader();
  reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '');
  reader.onerror = () => reject(reader.error);
  reader.readAsDataURL(part);
});

/** @param {File} file @param {(share: number) => void} tell */
async function send(file, tell) {
  const upload_id = crypto.randomUUID();
  for (let offset = 0; offset < file.size; offset += PART_BYTES) {
    const content = await base64(file.slice(offset, offset + PART_BYTES));
    await post('/v1/surveillance/uploads', { upload_id, offset, content });
    tell(Math.min(1, (offset + PART_BYTES) / file.size));
  }
  return upload_id;
}

/** @param {{sources: readonly SourceSeen[], onDone: () => void}} props */
export function Wizard({ sources, onDone }) {
  const file = useSignal(/** @type {File|null} */ (null));
  const source = useSignal(sources[0]?.name ?? '');
  const as_of = useSignal('');
  const kind = useSignal('');
  const datum = useSignal('');
  const busy = useSignal('');
  const problem = useSignal(/** @type {Problem|null} */ (null));
  const upload = useSignal('');
  const seen = useSignal(/** @type {FileUnderstood|null} */ (null));
  const job = useSignal(/** @type {number|null} */ (null));
  /** What was set by hand: field → column. */
  const set = useMemo(() => signal(/** @type {Record<string, string>} */ ({})), []);

  /** The mapping as JSON, which is YAML too; null: as remembered, or by the header. */
  const mapping = () => {
    const base = seen.value?.mapping ?? {};
    const chosen = /** @type {Record<string, unknown>} */ ({ ...base, ...(kind.value && { kind: kind.value }), ...(datum.value && { datum: datum.value }) });
    if (Object.keys(set.value).length) chosen.columns = { .../** @type {Record<string, string>} */ (base.columns ?? {}), ...set.value };
    const said = kind.value || datum.value || Object.keys(set.value).length;
    return said ? JSON.stringify(chosen) : null;
  };
  const body = () => ({
    upload_id: upload.value, file_name: file.value?.name ?? '', city_id: shell.city.value?.city_id ?? 0, source: source.value.trim(), mapping: mapping(),
    as_of: as_of.value ? `${as_of.value}T23:59:59Z` : null,
  });
  /** @param {string} doing @param {() => Promise<void>} step */
  const go = async (doing, step) => {
    busy.value = doing;
    problem.value = null;
    try {
      await step();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      problem.value = error;
    } finally {
      busy.value = '';
    }
  };
  const look = () => go(t('cdc.wizard.looking'), async () => {
    const chosen = file.value;
    if (!chosen) return;
    if (!upload.value) upload.value = await send(chosen, (share) => { busy.value = t('cdc.wizard.sending', { share: Math.round(100 * share) }); });
    busy.value = t('cdc.wizard.looking');
    seen.value = await post('/v1/surveillance/imports/preview', body());
  });
  const take = () => go(t('cdc.wizard.asking'), async () => {
    job.value = (await post('/v1/surveillance/imports', body())).job_id;
  });
  /** @param {Event} event */
  const choose = (event) => {
    file.value = /** @type {HTMLInputElement} */ (event.target).files?.[0] ?? null;
    upload.value = '';
    seen.value = null;
    set.value = {};
  };
  if (job.value !== null) return html`<${JobProgress} job_id=${job.value} onDone=${onDone} live=${shell.can('events_read')} />`;
  return html`
    <div class="fields">
      <label class="field"><span>${t('cdc.wizard.file')}</span><input type="file" data-testid="file" onChange=${choose} /></label>
      <${TextField} label=${t('cdc.data.source')} value=${source} required hint=${t('cdc.wizard.source')} maxlength=${80} testid="source" />
      <${SelectField} label=${t('cdc.wizard.kind')} value=${kind} testid="kind" options=${[{ value: '', label: t('cdc.wizard.as_remembered') }, { value: 'line_list', label: t('cdc.wizard.line_list') }, { value: 'counts', label: t('cdc.wizard.counts') }]} />
      <${SelectField} label=${t('cdc.wizard.datum')} value=${datum} testid="datum" options=${[{ value: '', label: t('cdc.wizard.no_points') }, ...['wgs84', 'gcj02', 'bd09', 'cgcs2000'].map((one) => ({ value: one, label: one.toUpperCase() }))]} />
      <${DateField} label=${t('cdc.wizard.as_of')} value=${as_of} hint=${t('cdc.wizard.as_of.text')} />
    </div>
    ${problem.value && html`<p class="notice bad" role="alert" data-testid="refused">${sentence(problem.value)} <span class="small" lang="en">${problem.value.detail ?? ''}</span></p>`}
    ${busy.value && html`<${Loading} text=${busy.value} />`}
    ${seen.value && html`<${Understood} seen=${seen.value} set=${set} />`}
    <p class="cdc-actions">
      <button class=${seen.value ? '' : 'primary'} disabled=${!file.value || !source.value.trim() || Boolean(busy.value)} data-testid="look" onClick=${look}>${t(seen.value ? 'cdc.wizard.again' : 'cdc.wizard.look')}</button>
      ${seen.value && html`<button class="primary" disabled=${Boolean(busy.value)} data-testid="take" onClick=${take}>${t('cdc.wizard.take', { n: seen.value.rows_accepted.toLocaleString('en') })}</button>`}
    </p>`;
}

/** What importing would do; the columns may be set right. @param {{seen: FileUnderstood, set: import('../kit/view.js').Signal<Record<string, string>>}} props */
function Understood({ seen, set }) {
  const used = new Map(seen.columns.map((one) => [one.field, one]));
  /** @param {string} field @param {Event} event */
  const choose = (field, event) => { set.value = { ...set.value, [field]: /** @type {HTMLSelectElement} */ (event.target).value || '=' }; };
  return html`
    <p data-testid="understood">${t('cdc.wizard.says', { read: seen.rows_read, good: seen.rows_accepted, bad: seen.rows_rejected, repeated: seen.rows_repeated, lost: seen.fields_lost })}</p>
    <details class="cdc-more" open><summary>${t('cdc.wizard.columns')}</summary>
      <div class="cdc-mapping">${seen.fields.map((field) => {
        const use = used.get(field);
        const column = set.value[field] ?? use?.column ?? '';
        return html`<label key=${field} class="field"><span>${t(/** @type {any} */ (`cdc.map.${field}`))}${use?.how === 'guessed' && !(field in set.value) ? html` <em class="faint">${t('cdc.wizard.guessed')}</em>` : ''}</span>
          <select data-testid=${`map-${field}`} value=${column === '=' ? '' : column} onChange=${(/** @type {Event} */ event) => choose(field, event)}>
            <option value="">${t('cdc.wizard.nothing')}</option>
            ${seen.columns_all.map((name) => html`<option key=${name} value=${name}>${name}</option>`)}
          </select></label>`;
      })}</div>
      ${seen.columns_unused.length > 0 && html`<p class="small faint">${t('cdc.wizard.unused')} ${seen.columns_unused.join(t('part.comma'))}</p>`}
    </details>
    ${seen.rejects.length > 0 && html`<details class="cdc-more"><summary>${t('cdc.data.rejects')}</summary><${Rejects} rows=${seen.rejects} /></details>`}
    <details class="cdc-more"><summary>${t('cdc.wizard.yaml')}</summary><pre class="small">${seen.mapping_yaml}</pre></details>`;
}
