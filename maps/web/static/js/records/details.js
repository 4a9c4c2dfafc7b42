/** What pages of records share: heads, details of a row, forms that say what went wrong. */

import { Problem } from '../kit/api.js';
import { clockTime, isoDate } from '../kit/clock.js';
import { language, sentence, t } from '../kit/i18n.js';
import { confirmDialog } from '../kit/parts/dialog.js';
import { formProblems, missing } from '../kit/parts/fields.js';
import { toast } from '../kit/parts/toast.js';
import { html, useSignal } from '../kit/view.js';
import { shell } from '../shell/shell.js';

/** @typedef {import('../kit/view.js').Children} Children */

export const zone = () => shell.city.value?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Day and time on the clocks of the city. @param {string|null|undefined} at */
export const when = (at) => (at ? `${isoDate(at, zone())} ${clockTime(at, zone()).slice(0, 5)}` : '–');

/** Who did it, without the mark of what kind of actor it was. @param {string|null|undefined} actor */
export const who = (actor) => (actor ?? '').replace(/^user:/, '') || '–';

/** @param {number} bytes */
export const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

/** Head of a tab or of a part of it. @param {{title: string, text?: string, page?: boolean, children?: Children}} props
 * `page`: it is that of the whole page; `children`: what one can do */
export const Head = ({ title, text, page = false, children }) => html`
  <div class="admin-head">
    <div class="grow">${page ? html`<h1>${title}</h1>` : html`<h2>${title}</h2>`}${text && html`<p class="faint">${text}</p>`}</div>
    ${children}
  </div>`;

/** Everything that is known of one thing. @param {{rows: [string, Children][]}} props  rows without a value are left out */
export const Details = ({ rows }) => html`
  <dl class="admin-details">
    ${rows.filter(([, value]) => value !== null && value !== undefined && value !== '').map(([label, value]) => html`
      <div key=${label}><dt>${label}</dt><dd>${value}</dd></div>`)}
  </dl>`;

/** The row that is looked at in a dialog. @template R */
export function useOpened() {
  const row = useSignal(/** @type {R|null} */ (null));
  const open = useSignal(false);
  return { row, open, show: (/** @type {R} */ one) => { row.value = one; open.value = true; }, close: () => { open.value = false; } };
}

/** What the server says of each field; it says so in English only. @param {Problem|null} problem */
function saidOfFields(problem) {
  const found = formProblems(problem);
  if (language() === 'en') return found;
  return Object.fromEntries(Object.keys(found).map((field) => [field, t('part.field.wrong')]));
}

/** Why something was refused. @param {{problem: Problem, onReload?: () => Promise<void>}} props */
const Refused = ({ problem, onReload }) => (onReload && problem.code === 'stale_version' ? html`
  <div class="notice bad" role="alert" data-testid="stale">
    <p>${t('part.stale')}</p>
    <p><button type="button" data-testid="reload" onClick=${onReload}>${t('part.stale.reload')}</button></p>
  </div>` : html`<p class="notice bad" role="alert" data-testid="refused">${sentence(problem)}</p>`);

/**
 * A form: refused, it says why and keeps what was typed.
 * @param {{action: string, onSubmit: () => Promise<void>, danger?: boolean, testid?: string,
 *   needs?: Record<string, [string, import('../kit/view.js').Signal<string>]>, onReload?: () => Promise<void>, children: (problems: Record<string, string>) => Children}} props
 *   `needs`: label and value of each field that must not be empty; `onReload`: reads anew what somebody else changed meanwhile
 */
export function Form({ action, onSubmit, danger = false, testid, needs = {}, onReload, children }) {
  const problem = useSignal(/** @type {Problem|null} */ (null));
  const tried = useSignal(false);
  const busy = useSignal(false);
  /** @type {Record<string, string>} */
  const problems = tried.value ? saidOfFields(problem.value) : {};
  if (tried.value) for (const [field, [label, value]] of Object.entries(needs)) problems[field] = missing(label, value.value) ?? problems[field];
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (busy.value) return;
    tried.value = true;
    if (Object.values(needs).some(([label, value]) => missing(label, value.value))) {
      problem.value = null;
      return;
    }
    busy.value = true;
    problem.value = null;
    try {
      await onSubmit();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      problem.value = error;
    } finally {
      busy.value = false;
    }
  };
  const said = problem.value;
  return html`
    <form class="form" onSubmit=${submit} novalidate>
      ${children(problems)}
      ${said && html`<${Refused} problem=${said} onReload=${onReload} />`}
      <div class="row end"><button class=${danger ? 'danger' : 'primary'} disabled=${busy.value} data-testid=${testid}>${action}</button></div>
    </form>`;
}

/**
 * @typedef {object} Action
 * @property {string} label
 * @property {(given: {reason: string}) => Promise<unknown>} run
 * @property {{title: string, text?: string, reason?: boolean}} [ask]  asked before it is done
 * @property {boolean} [danger]
 * @property {boolean} [disabled]
 * @property {string} [done]  said afterwards
 * @property {string} [testid]
 */

/** Buttons that do something to what is looked at. @param {{actions: Action[], onDone?: () => void, onReload?: () => Promise<void>}} props  `onReload`: as of a form */
export function Actions({ actions, onDone, onReload }) {
  const problem = useSignal(/** @type {Problem|null} */ (null));
  const busy = useSignal(false);
  const act = async (/** @type {Action} */ action) => {
    const given = action.ask ? await confirmDialog({ ...action.ask, action: action.label, danger: action.danger }) : { reason: '' };
    if (!given) return;
    busy.value = true;
    problem.value = null;
    try {
      await action.run(given);
      if (action.done) toast(action.done, 'good');
      onDone?.();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      problem.value = error;
    } finally {
      busy.value = false;
    }
  };
  return html`
    ${problem.value && html`<${Refused} problem=${problem.value} onReload=${onReload && (async () => { problem.value = null; await onReload(); })} />`}
    <div class="row wrap">
      ${actions.map((action) => html`
        <button key=${action.label} type="button" class=${action.danger ? 'admin-danger' : ''} disabled=${busy.value || action.disabled} data-testid=${action.testid} onClick=${() => act(action)}>${action.label}</button>`)}
    </div>`;
}

/** A state in a table: abnormal ones in colour and with a sign. @param {{text: string, tone?: 'bad'|'warn'|''}} props */
export const State = ({ text, tone = '' }) => html`<span class="tag ${tone}">${tone && html`<span aria-hidden="true">▲ </span>`}${text}</span>`;

export const refreshButton = (/** @type {import('../kit/resource.js').Resource<any>} */ read) =>
  html`<button disabled=${read.loading.value} onClick=${read.reload}>${t('part.refresh')}</button>`;
