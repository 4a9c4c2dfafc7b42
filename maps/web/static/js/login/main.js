/** Sign in, then go where one wanted to go: within this site only. */

import { post, Problem } from '../kit/api.js';
import { byId, fill } from '../kit/dom.js';
import { addWords, sentence, startAppearance, switches } from '../kit/i18n.js';
import { WORDS } from './words.js';

addWords(WORDS);
startAppearance();
fill(byId('switches'), switches());

/** The page that was asked for, if it is one that the viewer may use; else where the viewer's role begins. @param {import('../types.d.ts').Session} session @returns {string} */
function next({ landing, pages }) {
  const wanted = new URLSearchParams(location.search).get('next') ?? '';
  const url = new URL(wanted || '/', location.href);
  const open = url.origin === location.origin && wanted.startsWith('/') && pages.some((one) => one.path === url.pathname);
  return open ? url.pathname + url.search + url.hash : landing;
}

byId('login').addEventListener('submit', async (/** @type {SubmitEvent} */ event) => {
  event.preventDefault();
  const error = byId('login-error');
  const button = byId('login-button', HTMLButtonElement);
  const password = byId('password', HTMLInputElement);
  error.hidden = true;
  button.disabled = true;
  try {
    const session = await post('/v1/session', { username: byId('username', HTMLInputElement).value.trim(), password: password.value });
    // In place of the sign-in: going back leads to what was before it.
    location.replace(next(session));
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    error.textContent = sentence(problem);
    error.hidden = false;
    password.select();
  } finally {
    button.disabled = false;
  }
});
// Until now a press would have sent the form past this script.
byId('login-button', HTMLButtonElement).disabled = false;
byId('username').focus();
