/** Files of the server, taken away; a refusal is a sentence on the page, not a broken download. */

import { Problem, takeFile } from './api.js';
import { download } from './csv.js';
import { toastProblem } from './parts/toast.js';

/** @param {string} path */
export async function save(path) {
  try {
    const { name, blob } = await takeFile(path);
    download(name, blob);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    toastProblem(problem);
  }
}

/** For a link to a file: the address stays one to copy, a click takes the file. @param {string} path */
export const taking = (path) => (/** @type {Event} */ event) => {
  event.preventDefault();
  void save(path);
};
