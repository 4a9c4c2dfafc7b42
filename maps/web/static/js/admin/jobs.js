/** Jobs: what is being done in the background; stopped, and begun again once they failed. */

import { get, post } from '../kit/api.js';
import { code, pick, t } from '../kit/i18n.js';
import { Dialog } from '../kit/parts/dialog.js';
import { JobProgress } from '../kit/parts/jobs.js';
import { Read } from '../kit/parts/states.js';
import { DataTable } from '../kit/parts/table.js';
import { resource } from '../kit/resource.js';
import { html, useEffect, useMemo, useSignal } from '../kit/view.js';
import { Actions, Details, Head, State, useOpened, when, who } from '../records/details.js';
import { shell } from '../shell/shell.js';

/** @typedef {import('../types.d.ts').JobView} JobView */
/** @typedef {import('../types.d.ts').JobsPage} JobsPage */

const AGAIN_MS = 5000;
const STATES = /** @type {const} */ (['waiting', 'running', 'done', 'failed', 'cancelled']);

export function Jobs() {
  const state = useSignal('');
  const read = useMemo(() => resource((stop) => get(`/v1/jobs?limit=200${state.peek() && `&state=${state.peek()}`}`, { signal: stop }), { now: false }), []);
  const opened = /** @type {ReturnType<typeof useOpened<JobView>>} */ (useOpened());
  useEffect(() => {
    void read.reload();
    const timer = setInterval(() => { if (!document.hidden) void read.reload(); }, AGAIN_MS);
    return () => clearInterval(timer);
  }, [state.value]);
  // As it was read last: one that fails while it is looked at can be begun again.
  const row = read.data.value?.jobs.find((one) => one.job_id === opened.row.value?.job_id) ?? opened.row.value;
  const columns = [
    { key: 'created_at', label: t('part.at'), value: (/** @type {JobView} */ one) => one.created_at, cell: (/** @type {JobView} */ one) => when(one.created_at), narrow: true },
    { key: 'label', label: t('admin.job'), value: (/** @type {JobView} */ one) => pick(one.label), narrow: true, width: 'minmax(8rem, 2fr)', filter: 'choice' },
    { key: 'by', label: t('part.who'), value: (/** @type {JobView} */ one) => who(one.requested_by) },
    { key: 'attempts', label: t('admin.job.tries'), value: (/** @type {JobView} */ one) => one.attempts, align: 'end', width: 'minmax(4rem, 0.5fr)' },
    { key: 'ended_at', label: t('admin.ended_at'), value: (/** @type {JobView} */ one) => one.ended_at, cell: (/** @type {JobView} */ one) => when(one.ended_at) },
    { key: 'state', label: t('part.state'), value: (/** @type {JobView} */ one) => code('job', one.state), narrow: true,
      cell: (/** @type {JobView} */ one) => html`<${State} text=${code('job', one.state)} tone=${one.state === 'failed' ? 'bad' : ''} />` },
  ];
  return html`
    <${Head} title=${t('admin.tab.jobs')} text=${t('admin.jobs.text')}>
      <select aria-label=${t('part.state')} value=${state.value} data-testid="job-state" onChange=${(/** @type {any} */ event) => { state.value = event.target.value; }}>
        <option value="">${t('admin.jobs.all')}</option>
        ${STATES.map((one) => html`<option key=${one} value=${one}>${t(`job.${one}`)}</option>`)}
      </select>
    <//>
    <${Read} of=${read}>${(/** @type {JobsPage} */ found) => html`
      <${DataTable} label=${t('admin.tab.jobs')} rows=${found.jobs} rowKey=${(/** @type {JobView} */ one) => one.job_id} pageSize=${50} onOpen=${opened.show} columns=${columns} empty=${{ title: t('admin.jobs.none') }} />`}<//>
    <${Dialog} open=${opened.open} title=${pick(row?.label)} testid="job-dialog">
      ${row && html`
        <${JobProgress} job_id=${row.job_id} live=${shell.can('events_read')} cancel=${row.may_control} />
        <${Details} rows=${[
          [t('part.who'), who(row.requested_by)], [t('admin.created_at'), when(row.created_at)], [t('admin.began_at'), when(row.started_at)], [t('admin.ended_at'), when(row.ended_at)],
          [t('admin.job.tries'), `${row.attempts} / ${row.attempts_allowed}`], [t('admin.job.name'), row.name], [t('admin.job.error'), row.error_code && `${code('error', row.error_code)} (${row.error_code})`],
        ]} />
        ${row.state === 'failed' && row.may_control && html`<${Actions} onDone=${() => { opened.close(); void read.reload(); }} actions=${[{
          label: t('admin.job.retry'), done: t('admin.job.retried'), testid: 'retry-job', run: () => post(`/v1/jobs/${row.job_id}/retry`),
        }]} />`}`}
    <//>`;
}
