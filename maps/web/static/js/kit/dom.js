/** Small helpers to build and keep DOM: no framework, no string HTML. */

/**
 * Create an element. Keys starting with `on` are listeners, booleans toggle attributes.
 * @param {string} tag
 * @param {Record<string, any>} [attributes]
 * @param {...any} children  nodes, texts and numbers, nested at will; empty values are left out
 * @returns {any}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'class') element.className = value;
    else if (name === 'value') /** @type {any} */ (element).value = value;
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  append(element, children);
  return element;
}

/** @param {Element} parent @param {any[]} children */
function append(parent, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(child instanceof Node ? child : String(child));
  }
}

/** Replace what an element holds. @param {Element} parent @param {...any} children */
export function fill(parent, ...children) {
  parent.replaceChildren();
  append(parent, children);
}

/** @param {string} id @returns {any} */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no element #${id}`);
  return found;
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
  const old = new Map();
  for (const child of list.children) old.set(/** @type {any} */ (child).dataset.key, child);
  const focused = document.activeElement?.closest?.('[data-key]');
  const focusedKey = focused && list.contains(focused) ? /** @type {any} */ (focused).dataset.key : null;
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
    const again = /** @type {any} */ ([...list.children].find((child) => /** @type {any} */ (child).dataset.key === focusedKey));
    (again?.querySelector('button, [tabindex]') ?? again)?.focus();
  }
}

/**
 * Call `fn` once things have been quiet for `delay_ms`.
 * @template {any[]} A
 * @param {(...args: A) => void} fn @param {number} delay_ms @returns {(...args: A) => void}
 */
export function debounce(fn, delay_ms) {
  let timer = 0;
  return (...args) => {
    clearTimeout(timer);
    timer = window.setTimeout(() => fn(...args), delay_ms);
  };
}
