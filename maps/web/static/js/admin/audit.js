/** Who read personal values, who broke the glass, which pseudonyms were linked: looked at by another person. */

import { get, post } from '../kit/api.js';
import { code, t } from '../kit/i18n.js';
import { Dialog } from '../kit/parts/dialog.js';
import { AreaField, SelectField } from '../kit/parts/fields.js';
import { Read } from '../kit/parts/states.js';
import { DataTable } from '../kit/parts/table.js';
import { toast } from '../kit/parts/toast.js';
import { resource } from '../kit/resource.js';
import { html, useEffect, useMemo, useSignal } from '../kit/view.js';
import { shell } from '../shell/shell.js';
import { areaName, askForAreas } from '../records/areas.js';
import { Actions, Details, Form, Head, State, useOpened, when, who } from '../records/details.js';

/** @typedef {import('../types.d.ts').AccessView} AccessView */
/** @typedef {import('../types.d.ts').AccessPage} AccessPage */
/** @typedef {import('../types.d.ts').BreakGlassView} BreakGlassView */
/** @typedef {import('../types.d.ts').LinkView} LinkView */

const FOUND = /** @type {const} */ (['in_order', 'questioned']);

export const Reads = () => html`
  ${shell.can('audit_review') && html`<${PersonalReads} />`}
  ${shell.can('identity_link_review') && html`<${Links} />`}`;

/** @param {string|null|undefined} verdict */
const verdictTag = (verdict) => html`<${State} text=${verdict ? code('admin.verdict', verdict) : t('admin.unreviewed')} tone=${verdict === 'questioned' ? 'bad' : ''} />`;

/** What was found. @param {{path: `/v1/admin/personal-access/${string}/reviews`|`/v1/admin/break-glass/${string}/review`, onDone: () => void}} props */
function Verdict({ path, onDone }) {
  const verdict = useSignal('in_order');
  const note = useSignal('');
  const save = async () => {
    await post(path, { verdict: /** @type {'in_order'|'questioned'} */ (verdict.value), note: note.value.trim() });
    toast(t('admin.review.saved'), 'good');
    onDone();
  };
  return html`
    <h3>${t('admin.review')}</h3>
    <${Form} action=${t('admin.review.save')} onSubmit=${save} testid="save-review">${(/** @type {Record<string, string>} */ problems) => html`
      <${SelectField} label=${t('admin.verdict')} value=${verdict} options=${FOUND.map((one) => ({ value: one, label: t(`admin.verdict.${one}`) }))} testid="verdict" />
      <${AreaField} label=${t('part.note')} value=${note} problem=${problems.note} maxlength=${500} testid="note" />`}<//>`;
}

function PersonalReads() {
  const reviewed = useSignal('');
  const before = useSignal(/** @type {(number|null)[]} */ ([null]));
  const read = useMemo(() => resource((stop) => {
    const asked = new URLSearchParams();
    if (reviewed.peek()) asked.set('reviewed', reviewed.peek());
    const from = before.peek().at(-1);
    if (from) asked.set('before', String(from));
    return get(`/v1/admin/personal-access?${asked}`, { signal: stop });
  }, { now: false }), []);
  useEffect(() => { void read.reload(); }, [reviewed.value, before.value]);
  const opened = /** @type {ReturnType<typeof useOpened<AccessView>>} */ (useOpened());
  const row = opened.row.value;
  const last = (/** @type {AccessView} */ one) => one.reviews.at(-1)?.verdict;
  const columns = [
    { key: 'at', label: t('part.at'), value: (/** @type {AccessView} */ one) => one.accessed_at, cell: (/** @type {AccessView} */ one) => when(one.accessed_at), narrow: true },
    { key: 'actor', label: t('part.who'), value: (/** @type {AccessView} */ one) => who(one.actor), narrow: true, filter: 'choice' },
    { key: 'subject', label: t('admin.subject'), value: (/** @type {AccessView} */ one) => code('admin.subject', one.subject_kind) },
    { key: 'reason', label: t('kit.reason'), value: (/** @type {AccessView} */ one) => one.reason, width: 'minmax(8rem, 2fr)' },
    { key: 'glass', label: t('admin.tab.glass'), value: (/** @type {AccessView} */ one) => (one.break_glass_id ? t('admin.yes') : '') },
    { key: 'review', label: t('admin.review'), value: (/** @type {AccessView} */ one) => (last(one) ? code('admin.verdict', last(one)) : t('admin.unreviewed')), cell: (/** @type {AccessView} */ one) => verdictTag(last(one)), narrow: true },
  ];
  return html`
    <section class="admin-part">
      <${Head} title=${t('admin.tab.reads')} text=${t('admin.reads.text')}>
        <select aria-label=${t('admin.review')} value=${reviewed.value} data-testid="reviewed" onChange=${(/** @type {any} */ event) => { reviewed.value = event.target.value; before.value = [null]; }}>
          <option value="">${t('admin.reads.all')}</option><option value="false">${t('admin.unreviewed')}</option><option value="true">${t('admin.reviewed')}</option>
        </select>
      <//>
      <${Read} of=${read}>${(/** @type {AccessPage} */ found) => html`
        <${DataTable} label=${t('admin.tab.reads')} rows=${found.entries} rowKey=${(/** @type {AccessView} */ one) => one.access_id} pageSize=${100} csvName="personal-reads" onOpen=${opened.show} columns=${columns}
          empty=${{ title: t('admin.reads.none'), text: t('admin.reads.none.text') }} />
        ${(found.next_before !== null || before.value.length > 1) && html`
          <div class="row">
            <button disabled=${before.value.length < 2} onClick=${() => { before.value = before.value.slice(0, -1); }}>${t('admin.newer')}</button>
            <button disabled=${found.next_before === null} onClick=${() => { before.value = [...before.value, found.next_before]; }}>${t('admin.older')}</button>
          </div>`}`}<//>
      <${Dialog} open=${opened.open} title=${t('admin.read')} testid="read-dialog">
        ${row && html`
          <${Details} rows=${[
            [t('part.at'), when(row.accessed_at)], [t('part.who'), who(row.actor)], [t('admin.subject'), `${code('admin.subject', row.subject_kind)} ${row.subject_id}`],
            [t('kit.reason'), row.reason], [t('admin.tab.glass'), row.break_glass_id ? t('admin.yes') : ''],
            ...row.reviews.map((one) => /** @type {[string, any]} */ ([`${when(one.reviewed_at)} ${who(one.reviewed_by)}`, html`${verdictTag(one.verdict)} ${one.note}`])),
          ]} />
          <${Verdict} path=${`/v1/admin/personal-access/${row.access_id}/reviews`} onDone=${() => { opened.close(); void read.reload(); }} />`}
      <//>
    </section>`;
}

