/** The first page: for anybody what this is and the way to the AED; behind the sign-in one's own work. */

import { get } from '../kit/api.js';
import { code, nameOf, pick, t } from '../kit/i18n.js';
import { Empty, Read } from '../kit/parts/states.js';
import { resource } from '../kit/resource.js';
import { html } from '../kit/view.js';
import { shell, startPage } from '../shell/shell.js';
import { CITIZEN_LANGUAGES } from '../words/languages.js';
import { WORDS } from './words.js';

/** @typedef {import('../types.d.ts').CityInfo} CityInfo */
/** @typedef {import('../types.d.ts').Cities} Cities */

const read = resource(() => get('/v1/cities'));

/** @param {{city: CityInfo}} props */
const CityCard = ({ city }) => html`
  <article class="card city-card">
    <h3>${nameOf(city)} ${city.modelled && html`<span class="tag">${t('modelled.short')}</span>`}</h3>
    <ul class="figures">${Object.entries(city.counts ?? {}).map(([what, n]) => html`<li key=${what}><b>${Number(n).toLocaleString('en')}</b> ${code('count', what)}</li>`)}</ul>
    ${city.modelled && html`<p class="faint">${t('top.modelled.hint')}</p>`}
    <p class="faint small">${city.attribution}</p>
  </article>`;

const CityCards = () => html`
  <section aria-labelledby="cities-title">
    <h2 id="cities-title">${t('landing.cities')}</h2>
    <${Read} of=${read}>${(/** @type {Cities} */ { cities }) => html`
      ${cities.length ? html`<div class="cards">${cities.map((one) => html`<${CityCard} key=${one.key} city=${one} />`)}</div>` : html`<${Empty} text=${t('error.no_city')} />`}`}<//>
  </section>`;

const Caution = () => html`<p class="faint caution">${t('landing.caution')}</p>`;

function Visitor() {
  const purpose = read.data.value?.installation?.purpose;
  return html`
    <div class="home">
      <h1>${t('landing.title')}</h1>
      <p class="lead">${t('landing.lead')}</p>
      ${purpose && html`<p class="notice">${code('purpose', purpose)}</p>`}
      <div class="cards">
        <a class="card door urgent" href="/aed"><h2>${t('landing.aed')}</h2><p>${t('landing.aed.text')}</p><span class="go">${t('landing.aed.go')}</span></a>
        <a class="card door" href="/login"><h2>${t('landing.staff')}</h2><p>${t('landing.staff.text')}</p><span class="go">${t('landing.staff.go')}</span></a>
      </div>
      <${CityCards} />
      <${Caution} />
    </div>`;
}

/** @param {{session: import('../types.d.ts').Session}} props */
function Member({ session }) {
  const pages = session.pages.filter((one) => one.order !== null && one.path !== '/');
  const name = session.user.display_name || session.user.username;
  return html`
    <div class="home">
      <h1>${t('home.title', { name })}</h1>
      <section aria-labelledby="work-title">
        <h2 id="work-title">${t('home.work')}</h2>
        <div class="cards">${pages.map((one) => html`
          <a class="card door" key=${one.path} href=${one.path} data-testid="door"><h3>${pick(one.title)}</h3><p>${pick(one.says)}</p><span class="go" aria-hidden="true">→</span></a>`)}</div>
      </section>
      <section aria-labelledby="rights-title">
        <h2 id="rights-title">${t('home.rights')}</h2>
        <ul class="rights-roles">${session.roles.map((one) => html`
          <li key=${one.role + one.jurisdiction}><b>${pick(one.words)}</b> <span class="faint">${one.jurisdiction || t('home.everywhere')}</span></li>`)}</ul>
        ${session.rights.length ? html`<ul class="rights" data-testid="rights">${session.rights.map((one) => html`<li key=${one.permission}>${pick(one.words)}</li>`)}</ul>`
          : html`<p class="notice">${t('home.no_rights')}</p>`}
      </section>
      <${CityCards} />
      <${Caution} />
    </div>`;
}

function Home() {
  const session = shell.session.value;
  return session ? html`<${Member} session=${session} />` : html`<${Visitor} />`;
}

await startPage({ words: WORDS, view: Home, languages: CITIZEN_LANGUAGES });
