/** The card of a case: history of its report, places, and who it is to those who may know. Each look is written down. */

import { post, Problem } from '../kit/api.js';
import { pick, t } from '../kit/i18n.js';
import { Dialog } from '../kit/parts/dialog.js';
import { toastProblem } from '../kit/parts/toast.js';
import { html, useSignal } from '../kit/view.js';
import { when } from '../records/details.js';

/** @typedef {import('../types.d.ts').CaseCard} CaseCard */
/** @typedef {import('../types.d.ts').CardVersion} CardVersion */

/** @param {{case_id: string, reason: string}} props */
export function CardButton({ case_id, reason }) {
  const card = useSignal(/** @type {CaseCard|null} */ (null));
  const open = useSignal(false);
  const look = async () => {
    try {
      card.value = await post(`/v1/surveillance/cases/${case_id}/card`, { reason });
      open.value = true;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      toastProblem(problem);
    }
  };
  return html`
    <button class="quiet" data-testid="card" onClick=${look}>${t('cdc.card.open')}</button>
    <${Dialog} open=${open} title=${card.value ? `${pick(card.value.versions[0].disease)} · ${card.value.source_key}` : ''} wide testid="case-card">${card.value && html`<${Card} card=${card.value} />`}<//>`;
}

/** @param {{card: CaseCard}} props */
function Card({ card }) {
  const { person, place } = card;
  return html`
    <p class="small faint">${t('cdc.card.noted')}</p>
    <div class="cdc-sides">
      <div><h3 class="small">${t('cdc.card.person')}</h3>
        ${person ? html`<p data-testid="card-person"><b>${person.name ?? '–'}</b> ${person.guardian && html`(${t('cdc.card.guardian')} ${person.guardian})`}</p>
          <p class="small">${person.phone ?? '–'}</p><p class="small">${person.address ?? '–'}</p>`
    : html`<p class="small" data-testid="card-person">${t(card.owner ? 'cdc.card.nobody' : 'cdc.card.not_owner')}</p>`}</div>
      <div><h3 class="small">${t('cdc.card.place')}</h3>
        <p class="small" data-testid="card-place">${place ? t(place.exact ? 'cdc.card.exact' : 'cdc.card.about', { lat: place.lat.toFixed(place.exact ? 5 : 3), lon: place.lon.toFixed(place.exact ? 5 : 3), area: place.area_code ?? '–' }) : t('cdc.card.no_place')}</p></div>
    </div>
    <h3>${t('cdc.card.history', { n: card.versions.length })}</h3>
    <ol class="cdc-history">${card.versions.map((one) => html`<${Version} key=${one.stated_at} of=${one} />`)}</ol>`;
}

/** @param {{of: CardVersion}} props */
const Version = ({ of: one }) => html`
  <li data-testid="card-version">
    <p><b>${when(one.stated_at)}</b> ${one.known_until ? t('cdc.card.until', { until: when(one.known_until) }) : t('cdc.card.present')}${one.deleted_at && html` · <b>${t('cdc.card.deleted')}</b>`}</p>
    <p class="small">${pick(one.disease)} · ${pick(one.classification)} · ${t('cdc.card.review')} ${t(/** @type {any} */ (`cdc.review.${one.review_state}`))}</p>
    <p class="small">${t('cdc.field.onset_on')} ${one.onset_on ?? '–'} · ${t('cdc.field.diagnosed_on')} ${one.diagnosed_on ?? '–'} · ${t('cdc.field.entered_on')} ${one.entered_on ?? '–'} · ${t('cdc.field.died_on')} ${one.died_on ?? '–'}</p>
    <p class="small">${one.sex ? t(/** @type {any} */ (`cdc.sex.${one.sex}`)) : '–'} · ${one.age_years === null ? '–' : t('cdc.data.age', { n: Math.floor(one.age_years ?? 0) })} · ${one.institution ?? '–'} · ${one.occupation ?? '–'}</p>
    <p class="small">${t('cdc.card.areas', { residence: one.residence_area ?? '–', reporting: one.reporting_area ?? '–', exposure: one.exposure_area ?? '–' })} · ${one.reporting_unit ?? '–'}</p>
    ${one.problems.length > 0 && html`<p class="small">▲ ${one.problems.map((words) => pick(words)).join(t('part.comma'))}</p>`}
    ${one.file_name && html`<p class="small faint">${one.file_name} · ${one.imported_by ?? ''}</p>`}
  </li>`;
