/** The incident's log: remarks of anybody with the right, beside every version of the caller's words. */

import { post, Problem } from '../../kit/api.js';
import { shortTime } from '../../kit/clock.js';
import { h } from '../../kit/dom.js';
import { code, t } from '../../kit/i18n.js';
import { say, sayProblem } from '../../kit/messages.js';
import { html, render, signal } from '../../kit/view.js';
import { shortcut } from '../commands.js';
import { onEnter } from '../focus.js';
import { keepText, keptText } from './kept.js';
import { may, store } from '../state.js';

/** @typedef {import('../../types.d.ts').LogEntry} LogEntry */

/** @returns {import('./panel.js').Section} */
export function logSection() {
  const root = h('section', { class: 'block', 'data-testid': 'log-section' });
  /** @type {import('../../kit/view.js').Signal<import('../state.js').Incident|null>} */
  const incident = signal(null);
  /** @type {import('../../kit/view.js').Signal<readonly LogEntry[]|null>} */
  const entries = signal(null);
  /** @type {import('../../kit/view.js').Signal<LogEntry|null>} the remark that is being corrected */
  const correcting = signal(null);

  async function read() {
    const shown = incident.value;
    if (!shown || !may('personal_read')) return;
    try {
      entries.value = (await post(`/v1/incidents/${shown.incident_id}/log`, { reason: `handling ${shown.number}` })).entries;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      sayProblem(problem);
    }
  }

  /** @param {import('../../kit/dom.js').FieldEvent} event */
  const typed = (event) => keepText(incident.value?.incident_id ?? '', 'remark', event.target.value);

  /** @param {SubmitEvent} event */
  async function write(event) {
    event.preventDefault();
    const shown = incident.value;
    const field = /** @type {HTMLInputElement} */ (/** @type {HTMLFormElement} */ (event.target).elements.namedItem('text'));
    const text = field.value.trim();
    if (!shown || !text) return;
    try {
      await post(`/v1/incidents/${shown.incident_id}/remarks`, { text, corrects: correcting.value?.entry_id });
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      return void sayProblem(problem);
    }
    // Only now: a refused remark stays in its field.
    if (field.value.trim() === text) {
      field.value = '';
      keepText(shown.incident_id, 'remark', '');
    }
    correcting.value = null;
    say(t('log.saved'));
    await read();
  }

  /** @param {LogEntry} entry */
  function correct(entry) {
    correcting.value = entry;
    const field = root.querySelector('input');
    if (field) {
      field.value = entry.text ?? '';
      keepText(incident.value?.incident_id ?? '', 'remark', field.value);
      field.focus();
    }
  }

  /** @param {{entry: LogEntry}} props */
  const Entry = ({ entry }) => html`<li class=${entry.current ? '' : 'earlier'} data-testid="log-entry">
    <span class="faint small">${shortTime(entry.written_at, store.state.city.time_zone)} · ${code('log', entry.kind)} · ${entry.author.replace(/^user:/, '')}${!entry.current && ` · ${t('log.earlier')}`}</span>
    <span><span class="text">${entry.text ?? t('log.erased')}</span>
      ${entry.kind === 'remark' && entry.current && entry.text && may('incident_write') && html` <button class="link" data-testid="log-correct" onClick=${() => correct(entry)}>${t('log.correct')}</button>`}</span>
  </li>`;

  function Log() {
    if (!incident.value) return null;
    return html`<h3>${t('log.title')}</h3>
      ${entries.value && (entries.value.length
    ? html`<ol class="log">${entries.value.map((entry) => html`<${Entry} key=${entry.entry_id} entry=${entry} />`)}</ol>`
    : html`<p class="faint">${t('log.none')}</p>`)}
      ${!entries.value && may('personal_read') && html`<p class="row"><button class="quiet" data-testid="read-log" onClick=${read}>${t('log.read')}</button><span class="faint small">${t('call.read.hint')}</span></p>`}
      ${correcting.value && html`<p class="faint small">${t('log.correcting', { text: correcting.value.text ?? '' })} <button class="link" onClick=${() => { correcting.value = null; }}>${t('cancel')}</button></p>`}
      ${may('incident_write') && html`<form class="row" onSubmit=${write}>
        <input name="text" class="grow" autocomplete="off" maxlength="5000" data-testid="remark-text" defaultValue=${keptText(incident.value.incident_id, 'remark')} onInput=${typed} ...${shortcut('remark')} placeholder=${t('log.write')} aria-label=${t('log.write')} />
        <button data-testid="remark-save">${t('log.save')}</button></form>`}`;
  }

  onEnter('remark', () => {
    const field = root.querySelector('input');
    field?.focus();
    return field !== null;
  });
  render(html`<${Log} />`, root);
  return { root, update(shown) { incident.value = shown; } };
}
