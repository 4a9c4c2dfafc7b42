/** Schools and worksites that cases name: what each is called, which are one; every word on it stays, with who and when. */

import { get, post, Problem } from '../kit/api.js';
import { pick, sentence, t } from '../kit/i18n.js';
import { Dialog } from '../kit/parts/dialog.js';
import { SelectField, TextField } from '../kit/parts/fields.js';
import { Read } from '../kit/parts/states.js';
import { DataTable } from '../kit/parts/table.js';
import { toast } from '../kit/parts/toast.js';
import { resource } from '../kit/resource.js';
import { effect, html, useEffect, useMemo, useSignal } from '../kit/view.js';
import { Form, useOpened, when, who } from '../records/details.js';
import { shell } from '../shell/shell.js';

/** @typedef {import('../types.d.ts').InstitutionView} InstitutionView */
/** @typedef {import('../types.d.ts').DecisionView} DecisionView */
/** @typedef {{institutions: readonly InstitutionView[], diseases: ReadonlyMap<string, string>}} Found */

const cityId = () => shell.city.peek()?.city_id ?? 0;
const read = resource(async (stop) => {
  const [{ institutions }, { diseases }] = await Promise.all([
    get(`/v1/surveillance/institutions?city_id=${cityId()}`, { signal: stop }), get('/v1/surveillance/diseases', { signal: stop }),
  ]);
  return { institutions, diseases: new Map(diseases.map((one) => [one.code, pick(one.words)])) };
}, { now: false });

export function Institutions() {
  const opened = /** @type {ReturnType<typeof useOpened<InstitutionView>>} */ (useOpened());
  useEffect(() => effect(() => { if (shell.city.value) void read.reload(); }), []);
  const row = opened.row.value;
  return html`<section data-testid="institutions"><h2>${t('cdc.inst.title')}</h2><p class="faint small">${t('cdc.inst.text')}</p>
    <${Read} of=${read}>${(/** @type {Found} */ found) => html`<${Alike} all=${found.institutions} />
      <${DataTable} label=${t('cdc.inst.title')} rows=${found.institutions} rowKey=${(/** @type {InstitutionView} */ one) => one.institution_key} pageSize=${20} onOpen=${opened.show}
        columns=${columns(found)} empty=${{ title: t('cdc.inst.none') }} />
      <${Dialog} open=${opened.open} title=${row?.name ?? ''} testid="institution-dialog">${row && html`<${Named} one=${row} all=${found.institutions} onDone=${opened.close} />`}<//>`}<//></section>`;
}

/** Names that are nearly alike: one place, or two, as a person says. @param {{all: readonly InstitutionView[]}} props */
function Alike({ all }) {
  const pairs = all.filter((one) => one.like_key);
  if (!pairs.length) return null;
  const say = async (/** @type {InstitutionView} */ one, /** @type {boolean} */ same) => {
    try {
      await post('/v1/surveillance/institutions/decisions', {
        city_id: cityId(), institution_key: one.institution_key, name: same ? null : one.name, same_as_key: same ? one.like_key : null,
      }, { version: one.version });
      toast(t('cdc.inst.done'), 'good');
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      toast(sentence(error), 'bad');
    }
    await read.reload();
  };
  return html`<details class="cdc-missing" data-testid="alike" open=${pairs.length <= 5}>
    <summary>${t('cdc.inst.alike', { n: pairs.length })}</summary>
    <ul>${pairs.map((one) => html`<li key=${one.institution_key}>
      <span>${one.name} (${one.cases}) ≈ <b>${one.like_name}</b> (${all.find((other) => other.institution_key === one.like_key)?.cases ?? 0})</span>
      <span class="row"><button data-testid="alike-same" onClick=${() => say(one, true)}>${t('cdc.inst.alike.same')}</button>
      <button class="quiet" data-testid="alike-apart" onClick=${() => say(one, false)}>${t('cdc.inst.alike.apart')}</button></span></li>`)}</ul></details>`;
}

/** @param {Found} found @returns {import('../kit/parts/table.js').Column<InstitutionView>[]} */
const columns = (found) => [
  { key: 'name', label: t('cdc.inst.name'), value: (one) => one.name, narrow: true, width: 'minmax(10rem, 2fr)' },
  { key: 'written', label: t('cdc.inst.written'), value: (one) => one.written.join(t('part.comma')), width: 'minmax(10rem, 2fr)' },
  { key: 'cases', label: t('cdc.data.cases'), value: (one) => one.cases, align: 'end', narrow: true },
  { key: 'diseases', label: t('cdc.disease'), value: (one) => one.diseases.map((code) => found.diseases.get(code) ?? code).join(t('part.comma')), width: 'minmax(8rem, 1.5fr)' },
  { key: 'newest', label: t('cdc.inst.newest'), value: (one) => one.newest_on },
  { key: 'same', label: t('cdc.inst.same'), value: (one) => one.same_as_name ?? '', narrow: true },
  { key: 'by', label: t('part.who'), value: (one) => (one.decided_by ? `${who(one.decided_by)} ${when(one.decided_at)}` : '') },
];

/** What is said of one. @param {{one: InstitutionView, all: readonly InstitutionView[], onDone: () => void}} props */
function Named({ one, all, onDone }) {
  const name = useSignal(one.decided_by ? one.name : '');
  const same = useSignal(one.same_as_key ?? '');
  const said = useMemo(() => resource(async (stop) => (await get(
    `/v1/surveillance/institutions/decisions?city_id=${cityId()}&institution_key=${encodeURIComponent(one.institution_key)}`, { signal: stop })).decisions), [one.institution_key]);
  const others = all.filter((other) => other.institution_key !== one.institution_key && !other.same_as_key).map((other) => ({ value: other.institution_key, label: `${other.name} · ${other.cases}` }));
  if (same.value && !others.some((other) => other.value === same.value)) others.push({ value: same.value, label: one.same_as_name ?? same.value });
  const submit = async () => {
    await post('/v1/surveillance/institutions/decisions', {
      city_id: cityId(), institution_key: one.institution_key, name: name.value.trim() || null, same_as_key: same.value || null,
    }, { version: one.version });
    toast(t('cdc.inst.done'), 'good');
    onDone();
    await read.reload();
  };
  return html`
    <p class="small faint">${t('cdc.inst.written')}${t('cdc.colon')}${one.written.join(t('part.comma'))}</p>
    <${Form} action=${t('cdc.inst.save')} onSubmit=${submit} testid="institution-save">${() => html`
      <${TextField} label=${t('cdc.inst.name')} value=${name} maxlength=${200} hint=${t('cdc.inst.name.hint')} placeholder=${one.written[0] ?? ''} testid="institution-name" />
      <${SelectField} label=${t('cdc.inst.same')} value=${same} options=${others} empty=${t('cdc.inst.itself')} hint=${t('cdc.inst.same.hint')} testid="institution-same" />`}<//>
    <${Read} of=${said}>${(/** @type {readonly DecisionView[]} */ versions) => (versions.length === 0 ? null : html`
      <h3>${t('cdc.inst.history')}</h3>
      <ul class="small">${versions.map((version) => html`<li key=${version.version}>${when(version.decided_at)} · ${who(version.decided_by)}${t('cdc.colon')}${version.name ?? t('cdc.inst.as_written')}${version.same_as_key && html` → ${all.find((other) => other.institution_key === version.same_as_key)?.name ?? version.same_as_key}`}</li>`)}</ul>`)}<//>`;
}
