/** How far a job of the server is, until it has ended. */

import { get, post, Problem } from '../api.js';
import { code, pick, sentence, t } from '../i18n.js';
import { startLive } from '../../live/live.js';
import { html, signal, useEffect, useMemo } from '../view.js';
import { toastProblem } from './toast.js';

/** While the live stream is away. */
const ASK_EVERY_MS = 1000;
/** While it tells: only in case it missed something. */
const ASK_ANYWAY_MS = 20_000;
const ENDED = new Set(['done', 'failed', 'cancelled']);
const nothing = () => undefined;

/** @typedef {import('../../types.d.ts').JobView} JobView */

/**
 * Follow a job by the live stream, by asking every second while there is none.
 * @param {number} job_id
 * @param {{onJob: (job: JobView) => void, onProblem?: (problem: Problem|null) => void, live?: boolean}} options  `live`: the viewer may follow the stream
 * @returns {() => void} stop following
 */
export function followJob(job_id, { onJob, onProblem, live: may = false }) {
  let timer = 0;
  let over = false;
  let told = false;
  let live = /** @type {{close: () => void}|null} */ (null);

  function stop() {
    over = true;
    clearTimeout(timer);
    live?.close();
  }

  /** @param {JobView} job */
  function take(job) {
    onProblem?.(null);
    onJob(job);
    if (ENDED.has(job.state)) stop();
    else if (may) live ??= listen(job.city_id);
  }

  /** @param {number|null} city_id  a job of no city is told to those who follow all of them */
  const listen = (city_id) => startLive(city_id, null, {
    onJobs: (jobs) => {
      told = true;
      const job = jobs.find((one) => one.job_id === job_id);
      if (job && !over) take(job);
    },
    onConnection: (open) => {
      told = open;
      if (!over) void ask();
    },
    onResync: () => { if (!over) void ask(); },
    onLost: (lost) => { if (lost) told = false; },
    onLogout: () => { told = false; },
    onDomain: nothing, onGone: nothing, onPositions: nothing,
  });

  async function ask() {
    clearTimeout(timer);
    try {
      const job = await get(`/v1/jobs/${job_id}`);
      if (over) return;
      take(job);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (over) return;
      onProblem?.(problem);
      if (!problem.temporary) stop();
    }
    if (over) return;
    clearTimeout(timer);
    timer = window.setTimeout(ask, told ? ASK_ANYWAY_MS : ASK_EVERY_MS);
  }

  void ask();
  return stop;
}

/** @param {{job_id: number, onDone?: (job: JobView) => void, cancel?: boolean, live?: boolean}} props  `onDone`: told once, when it ended well; `live`: the viewer may follow the stream */
export function JobProgress({ job_id, onDone, cancel = true, live = false }) {
  const shown = useMemo(() => ({
    job: signal(/** @type {JobView|null} */ (null)), problem: signal(/** @type {Problem|null} */ (null)),
  }), [job_id]);
  useEffect(() => followJob(job_id, {
    live,
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
