/** Sign in, then go where one wanted to go: within this site only. */

import { post, Problem } from '../kit/api.js';
import { byId, fill } from '../kit/dom.js';
import { sentence, startAppearance, switches } from '../kit/i18n.js';

startAppearance();
fill(byId('switches'), switches());

/** @returns {string} */
function next() {
  const wanted = new URLSearchParams(location.search).get('next') ?? '';
  const url = new URL(wanted || '/console', location.href);
  return url.origin === location.origin && wanted.startsWith('/') ? url.pathname + url.search : '/console';
}

byId('login').addEventListener('submit', async (/** @type {SubmitEvent} */ event) => {
  event.preventDefault();
  const error = byId('login-error');
  const button = byId('login-button', HTMLButtonElement);
  const password = byId('password', HTMLInputElement);
  error.hidden = true;
  button.disabled = true;
  try {
    await post('/v1/session', { username: byId('username', HTMLInputElement).value.trim(), password: password.value });
    location.assign(next());
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    error.textContent = sentence(problem);
    error.hidden = false;
    password.select();
  } finally {
    button.disabled = false;
  }
});
byId('username').focus();
