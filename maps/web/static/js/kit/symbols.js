/** Okabe–Ito colours and the shapes that go with them: colour never stands alone. */

export const COLOURS = {
  black: '#000000', orange: '#e69f00', sky: '#56b4e9', green: '#009e73', yellow: '#f0e442',
  blue: '#0072b2', vermillion: '#d55e00', purple: '#cc79a7', grey: '#8a939a',
};

/**
 * @typedef {object} Mark
 * @property {string} shape
 * @property {string} colour
 * @property {string} ink
 * @property {string} letter
 */

/** Incident priorities. @type {Record<string, Mark>} */
export const PRIORITY = {
  C1: { shape: 'diamond', colour: COLOURS.vermillion, ink: '#ffffff', letter: '1' },
  C2: { shape: 'triangle', colour: COLOURS.orange, ink: '#1b1b1b', letter: '2' },
  C3: { shape: 'circle', colour: COLOURS.sky, ink: '#1b1b1b', letter: '3' },
  C4: { shape: 'square', colour: COLOURS.grey, ink: '#111111', letter: '4' },
  none: { shape: 'circle', colour: '#ffffff', ink: '#1b1b1b', letter: '?' },
};

/** Unit states, grouped as a dispatcher thinks of them. @type {Record<string, Mark>} */
export const UNIT_MARK = {
  available: { shape: 'circle', colour: COLOURS.green, ink: '#ffffff', letter: 'A' },
  notified: { shape: 'square', colour: COLOURS.yellow, ink: '#1b1b1b', letter: 'N' },
  en_route: { shape: 'shield', colour: COLOURS.blue, ink: '#ffffff', letter: 'E' },
  on_scene: { shape: 'hexagon', colour: COLOURS.purple, ink: '#1b1b1b', letter: 'S' },
  transporting: { shape: 'pentagon', colour: COLOURS.sky, ink: '#1b1b1b', letter: 'T' },
  at_hospital: { shape: 'square', colour: COLOURS.purple, ink: '#1b1b1b', letter: 'H' },
  off: { shape: 'circle', colour: COLOURS.grey, ink: '#111111', letter: '×' },
};

/** Road conditions by kind. @type {Record<string, Mark>} */
export const ROAD_MARK = {
  closure: { shape: 'octagon', colour: COLOURS.vermillion, ink: '#ffffff', letter: '✕' },
  flood: { shape: 'drop', colour: COLOURS.blue, ink: '#ffffff', letter: 'F' },
  roadworks: { shape: 'barrier', colour: COLOURS.yellow, ink: '#1b1b1b', letter: 'W' },
  speed: { shape: 'barrier', colour: COLOURS.grey, ink: '#111111', letter: 'V' },
  contraflow_permit: { shape: 'barrier', colour: COLOURS.sky, ink: '#1b1b1b', letter: '⇄' },
};

/** A position older than this is drawn hollow: dispatchers ask for fixes under five minutes. */
export const STALE_AFTER_S = 300;

/** Outline of a shape in a box of 24 around (12, 12). */
export const PATHS = /** @type {Record<string, string>} */ ({
  diamond: 'M12 1 23 12 12 23 1 12z',
  triangle: 'M12 1.5 23 21.5H1z',
  circle: 'M12 2a10 10 0 1 1 0 20 10 10 0 0 1 0-20z',
  square: 'M3 3h18v18H3z',
  hexagon: 'M7 2.5h10L22.5 12 17 21.5H7L1.5 12z',
  pentagon: 'M12 1.5 23 9.6 18.8 22H5.2L1 9.6z',
  octagon: 'M7.5 1.5h9l6 6v9l-6 6h-9l-6-6v-9z',
  drop: 'M12 .8C16.5 6.5 20.5 10.5 20.5 15a8.5 8.5 0 0 1-17 0C3.5 10.5 7.5 6.5 12 .8z',
  barrier: 'M1 5.5h22v13H1z',
  shield: 'M2.5 3h19v9.5C21.5 18 17 21 12 23 7 21 2.5 18 2.5 12.5z',
});

/** Where the letter sits. @param {string} shape */
export const letterY = (shape) => (shape === 'triangle' ? 15.4 : shape === 'pentagon' ? 13.2 : shape === 'drop' ? 14.6 : 12.2);

const SVG = 'http://www.w3.org/2000/svg';

/** A mark as inline SVG. @param {Mark} mark @param {{size?: number, title?: string, hollow?: boolean}} [how] */
export function markSvg(mark, { size = 22, title = '', hollow = false } = {}) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('width', String(size));
  svg.setAttribute('height', String(size));
  svg.setAttribute('class', 'mark');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', title || mark.letter);
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', PATHS[mark.shape]);
  path.setAttribute('fill', hollow ? '#ffffff' : mark.colour);
  path.setAttribute('stroke', hollow ? mark.colour : 'rgba(0,0,0,0.55)');
  path.setAttribute('stroke-width', hollow ? '2' : '1');
  const text = document.createElementNS(SVG, 'text');
  text.setAttribute('x', '12');
  text.setAttribute('y', String(letterY(mark.shape)));
  text.setAttribute('text-anchor', 'middle');
  text.setAttribute('dominant-baseline', 'central');
  text.setAttribute('font-size', '12');
  text.setAttribute('font-weight', '700');
  text.setAttribute('fill', hollow ? '#1b1b1b' : mark.ink);
  text.textContent = mark.letter;
  svg.append(path, text);
  return svg;
}
