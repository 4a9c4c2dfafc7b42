/** How far a job of the server is, until it has ended. */

import { get, post, Problem } from '../api.js';
import { code, pick, sentence, t } from '../i18n.js';
import { html, signal, useEffect, useMemo } from '../view.js';
import { toastProblem } from './toast.js';

const ASK_EVERY_MS = 1000;
const ENDED = new Set(['done', 'failed', 'cancelled']);

/** @typedef {import('../../types.d.ts').JobView} JobView */

/**
 * Follow a job. @param {number} job_id
 * @param {{onJob: (job: JobView) => void, onProblem?: (problem: Problem|null) => void}} listeners @returns {() => void} stop following
 */
export function followJob(job_id, { onJob, onProblem }) {
  let timer = 0;
  let over = false;
  async function ask() {
    let again = true;
    try {
      const job = await get(`/v1/jobs/${job_id}`);
      if (over) return;
      onProblem?.(null);
      onJob(job);
      again = !ENDED.has(job.state);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (over) return;
      onProblem?.(problem);
      again = problem.temporary;
    }
    if (again) timer = window.setTimeout(ask, ASK_EVERY_MS);
  }
  void ask();
  return () => {
    over = true;
    clearTimeout(timer);
  };
}

/** @param {{job_id: number, onDone?: (job: JobView) => void, cancel?: boolean}} props  `onDone`: told once, when it ended well */
export function JobProgress({ job_id, onDone, cancel = true }) {
  const shown = useMemo(() => ({
    job: signal(/** @type {JobView|null} */ (null)), problem: signal(/** @type {Problem|null} */ (null)),
  }), [job_id]);
  useEffect(() => followJob(job_id, {
    onJob: (job) => {
      shown.job.value = job;
      if (job.state === 'done') onDone?.(job);
    },
    onProblem: (problem) => { shown.problem.value = problem; },
  }), [job_id]);
  const job = shown.job.value;
  const problem = shown.problem.value;
  if (problem && !problem.temporary) return html`<p class="notice bad" role="alert">${sentence(problem)}</p>`;
  if (!job) return html`<p class="job faint">${t('shell.reading')}</p>`;
  const ended = ENDED.has(job.state);
  const stop = () => post(`/v1/jobs/${job_id}/cancel`).then((now) => { shown.job.value = now; }, toastProblem);
  return html`
    <div class="job" data-testid="job" data-state=${job.state}>
      <div class="row"><b class="grow">${pick(job.label)}</b><span class="tag ${job.state === 'failed' ? 'bad' : ''}">${code('job', job.state)}</span>
        ${cancel && !ended && html`<button class="quiet" disabled=${job.cancel_requested} onClick=${stop}>${t('job.cancel')}</button>`}</div>
      ${!ended && html`<progress aria-label=${pick(job.label)} max=${job.total ?? 1} value=${job.total ? job.done : undefined}></progress>`}
      ${job.message && html`<p class="faint small" aria-live="polite">${pick(job.message)}</p>`}
      ${job.error && html`<p class="notice bad small">${job.error}</p>`}
    </div>`;
}
