/** How long personal values are kept, what the nights erased, what is held, what was erased on demand. */

import { get, post, put } from '../kit/api.js';
import { moment_ms } from '../kit/clock.js';
import { code, pick, t } from '../kit/i18n.js';
import { Dialog } from '../kit/parts/dialog.js';
import { AreaField, DateField, NumberField, SelectField, TextField } from '../kit/parts/fields.js';
import { Read } from '../kit/parts/states.js';
import { DataTable } from '../kit/parts/table.js';
import { toast } from '../kit/parts/toast.js';
import { resource } from '../kit/resource.js';
import { html, useMemo, useSignal } from '../kit/view.js';
import { shell } from '../shell/shell.js';
import { Corrections } from './corrections.js';
import { Actions, Details, Form, Head, State, useOpened, when, who, zone } from '../records/details.js';

/** @typedef {import('../types.d.ts').Register} Register */
/** @typedef {import('../types.d.ts').RegisterEntry} Entry */
/** @typedef {import('../types.d.ts').HoldView} HoldView */
/** @typedef {import('../types.d.ts').ErasureView} ErasureView */

const officer = () => shell.can('privacy_admin');

export function Retention() {
  const read = useMemo(() => resource(() => get('/v1/admin/retention')), []);
  return html`
    <${Read} of=${read}>${(/** @type {Register} */ register) => html`
      <${Rules} register=${register} onChanged=${read.reload} />
      <${Holds} register=${register} onChanged=${read.reload} />
      <${Erasures} register=${register} />
      <${Corrections} register=${register} officer=${officer()} />`}<//>`;
}

/** The register is written for docs as well: code stands in backticks there. @param {import('../kit/i18n.js').Text|null} text */
const plain = (text) => pick(text).replaceAll('`', '');

/** @param {Entry} one */
const period = (one) => (one.days === null ? plain(one.otherwise) : t('admin.days.n', { n: one.days }));

/** @param {{register: Register, onChanged: () => Promise<void>}} props */
function Rules({ register, onChanged }) {
  const opened = /** @type {ReturnType<typeof useOpened<Entry>>} */ (useOpened());
  const columns = [
    { key: 'what', label: t('admin.retention.what'), value: (/** @type {Entry} */ one) => plain(one.what), narrow: true, width: 'minmax(9rem, 2fr)' },
    { key: 'period', label: t('admin.retention.period'), value: (/** @type {Entry} */ one) => period(one), narrow: true, width: 'minmax(7rem, 2fr)',
      cell: (/** @type {Entry} */ one) => html`${period(one)}${one.days !== one.default_days && html` <${State} text=${t('admin.retention.set_here')} />`}` },
    { key: 'last', label: t('admin.retention.last'), value: (/** @type {Entry} */ one) => one.last_run?.began_at, cell: (/** @type {Entry} */ one) => lastRun(one) },
    { key: 'last_erased', label: t('admin.retention.last_erased'), value: (/** @type {Entry} */ one) => one.last_run?.erased, align: 'end' },
    { key: 'erased', label: t('admin.retention.erased'), value: (/** @type {Entry} */ one) => one.erased, align: 'end', narrow: true, width: 'minmax(5rem, 0.6fr)' },
  ];
  const row = register.fields.find((one) => one.name === opened.row.value?.name);
  return html`
    <section class="admin-part">
      <${Head} title=${t('admin.tab.retention')} text=${t('admin.retention.text')} />
      <${DataTable} label=${t('admin.tab.retention')} rows=${register.fields} rowKey=${(/** @type {Entry} */ one) => one.name} pageSize=${50} csvName="retention" onOpen=${opened.show} columns=${columns} />
      <${Dialog} open=${opened.open} title=${plain(row?.what ?? null)} wide testid="rule-dialog">
        ${row && html`
          <${Details} rows=${[
            [t('admin.retention.purpose'), plain(row.purpose)], [t('part.legal_basis'), row.legal_basis], [t('admin.retention.readers'), plain(row.readers)],
            [t('admin.retention.stored'), `${row.table}: ${row.columns.join(', ')}`], [t('admin.retention.period'), period(row)],
            [t('admin.retention.since'), plain(row.since)], [t('admin.retention.default'), row.default_days === null ? '' : t('admin.days.n', { n: row.default_days })],
            [t('admin.retention.last'), row.last_run && html`${lastRun(row)}: ${t('admin.retention.run', { n: row.last_run.erased, held: row.last_run.holds })}`],
            ...row.periods.map((one) => /** @type {[string, any]} */ ([`${when(one.set_at)} ${who(one.set_by)}`, `${t('admin.days.n', { n: one.days })} – ${one.reason}`])),
          ]} />
          ${row.days !== null && officer() && html`<${Period} entry=${row} onDone=${() => { opened.close(); void onChanged(); }} />`}`}
      <//>
    </section>`;
}

