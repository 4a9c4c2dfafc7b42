/** The five-minute circle: whom a defibrillator reaches on foot, by hour of the day and district. */

import { post } from '../../kit/api.js';
import { pick, t } from '../../kit/i18n.js';
import { Read } from '../../kit/parts/states.js';
import { DataTable } from '../../kit/parts/table.js';
import { resource } from '../../kit/resource.js';
import { effect, html, signal, useEffect } from '../../kit/view.js';
import { shell } from '../../shell/shell.js';
import { Lines, roundTicks } from '../lines.js';
import { cityId, grouped, percent, placeName } from '../state.js';

/** @typedef {import('../../types.d.ts').FirstAidView} FirstAidView */
/** @typedef {FirstAidView['districts'][number]} District */

const LIMITS_MIN = [3, 5, 8, 10];
const STOREYS = [0, 3, 6, 10, 20];
const HOURS = [0, 6, 12, 18, 23];

const limit_min = signal(5);
const back = signal(true);
const storeys = signal(0);

const circle = resource((stop) => post('/v1/planning/first-aid', {
  city_id: cityId(), limit_min: limit_min.peek(), there_and_back: back.peek(), patient_storeys: storeys.peek(),
}, { signal: stop }), { now: false });

const keepUp = () => effect(() => {
  void [limit_min.value, back.value, storeys.value];
  if (shell.city.value) void circle.reload();
});

export function Circle() {
  useEffect(keepUp, []);
  return html`
    <div class="plan" data-testid="circle">
      <div class="plan-choices">
        <fieldset class="choice-row" data-testid="circle-limit"><legend>${t('plan.circle.limit')}</legend>${LIMITS_MIN.map((one) => html`
          <button key=${one} type="button" aria-pressed=${one === limit_min.value ? 'true' : 'false'} onClick=${() => { limit_min.value = one; }}>${t('plan.minutes', { n: one })}</button>`)}</fieldset>
        <fieldset class="choice-row" data-testid="circle-way"><legend>${t('plan.circle.way')}</legend>${[true, false].map((one) => html`
          <button key=${one} type="button" aria-pressed=${one === back.value ? 'true' : 'false'} onClick=${() => { back.value = one; }}>${t(one ? 'plan.circle.way.back' : 'plan.circle.way.one')}</button>`)}</fieldset>
        <label class="plan-pick">${t('plan.circle.storeys')} <select data-testid="circle-storeys" onChange=${(/** @type {any} */ event) => { storeys.value = Number(event.target.value); }}>${STOREYS.map((n) => html`
          <option key=${n} value=${n} selected=${n === storeys.value}>${n}</option>`)}</select></label>
      </div>
      <${Read} of=${circle}>${(/** @type {FirstAidView} */ view) => html`<${Found} view=${view} />`}<//>
    </div>`;
}

/** @param {{view: FirstAidView}} props */
function Found({ view }) {
  const limit = t('plan.minutes', { n: view.limit_s / 60 });
  const share = (/** @type {FirstAidView['hours'][number]} */ one) => one.by_device ?? 0;
  const [best, worst] = [view.hours.reduce((so_far, one) => (share(one) > share(so_far) ? one : so_far)), view.hours.reduce((so_far, one) => (share(one) < share(so_far) ? one : so_far))];
  const most = Math.max(0.01, ...view.hours.map((one) => one.at_most ?? 0));
  const devices = /** @type {const} */ (['gone', 'private', 'hours_unknown', 'floor_unknown']);
  const unsure = view.hours.some((one) => one.at_most !== one.by_device);
  const label = `${t('plan.circle.hours.says', { limit })}${unsure ? ` ${t('plan.circle.hours.unsure')}` : ''}`;
  return html`
    <p class="plan-says" data-testid="circle-says">${t('plan.circle.says', { day: view.day, limit, best: percent(best.by_device), best_hour: best.hour, worst: percent(worst.by_device), worst_hour: worst.hour })}
      ${view.unknown > 0 ? ` ${t('plan.circle.unknown', { n: grouped(view.unknown) })}` : ''}</p>
    <dl class="plan-figures">
      <div><dt>${t('plan.circle.devices')}</dt><dd>${grouped(view.devices.known)}</dd></div>
      ${devices.map((one) => html`<div key=${one}><dt>${t(`plan.circle.${one}`)}</dt><dd>${grouped(view.devices[one])}</dd></div>`)}
    </dl>
    <div class="plan-pair">
      <section aria-labelledby="circle-hours"><h2 id="circle-hours">${t('plan.circle.hours')}</h2>
        <${Lines} label=${label} testid="circle-hours" height_px=${240}
          series=${[
            ...(unsure ? [{ key: 'two', name: t('plan.circle.at_most'), step: true, points: view.hours.map((one) => /** @type {const} */ ([one.hour, one.at_most])) }] : []),
            { key: 'one', name: t('plan.circle.open'), step: true, points: view.hours.map((one) => /** @type {const} */ ([one.hour, one.by_device])) },
          ]}
          x=${{ min: 0, max: 23, ticks: HOURS.map((at) => ({ at, text: `${at}` })), name: t('plan.circle.hour') }}
          y=${{ min: 0, max: most, ticks: roundTicks(0, most).map((at) => ({ at, text: percent(at) })) }} />
        <p class="hint">${label}</p></section>
      <${Districts} view=${view} />
    </div>
    <section class="plan-basis" aria-labelledby="circle-basis"><h2 id="circle-basis">${t('plan.basis')}</h2>
      <ul>${view.sentences.map((one) => html`<li key=${one.en}>${pick(one)}</li>`)}
        <li>${t('plan.counted', { source: view.people_source ?? '–', day: view.counted_on ?? t('plan.day_unknown'), roads: (view.conditions_id ?? view.topology_id ?? '–').slice(0, 12) })}</li></ul></section>`;
}

/** @param {{view: FirstAidView}} props */
function Districts({ view }) {
  const at = (/** @type {number|null} */ share, /** @type {number|null} */ hour) => (share === null || hour === null ? '–' : t('plan.circle.at', { share: percent(share), hour }));
  /** @type {import('../../kit/parts/table.js').Column<District>[]} */
  const columns = [
    { key: 'district', label: t('plan.district'), value: (row) => placeName(row.district), narrow: true },
    { key: 'people', label: t('plan.people'), value: (row) => row.people + row.unknown, align: 'end' },
    { key: 'worst', label: t('plan.circle.worst'), value: (row) => row.worst, align: 'end', narrow: true, width: 'minmax(7.25rem, 1fr)', cell: (row) => at(row.worst, row.worst_hour) },
    { key: 'best', label: t('plan.circle.best'), value: (row) => row.best, align: 'end', narrow: true, width: 'minmax(7.25rem, 1fr)', cell: (row) => at(row.best, row.best_hour) },
  ];
  return html`
    <section aria-labelledby="circle-districts"><h2 id="circle-districts">${t('plan.circle.districts')}</h2>
      <${DataTable} label=${t('plan.circle.districts')} columns=${columns} rows=${view.districts} rowKey=${(/** @type {District} */ row) => row.district.code ?? ''} pageSize=${50} search=${view.districts.length > 12}
        csvName=${`${shell.city.value?.key ?? 'city'}-first-aid`} /></section>`;
}
