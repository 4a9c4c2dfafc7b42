/** What stands where content will be, is not, or could not be read. */

import { sentence, t } from '../i18n.js';
import { html } from '../view.js';

/** @param {{text?: string}} props */
export const Loading = ({ text }) => html`
  <p class="state loading" role="status"><span class="spinner" aria-hidden="true"></span>${text ?? t('shell.reading')}</p>`;

/** @param {{title?: string, text?: string, children?: import('../view.js').Children}} props  `children`: what one can do about it */
export const Empty = ({ title, text, children }) => html`
  <div class="state empty" data-testid="empty">
    <p class="state-title">${title ?? t('kit.nothing')}</p>
    ${text && html`<p class="faint">${text}</p>`}
    ${children}
  </div>`;

/** @param {{problem: {code?: string, detail?: string}, retry?: () => void}} props */
export const ErrorState = ({ problem, retry }) => html`
  <div class="state failed" role="alert" data-testid="error-state">
    <p class="state-title">${t('kit.failed')}</p>
    <p>${sentence(problem)}</p>
    ${retry && html`<button onClick=${retry}>${t('kit.retry')}</button>`}
  </div>`;

/**
 * A resource, whatever its state: what was read last stays on the page while it is read again.
 * @template T
 * @param {{of: import('../resource.js').Resource<T>, children: (data: T) => import('../view.js').Children}} props
 */
export function Read({ of, children }) {
  const data = of.data.value;
  const problem = of.problem.value;
  if (data === null) return problem ? html`<${ErrorState} problem=${problem} retry=${of.reload} />` : html`<${Loading} />`;
  return html`${problem && html`<${ErrorState} problem=${problem} retry=${of.reload} />`}${children(data)}`;
}
