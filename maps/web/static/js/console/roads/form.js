/** The form of a new closure, flood or roadworks: draw, say until when, see what it hits, confirm. */

import { now_ms, wallTime } from '../../kit/clock.js';
import { fill, h } from '../../kit/dom.js';
import { code, language, sentence, t } from '../../kit/i18n.js';
import { markSvg, ROAD_MARK } from '../../kit/symbols.js';
import { changeDraft, complete, confirmDraft, cutNames, draftFault, dropDraft, STRUCTURES } from './draft.js';
import { store } from '../state.js';

/** @type {import('./draft.js').VehicleClass[]} */
const VEHICLE_CLASSES = ['ambulance', 'car', 'motorcycle', 'bicycle', 'walk'];
const MODES = /** @type {const} */ (['polygon', 'line', 'edges']);
const ENDS = /** @type {const} */ (['1h', '4h', 'day', 'date']);

/** @template T @param {T[]} list @param {T} item @returns {T[]} */
const toggled = (list, item) => (list.includes(item) ? list.filter((one) => one !== item) : [...list, item]);

/** A button that is pressed or not. @param {boolean} pressed @param {string} text @param {() => void} onclick @param {string} testid */
const choice = (pressed, text, onclick, testid) =>
  h('button', { class: 'choice', 'aria-pressed': String(pressed), 'data-testid': testid, onclick }, text);

/** @param {string} title @param {import('../../kit/dom.js').Child[]} children */
const group = (title, children) => h('fieldset', { class: 'choices' }, h('legend', {}, title), children);

