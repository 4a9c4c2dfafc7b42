/**
 * The shell of every page built on the kit: header, navigation by role, city, display, account,
 * banners of provenance and connection. A page is `startPage({ words, view })`.
 */

import { request } from '../kit/api.js';
import { clockTime } from '../kit/clock.js';
import { addWords, chooseAppearance, language, nameOf, offeredLanguages, pick, startAppearance, t } from '../kit/i18n.js';
import { Confirmation } from '../kit/parts/dialog.js';
import { Loading } from '../kit/parts/states.js';
import { toast, Toasts } from '../kit/parts/toast.js';
import { MARKS } from '../kit/provenance.js';
import { settings, TEXT_SIZES, THEMES } from '../kit/settings.js';
import { toLogin } from '../kit/sign_in.js';
import { appearance, effect, html, render, untracked, useEffect, useRef } from '../kit/view.js';
import { LANGUAGES, STAFF_LANGUAGES } from '../words/languages.js';
import { access, can, chooseCity, cities, city, lostSince_ms, page, readCities, recheck, rightsChanges, session } from './state.js';
import { WORDS as STAFF_WORDS } from '../staff/words.js';
import { WORDS } from './words.js';

/** A role that was taken away is noticed within this time. */
const RECHECK_EVERY_MS = 15_000;
const RETRY_EVERY_MS = 3000;

/** What pages ask of the shell. */
export const shell = { session, city, cities, can, page };

/** @typedef {import('../words/languages.js').Language} Language */

async function signOut() {
  await request('DELETE', '/v1/session').catch(() => undefined);
  location.assign('/login');
}

const simulated = () => session.value?.installation.purpose === 'simulation';

function Provenance() {
  if (simulated()) return html`<p class="provenance simulated" data-testid="provenance"><b>${MARKS.simulated}</b> ${t('shell.simulation')}</p>`;
  if (city.value?.modelled) return html`<p class="provenance" data-testid="provenance"><b>${MARKS.modelled}</b> ${t('shell.modelled')}</p>`;
  return null;
}

function Connection() {
  const since_ms = lostSince_ms.value;
  const zone = city.value?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  return html`
    <div role="alert" class=${since_ms || access.value === 'ended' ? 'connection' : ''} data-testid="connection-banner">
      ${access.value === 'ended' ? html`${t('shell.ended')} <button onClick=${toLogin}>${t('shell.again')}</button>`
        : since_ms && t('shell.lost', { since: clockTime(since_ms, zone) })}
    </div>`;
}

function Navigation() {
  const pages = (session.value?.pages ?? []).filter((one) => one.order !== null);
  const bar = useRef(/** @type {HTMLElement|null} */ (null));
  useEffect(() => {
    // On a phone the bar is longer than the screen: where one is stands in view.
    const here = /** @type {HTMLElement|null} */ (bar.current?.querySelector('[aria-current]'));
    if (here && bar.current) bar.current.scrollLeft = here.offsetLeft + here.offsetWidth / 2 - bar.current.clientWidth / 2;
  }, [pages.length]);
  return html`
    <nav class="shell-nav" aria-label=${t('shell.pages')} ref=${bar}>
      ${pages.map((one) => html`<a key=${one.path} href=${one.path} aria-current=${one.path === page.path ? 'page' : undefined}>${pick(one.title)}</a>`)}
    </nav>`;
}

function CityChoice() {
  const now = city.value;
  if (!now) return null;
  if (cities.value.length === 1) return html`<span class="shell-city" title=${nameOf(now)}>${nameOf(now)}</span>`;
  return html`
    <select class="shell-city" aria-label=${t('shell.city')} data-testid="city" value=${now.key} onChange=${(/** @type {any} */ event) => chooseCity(event.target.value)}>
      ${cities.value.map((one) => html`<option key=${one.key} value=${one.key} selected=${one === now}>${nameOf(one)}</option>`)}
    </select>`;
}

/** @param {{label: string, values: readonly string[], chosen: string, name: (value: any) => string, onChoose: (value: any) => void, testid: string}} props */
const Choice = ({ label, values, chosen, name, onChoose, testid }) => html`
  <fieldset class="choice-row" data-testid=${testid}>
    <legend>${label}</legend>
    ${values.map((value) => html`<button key=${value} type="button" data-value=${value} aria-pressed=${value === chosen ? 'true' : 'false'} onClick=${() => onChoose(value)}>${name(value)}</button>`)}
  </fieldset>`;

