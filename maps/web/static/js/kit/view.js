/** What the new pages are written with: preact, htm and signals under one name. */

import htm from 'htm';
import { h } from 'preact';
import { signal } from '@preact/signals';
import { onAppearance, onLanguageAsked } from './i18n.js';

export { createContext, render } from 'preact';
export { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
export { batch, computed, effect, signal, untracked, useComputed, useSignal, useSignalEffect } from '@preact/signals';

/** @typedef {import('preact').ComponentChildren} Children */
/** @typedef {import('preact').VNode<any>} View */
/** @template T @typedef {import('@preact/signals').Signal<T>} Signal */
/** @template T @typedef {import('@preact/signals').ReadonlySignal<T>} ReadonlySignal */

/** Markup: html`<p class="faint">${text}</p>`; components as <${Name} …/>.
 * @type {(strings: TemplateStringsArray, ...values: any[]) => any} */
export const html = htm.bind(h);

/** Counts changes of language, theme and text size: whatever shows a text draws itself anew. */
export const appearance = signal(0);
onAppearance(() => { appearance.value += 1; });
onLanguageAsked(() => void appearance.value);

/** A value that may be a signal. @template T @param {T|ReadonlySignal<T>} value @returns {T} */
export const valueOf = (value) =>
  (value && typeof value === 'object' && 'peek' in value ? /** @type {ReadonlySignal<T>} */ (value).value : /** @type {T} */ (value));
