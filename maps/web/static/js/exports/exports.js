/** Exports on record: asked for with purpose and recipient, decided by a second person, fetched, expired. */

import { get, post } from '../kit/api.js';
import { code, pick, t } from '../kit/i18n.js';
import { taking } from '../kit/files.js';
import { Dialog } from '../kit/parts/dialog.js';
import { AreaField, NumberField, SelectField, TextField } from '../kit/parts/fields.js';
import { Read } from '../kit/parts/states.js';
import { DataTable } from '../kit/parts/table.js';
import { toast } from '../kit/parts/toast.js';
import { resource } from '../kit/resource.js';
import { html, useEffect, useMemo, useSignal } from '../kit/view.js';
import { shell } from '../shell/shell.js';
import { areaName, askForAreas } from '../records/areas.js';
import { Details, Form, Head, size, State, useOpened, when, who } from '../records/details.js';

/** @typedef {import('../types.d.ts').ExportKinds} ExportKinds */
/** @typedef {import('../types.d.ts').ExportView} ExportView */
/** @typedef {{kinds: ExportKinds, exports: ExportView[]}} Found */

/** @param {Found} found @param {string} name */
const kindName = (found, name) => pick(found.kinds.kinds.find((one) => one.name === name)?.words) || name;

const mine = (/** @type {ExportView} */ one) => one.requested_by === `user:${shell.session.value?.user.username}`;

const tone = (/** @type {ExportView} */ one) => (one.state === 'waiting' ? 'warn' : '');

export function Exports() {
  const read = useMemo(() => resource(async (stop) => ({
    kinds: await get('/v1/exports/kinds', { signal: stop }), exports: (await get('/v1/exports', { signal: stop })).exports,
  })), []);
  const opened = /** @type {ReturnType<typeof useOpened<ExportView>>} */ (useOpened());
  const asking = useSignal(false);
  useEffect(askForAreas, []);
  const done = () => {
    asking.value = false;
    opened.close();
    void read.reload();
  };
  const row = opened.row.value;
  return html`
    <${Head} page title=${t('export.title')} text=${t('export.text')}>
      ${shell.can('export_make') && html`<button class="primary" data-testid="new-export" disabled=${!read.data.value} onClick=${() => { asking.value = true; }}>${t('export.new')}</button>`}
    <//>
    <${Read} of=${read}>${(/** @type {Found} */ found) => html`
      <${DataTable} label=${t('export.title')} rows=${found.exports} rowKey=${(/** @type {ExportView} */ one) => one.export_id} pageSize=${50} csvName="exports" onOpen=${opened.show} columns=${columns(found)}
        empty=${{ title: t('export.none') }} />
      <${Dialog} open=${asking} title=${t('export.new')} wide testid="export-new"><${Ask} found=${found} onDone=${done} /><//>
      <${Dialog} open=${opened.open} title=${row ? kindName(found, row.kind) : ''} wide testid="export-dialog">
        ${row && html`<${Export} one=${row} onDone=${done} />`}
      <//>`}<//>`;
}

/** @param {Found} found @returns {import('../kit/parts/table.js').Column<ExportView>[]} */
const columns = (found) => [
  { key: 'requested_at', label: t('part.at'), value: (one) => one.requested_at, cell: (one) => when(one.requested_at) },
  { key: 'kind', label: t('export.what'), value: (one) => kindName(found, one.kind), narrow: true, width: 'minmax(7rem, 1.5fr)' },
  { key: 'requested_by', label: t('part.who'), value: (one) => who(one.requested_by), narrow: true, filter: 'choice' },
  { key: 'recipient', label: t('export.recipient'), value: (one) => one.recipient },
  { key: 'rows', label: t('export.rows'), value: (one) => one.rows, align: 'end', width: 'minmax(4rem, 0.5fr)' },
  { key: 'expires_at', label: t('part.ends_at'), value: (one) => one.expires_at, cell: (one) => when(one.expires_at) },
  { key: 'state', label: t('part.state'), value: (one) => code('export.state', one.state), filter: 'choice', narrow: true, cell: (one) => html`<${State} text=${code('export.state', one.state)} tone=${tone(one)} />` },
];

