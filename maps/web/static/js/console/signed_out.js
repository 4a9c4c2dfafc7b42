/**
 * A login that ends while the desk is open: it says why, and one signs in again on the spot. Nothing
 * takes the focus from who is typing, and everything typed stays where it is.
 */

import { get, onLoginEnded, post, Problem } from '../kit/api.js';
import { clockTime, now_ms } from '../kit/clock.js';
import { byId } from '../kit/dom.js';
import { onAppearance, sentence, t } from '../kit/i18n.js';
import { toLogin } from '../kit/sign_in.js';
import { html, render, signal } from '../kit/view.js';
import { store } from './state.js';

/** A sign-in in another window of this workstation counts here too. */
const LOOK_EVERY_MS = 4000;

/** When it was noticed, and whether its time was over; null: one is signed in. @type {import('../kit/view.js').Signal<{at_ms: number, expired: boolean}|null>} */
const ended = signal(null);
/** @type {import('../kit/view.js').Signal<string|null>} */
const wrong = signal(null);
const busy = signal(false);
/** @type {() => Promise<unknown>} */
let goOn = () => Promise.resolve();
let timer = 0;

/** Whether the login has ended here. */
export const isSignedOut = () => ended.value !== null;

/** Say that nobody is signed in any more. */
export function loginEnded() {
  if (ended.value || !store.state.session) return;
  const { ends_at } = store.state.session;
  ended.value = { at_ms: now_ms(), expired: ends_at !== null && Date.parse(ends_at) <= now_ms() };
  document.body.classList.add('signed-out');
  timer = window.setInterval(() => void look(), LOOK_EVERY_MS);
}

/** @param {import('../types.d.ts').Session} session */
async function back(session) {
  // Somebody else must not go on with what this one typed.
  if (session.user.user_id !== store.state.session.user.user_id) return location.reload();
  clearInterval(timer);
  ended.value = null;
  wrong.value = null;
  document.body.classList.remove('signed-out');
  store.set({ session });
  await goOn();
}

async function look() {
  if (document.hidden || busy.value) return;
  try {
    const session = await get('/v1/session');
    if (ended.value) await back(session);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem; // still signed out, or no connection: looked again soon
  }
}

/** @param {SubmitEvent} event */
async function signIn(event) {
  event.preventDefault();
  const field = /** @type {HTMLInputElement} */ (/** @type {HTMLFormElement} */ (event.target).elements.namedItem('password'));
  busy.value = true;
  try {
    const session = await post('/v1/session', { username: store.state.session.user.username, password: field.value });
    await back(session);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    wrong.value = sentence(problem);
    field.select();
  } finally {
    busy.value = false;
  }
}

function SignedOut() {
  if (!ended.value) return null;
  const { username } = store.state.session.user;
  const at = clockTime(ended.value.at_ms, store.state.city.time_zone).slice(0, 5);
  return html`<form class="banner signed-out" data-testid="signed-out" onSubmit=${signIn}>
    <span class="grow" role="alert"><b>${t(ended.value.expired ? 'signed_out.expired' : 'signed_out.ended', { at })}</b> ${t('signed_out.kept')}
      ${wrong.value && html`<span class="wrong" data-testid="sign-in-wrong"> ${wrong.value}</span>`}</span>
    <label for="again-password">${t('signed_out.password', { name: username })}</label>
    <input id="again-password" name="password" type="password" autocomplete="current-password" required data-testid="again-password" />
    <button disabled=${busy.value} data-testid="again">${t('signed_out.again')}</button>
    <a href="/login" data-testid="login-link" onClick=${(/** @type {Event} */ event) => { event.preventDefault(); toLogin(); }}>${t('signed_out.other')}</a>
  </form>`;
}

/** @param {() => Promise<unknown>} resume  what is done once the same person is there again */
export function startSignedOut(resume) {
  goOn = resume;
  onLoginEnded(loginEnded);
  addEventListener('focus', () => { if (ended.value) void look(); });
  const draw = () => render(html`<${SignedOut} />`, byId('signed-out'));
  onAppearance(draw);
  draw();
}
