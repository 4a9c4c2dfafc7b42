/** Small helpers to build and keep DOM: no framework, no string HTML. */

/** @typedef {Node|string|number|boolean|null|undefined|readonly Child[]} Child  empty ones are left out */
/** @typedef {Event & {target: HTMLInputElement}} FieldEvent */
/** @typedef {Event & {target: HTMLSelectElement}} ChoiceEvent */

/**
 * Create an element. Keys starting with `on` are listeners, booleans toggle attributes.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, unknown>} [attributes]
 * @param {...Child} children  nodes, texts and numbers, nested at will
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (name === 'class') element.className = String(value);
    else if (name === 'value' && 'value' in element) element.value = /** @type {never} */ (value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  append(element, children);
  return element;
}

/** @param {Element} parent @param {readonly Child[]} children */
function append(parent, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) append(parent, child);
    else parent.append(child instanceof Node ? child : String(child));
  }
}

/** Replace what an element holds. @param {Element} parent @param {...Child} children */
export function fill(parent, ...children) {
  parent.replaceChildren();
  append(parent, children);
}

/**
 * The element of an id; `kind` where more than an element's common properties is asked of it.
 * @template {HTMLElement} [E=HTMLElement]
 * @param {string} id @param {new () => E} [kind] @returns {E}
 */
export function byId(id, kind) {
  const found = document.getElementById(id);
  if (!found || (kind && !(found instanceof kind))) throw new Error(`The page has no ${kind?.name ?? 'element'} #${id}`);
  return /** @type {E} */ (found);
}

/**
 * Show `items` as children of `list`, keeping the nodes whose signature did not change, so that
 * focus, scroll and hover survive live updates.
 * @template T
 * @param {Element} list
 * @param {T[]} items
 * @param {{key: (item: T) => string, signature: (item: T) => string, render: (item: T) => HTMLElement}} how
 */
export function keyedList(list, items, { key, signature, render }) {
  const children = () => /** @type {HTMLElement[]} */ ([...list.children]);
  const old = new Map(children().map((child) => [child.dataset.key, child]));
  const focused = /** @type {HTMLElement|null|undefined} */ (document.activeElement?.closest?.('[data-key]'));
  const focusedKey = focused && list.contains(focused) ? focused.dataset.key : null;
  const control = focused ? controls(focused).indexOf(/** @type {HTMLElement} */ (document.activeElement)) : -1;
  let place = /** @type {Element|null} */ (list.firstElementChild);
  for (const item of items) {
    const id = key(item);
    const mark = signature(item);
    let node = old.get(id);
    old.delete(id);
    if (!node || node.dataset.signature !== mark) {
      const fresh = render(item);
      fresh.dataset.key = id;
      fresh.dataset.signature = mark;
      if (node) {
        if (node === place) place = fresh;
        node.replaceWith(fresh);
      }
      node = fresh;
    }
    if (place && node === place) place = place.nextElementSibling;
    else list.insertBefore(node, place);
  }
  for (const node of old.values()) node.remove();
  if (focusedKey !== null && document.activeElement === document.body) {
    const again = children().find((child) => child.dataset.key === focusedKey);
    if (again) (controls(again)[Math.max(control, 0)] ?? again).focus();
  }
}

/** What of an element can have the focus, in order. @param {Element} element */
const controls = (element) => /** @type {HTMLElement[]} */ ([...element.querySelectorAll('button, a, input, select, [tabindex]')]);

/**
 * Call `fn` once things have been quiet for `delay_ms`.
 * @template {unknown[]} A
 * @param {(...args: A) => void} fn @param {number} delay_ms @returns {(...args: A) => void}
 */
export function debounce(fn, delay_ms) {
  let timer = 0;
  return (...args) => {
    clearTimeout(timer);
    timer = window.setTimeout(() => fn(...args), delay_ms);
  };
}
