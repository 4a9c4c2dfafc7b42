/** Who needs help, as far as is known: age, sex, name, colour of triage. */

import { post, Problem } from '../../kit/api.js';
import { h } from '../../kit/dom.js';
import { code, t } from '../../kit/i18n.js';
import { say, sayProblem } from '../../kit/messages.js';
import { html, render, signal } from '../../kit/view.js';
import { shortcut } from '../commands.js';
import { reload } from '../feed.js';
import { onEnter } from '../focus.js';
import { keepText, keptText } from './kept.js';
import { may } from '../state.js';

const SEXES = ['female', 'male', 'other'];
/** Fields that are typed into. */
const TYPED = ['age', 'name'];
const COLOURS = ['red', 'yellow', 'green', 'black'];

/** @param {{name: string, codes: string[], prefix: string, label: string}} props */
const Choice = ({ name, codes, prefix, label }) => html`<select name=${name} data-testid=${`patient-${name}`} aria-label=${label}>
  <option value="">${label}</option>${codes.map((one) => html`<option key=${one} value=${one}>${code(prefix, one)}</option>`)}</select>`;

/** @param {{patient: import('../../types.d.ts').PatientView}} props */
const Known = ({ patient }) => html`<li data-testid="patient-row">
  <b>${patient.ordinal}</b> ${[
  patient.age_years !== null && t('patient.years', { n: patient.age_years }),
  patient.sex && code('sex', patient.sex),
].filter(Boolean).join(' · ') || t('patient.unknown')}
  ${patient.triage_colour && html` <span class=${`tag colour-${patient.triage_colour}`}>${code('colour', patient.triage_colour)}</span>`}
</li>`;

/** @returns {import('./panel.js').Section} */
export function patientsSection() {
  const root = h('details', { class: 'block patients', 'data-testid': 'patients-section' });
  const busy = signal(false);
  onEnter('patient', () => {
    const field = /** @type {HTMLElement|null} */ (root.querySelector('[name=age]'));
    if (field) root.open = true;
    field?.focus();
    return field !== null;
  });

  /** @param {SubmitEvent} event @param {string} incidentId */
  async function add(event, incidentId) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const given = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]));
    if (busy.value) return;
    if (!Object.values(given).some(Boolean)) {
      say(t('patient.nothing'), 'bad');
      return;
    }
    busy.value = true;
    try {
      await post(`/v1/incidents/${incidentId}/patients`, {
        age_years: given.age ? Number(given.age) : undefined, sex: given.sex || undefined,
        name: given.name || undefined, triage_colour: given.colour || undefined,
      });
      // Only now: what was refused stays in its fields.
      for (const field of /** @type {NodeListOf<HTMLInputElement|HTMLSelectElement>} */ (form.querySelectorAll('input, select'))) field.value = '';
      for (const name of TYPED) keepText(incidentId, `patient.${name}`, '');
      say(t('patient.done'), 'good');
      await reload(incidentId);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      sayProblem(problem);
    } finally {
      busy.value = false;
    }
  }

  /** @param {{incidentId: string}} props */
  const Form = ({ incidentId }) => html`<form class="row" onInput=${(/** @type {import('../../kit/dom.js').FieldEvent} */ event) => { if (TYPED.includes(event.target.name)) keepText(incidentId, `patient.${event.target.name}`, event.target.value); }} onSubmit=${(/** @type {SubmitEvent} */ event) => add(event, incidentId)}>
    <input name="age" defaultValue=${keptText(incidentId, 'patient.age')} type="number" min="0" max="150" inputmode="numeric" class="short" data-testid="patient-age" ...${shortcut('patient')} placeholder=${t('patient.age')} aria-label=${t('patient.age')} />
    <${Choice} name="sex" codes=${SEXES} prefix="sex" label=${t('patient.sex')} />
    <${Choice} name="colour" codes=${COLOURS} prefix="colour" label=${t('patient.colour')} />
    <input name="name" defaultValue=${keptText(incidentId, 'patient.name')} class="grow" autocomplete="off" maxlength="200" data-testid="patient-name" placeholder=${t('patient.name')} aria-label=${t('patient.name')} />
    <button data-testid="patient-add" disabled=${busy.value}>${t('patient.add')}</button></form>`;

  return {
    root,
    update(incident) {
      const patients = incident.patients ?? [];
      render(html`<summary><h3>${t('patient.title')} <span class="count">${patients.length}${incident.patient_count !== null && incident.patient_count > patients.length ? ` / ${incident.patient_count}` : ''}</span></h3></summary>
        <ul class="plain">${patients.map((one) => html`<${Known} key=${one.patient_id} patient=${one} />`)}</ul>
        ${may('incident_write') && incident.closed_at === null && incident.cancelled_at === null && html`<${Form} incidentId=${incident.incident_id} />`}`, root);
    },
  };
}
