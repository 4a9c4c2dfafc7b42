/** A mark (shape, letter and colour together) as a component. */

import { letterY, PATHS } from '../symbols.js';
import { html } from '../view.js';

/** @param {{mark: import('../symbols.js').Mark, size?: number, title?: string, hollow?: boolean}} props */
export const Mark = ({ mark, size = 22, title = '', hollow = false }) => html`
  <svg viewBox="0 0 24 24" width=${size} height=${size} class="mark" role="img" aria-label=${title || mark.letter}>
    <path d=${PATHS[mark.shape]} fill=${hollow ? '#ffffff' : mark.colour} stroke=${hollow ? mark.colour : 'rgba(0,0,0,0.55)'} stroke-width=${hollow ? 2 : 1} />
    <text x="12" y=${letterY(mark.shape)} text-anchor="middle" dominant-baseline="central" font-size="12" font-weight="700" fill=${hollow ? '#1b1b1b' : mark.ink}>${mark.letter}</text>
  </svg>`;