/** @param {Entry} one */
const lastRun = (one) => (one.last_run ? html`${when(one.last_run.began_at)}${!one.last_run.ended_at && html` <${State} text=${t('admin.retention.broken_off')} tone="warn" />`}` : '–');

/** @param {{entry: Entry, onDone: () => void}} props */
function Period({ entry, onDone }) {
  const days = useSignal(entry.days);
  const reason = useSignal('');
  const save = async () => {
    await put(`/v1/admin/retention/${entry.name}/period`, { days: days.value ?? 0, reason: reason.value });
    toast(t('admin.retention.saved'), 'good');
    onDone();
  };
  return html`
    <h3>${t('admin.retention.change')}</h3>
    <${Form} action=${t('admin.save')} onSubmit=${save} needs=${{ reason: [t('kit.reason'), reason] }} testid="save-period">${(/** @type {Record<string, string>} */ problems) => html`
      <${NumberField} label=${t('admin.days')} value=${days} min=${1} max=${36525} step=${1} problem=${problems.days} hint=${t('admin.retention.change.hint')} testid="period-days" />
      <${AreaField} label=${t('kit.reason')} value=${reason} required problem=${problems.reason} maxlength=${500} testid="period-reason" />`}<//>`;
}

/** @param {Register} register @param {string} kind */
const subjectName = (register, kind) => pick(register.subjects.find((one) => one.kind === kind)?.words) || code('admin.subject', kind);

/** @param {{register: Register, onChanged: () => Promise<void>}} props */
function Holds({ register, onChanged }) {
  const read = useMemo(() => resource(() => get('/v1/admin/holds?ended=true')), []);
  const opened = /** @type {ReturnType<typeof useOpened<HoldView>>} */ (useOpened());
  const placing = useSignal(false);
  const row = opened.row.value;
  const over = (/** @type {HoldView} */ one) => Boolean(one.lifted_at) || (one.ends_at !== null && Date.parse(one.ends_at) <= Date.now());
  const done = () => {
    placing.value = false;
    opened.close();
    void read.reload();
    void onChanged();
  };
  const columns = [
    { key: 'subject', label: t('admin.subject'), value: (/** @type {HoldView} */ one) => subjectName(register, one.subject_kind), narrow: true },
    { key: 'reason', label: t('kit.reason'), value: (/** @type {HoldView} */ one) => one.reason, width: 'minmax(8rem, 2fr)', narrow: true },
    { key: 'placed_by', label: t('part.who'), value: (/** @type {HoldView} */ one) => who(one.placed_by) },
    { key: 'placed_at', label: t('part.at'), value: (/** @type {HoldView} */ one) => one.placed_at, cell: (/** @type {HoldView} */ one) => when(one.placed_at) },
    { key: 'state', label: t('part.state'), value: (/** @type {HoldView} */ one) => t(over(one) ? 'admin.hold.over' : 'admin.hold.in_force'), narrow: true, width: 'minmax(5rem, 0.6fr)', filter: 'choice' },
  ];
  return html`
    <section class="admin-part">
      <${Head} title=${t('admin.holds')} text=${t('admin.holds.text')}>
        ${officer() && html`<button data-testid="new-hold" onClick=${() => { placing.value = true; }}>${t('admin.hold.new')}</button>`}
      <//>
      <${Read} of=${read}>${(/** @type {{holds: HoldView[]}} */ found) => html`
        <${DataTable} label=${t('admin.holds')} rows=${found.holds} rowKey=${(/** @type {HoldView} */ one) => one.hold_id} pageSize=${20} search=${found.holds.length > 10} onOpen=${opened.show} columns=${columns}
          empty=${{ title: t('admin.holds.none') }} />`}<//>
      <${Dialog} open=${placing} title=${t('admin.hold.new')} testid="hold-new"><${PlaceHold} register=${register} onDone=${done} /><//>
      <${Dialog} open=${opened.open} title=${t('admin.hold')} testid="hold-dialog">
        ${row && html`
          <${Details} rows=${[
            [t('admin.subject'), `${subjectName(register, row.subject_kind)} ${row.subject_id}`], [t('kit.reason'), row.reason], [t('part.who'), who(row.placed_by)],
            [t('admin.began_at'), when(row.placed_at)], [t('part.ends_at'), row.ends_at ? when(row.ends_at) : t('admin.hold.until_lifted')],
            [t('admin.hold.lifted'), row.lifted_at && `${when(row.lifted_at)} ${who(row.lifted_by)}: ${row.lift_reason ?? ''}`],
          ]} />
          ${officer() && !over(row) && html`<${Actions} onDone=${done} actions=${[{
            label: t('admin.hold.lift'), danger: true, done: t('admin.hold.lifted.done'), testid: 'lift-hold',
            ask: { title: t('admin.hold.lift'), text: t('admin.hold.lift.text'), reason: true },
            run: (/** @type {{reason: string}} */ given) => post(`/v1/admin/holds/${row.hold_id}/lift`, { reason: given.reason }),
          }]} />`}`}
      <//>
    </section>`;
}

