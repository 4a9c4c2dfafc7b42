/** What persons asked to be put right: the record, and the way to correct a value. */

import { get, post } from '../kit/api.js';
import { code, pick, t } from '../kit/i18n.js';
import { Dialog } from '../kit/parts/dialog.js';
import { AreaField, CheckField, SelectField, TextField } from '../kit/parts/fields.js';
import { Empty, Read } from '../kit/parts/states.js';
import { DataTable } from '../kit/parts/table.js';
import { toast } from '../kit/parts/toast.js';
import { resource } from '../kit/resource.js';
import { html, useMemo, useSignal } from '../kit/view.js';
import { Details, Form, Head, useOpened, when, who } from '../records/details.js';

/** @typedef {import('../types.d.ts').Register} Register */
/** @typedef {import('../types.d.ts').CorrectionView} Correction */
/** @typedef {import('../types.d.ts').KeptView} Kept */

const ASKED_BY = /** @type {const} */ (['person', 'representative', 'authority']);

/** @param {{register: Register, officer: boolean}} props */
export function Corrections({ register, officer }) {
  const read = useMemo(() => resource(() => get('/v1/admin/corrections')), []);
  const opened = /** @type {ReturnType<typeof useOpened<Correction>>} */ (useOpened());
  const correcting = useSignal(false);
  const row = opened.row.value;
  const columns = [
    { key: 'corrected_at', label: t('part.at'), value: (/** @type {Correction} */ one) => one.corrected_at, cell: (/** @type {Correction} */ one) => when(one.corrected_at), narrow: true },
    { key: 'what', label: t('admin.correction.what'), value: (/** @type {Correction} */ one) => pick(one.what), narrow: true },
    { key: 'asked_by', label: t('admin.correction.asked_by'), value: (/** @type {Correction} */ one) => code('admin.asked_by', one.asked_by), narrow: true, filter: 'choice' },
    { key: 'by', label: t('part.who'), value: (/** @type {Correction} */ one) => who(one.corrected_by) },
    { key: 'reason', label: t('kit.reason'), value: (/** @type {Correction} */ one) => one.reason, width: 'minmax(8rem, 2fr)' },
  ];
  return html`
    <section class="admin-part">
      <${Head} title=${t('admin.corrections')} text=${t('admin.corrections.text')}>
        ${officer && html`<button data-testid="new-correction" onClick=${() => { correcting.value = true; }}>${t('admin.correct')}</button>`}
      <//>
      <${Read} of=${read}>${(/** @type {{corrections: Correction[]}} */ found) => html`
        <${DataTable} label=${t('admin.corrections')} rows=${found.corrections} rowKey=${(/** @type {Correction} */ one) => one.correction_id} pageSize=${20} search=${found.corrections.length > 10} columns=${columns} onOpen=${opened.show}
          empty=${{ title: t('admin.corrections.none') }} />`}<//>
      <${Dialog} open=${correcting} title=${t('admin.correct')} testid="correct-dialog"><${Correct} register=${register} onDone=${() => { correcting.value = false; void read.reload(); }} /><//>
      <${Dialog} open=${opened.open} title=${t('admin.correction')} testid="correction-dialog">
        ${row && html`<${Details} rows=${[
          [t('admin.correction.what'), pick(row.what)], [t('admin.subject'), row.subject_id], [t('admin.correction.asked_by'), code('admin.asked_by', row.asked_by)],
          [t('kit.reason'), row.reason], [t('part.who'), who(row.corrected_by)], [t('part.at'), when(row.corrected_at)],
          [t('admin.correction.earlier'), t(row.struck ? 'admin.correction.struck' : 'admin.correction.kept')],
        ]} />`}
      <//>
    </section>`;
}

/** First whom it is about, on record; then which value, and what is right. @param {{register: Register, onDone: () => void}} props */
function Correct({ register, onDone }) {
  const by = useSignal('number');
  const value = useSignal('');
  const reason = useSignal('');
  const found = useSignal(/** @type {Kept[]|null} */ (null));
  const look = async () => {
    found.value = (await post('/v1/admin/personal-values', { by: by.value, value: value.value.trim(), reason: reason.value })).kept;
  };
  if (found.value) return html`<${PutRight} kept=${found.value} reason=${reason.value} onDone=${onDone} onBack=${() => { found.value = null; }} />`;
  return html`
    <p>${t('admin.correct.text')}</p>
    <${Form} action=${t('admin.correct.look')} onSubmit=${look} needs=${{ value: [t('admin.correct.value'), value], reason: [t('kit.reason'), reason] }} testid="look">${(/** @type {Record<string, string>} */ problems) => html`
      <${SelectField} label=${t('admin.erase.by')} value=${by} options=${[
        { value: 'number', label: t('admin.erase.number') },
        ...register.subjects.filter((one) => one.kind !== 'account').map((one) => ({ value: one.kind, label: pick(one.words) })),
      ]} />
      <${TextField} label=${t('admin.correct.value')} value=${value} required problem=${problems.value} maxlength=${80} testid="correct-whom" />
      <${AreaField} label=${t('kit.reason')} value=${reason} required hint=${t('admin.correct.reason')} problem=${problems.reason} maxlength=${500} testid="correct-reason" />`}<//>`;
}

/** @param {Kept} one */
const keyOf = (one) => `${one.subject_kind} ${one.subject_id} ${one.field}`;

/** @param {{kept: Kept[], reason: string, onDone: () => void, onBack: () => void}} props */
function PutRight({ kept, reason, onDone, onBack }) {
  const chosen = useSignal(kept[0] ? keyOf(kept[0]) : '');
  const right = useSignal('');
  const askedBy = useSignal(/** @type {typeof ASKED_BY[number]} */ ('person'));
  const strike = useSignal(false);
  const one = kept.find((each) => keyOf(each) === chosen.value);
  if (!one) return html`<${Empty} title=${t('admin.correct.nothing')} /><div class="row end"><button data-testid="look-again" onClick=${onBack}>${t('admin.correct.again')}</button></div>`;
  const save = async () => {
    await post('/v1/admin/corrections', {
      subject_kind: one.subject_kind, subject: one.subject_id, field: one.field, value: right.value.trim(), asked_by: askedBy.value, reason, strike: strike.value,
    });
    toast(t('admin.corrected'), 'good');
    onDone();
  };
  return html`
    <${Form} action=${t('admin.correct')} onSubmit=${save} needs=${{ value: [t('admin.correct.right'), right] }} testid="correct">${(/** @type {Record<string, string>} */ problems) => html`
      <${SelectField} label=${t('admin.correct.which')} value=${chosen} options=${kept.map((each) => ({ value: keyOf(each), label: `${pick(each.what)}: ${each.value}` }))} testid="correct-which" />
      <${TextField} label=${t('admin.correct.right')} value=${right} required problem=${problems.value} maxlength=${200} testid="correct-right" />
      <${SelectField} label=${t('admin.correction.asked_by')} value=${askedBy} options=${ASKED_BY.map((each) => ({ value: each, label: code('admin.asked_by', each) }))} />
      <${CheckField} label=${t('admin.correct.strike')} value=${strike} hint=${t('admin.correct.strike.hint')} />`}<//>`;
}
