/** Whoever must read a caller elsewhere in an emergency says why, sees that it is reviewed, and looks. */

import { get, post } from '../kit/api.js';
import { code, t } from '../kit/i18n.js';
import { confirmDialog } from '../kit/parts/dialog.js';
import { AreaField, SelectField, TextField } from '../kit/parts/fields.js';
import { Empty, Read } from '../kit/parts/states.js';
import { DataTable } from '../kit/parts/table.js';
import { toast } from '../kit/parts/toast.js';
import { resource } from '../kit/resource.js';
import { html, useEffect, useMemo, useSignal } from '../kit/view.js';
import { areaName, AreaChoice, askForAreas, EVERYWHERE } from '../records/areas.js';
import { Actions, Details, Form, Head, State, when } from '../records/details.js';

/** @typedef {import('../types.d.ts').BreakGlassView} Opened */
/** @typedef {import('../types.d.ts').CallerView} Caller */

const MINUTES = [15, 60, 240, 480];

/** @param {Opened} one */
const areaOf = (one) => areaName(one.jurisdiction);
/** @param {Opened} one */
const verdictOf = (one) => code('glass.verdict', one.verdict ?? 'waiting');
/** @param {Opened} one */
const isOpen = (one) => !one.ended_at && Date.parse(one.expires_at) > Date.now();

export function Glass() {
  const read = useMemo(() => resource(() => get('/v1/break-glass')), []);
  const columns = [
    { key: 'opened_at', label: t('part.at'), value: (/** @type {Opened} */ one) => one.opened_at, cell: (/** @type {Opened} */ one) => when(one.opened_at), narrow: true },
    { key: 'area', label: t('part.area'), value: areaOf },
    { key: 'reason', label: t('kit.reason'), value: (/** @type {Opened} */ one) => one.reason, width: 'minmax(8rem, 2fr)', narrow: true },
    { key: 'ends', label: t('part.ends_at'), value: (/** @type {Opened} */ one) => one.ended_at ?? one.expires_at, cell: (/** @type {Opened} */ one) => when(one.ended_at ?? one.expires_at) },
    { key: 'reads', label: t('glass.reads'), value: (/** @type {Opened} */ one) => one.reads, align: 'end' },
    { key: 'review', label: t('glass.review'), value: verdictOf, cell: (/** @type {Opened} */ one) => html`<${State} text=${verdictOf(one)} tone=${one.verdict === 'questioned' ? 'bad' : ''} />`, narrow: true },
  ];
  return html`
    <${Head} page title=${t('glass.title')} text=${t('glass.text')} />
    <${Read} of=${read}>${(/** @type {{opened: Opened[]}} */ found) => {
      const open = found.opened.find(isOpen);
      return html`
        ${open ? html`<${Broken} key=${open.break_glass_id} open=${open} onChanged=${read.reload} />` : html`<${Break} onDone=${read.reload} />`}
        <section class="admin-part">
          <${Head} title=${t('glass.own')} />
          <${DataTable} label=${t('glass.own')} rows=${found.opened} rowKey=${(/** @type {Opened} */ one) => one.break_glass_id} pageSize=${20} search=${false} columns=${columns}
            empty=${{ title: t('glass.own.none') }} />
        </section>`;
    }}<//>`;
}

/** Two steps: reason and area, then a question that says what follows. @param {{onDone: () => Promise<void>}} props */
function Break({ onDone }) {
  const area = useSignal('');
  const minutes = useSignal('60');
  const reason = useSignal('');
  useEffect(askForAreas, []);
  const go = async () => {
    const sure = await confirmDialog({
      title: t('glass.sure'), text: t('glass.sure.text', { area: areaName(area.value), n: minutes.value }), action: t('glass.break'), danger: true,
    });
    if (!sure) return;
    await post('/v1/break-glass', { permission: 'personal_read', jurisdiction: area.value === EVERYWHERE ? '' : area.value, minutes: Number(minutes.value), reason: reason.value });
    toast(t('glass.broken'));
    await onDone();
  };
  return html`
    <${Form} action=${t('glass.next')} onSubmit=${go} needs=${{ jurisdiction: [t('part.area'), area], reason: [t('kit.reason'), reason] }} testid="glass-next">${(/** @type {Record<string, string>} */ problems) => html`
      <${AreaChoice} value=${area} required empty=${t('part.area.choose')} everywhere hint=${t('glass.area.hint')} problem=${problems.jurisdiction} testid="glass-area" />
      <${SelectField} label=${t('glass.minutes')} value=${minutes} options=${MINUTES.map((n) => ({ value: String(n), label: t('glass.minutes.n', { n }) }))} problem=${problems.minutes} />
      <${AreaField} label=${t('kit.reason')} value=${reason} required hint=${t('glass.reason.hint')} problem=${problems.reason} maxlength=${500} testid="glass-reason" />`}<//>`;
}

/** The glass is broken: until when, how to end it, and the record one came for. @param {{open: Opened, onChanged: () => Promise<void>}} props */
function Broken({ open, onChanged }) {
  const incident = useSignal('');
  const reason = useSignal(open.reason);
  const found = useSignal(/** @type {Caller[]|null} */ (null));
  useEffect(() => {
    // What was shown goes with the right to see it.
    const over = setTimeout(() => { void onChanged(); }, Math.max(0, Date.parse(open.expires_at) - Date.now()) + 500);
    return () => clearTimeout(over);
  }, []);
  const look = async () => {
    found.value = null;
    found.value = (await post('/v1/incidents/caller', { incident: incident.value.trim(), reason: reason.value })).calls;
  };
  return html`
    <div class="notice warn" role="status" data-testid="glass-open">
      <p>${t('glass.open', { area: areaOf(open), at: when(open.expires_at) })}</p>
      <${Actions} onDone=${onChanged} actions=${[{ label: t('glass.end'), done: t('glass.ended'), testid: 'glass-end', run: () => post(`/v1/break-glass/${open.break_glass_id}/end`) }]} />
    </div>
    <${Form} action=${t('glass.look')} onSubmit=${look} needs=${{ incident: [t('glass.incident'), incident], reason: [t('glass.why'), reason] }} testid="glass-look">${(/** @type {Record<string, string>} */ problems) => html`
      <${TextField} label=${t('glass.incident')} value=${incident} required problem=${problems.incident} maxlength=${80} testid="glass-incident" />
      <${AreaField} label=${t('glass.why')} value=${reason} required problem=${problems.reason} maxlength=${200} />`}<//>
    ${found.value && html`<section data-testid="glass-found">${found.value.some((one) => Object.keys(one).length > 1)
      ? found.value.map((one) => html`<${Details} key=${one.call_id} rows=${[[t('glass.number'), one.caller_number ?? ''], [t('glass.name'), one.caller_name ?? ''], [t('glass.words'), one.words ?? '']]} />`)
      : html`<${Empty} title=${t('glass.nothing')} text=${t('glass.nothing.text')} />`}</section>`}`;
}