function Display() {
  void appearance.value;
  return html`
    <button class="quiet" popovertarget="shell-display" data-testid="display" aria-label=${t('shell.display')} title=${t('shell.display')}><span aria-hidden="true">Aa</span></button>
    <div id="shell-display" class="popover" popover>
      <${Choice} label=${t('language')} values=${offeredLanguages()} chosen=${language()} testid="language"
        name=${(/** @type {Language} */ one) => LANGUAGES[one].name} onChoose=${(/** @type {Language} */ one) => chooseAppearance({ language: one })} />
      <${Choice} label=${t('shell.theme')} values=${THEMES} chosen=${settings.theme} testid="theme"
        name=${(/** @type {import('../kit/settings.js').Theme} */ one) => t(`shell.theme.${one}`)} onChoose=${(/** @type {any} */ one) => chooseAppearance({ theme: one })} />
      <${Choice} label=${t('shell.text')} values=${TEXT_SIZES} chosen=${settings.textSize} testid="text-size"
        name=${(/** @type {import('../kit/settings.js').TextSize} */ one) => t(`shell.text.${one}`)} onChoose=${(/** @type {any} */ one) => chooseAppearance({ textSize: one })} />
    </div>`;
}

function Account() {
  const user = session.value?.user;
  if (!user) return html`<a class="button" href=${`/login?next=${encodeURIComponent(location.pathname + location.search)}`} data-testid="sign-in">${t('shell.sign_in')}</a>`;
  const name = user.display_name || user.username;
  return html`
    <button class="quiet account" popovertarget="shell-account" data-testid="account" aria-label=${t('shell.account', { name })}><span aria-hidden="true">●</span> <span class="account-name">${name}</span></button>
    <div id="shell-account" class="popover" popover>
      <p><b>${name}</b> <span class="faint">${user.username}</span></p>
      <ul class="roles">${session.value?.roles.map((one) => html`<li key=${one.role + one.jurisdiction}>${pick(one.words)}${one.jurisdiction && html` <span class="faint">${one.jurisdiction}</span>`}</li>`)}</ul>
      <button onClick=${signOut} data-testid="sign-out">${t('shell.sign_out')}</button>
    </div>`;
}

function Denied() {
  const others = (session.value?.pages ?? []).filter((one) => one.path !== page.path && one.path !== '/login');
  return html`
    <section class="state denied" data-testid="denied" role="alert">
      <h1>${t(access.value === 'removed' ? 'shell.removed' : 'shell.denied')}</h1>
      <p>${t('shell.denied.text', { page: pick(page.title) })}</p>
      <p class="faint">${t('shell.denied.pages')}</p>
      <ul class="link-list">${others.map((one) => html`<li key=${one.path}><a href=${one.path}>${pick(one.title)}</a></li>`)}</ul>
    </section>`;
}

/** @param {{view: () => import('../kit/view.js').View, full: boolean}} props */
function Shell({ view: View, full }) {
  const now = access.value;
  return html`
    <a class="skip" href="#content">${t('shell.skip')}</a>
    <header class="shell-head">
      <a class="brand" href="/" aria-label="GoldenHour" aria-current=${page.path === '/' ? 'page' : undefined}><img src=${ICON} alt="" width="24" height="24" /> <span class="brand-name">GoldenHour</span></a>
      <${Navigation} />
      <span class="grow"></span>
      <${CityChoice} />
      <${Display} />
      <${Account} />
    </header>
    <${Provenance} />
    <${Connection} />
    <main id="content" class="shell-main ${full && now === 'open' ? 'full' : ''}" tabindex="-1">
      ${now === 'reading' ? html`<${Loading} />` : now === 'denied' || now === 'removed' ? html`<${Denied} />` : html`<${View} />`}
    </main>
    <${Toasts} />
    <${Confirmation} />`;
}

const ICON = new URL('../../icon.svg', import.meta.url).pathname;

/** Popovers and the title follow what happens on the page. */
function keepInStep() {
  effect(() => {
    const said = pick(page.title);
    document.title = page.path === '/' ? 'GoldenHour' : `${said} · GoldenHour`;
  });
  effect(() => {
    if (rightsChanges.value > 0 && access.peek() === 'open') untracked(() => toast(t('shell.rights_changed')));
  });
}

/**
 * Begin a page.
 * @param {{words?: Record<string, import('../kit/i18n.js').Text>, view: () => import('../kit/view.js').View, languages?: Language[], full?: boolean}} options
 * `full`: the page fills the window, without margins, as a map does; `view` is a component: it is mounted once the viewer may use the page, and `shell.session` is known.
 */
export async function startPage({ words = {}, view, languages = STAFF_LANGUAGES, full = false }) {
  addWords(STAFF_WORDS);
  addWords(WORDS);
  addWords(words);
  startAppearance(languages);
  keepInStep();
  const root = document.getElementById('page');
  if (!root) throw new Error('The page has no #page');
  render(html`<${Shell} view=${view} full=${full} />`, root);
  effect(() => { if (access.value === 'ended' && session.peek() === null) toLogin(); });
  void readCities();
  await keepWatch();
}

/** Ask again and again who is there; at once when the page is looked at anew. */
async function keepWatch() {
  let timer = 0;
  async function look() {
    clearTimeout(timer);
    await recheck();
    timer = window.setTimeout(look, lostSince_ms.value === null ? RECHECK_EVERY_MS : RETRY_EVERY_MS);
  }
  addEventListener('visibilitychange', () => { if (!document.hidden) void look(); });
  addEventListener('online', () => void look());
  await look();
}
