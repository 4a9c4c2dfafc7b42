/** Tabs: one stop for the Tab key, arrows move between them; the chosen one may stand in the address. */

import { html, useEffect, useId, useRef } from '../view.js';

/**
 * @param {{label: string, tabs: {key: string, label: string, count?: number|null, view: () => import('../view.js').Children}[],
 *   chosen: import('../view.js').Signal<string>, hash?: boolean}} props  `hash`: keep the chosen one behind the # of the address
 */
export function Tabs({ label, tabs, chosen, hash = false }) {
  const id = useId();
  const list = useRef(/** @type {HTMLElement|null} */ (null));
  useEffect(() => {
    if (!hash) return undefined;
    const read = () => {
      const key = location.hash.slice(1);
      if (tabs.some((tab) => tab.key === key)) chosen.value = key;
    };
    read();
    addEventListener('hashchange', read);
    return () => removeEventListener('hashchange', read);
  }, []);
  const shown = tabs.find((tab) => tab.key === chosen.value) ?? tabs[0];
  const choose = (/** @type {string} */ key) => {
    chosen.value = key;
    if (hash) history.replaceState(null, '', `#${key}`);
  };
  const move = (/** @type {KeyboardEvent} */ event) => {
    const at = tabs.indexOf(shown);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const tab = tabs[(to + tabs.length) % tabs.length];
    choose(tab.key);
    /** @type {HTMLElement|null} */ (list.current?.querySelector(`[data-key="${tab.key}"]`))?.focus();
  };
  return html`
    <div class="tab-list" role="tablist" aria-label=${label} ref=${list} onKeyDown=${move}>
      ${tabs.map((tab) => html`
        <button key=${tab.key} role="tab" id=${`${id}-${tab.key}`} data-key=${tab.key} aria-selected=${tab === shown ? 'true' : 'false'}
          aria-controls=${`${id}-panel`} tabindex=${tab === shown ? 0 : -1} onClick=${() => choose(tab.key)}>
          ${tab.label}${tab.count !== undefined && tab.count !== null && html` <span class="count">${tab.count}</span>`}
        </button>`)}
    </div>
    <div class="tab-panel" role="tabpanel" id=${`${id}-panel`} aria-labelledby=${`${id}-${shown.key}`} key=${shown.key}>${shown.view()}</div>`;
}