/** @returns {{root: HTMLElement, update: (draft: import('./draft.js').RoadDraft) => void}} */
export function roadForm() {
  const head = h('div', { class: 'row' });
  const where = h('div');
  const reason = h('input', {
    id: 'road-reason', autocomplete: 'off', maxlength: 300, 'data-testid': 'road-reason',
    oninput: (/** @type {import('../../kit/dom.js').FieldEvent} */ event) => changeDraft({ reason: event.target.value }),
  });
  const reasonLabel = h('label', { for: 'road-reason' });
  const number = h('input', { type: 'number', class: 'narrow', id: 'road-number', 'data-testid': 'road-number', oninput: numberTyped });
  const numberLabel = h('label', { for: 'road-number' });
  const numberRow = h('div', { class: 'row' }, numberLabel, number);
  const choices = h('div');
  const begins = h('input', { type: 'datetime-local', 'data-testid': 'road-begins-at', onchange: (/** @type {import('../../kit/dom.js').FieldEvent} */ event) => changeDraft({ begins: event.target.value || null }) });
  const ends = h('div');
  const endsDate = h('input', { type: 'datetime-local', 'data-testid': 'road-ends-at', onchange: (/** @type {import('../../kit/dom.js').FieldEvent} */ event) => changeDraft({ endsDate: event.target.value }) });
  const seen = h('div', { 'aria-live': 'polite', 'data-testid': 'road-preview' });
  const confirm = h('button', { class: 'primary grow', 'data-testid': 'road-confirm', onclick: () => void confirmDraft() });
  const cancel = h('button', { onclick: dropDraft });
  const root = h('section', { class: 'road-form', 'data-testid': 'road-form' },
    head, where, h('div', {}, reasonLabel, reason), numberRow, choices, begins, ends, endsDate, seen, h('div', { class: 'row' }, cancel, confirm));

  /** @param {import('../../kit/dom.js').FieldEvent} event */
  function numberTyped(event) {
    const value = event.target.valueAsNumber;
    if (!Number.isFinite(value) || value <= 0) return;
    changeDraft(store.state.roadDraft?.kind === 'flood' ? { depth_cm: value } : { speed_kmh: value });
  }

  /** @param {import('./draft.js').RoadDraft} draft */
  function drawWhere(draft) {
    const fault = draftFault(draft);
    fill(where, group(t('road.draw'), [
      ...MODES.map((mode) => choice(draft.mode === mode, t(`road.draw.${mode}`), () => changeDraft({ mode, drawing: true, points: [], pieces: [] }), `road-draw-${mode}`)),
      !draft.drawing && h('button', { class: 'quiet', 'data-testid': 'road-draw-again', onclick: () => changeDraft({ drawing: true, points: [], pieces: [] }) }, t('road.draw.again')),
    ]), draft.drawing
      ? h('p', { class: 'faint small' }, t(`road.hint.${draft.mode}`))
      : fault && h('p', { class: 'notice warn' }, t(`road.fault.${fault}`)));
  }

  /** @param {import('./draft.js').RoadDraft} draft */
  function drawChoices(draft) {
    fill(choices,
      group(t('road.layer'), STRUCTURES.map((one) => choice(draft.structures.includes(one), t(`road.structure.${one}`), () => changeDraft({ structures: toggled(draft.structures, one) }), `road-structure-${one}`))),
      draft.kind !== 'flood' && group(t('road.vehicles'), [
        choice(draft.vehicles.length === 0, t('road.vehicles.all'), () => changeDraft({ vehicles: [] }), 'road-vehicles-all'),
        ...VEHICLE_CLASSES.map((one) => choice(draft.vehicles.includes(one), t(`road.class.${one}`), () => changeDraft({ vehicles: toggled(draft.vehicles, one) }), `road-vehicles-${one}`)),
      ]),
      group(t('road.begins'), [
        choice(draft.begins === null, t('road.begins.now'), () => changeDraft({ begins: null }), 'road-begins-now'),
        choice(draft.begins !== null, t('road.begins.later'), () => changeDraft({ begins: wallTime(now_ms() + 3_600_000, store.state.city.time_zone) }), 'road-begins-later'),
      ]));
    begins.hidden = draft.begins === null;
    if (draft.begins !== null && begins.value !== draft.begins) begins.value = draft.begins;
  }

  /** @param {import('./draft.js').RoadDraft} draft */
  function drawEnds(draft) {
    fill(ends, group(t('road.ends'), ENDS.map((one) => choice(draft.ends === one, t(`road.ends.${one}`), () => {
      const zone = store.state.city.time_zone;
      changeDraft(one === 'date' && !draft.endsDate ? { ends: one, endsDate: wallTime(now_ms() + 24 * 3_600_000, zone) } : { ends: one });
    }, `road-ends-${one}`))));
    endsDate.hidden = draft.ends !== 'date';
    if (endsDate.value !== draft.endsDate) endsDate.value = draft.endsDate;
  }

  /** @param {import('./draft.js').RoadDraft} draft */
  function drawPreview(draft) {
    const { preview } = draft;
    if (!preview) return fill(seen);
    if (preview.waiting) return fill(seen, h('p', { class: 'faint' }, t('road.preview.waiting')));
    if (preview.problem) return fill(seen, h('p', { class: 'notice bad' }, sentence(preview.problem)));
    const { answer } = preview;
    if (!answer?.roads) return fill(seen, h('p', { class: 'notice warn' }, t('road.preview.nothing')));
    return fill(seen,
      h('p', { class: 'notice' }, h('b', {}, t('road.preview', { pieces: answer.roads, streets: answer.street_count })), ' ', h('span', {}, streetNames(answer))),
      answer.missing_areas.length > 0 && h('p', { class: 'notice bad', role: 'alert' }, t('road.preview.authority', { areas: answer.missing_areas.join(' ') })),
      answer.cut_off.length > 0 && h('p', { class: 'notice bad', role: 'alert', 'data-testid': 'road-preview-cut' }, `⚠ ${t('road.preview.cut', { names: cutNames(answer.cut_off) })}`));
  }

  return {
    root,
    update(draft) {
      fill(head, markSvg(ROAD_MARK[draft.kind], { size: 26 }), h('h3', { class: 'grow' }, code('road.kind', draft.kind)));
      drawWhere(draft);
      reasonLabel.textContent = t('road.reason');
      reason.placeholder = t('road.reason.hint');
      if (document.activeElement !== reason && reason.value !== draft.reason) reason.value = draft.reason;
      numberRow.hidden = draft.kind === 'closure';
      numberLabel.textContent = t(draft.kind === 'flood' ? 'road.flood_depth' : 'road.speed_kmh');
      const shown = String(draft.kind === 'flood' ? draft.depth_cm : draft.speed_kmh);
      if (document.activeElement !== number && number.value !== shown) number.value = shown;
      drawChoices(draft);
      drawEnds(draft);
      drawPreview(draft);
      confirm.disabled = !complete(draft);
      confirm.textContent = t(draft.preview?.answer?.cut_off.length || draft.preview?.large ? 'road.confirm.cut' : 'road.confirm');
      cancel.textContent = t('cancel');
    },
  };
}

const NAMED = 3;

/** The first streets by name, and how many more. @param {{streets: import('../../types.d.ts').Street[], street_count: number}} row */
export function streetNames(row) {
  const zh = language() === 'zh';
  const names = row.streets.map((street) => (zh ? street.name_zh : street.name_en) || street.name);
  if (!names.length) return t('road.streets.none');
  const listed = names.slice(0, NAMED).join(zh ? '、' : ', ');
  const count = row.street_count;
  return count > NAMED ? `${listed} ${t('road.streets.more', { n: zh ? count : count - NAMED })}` : listed;
}