/** @param {{register: Register, onDone: () => void}} props */
function PlaceHold({ register, onDone }) {
  const kind = useSignal(register.subjects[0]?.kind ?? '');
  const subject = useSignal('');
  const reason = useSignal('');
  const ends = useSignal('');
  const place = async () => {
    const ends_ms = ends.value ? moment_ms(ends.value, zone()) : NaN;
    await post('/v1/admin/holds', {
      subject_kind: kind.value, subject: subject.value.trim(), reason: reason.value, ends_at: Number.isNaN(ends_ms) ? null : new Date(ends_ms).toISOString(),
    });
    toast(t('admin.hold.placed'), 'good');
    onDone();
  };
  return html`
    <${Form} action=${t('admin.hold.place')} onSubmit=${place} needs=${{ subject: [t('admin.subject.which'), subject], reason: [t('kit.reason'), reason] }} testid="place-hold">${(/** @type {Record<string, string>} */ problems) => html`
      <${SelectField} label=${t('admin.subject.kind')} value=${kind} options=${register.subjects.map((one) => ({ value: one.kind, label: pick(one.words) }))} />
      <${TextField} label=${t('admin.subject.which')} value=${subject} required hint=${t('admin.subject.hint')} problem=${problems.subject} maxlength=${80} />
      <${DateField} label=${t('admin.hold.ends')} value=${ends} time hint=${t('admin.hold.ends.hint')} problem=${problems.ends_at} />
      <${AreaField} label=${t('kit.reason')} value=${reason} required problem=${problems.reason} maxlength=${500} />`}<//>`;
}

/** @param {{register: Register}} props */
function Erasures({ register }) {
  const read = useMemo(() => resource(() => get('/v1/admin/erasures')), []);
  const erasing = useSignal(false);
  const columns = [
    { key: 'erased_at', label: t('part.at'), value: (/** @type {ErasureView} */ one) => one.erased_at, cell: (/** @type {ErasureView} */ one) => when(one.erased_at), narrow: true },
    { key: 'kind', label: t('admin.subject'), value: (/** @type {ErasureView} */ one) => subjectName(register, one.subject_kind), narrow: true },
    { key: 'erased', label: t('admin.retention.erased'), value: (/** @type {ErasureView} */ one) => one.erased, align: 'end', narrow: true },
    { key: 'by', label: t('part.who'), value: (/** @type {ErasureView} */ one) => who(one.erased_by) },
    { key: 'reason', label: t('kit.reason'), value: (/** @type {ErasureView} */ one) => one.reason, width: 'minmax(8rem, 2fr)' },
  ];
  return html`
    <section class="admin-part">
      <${Head} title=${t('admin.erasures')} text=${t('admin.erasures.text')}>
        ${officer() && html`<button class="admin-danger" data-testid="new-erasure" onClick=${() => { erasing.value = true; }}>${t('admin.erase')}</button>`}
      <//>
      <${Read} of=${read}>${(/** @type {{erasures: ErasureView[]}} */ found) => html`
        <${DataTable} label=${t('admin.erasures')} rows=${found.erasures} rowKey=${(/** @type {ErasureView} */ one) => one.erasure_id} pageSize=${20} search=${found.erasures.length > 10} columns=${columns}
          empty=${{ title: t('admin.erasures.none') }} />`}<//>
      <${Dialog} open=${erasing} title=${t('admin.erase')} testid="erase-dialog"><${Erase} register=${register} onDone=${() => { erasing.value = false; void read.reload(); }} /><//>
    </section>`;
}

/** @param {{register: Register, onDone: () => void}} props */
function Erase({ register, onDone }) {
  const by = useSignal('number');
  const value = useSignal('');
  const reason = useSignal('');
  const erase = async () => {
    const made = await post('/v1/admin/erasures', { by: by.value, value: value.value.trim(), reason: reason.value });
    toast(t('admin.erased', { n: made.erasures.reduce((sum, one) => sum + one.erased, 0) }), 'good');
    onDone();
  };
  return html`
    <p>${t('admin.erase.text')}</p>
    <${Form} action=${t('admin.erase')} danger onSubmit=${erase} needs=${{ value: [t('admin.erase.value'), value], reason: [t('kit.reason'), reason] }} testid="erase">${(/** @type {Record<string, string>} */ problems) => html`
      <${SelectField} label=${t('admin.erase.by')} value=${by} options=${[
        { value: 'number', label: t('admin.erase.number') }, { value: 'name', label: t('admin.erase.name') },
        ...register.subjects.map((one) => ({ value: one.kind, label: pick(one.words) })),
      ]} />
      <${TextField} label=${t('admin.erase.value')} value=${value} required problem=${problems.value} maxlength=${80} />
      <${AreaField} label=${t('kit.reason')} value=${reason} required problem=${problems.reason} maxlength=${500} />`}<//>`;
}