function Links() {
  const read = useMemo(() => resource(() => get('/v1/admin/identity-links')), []);
  const opened = /** @type {ReturnType<typeof useOpened<LinkView>>} */ (useOpened());
  const row = opened.row.value;
  const columns = [
    { key: 'made_at', label: t('part.at'), value: (/** @type {LinkView} */ one) => one.made_at, cell: (/** @type {LinkView} */ one) => when(one.made_at) },
    { key: 'made_by', label: t('part.who'), value: (/** @type {LinkView} */ one) => who(one.made_by) },
    { key: 'reason', label: t('kit.reason'), value: (/** @type {LinkView} */ one) => one.reason, width: 'minmax(8rem, 3fr)' },
  ];
  return html`
    <section class="admin-part">
      <${Head} title=${t('admin.links')} text=${t('admin.links.text')} />
      <${Read} of=${read}>${(/** @type {{links: LinkView[]}} */ found) => html`
        <${DataTable} label=${t('admin.links')} rows=${found.links} rowKey=${(/** @type {LinkView} */ one) => one.link_id} pageSize=${50} search=${false} onOpen=${opened.show} columns=${columns}
          empty=${{ title: t('admin.links.none') }} />`}<//>
      <${Dialog} open=${opened.open} title=${t('admin.links')}>
        ${row && html`
          <${Details} rows=${[[t('part.at'), when(row.made_at)], [t('part.who'), who(row.made_by)], [t('kit.reason'), row.reason]]} />
          <${Actions} onDone=${() => { opened.close(); void read.reload(); }} actions=${[{
            label: t('admin.links.reviewed'), done: t('admin.review.saved'), run: () => post(`/v1/admin/identity-links/${row.link_id}/review`),
          }]} />`}
      <//>
    </section>`;
}

export function BreakGlass() {
  const read = useMemo(() => resource(() => get('/v1/admin/break-glass')), []);
  useEffect(askForAreas, []);
  const opened = /** @type {ReturnType<typeof useOpened<BreakGlassView>>} */ (useOpened());
  const row = opened.row.value;
  const columns = [
    { key: 'opened_at', label: t('part.at'), value: (/** @type {BreakGlassView} */ one) => one.opened_at, cell: (/** @type {BreakGlassView} */ one) => when(one.opened_at), narrow: true },
    { key: 'opened_by', label: t('part.who'), value: (/** @type {BreakGlassView} */ one) => who(one.opened_by), narrow: true, filter: 'choice' },
    { key: 'area', label: t('part.area'), value: (/** @type {BreakGlassView} */ one) => areaName(one.jurisdiction) },
    { key: 'reason', label: t('kit.reason'), value: (/** @type {BreakGlassView} */ one) => one.reason, width: 'minmax(8rem, 2fr)' },
    { key: 'reads', label: t('admin.glass.reads'), value: (/** @type {BreakGlassView} */ one) => one.reads, align: 'end' },
    { key: 'review', label: t('admin.review'), value: (/** @type {BreakGlassView} */ one) => (one.verdict ? code('admin.verdict', one.verdict) : t('admin.unreviewed')), cell: (/** @type {BreakGlassView} */ one) => verdictTag(one.verdict), narrow: true },
  ];
  return html`
    <${Head} title=${t('admin.tab.glass')} text=${t('admin.glass.text')} />
    <${Read} of=${read}>${(/** @type {{opened: BreakGlassView[]}} */ found) => html`
      <${DataTable} label=${t('admin.tab.glass')} rows=${found.opened} rowKey=${(/** @type {BreakGlassView} */ one) => one.break_glass_id} pageSize=${50} csvName="break-glass" onOpen=${opened.show} columns=${columns}
        empty=${{ title: t('admin.glass.none'), text: t('admin.glass.none.text') }} />`}<//>
    <${Dialog} open=${opened.open} title=${t('admin.tab.glass')} testid="glass-dialog">
      ${row && html`
        <${Details} rows=${[
          [t('part.who'), who(row.opened_by)], [t('admin.permission'), code('admin.permission', row.permission)], [t('part.area'), areaName(row.jurisdiction)],
          [t('kit.reason'), row.reason], [t('admin.began_at'), when(row.opened_at)], [t('part.ends_at'), when(row.ended_at ?? row.expires_at)], [t('admin.glass.reads'), row.reads],
          ...(row.reviewed_at ? /** @type {[string, any][]} */ ([[`${when(row.reviewed_at)} ${who(row.reviewed_by)}`, html`${verdictTag(row.verdict)} ${row.note}`]]) : []),
        ]} />
        ${!row.reviewed_at && html`<${Verdict} path=${`/v1/admin/break-glass/${row.break_glass_id}/review`} onDone=${() => { opened.close(); void read.reload(); }} />`}`}
    <//>`;
}
