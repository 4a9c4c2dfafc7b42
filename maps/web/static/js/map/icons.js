/** Map icons drawn on canvas the moment the map asks for one: no sprite file, any pixel ratio. */

import { COLOURS, letterY, PATHS, PRIORITY, ROAD_MARK, UNIT_MARK } from '../kit/symbols.js';

/** @typedef {import('../kit/symbols.js').Mark} Mark */

const BOX = 24;

/** @param {number} size_px @param {(context: CanvasRenderingContext2D) => void} draw  draws in a box of 24 */
function drawn(size_px, draw) {
  const ratio = Math.max(2, Math.ceil(window.devicePixelRatio || 1));
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size_px * ratio;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  context.scale(canvas.width / BOX, canvas.height / BOX);
  draw(context);
  return { image: context.getImageData(0, 0, canvas.width, canvas.height), pixelRatio: ratio };
}

/** @param {CanvasRenderingContext2D} context @param {string} text @param {string} colour @param {number} y @param {number} [size] */
function letter(context, text, colour, y, size = 11.5) {
  context.fillStyle = colour;
  context.font = `700 ${size}px "Noto Sans", "Segoe UI", "Helvetica Neue", sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(text, 12, y);
}

/** @param {Mark} mark @param {boolean} hollow @param {number} size_px */
function markImage(mark, hollow, size_px) {
  return drawn(size_px, (context) => {
    context.translate(1.6, 1.6);
    context.scale(20.8 / BOX, 20.8 / BOX);
    const path = new Path2D(PATHS[mark.shape]);
    context.lineJoin = 'round';
    context.lineWidth = 3.4;
    context.strokeStyle = '#ffffff';
    context.stroke(path);
    context.fillStyle = hollow ? '#ffffff' : mark.colour;
    context.fill(path);
    context.lineWidth = hollow ? 2.4 : 1.2;
    context.strokeStyle = hollow ? mark.colour : 'rgba(0,0,0,0.65)';
    if (hollow) context.setLineDash([3.2, 2]);
    context.stroke(path);
    letter(context, mark.letter, hollow ? '#1b1b1b' : mark.ink, letterY(mark.shape), 12.5);
  });
}

/** An arrow that stands so far from the middle of a unit's mark, towards where it heads. */
export const ARROW_FROM_PX = 15.6;
/** Its picture holds the arrow alone: a large one round the whole mark is mostly empty, and blended pixel by pixel. */
const ARROW_PX = 18;

/** @param {string} colour */
function headingImage(colour) {
  return drawn(ARROW_PX, (context) => {
    context.translate(12, 12);
    context.scale(44 / ARROW_PX, 44 / ARROW_PX);
    context.beginPath();
    context.moveTo(0, -2.7);
    context.lineTo(3.4, 2.7);
    context.lineTo(0, 1.5);
    context.lineTo(-3.4, 2.7);
    context.closePath();
    context.lineJoin = 'round';
    context.lineWidth = 1.6;
    context.strokeStyle = '#ffffff';
    context.stroke();
    context.fillStyle = colour;
    context.fill();
  });
}

/** @param {string} text @param {string} fill @param {string} ink @param {'circle'|'square'} shape */
function placeImage(text, fill, ink, shape) {
  return drawn(20, (context) => {
    const path = new Path2D(shape === 'circle' ? 'M12 2.5a9.5 9.5 0 1 1 0 19 9.5 9.5 0 0 1 0-19z' : 'M4.5 3h15A1.5 1.5 0 0 1 21 4.5v15a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 19.5v-15A1.5 1.5 0 0 1 4.5 3z');
    context.lineWidth = 2;
    context.strokeStyle = ink === '#ffffff' ? '#ffffff' : ink;
    context.fillStyle = fill;
    context.fill(path);
    context.stroke(path);
    letter(context, text, ink, 12.4, text.length > 1 ? 9 : 13);
  });
}

function aedImage() {
  return drawn(20, (context) => {
    const heart = new Path2D('M12 21C5 15.6 2 12.4 2 8.6 2 5.6 4.3 3.4 7 3.4c2 0 3.8 1.1 5 3 1.2-1.9 3-3 5-3 2.7 0 5 2.2 5 5.2 0 3.8-3 7-10 12.4z');
    context.lineWidth = 1.8;
    context.strokeStyle = '#ffffff';
    context.fillStyle = '#00785a';
    context.stroke(heart);
    context.fill(heart);
    context.fillStyle = '#ffffff';
    context.fill(new Path2D('M13.4 5.6 8 12.4h3.4l-1 5 5.6-7h-3.5z'));
  });
}

function onewayImage() {
  return drawn(16, (context) => {
    context.strokeStyle = '#6d777f';
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(3, 12);
    context.lineTo(20, 12);
    context.moveTo(14, 7);
    context.lineTo(20, 12);
    context.lineTo(14, 17);
    context.stroke();
  });
}

const HATCH = /** @type {Record<string, {ground: string, stripe: string, gap: number}>} */ ({
  closure: { ground: '#ffffff', stripe: '#d55e00', gap: 8 },
  roadworks: { ground: '#2b2b2b', stripe: '#f0e442', gap: 8 },
});

/** Slanted stripes that fit onto themselves, for lines along roads. @param {{ground: string, stripe: string, gap: number}} hatch */
function hatchImage({ ground, stripe, gap }) {
  return drawn(gap * 2, (context) => {
    context.fillStyle = ground;
    context.fillRect(0, 0, BOX, BOX);
    context.strokeStyle = stripe;
    context.lineWidth = BOX * 0.42;
    for (const shift of [-BOX, 0, BOX]) {
      context.beginPath();
      context.moveTo(shift - 2, BOX + 2);
      context.lineTo(shift + BOX + 2, -2);
      context.stroke();
    }
  });
}

/** Icons of places, by the names the style uses. */
const PLACES = /** @type {Record<string, () => {image: ImageData, pixelRatio: number}>} */ ({
  'place-hospital-ed': () => placeImage('H', '#ffffff', '#8c2d04', 'square'),
  'place-hospital': () => placeImage('H', '#ffffff', '#57626b', 'square'),
  'place-clinic': () => placeImage('+', '#ffffff', '#57626b', 'circle'),
  'place-station': () => placeImage('S', '#3f4a52', '#ffffff', 'square'),
  'place-aed': aedImage,
  'place-me': () => placeImage('', COLOURS.blue, '#ffffff', 'circle'),
  oneway: onewayImage,
});

/** @param {string} name @returns {{image: ImageData, pixelRatio: number}|null} */
export function icon(name) {
  if (name in PLACES) return PLACES[name]();
  const [kind, key, form] = name.split(':');
  if (kind === 'unit' && key in UNIT_MARK) return markImage(UNIT_MARK[key], form === 'stale', 24);
  if (kind === 'heading' && key in UNIT_MARK) return headingImage(UNIT_MARK[key].colour);
  if (kind === 'incident' && key in PRIORITY) return markImage(PRIORITY[key], form === 'unconfirmed', 32);
  if (kind === 'road' && key in ROAD_MARK) return markImage(ROAD_MARK[key], form === 'planned', 26);
  if (kind === 'hatch' && key in HATCH) return hatchImage(HATCH[key]);
  return null;
}

/** Let the map have its icons as it asks for them. @param {import('./base.js').CityMap} map */
export function provideIcons(map) {
  map.setMissingStyleImageResolver((/** @type {string} */ name) => {
    const made = map.hasImage(name) ? null : icon(name);
    if (made) map.addImage(name, made.image, { pixelRatio: made.pixelRatio });
  });
}
