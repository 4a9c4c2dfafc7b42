/** A map as a picture that stands alone: title, legend, source, and the mark of what is not recorded. */

import { MARKS } from '../kit/provenance.js';

const FONT = '"Noto Sans", "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", system-ui, sans-serif';

/** What the map shows now, as a canvas. @param {import('./base.js').CityMap} map @returns {Promise<HTMLCanvasElement>} */
export const canvasOf = (map) => new Promise((resolve) => {
  map.once('render', () => {
    const { width, height } = map.getCanvas();
    const copy = document.createElement('canvas');
    Object.assign(copy, { width, height });
    copy.getContext('2d')?.drawImage(map.getCanvas(), 0, 0);
    resolve(copy);
  });
  map.triggerRepaint();
});

/**
 * @param {{image: HTMLCanvasElement, right?: {image: HTMLCanvasElement, from: number}|null, ratio: number, title: string,
 *   legend: {title: string, note: string, lines: {colour: string, text: string, shape: string}[]}[], source: string,
 *   provenance: import('../kit/provenance.js').Provenance}} what  `from`: the part of the width at which the right one begins
 * @returns {Promise<Blob>}
 */
export function picture({ image, right, ratio, title, legend, source, provenance }) {
  const unit = ratio;
  const panel = 260 * unit;
  const head = 46 * unit;
  const foot = 30 * unit;
  const canvas = document.createElement('canvas');
  const lines = legend.reduce((n, one) => n + 4 + one.lines.length, 0);
  canvas.width = image.width + panel;
  canvas.height = Math.max(image.height + head + foot, head + foot + lines * 22 * unit);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, head);
  if (right) {
    const from = Math.round(right.image.width * right.from);
    context.drawImage(right.image, from, 0, right.image.width - from, right.image.height, from, head, right.image.width - from, right.image.height);
    context.fillStyle = '#ffffff';
    context.fillRect(from - unit, head, 2 * unit, image.height);
  }
  const write = (/** @type {string} */ text, /** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ size, weight = 400, colour = '#1c2329', width = Infinity) => {
    context.font = `${weight} ${size * unit}px ${FONT}`;
    context.fillStyle = colour;
    let shown = text;
    while (shown.length > 1 && context.measureText(shown).width > width) shown = `${shown.slice(0, -2)}…`;
    context.fillText(shown, x, y);
  };
  write(title, 14 * unit, 30 * unit, 18, 700, '#1c2329', canvas.width - 28 * unit);
  let y = head + 20 * unit;
  const x = image.width + 16 * unit;
  for (const one of legend) {
    write(one.title, x, y, 13, 700, '#1c2329', panel - 28 * unit);
    y += 18 * unit;
    for (const part of one.note.split(' · ').filter(Boolean)) {
      write(part, x, y, 11, 400, '#505b64', panel - 28 * unit);
      y += 16 * unit;
    }
    y += 4 * unit;
    for (const line of one.lines) {
      context.fillStyle = line.colour;
      context.strokeStyle = '#505b64';
      context.fillRect(x, y - 11 * unit, 16 * unit, 13 * unit);
      context.strokeRect(x, y - 11 * unit, 16 * unit, 13 * unit);
      if (line.shape.length <= 2) {
        context.textAlign = 'center';
        write(line.shape, x + 8 * unit, y, 11, 700, '#ffffff');
        context.textAlign = 'start';
      }
      write(line.text, x + 24 * unit, y, 12, 400, '#1c2329', panel - 56 * unit);
      y += 20 * unit;
    }
    y += 10 * unit;
  }
  write(source, 14 * unit, canvas.height - 11 * unit, 11, 400, '#505b64', canvas.width - 28 * unit);
  if (provenance !== 'recorded') {
    const mark = MARKS[provenance];
    context.font = `800 ${22 * unit}px ${FONT}`;
    const width = context.measureText(mark).width;
    context.fillStyle = 'rgba(255, 255, 255, 0.85)';
    context.fillRect((image.width - width) / 2 - 12 * unit, head + 10 * unit, width + 24 * unit, 36 * unit);
    write(mark, (image.width - width) / 2, head + 36 * unit, 22, 800, '#8a3f66');
  }
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture is too large for this browser'))), 'image/png');
  });
}
