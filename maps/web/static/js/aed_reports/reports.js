/** The reports in a table; one of them opened: the device and its place, what may be done, what was done. */

import { get, post } from '../kit/api.js';
import { code, nameOf, t } from '../kit/i18n.js';
import { Dialog } from '../kit/parts/dialog.js';
import { Read } from '../kit/parts/states.js';
import { DataTable } from '../kit/parts/table.js';
import { resource } from '../kit/resource.js';
import { html, useEffect, useMemo, useRef } from '../kit/view.js';
import { Actions, Details, Head, refreshButton, State, useOpened, when, who } from '../records/details.js';
import { shell } from '../shell/shell.js';

/** @typedef {import('../types.d.ts').AedReportView} AedReportView */
/** @typedef {import('../types.d.ts').AedHistory} AedHistory */
/** @typedef {import('../types.d.ts').AedStep} AedStep */

const REFRESH_MS = 30_000;

const deviceName = (/** @type {AedReportView} */ one) => nameOf(one) || t('aedreport.device', { id: one.aed_id });

/** @param {AedReportView} one */
function stateWords(one) {
  if (one.decision) return code('aedreport.decision', one.decision);
  return t(one.check_requested_at ? 'aedreport.checking' : 'aedreport.waiting');
}

const place = (/** @type {AedReportView} */ one) => [
  nameOf(one, 'location'),
  one.floor ? t('aedreport.floor', { floor: one.floor }) : '',
  one.indoor === true ? t('aedreport.indoor') : one.indoor === false ? t('aedreport.outdoor') : '',
].filter(Boolean).join(' · ');

export function Reports() {
  const read = useMemo(() => resource(() => get('/v1/aeds/reports')), []);
  const opened = /** @type {ReturnType<typeof useOpened<AedReportView>>} */ (useOpened());
  useEffect(() => {
    const again = setInterval(() => { if (!opened.open.value) void read.reload(); }, REFRESH_MS);
    return () => clearInterval(again);
  }, []);
  const columns = [
    { key: 'reported_at', label: t('aedreport.reported_at'), value: (/** @type {AedReportView} */ one) => one.reported_at, cell: (/** @type {AedReportView} */ one) => when(one.reported_at) },
    { key: 'device', label: t('aedreport.aed'), value: deviceName, width: 'minmax(8rem, 2fr)', narrow: true },
    { key: 'city', label: t('aedreport.city'), value: (/** @type {AedReportView} */ one) => nameOf(one, 'city_name'), filter: /** @type {const} */ ('choice') },
    { key: 'kind', label: t('aedreport.kind'), value: (/** @type {AedReportView} */ one) => code('aedreport.kind', one.kind), filter: /** @type {const} */ ('choice'), narrow: true },
    { key: 'words', label: t('aedreport.words'), value: (/** @type {AedReportView} */ one) => one.words, width: 'minmax(8rem, 3fr)' },
    { key: 'state', label: t('part.state'), value: stateWords, cell: (/** @type {AedReportView} */ one) => html`<${State} text=${stateWords(one)} tone=${one.decision ? '' : 'warn'} />`, filter: /** @type {const} */ ('choice'), narrow: true },
  ];
  const row = opened.row.value;
  return html`
    <${Head} title=${t('aedreport.title')} text=${t('aedreport.text')} page>${refreshButton(read)}<//>
    <${Read} of=${read}>${(/** @type {{reports: AedReportView[]}} */ found) => html`
      <${DataTable} label=${t('aedreport.title')} rows=${found.reports} rowKey=${(/** @type {AedReportView} */ one) => one.report_id} pageSize=${50} onOpen=${opened.show} columns=${columns}
        empty=${{ title: t('aedreport.none'), text: t('aedreport.none.text') }} />`}<//>
    <${Dialog} open=${opened.open} title=${row ? deviceName(row) : ''} wide testid="report-dialog">
      ${row && html`<${Opened} report=${row} onDone=${() => { opened.close(); void read.reload(); }} />`}
    <//>`;
}

/** @param {{report: AedReportView, onDone: () => void}} props */
function Opened({ report, onDone }) {
  const history = useMemo(() => resource(() => get(`/v1/aeds/${report.aed_id}/history`)), [report.aed_id]);
  const path = /** @type {const} */ (`/v1/aeds/reports/${report.report_id}`);
  const decide = (/** @type {'accepted'|'dismissed'} */ decision) => post(`${path}/decision`, { decision });
  const out = report.state === 'missing' || report.state === 'out_of_service';
  const actions = report.decision ? [] : [
    { label: t('aedreport.check'), done: t('aedreport.check.done'), disabled: Boolean(report.check_requested_at), testid: 'check', run: () => post(`${path}/check`) },
    { label: t('aedreport.dismiss'), done: t('aedreport.dismiss.done'), testid: 'dismiss', run: () => decide('dismissed') },
    { label: t('aedreport.accept'), danger: true, done: t('aedreport.accept.done'), testid: 'accept', ask: { title: t('aedreport.accept'), text: t('aedreport.accept.text') }, run: () => decide('accepted') },
  ];
  if (report.decision === 'accepted' && out) actions.push({ label: t('aedreport.return'), done: t('aedreport.return.done'), testid: 'return', run: () => post(`${path}/return`) });
  return html`
    <${Details} rows=${[
      [t('aedreport.kind'), code('aedreport.kind', report.kind)], [t('aedreport.reported_at'), when(report.reported_at)], [t('aedreport.words'), report.words],
      [t('aedreport.place'), place(report)], [t('aedreport.city'), nameOf(report, 'city_name')],
      [t('aedreport.keeper'), report.phone && html`<a href="tel:${report.phone}">${report.phone}</a>`],
      [t('aedreport.device_state'), code('aedreport.state', report.state)], [t('part.state'), html`<${State} text=${stateWords(report)} tone=${report.decision ? '' : 'warn'} />`],
    ]} />
    <${PlaceMap} report=${report} />
    <${Actions} actions=${actions} onDone=${onDone} />
    <h3>${t('aedreport.history')}</h3>
    <${Read} of=${history}>${(/** @type {AedHistory} */ found) => html`
      <ol class="admin-findings" data-testid="history">${found.steps.map((step) => html`
        <li key=${step.at + step.step}><div>${when(step.at)} <b>${stepWords(step)}</b>${step.step === 'aed.reported' ? '' : html` <span class="faint">${who(step.actor)}</span>`}</div></li>`)}</ol>`}<//>`;
}

/** @param {AedStep} step */
function stepWords(step) {
  if (step.step === 'aed.reported') return t('aedreport.step.reported', { kind: code('aedreport.kind', step.kind) });
  if (step.step === 'aed.report_decided') return code('aedreport.decision', step.decision);
  return t(step.step === 'aed.returned' ? 'aedreport.step.returned' : 'aedreport.step.check');
}

/** @param {{report: AedReportView}} props */
function PlaceMap({ report }) {
  const box = useRef(/** @type {HTMLDivElement|null} */ (null));
  const city = shell.cities.value.find((one) => one.city_id === report.city_id);
  useEffect(() => {
    if (!city || !box.current) return undefined;
    const into = box.current;
    let gone = false;
    let remove = () => {};
    void import('./place_map.js').then(({ placeMap }) => placeMap(into, city, report)).then((made) => {
      remove = made;
      if (gone) made();
    });
    return () => { gone = true; remove(); };
  }, [report.aed_id, city?.city_id]);
  return html`<div ref=${box} class="admin-place" role="region" aria-label=${t('aedreport.place')} data-testid="place-map"></div>`;
}
