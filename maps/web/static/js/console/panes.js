/** Borders between queue, map and side: moved by pointer or keys, remembered at this workstation. */

import { byId } from '../kit/dom.js';
import { onAppearance, t } from '../kit/i18n.js';
import { rememberDeskText, rememberPane, settings } from '../kit/settings.js';

const STEP_PX = 16;
/** So much of the map stays, however wide the others are. */
const MAP_PX = 180;

/** @typedef {{name: 'queue'|'side', other: 'queue'|'side', grows: 1|-1, least_px: number}} Border  `grows`: the direction of the pointer that widens */

const BORDERS = /** @type {Border[]} */ ([
  { name: 'queue', other: 'side', grows: 1, least_px: 200 },
  { name: 'side', other: 'queue', grows: -1, least_px: 320 },
]);

/** @param {string} name */
const pane = (name) => /** @type {HTMLElement} */ (document.querySelector(`.desk > .${name}`));

/** @param {Border} border */
function startBorder({ name, other, grows, least_px }) {
  const bar = byId(`border-${name}`);
  const width = () => pane(name).offsetWidth;
  const most = () => Math.max(least_px, innerWidth - pane(other).offsetWidth - MAP_PX);

  function tell() {
    bar.setAttribute('aria-label', t(`pane.${name}`));
    bar.setAttribute('aria-valuemin', String(least_px));
    bar.setAttribute('aria-valuemax', String(most()));
    bar.setAttribute('aria-valuenow', String(width()));
  }

  /** @param {number|null} wanted_px  null: the usual width */
  function set(wanted_px) {
    const px = wanted_px === null ? null : Math.round(Math.min(most(), Math.max(least_px, wanted_px)));
    if (px === null) document.body.style.removeProperty(`--${name}-width`);
    else document.body.style.setProperty(`--${name}-width`, `${px}px`);
    rememberPane(name, px);
    tell();
  }

  bar.addEventListener('pointerdown', (event) => {
    const [from, start] = [event.clientX, width()];
    bar.setPointerCapture(event.pointerId);
    const move = (/** @type {PointerEvent} */ at) => set(start + grows * (at.clientX - from));
    bar.addEventListener('pointermove', move);
    bar.addEventListener('lostpointercapture', () => bar.removeEventListener('pointermove', move), { once: true });
  });
  bar.addEventListener('dblclick', () => set(null));
  bar.addEventListener('keydown', (event) => {
    const step = (event.shiftKey ? 4 : 1) * STEP_PX;
    if (event.key === 'ArrowLeft') set(width() - grows * step);
    else if (event.key === 'ArrowRight') set(width() + grows * step);
    else if (event.key === 'Home') set(null);
    else return;
    event.preventDefault();
    event.stopPropagation(); // arrows mean something else to the queue
  });
  if (settings.panes[name]) set(settings.panes[name]);
  addEventListener('resize', () => (settings.panes[name] ? set(settings.panes[name]) : tell()));
  onAppearance(tell);
  tell();
}

/** The panes' text in the size that was chosen; the map keeps its own. @param {number} percent */
export function sizeText(percent) {
  rememberDeskText(percent);
  document.body.style.setProperty('--text-scale', String(percent / 100));
  dispatchEvent(new Event('resize')); // the usual widths go with it
}

export function startPanes() {
  sizeText(settings.deskText);
  for (const border of BORDERS) startBorder(border);
}
