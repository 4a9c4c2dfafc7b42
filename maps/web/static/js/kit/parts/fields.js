/** Form fields: label, value, hint, and beside a wrong value the sentence that says what is wrong. */

import { t } from '../i18n.js';
import { html, useId } from '../view.js';

/**
 * @template T
 * @typedef {object} FieldProps
 * @property {string} label
 * @property {import('../view.js').Signal<T>} value
 * @property {string|null} [problem]  what is wrong with the value
 * @property {string} [hint]
 * @property {boolean} [required]
 * @property {boolean} [disabled]
 * @property {string} [name]  for the browser's own filling in
 * @property {string} [testid]
 */

/** @typedef {Record<string, string>} Problems  field → sentence */

/**
 * @param {{label: string, problem?: string|null, hint?: string, required?: boolean, id: string, wide?: boolean,
 *   children: (attributes: Record<string, unknown>) => import('../view.js').Children}} props
 */
function Field({ label, problem, hint, required, id, wide, children }) {
  const described = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ');
  const attributes = {
    id, 'aria-describedby': described || undefined, 'aria-invalid': problem ? 'true' : undefined, 'aria-required': required ? 'true' : undefined,
  };
  return html`
    <div class="field ${wide ? 'wide' : ''} ${problem ? 'wrong' : ''}">
      <label for=${id}>${label}${required && html`<span class="required" title=${t('kit.required')} aria-hidden="true"> *</span>`}</label>
      ${children(attributes)}
      ${hint && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
      ${problem && html`<p class="problem" id=${`${id}-problem`}><span aria-hidden="true">▲ </span>${problem}</p>`}
    </div>`;
}

/** @param {FieldProps<string> & {type?: 'text'|'password'|'email'|'search'|'tel', placeholder?: string, maxlength?: number, autocomplete?: string}} props */
export function TextField({ value, label, problem, hint, required, disabled, name, testid, type = 'text', placeholder, maxlength, autocomplete = 'off' }) {
  const id = useId();
  return html`<${Field} id=${id} label=${label} problem=${problem} hint=${hint} required=${required}>${(/** @type {object} */ attributes) => html`
    <input ...${attributes} type=${type} name=${name} data-testid=${testid} disabled=${disabled} placeholder=${placeholder} maxlength=${maxlength} autocomplete=${autocomplete}
      value=${value.value} onInput=${(/** @type {any} */ event) => { value.value = event.target.value; }} />`}<//>`;
}

/** Several lines. @param {FieldProps<string> & {rows?: number, maxlength?: number}} props */
export function AreaField({ value, label, problem, hint, required, disabled, name, testid, rows = 3, maxlength }) {
  const id = useId();
  return html`<${Field} id=${id} label=${label} problem=${problem} hint=${hint} required=${required} wide>${(/** @type {object} */ attributes) => html`
    <textarea ...${attributes} rows=${rows} name=${name} data-testid=${testid} disabled=${disabled} maxlength=${maxlength}
      value=${value.value} onInput=${(/** @type {any} */ event) => { value.value = event.target.value; }}></textarea>`}<//>`;
}

/**
 * A number, or null while there is none. What is no number keeps its characters and is said.
 * @param {FieldProps<number|null> & {min?: number, max?: number, step?: number|'any', unit?: string}} props
 */
export function NumberField({ value, label, problem, hint, required, disabled, name, testid, min, max, step = 'any', unit }) {
  const id = useId();
  const said = problem ?? numberProblem(value.value, { min, max });
  return html`<${Field} id=${id} label=${unit ? `${label} (${unit})` : label} problem=${said} hint=${hint} required=${required}>${(/** @type {object} */ attributes) => html`
    <input ...${attributes} type="number" inputmode="decimal" name=${name} data-testid=${testid} disabled=${disabled} min=${min} max=${max} step=${step}
      value=${Number.isNaN(value.value) ? undefined : value.value ?? ''} onInput=${(/** @type {any} */ event) => {
        const { valueAsNumber, validity } = event.target;
        value.value = Number.isNaN(valueAsNumber) && !validity.badInput ? null : valueAsNumber;
      }} />`}<//>`;
}

/** @param {number|null} value @param {{min?: number, max?: number}} range @returns {string|null} */
export function numberProblem(value, { min, max }) {
  if (value === null) return null;
  if (Number.isNaN(value)) return t('kit.not_a_number');
  if (min !== undefined && value < min) return t('kit.too_small', { min });
  if (max !== undefined && value > max) return t('kit.too_large', { max });
  return null;
}

/** @param {FieldProps<string> & {options: {value: string, label: string, disabled?: boolean}[], empty?: string}} props  `empty`: a first choice of nothing */
export function SelectField({ value, label, problem, hint, required, disabled, name, testid, options, empty }) {
  const id = useId();
  return html`<${Field} id=${id} label=${label} problem=${problem} hint=${hint} required=${required}>${(/** @type {object} */ attributes) => html`
    <select ...${attributes} name=${name} data-testid=${testid} disabled=${disabled} value=${value.value}
      onChange=${(/** @type {any} */ event) => { value.value = event.target.value; }}>
      ${empty !== undefined && html`<option value="" selected=${value.value === ''}>${empty}</option>`}
      ${options.map((one) => html`<option key=${one.value} value=${one.value} disabled=${one.disabled} selected=${one.value === value.value}>${one.label}</option>`)}
    </select>`}<//>`;
}

/** A day, `YYYY-MM-DD`; with `time` also `THH:MM`, on the clocks of the city (see `moment_ms`). @param {FieldProps<string> & {min?: string, max?: string, time?: boolean}} props */
export function DateField({ value, label, problem, hint, required, disabled, name, testid, min, max, time = false }) {
  const id = useId();
  return html`<${Field} id=${id} label=${label} problem=${problem} hint=${hint} required=${required}>${(/** @type {object} */ attributes) => html`
    <input ...${attributes} type=${time ? 'datetime-local' : 'date'} name=${name} data-testid=${testid} disabled=${disabled} min=${min} max=${max}
      value=${value.value} onInput=${(/** @type {any} */ event) => { value.value = event.target.value; }} />`}<//>`;
}

/** @param {FieldProps<boolean>} props */
export function CheckField({ value, label, problem, hint, disabled, name, testid }) {
  const id = useId();
  const described = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ');
  return html`
    <div class="field checkbox ${problem ? 'wrong' : ''}">
      <label class="check" for=${id}>
        <input id=${id} type="checkbox" name=${name} data-testid=${testid} disabled=${disabled} checked=${value.value}
          aria-describedby=${described || undefined} aria-invalid=${problem ? 'true' : undefined}
          onChange=${(/** @type {any} */ event) => { value.value = event.target.checked; }} />
        <span>${label}</span>
      </label>
      ${hint && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
      ${problem && html`<p class="problem" id=${`${id}-problem`}><span aria-hidden="true">▲ </span>${problem}</p>`}
    </div>`;
}

/** The sentence for a field that must not be empty. @param {string} label @param {string} value */
export const missing = (label, value) => (value.trim() ? null : t('kit.missing', { field: label }));

/**
 * What a refused request says of each field; `''` holds what belongs to none.
 * @param {{errors?: {where: string, detail: string}[], detail?: string}|null} problem @returns {Problems}
 */
export function formProblems(problem) {
  /** @type {Problems} */
  const found = {};
  for (const { where, detail } of problem?.errors ?? []) {
    const field = where.replace(/^(body|query|path)\.?/, '');
    found[field] = found[field] ? `${found[field]} ${detail}` : detail;
  }
  return found;
}
