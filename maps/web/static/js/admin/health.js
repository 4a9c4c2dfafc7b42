/** What the doctor finds, and the backups. */

import { get, post } from '../kit/api.js';
import { pick, sentence, t } from '../kit/i18n.js';
import { JobProgress } from '../kit/parts/jobs.js';
import { Read } from '../kit/parts/states.js';
import { DataTable } from '../kit/parts/table.js';
import { resource } from '../kit/resource.js';
import { html, useMemo, useSignal } from '../kit/view.js';
import { Actions, Head, refreshButton, size, State, when } from '../records/details.js';
import { shell } from '../shell/shell.js';

/** @typedef {import('../types.d.ts').Findings} Findings */
/** @typedef {import('../types.d.ts').BackupList} BackupList */
/** @typedef {import('../types.d.ts').BackupView} BackupView */

const SIGNS = { fine: '✓', notice: '!', broken: '✗' };
const ORDER = { broken: 0, notice: 1, fine: 2 };

export const Health = () => html`<${Doctor} /><${Backups} />`;

/** The worst first. @param {{findings: Findings['findings']}} props */
const FindingList = ({ findings }) => html`
  <ul class="admin-findings" data-testid="findings">
    ${[...findings].sort((one, other) => ORDER[one.state] - ORDER[other.state]).map((one) => html`
      <li key=${one.subject.en + one.words.en} class=${`is-${one.state}`}>
        <span class="admin-sign" aria-hidden="true">${SIGNS[one.state]}</span>
        <div><b>${pick(one.subject)}</b> <span class="faint small">${t(`admin.finding.${one.state}`)}</span><p>${one.code ? sentence({ code: one.code, detail: pick(one.words) }) : pick(one.words)}</p></div>
      </li>`)}
  </ul>`;

function Doctor() {
  const read = useMemo(() => resource(() => get('/v1/admin/health')), []);
  return html`
    <section class="admin-part">
      <${Head} title=${t('admin.health')} text=${t('admin.health.text')}>${refreshButton(read)}<//>
      <${Read} of=${read}>${(/** @type {Findings} */ found) => html`
        ${found.findings.every((one) => one.state === 'fine') ? html`<p>${t('admin.health.well')}</p>`
          : html`<${FindingList} findings=${found.findings.filter((one) => one.state !== 'fine')} />`}
        <details data-testid="in-order">
          <summary>${t('admin.health.fine', { n: found.findings.filter((one) => one.state === 'fine').length })}</summary>
          <${FindingList} findings=${found.findings.filter((one) => one.state === 'fine')} />
        </details>`}<//>
    </section>`;
}

function Backups() {
  const read = useMemo(() => resource(() => get('/v1/admin/backups')), []);
  const job_id = useSignal(/** @type {number|null} */ (null));
  const state = (/** @type {BackupView} */ one) => t(`admin.backup.${one.state}`);
  const columns = [
    { key: 'made_at', label: t('part.at'), value: (/** @type {BackupView} */ one) => one.made_at, cell: (/** @type {BackupView} */ one) => when(one.made_at), narrow: true },
    { key: 'name', label: t('admin.backup.file'), value: (/** @type {BackupView} */ one) => one.name, width: 'minmax(10rem, 2fr)' },
    { key: 'size', label: t('admin.backup.size'), value: (/** @type {BackupView} */ one) => one.size_bytes, cell: (/** @type {BackupView} */ one) => size(one.size_bytes), align: 'end', narrow: true },
    { key: 'events', label: t('admin.backup.events'), value: (/** @type {BackupView} */ one) => one.events, align: 'end' },
    { key: 'state', label: t('part.state'), value: state, narrow: true, cell: (/** @type {BackupView} */ one) => html`<${State} text=${state(one)} tone=${one.state === 'complete' ? '' : 'bad'} />` },
  ];
  return html`
    <section class="admin-part">
      <${Head} title=${t('admin.backups')} text=${t('admin.backups.text')}>
        <${Actions} actions=${[{
          label: t('admin.backup.make'), testid: 'make-backup', run: async () => { job_id.value = (await post('/v1/admin/backups')).job_id; },
        }]} />
      <//>
      ${job_id.value !== null && html`<${JobProgress} key=${job_id.value} job_id=${job_id.value} live=${shell.can('events_read')} onDone=${() => void read.reload()} />`}
      <${Read} of=${read}>${(/** @type {BackupList} */ found) => html`
        <${DataTable} label=${t('admin.backups')} rows=${found.backups} rowKey=${(/** @type {BackupView} */ one) => one.name} pageSize=${20} search=${false} columns=${columns} sortedBy=${{ key: 'made_at', descending: true }}
          empty=${{ title: t('admin.backups.none'), text: t('admin.backups.none.text') }} />
        <p class="faint small">${t('admin.backups.folder', { folder: found.folder })}</p>`}<//>
    </section>`;
}
