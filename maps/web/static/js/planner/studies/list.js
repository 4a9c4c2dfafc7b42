/** Studies: those made, a new one, and the one that is looked at. */

import { get } from '../../kit/api.js';
import { pick, t } from '../../kit/i18n.js';
import { Empty, Read } from '../../kit/parts/states.js';
import { DataTable } from '../../kit/parts/table.js';
import { resource } from '../../kit/resource.js';
import { effect, html, signal, useEffect } from '../../kit/view.js';
import { when, who } from '../../records/details.js';
import { shell } from '../../shell/shell.js';
import { fillForm, StudyForm } from './form.js';
import { cityId, figure, gapWords } from '../state.js';
import { Study, WRITE } from './study.js';

/** @typedef {import('./types.js').StudyLine} StudyLine */

const LOOK_EVERY_MS = 5_000;
const ADDRESS = 'study';

export const studies = resource(async (stop) => (await get(`/v1/planning/studies?city_id=${cityId()}&limit=200`, { signal: stop })).studies, { now: false });

/** The study that is looked at; it stands in the page's address. @type {import('../../kit/view.js').Signal<number|null>} */
export const looked = signal(Number(new URLSearchParams(location.search).get(ADDRESS)) || null);
const making = signal(false);
/** The row that is marked: at first that of the study that is looked at. */
const marked = signal(/** @type {string|number|null} */ (null));
effect(() => { marked.value = looked.value; });

/** @param {number|null} study_id */
export function lookAt(study_id) {
  looked.value = study_id;
  making.value = false;
  const address = new URL(location.href);
  if (study_id === null) address.searchParams.delete(ADDRESS);
  else address.searchParams.set(ADDRESS, String(study_id));
  history.replaceState(null, '', address);
}

/** Follow the city's studies. @returns {() => void} */
export function keepStudies() {
  let city = 0;
  const stop = effect(() => {
    const now = shell.city.value?.city_id ?? 0;
    if (city && now !== city) lookAt(null);
    city = now;
    if (now) void studies.reload();
  });
  const timer = setInterval(() => { if (!document.hidden && studies.data.peek()?.some((one) => one.state === 'waiting' || one.state === 'running')) void studies.reload(); }, LOOK_EVERY_MS);
  return () => {
    clearInterval(timer);
    stop();
  };
}

/** Fill the form with what was asked, or is to be asked. @param {{kind: string, name: string, parameters: Record<string, unknown>}} study */
export function again(study) {
  fillForm(study);
  making.value = true;
}

export function Studies() {
  useEffect(keepStudies, []);
  const may = shell.can(WRITE);
  return html`
    <div class="plan" data-testid="studies">
      <${Read} of=${studies}>${(/** @type {StudyLine[]} */ all) => html`<${Made} all=${all} may=${may} />`}<//>
    </div>`;
}

/** @param {{all: StudyLine[], may: boolean}} props */
function Made({ all, may }) {
  useEffect(() => { if (looked.peek() === null && !making.peek()) looked.value = all.find((one) => one.state === 'done')?.study_id ?? null; }, [all.length > 0]);
  /** @type {import('../../kit/parts/table.js').Column<StudyLine>[]} */
  const columns = [
    { key: 'name', label: t('plan.study.name'), value: (row) => row.name, width: 'minmax(10rem, 2fr)', narrow: true },
    { key: 'kind', label: t('plan.form.kind'), value: (row) => pick(row.kind_words), width: 'minmax(12rem, 1.4fr)' },
    { key: 'state', label: t('plan.study.state'), value: (row) => t(`plan.state.${/** @type {import('./types.js').State} */ (row.state)}`), narrow: true },
    { key: 'value', label: t('plan.value'), value: (row) => row.value, align: 'end', cell: (row) => figure(null, row.value) },
    { key: 'gap', label: t('plan.gap'), value: (row) => row.gap, align: 'end', cell: (row) => gapWords(row.gap) },
    { key: 'by', label: t('plan.study.by'), value: (row) => who(row.made_by) },
    { key: 'at', label: t('plan.study.at'), value: (row) => row.made_at, cell: (row) => when(row.made_at), width: 'minmax(9rem, 1fr)' },
  ];
  return html`
    <section aria-labelledby="studies-title">
      <div class="page-head"><h2 id="studies-title">${t('plan.studies')}</h2><span class="grow"></span>
        ${may && html`<button type="button" class="primary" data-testid="study-new" aria-expanded=${making.value ? 'true' : 'false'} onClick=${() => { making.value = !making.value; }}>${t('plan.study.new')}</button>`}</div>
      ${all.length === 0 ? html`<${Empty} title=${t('plan.studies.none')} text=${t('plan.studies.none.text')} />`
        : html`<${DataTable} label=${t('plan.studies')} columns=${columns} rows=${all} rowKey=${(/** @type {StudyLine} */ row) => row.study_id} selected=${marked} onOpen=${(/** @type {StudyLine} */ row) => lookAt(row.study_id)} search=${all.length > 12} height_rem=${13} />`}
    </section>
    ${making.value && may && html`<${StudyForm} onMade=${(/** @type {import('./types.js').StudyView} */ study) => { lookAt(study.study_id); void studies.reload(); }} />`}
    ${looked.value !== null && !making.value && html`<${Study} key=${looked.value} study_id=${looked.value} onAgain=${again} onGone=${() => { lookAt(null); void studies.reload(); }} onChanged=${() => void studies.reload()} />`}`;
}