/** @param {{found: Found, onDone: () => void}} props */
function Ask({ found, onDone }) {
  const kinds = found.kinds.kinds;
  const kind = useSignal(kinds[0]?.name ?? '');
  const format = useSignal('csv');
  const purpose = useSignal('');
  const recipient = useSignal('');
  const legal_basis = useSignal('');
  const days = useSignal(/** @type {number|null} */ (7));
  const about = useSignal('');
  const one = kinds.find((each) => each.name === kind.value);
  if (!one) return html`<p>${t('export.no_kind')}</p>`;
  const ask = async () => {
    const made = await post('/v1/exports', {
      kind: one.name, format: /** @type {'csv'|'json'} */ (format.value), purpose: purpose.value, recipient: recipient.value.trim(), legal_basis: legal_basis.value.trim(),
      days: days.value ?? 7, about: one.about ? about.value.trim() : null,
    });
    toast(t(made.state === 'waiting' ? 'export.asked' : 'export.made'), 'good');
    onDone();
  };
  return html`
    <${Form} action=${t('export.ask')} onSubmit=${ask} needs=${{ recipient: [t('export.recipient'), recipient], legal_basis: [t('part.legal_basis'), legal_basis], purpose: [t('export.purpose'), purpose], ...(one.about && { about: [pick(one.about), about] }) }} testid="ask-export">${(/** @type {Record<string, string>} */ problems) => html`
      <div class="fields">
        <${SelectField} label=${t('export.what')} value=${kind} options=${kinds.map((each) => ({ value: each.name, label: pick(each.words) }))} testid="export-kind"
          hint=${one.persons ? t('export.persons') : undefined} />
        <${SelectField} label=${t('export.format')} value=${format} options=${[{ value: 'csv', label: 'CSV' }, { value: 'json', label: 'JSON' }]} />
        ${one.about && html`<${TextField} label=${pick(one.about)} value=${about} required problem=${problems.about} maxlength=${80} />`}
        <${TextField} label=${t('export.recipient')} value=${recipient} required problem=${problems.recipient} maxlength=${80} testid="export-recipient" />
        <${TextField} label=${t('part.legal_basis')} value=${legal_basis} required problem=${problems.legal_basis} maxlength=${80} testid="export-basis" />
        <${NumberField} label=${t('export.days')} value=${days} min=${1} max=${30} step=${1} problem=${problems.days} />
        <${AreaField} label=${t('export.purpose')} value=${purpose} required problem=${problems.purpose} maxlength=${500} testid="export-purpose" />
      </div>
      <p class="faint small">${t('export.fields')}: ${one.fields.join(', ')}. ${t('export.limit', { n: found.kinds.limit_rows.toLocaleString('en') })}</p>`}<//>`;
}

/** @param {{one: ExportView, onDone: () => void}} props */
function Export({ one, onDone }) {
  const note = useSignal('');
  const decision = useSignal('approved');
  const decide = async () => {
    await post(`/v1/exports/${one.export_id}/decision`, { decision: /** @type {'approved'|'refused'} */ (decision.value), note: note.value.trim() });
    toast(t('export.decided'), 'good');
    onDone();
  };
  return html`
    <${Details} rows=${[
      [t('part.state'), code('export.state', one.state)], [t('part.who'), `${who(one.requested_by)}, ${when(one.requested_at)}`], [t('export.purpose'), one.purpose],
      [t('export.recipient'), one.recipient], [t('part.legal_basis'), one.legal_basis], [t('export.fields'), one.fields.join(', ')],
      [t('part.area'), one.areas.map(areaName).join(t('part.comma'))],
      [t('export.rows'), `${one.rows} (${one.format.toUpperCase()}, ${size(one.size_bytes)})`], [t('part.ends_at'), when(one.expires_at)], [t('export.fetches'), one.fetches],
      [t('export.decision'), one.decided_at && `${code('export.decided', one.decision)}: ${who(one.decided_by)}, ${when(one.decided_at)} ${one.decision_note ?? ''}`],
      ['SHA-256', html`<span class="small admin-break">${one.sha256}</span>`],
    ]} />
    ${one.state === 'ready' && mine(one) && html`<p><a class="button" href=${`/v1/exports/${one.export_id}/file`} download onClick=${taking(`/v1/exports/${one.export_id}/file`)} data-testid="download-export">${t('export.download')}</a></p>`}
    ${one.state === 'waiting' && mine(one) && html`<p class="faint">${t('export.second')}</p>`}
    ${one.state === 'waiting' && !mine(one) && shell.can('export_review') && html`
      <h3>${t('export.decide')}</h3>
      <${Form} action=${t('export.decide')} onSubmit=${decide} testid="decide">${(/** @type {Record<string, string>} */ problems) => html`
        <${SelectField} label=${t('export.decision')} value=${decision} testid="decision" options=${[
          { value: 'approved', label: t('export.approve') }, { value: 'refused', label: t('export.refuse') },
        ]} />
        <${AreaField} label=${t('part.note')} value=${note} problem=${problems.note} maxlength=${500} />`}<//>`}`;
}
