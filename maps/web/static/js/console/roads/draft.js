/** A road condition on its way to the server: drawn, previewed, confirmed. */

import { newKey, post, Problem } from '../../kit/api.js';
import { isoDate, moment_ms, now_ms, shortTime } from '../../kit/clock.js';
import { debounce } from '../../kit/dom.js';
import { code, language, t } from '../../kit/i18n.js';
import { drawingFault, drawnGeometry } from '../../map/shapes.js';
import { noteCutOff, putCondition } from './conditions.js';
import { say, sayProblem } from '../../kit/messages.js';
import { store } from '../state.js';

/** @typedef {'ground'|'bridge'|'tunnel'} Structure */
/** @typedef {'ambulance'|'car'|'motorcycle'|'bicycle'|'walk'} VehicleClass */

/** @type {Structure[]} */
export const STRUCTURES = ['ground', 'bridge', 'tunnel'];
const PREVIEW_MS = 250;
const HOUR_MS = 3_600_000;
const DEFAULT_KMH = 20;
const DEFAULT_DEPTH_CM = 30;

/** @typedef {'closure'|'flood'|'roadworks'} Kind */
/** @typedef {'polygon'|'line'|'edges'} Mode */
/** @typedef {{segment_id: number, name: string|null, geometry: import('../../types.d.ts').LineString|null}} Piece */

/**
 * What the server says it would hit.
 * @typedef {{waiting?: boolean, problem?: Problem, large?: boolean, answer?: import('../../types.d.ts').PreviewShown}} Preview
 */

/**
 * @typedef {object} RoadDraft
 * @property {string} key  Idempotency-Key of the condition it becomes
 * @property {Kind} kind
 * @property {Mode} mode
 * @property {boolean} drawing  clicks on the map belong to it
 * @property {[number, number][]} points
 * @property {Piece[]} pieces  roads picked one by one
 * @property {string} reason
 * @property {Structure[]} structures
 * @property {VehicleClass[]} vehicles  empty: all
 * @property {number} depth_cm
 * @property {number} speed_kmh
 * @property {string|null} begins  wall time; null: now
 * @property {'1h'|'4h'|'day'|'date'|null} ends
 * @property {string} endsDate  wall time
 * @property {Preview|null} preview
 * @property {boolean} sending
 */

/** @param {Kind} kind */
export function beginDraft(kind) {
  store.set({
    tab: 'roads', picking: null, conditionId: null,
    roadDraft: {
      key: newKey(), kind, mode: 'polygon', drawing: true, points: [], pieces: [], reason: '',
      structures: kind === 'flood' ? ['ground', 'tunnel'] : STRUCTURES,
      vehicles: [], depth_cm: DEFAULT_DEPTH_CM, speed_kmh: DEFAULT_KMH, begins: null, ends: null, endsDate: '',
      preview: null, sending: false,
    },
  });
}

export function dropDraft() {
  store.set({ roadDraft: null });
}

/** Change the draft; what the roads it hits depend on is asked anew. @param {Partial<RoadDraft>} values */
export function changeDraft(values) {
  const draft = store.state.roadDraft;
  if (!draft) return;
  const onlyWords = Object.keys(values).every((name) => ['reason', 'sending', 'preview'].includes(name));
  const next = { ...draft, ...values };
  if (!onlyWords) next.preview = !next.drawing && !draftFault(next) ? { waiting: true } : null;
  store.set({ roadDraft: next });
  if (next.preview?.waiting) preview();
}

/** What keeps the drawing from being used, as a key of `road.fault`. @param {RoadDraft} draft */
export function draftFault(draft) {
  if (draft.mode === 'edges') return draft.pieces.length ? null : 'none';
  return drawingFault(draft.mode, draft.points);
}

/** End drawing if the shape can be used; say what is wrong otherwise. */
export function finishDrawing() {
  const draft = store.state.roadDraft;
  if (!draft?.drawing) return;
  const fault = draftFault(draft);
  if (fault) say(t(`road.fault.${fault}`), 'bad');
  else changeDraft({ drawing: false });
}

/** When it ends, NaN while nobody said. @param {RoadDraft} draft */
export function expires_ms(draft) {
  const zone = store.state.city.time_zone;
  const from_ms = starts_ms(draft);
  if (draft.ends === '1h') return from_ms + HOUR_MS;
  if (draft.ends === '4h') return from_ms + 4 * HOUR_MS;
  if (draft.ends === 'day') return endOfDay_ms(from_ms);
  return draft.ends === 'date' ? moment_ms(draft.endsDate, zone) : NaN;
}

/** Midnight after a moment, by the city's clocks. @param {number} at_ms */
export function endOfDay_ms(at_ms) {
  const zone = store.state.city.time_zone;
  return moment_ms(`${isoDate(moment_ms(`${isoDate(at_ms, zone)}T12:00`, zone) + 24 * HOUR_MS, zone)}T00:00`, zone);
}

/** @param {RoadDraft} draft */
const starts_ms = (draft) => (draft.begins === null ? now_ms() : moment_ms(draft.begins, store.state.city.time_zone));

/** @param {number} at_ms */
const iso = (at_ms) => new Date(at_ms).toISOString();

/** What the preview needs. @param {RoadDraft} draft @returns {import('../../types.d.ts').PreviewIn & {kind: Kind}} */
const drawnBody = (draft) => ({
  city_id: store.state.city.city_id,
  kind: draft.kind,
  sketch: {
    drawn: draft.mode,
    ...(draft.mode === 'edges'
      ? { edges: draft.pieces.map((piece) => ({ segment_id: piece.segment_id })) }
      : { geometry: drawnGeometry(draft.mode, draft.points), datum: 'wgs84' }),
    // All three would mean the same as none, and a road that is none of them would be left out.
    structures: draft.structures.length === STRUCTURES.length ? [] : draft.structures,
  },
});

/** @param {RoadDraft} draft */
function bodyOf(draft) {
  const reason = draft.reason.trim() || t(`road.kind.${draft.kind}`);
  return {
    ...drawnBody(draft),
    vehicle_classes: draft.vehicles.length ? draft.vehicles : undefined,
    depth_m: draft.kind === 'flood' ? draft.depth_cm / 100 : undefined,
    speed_kmh: draft.kind === 'roadworks' ? draft.speed_kmh : undefined,
    [language() === 'zh' ? 'reason_zh' : 'reason_en']: reason,
    starts_at: draft.begins === null ? undefined : iso(starts_ms(draft)),
    expires_at: iso(expires_ms(draft)),
    confirmed: Boolean(draft.preview?.large),
  };
}

let asked = 0;

const preview = debounce(async () => {
  const draft = store.state.roadDraft;
  if (!draft?.preview?.waiting) return;
  asked += 1;
  const mine = asked;
  /** @type {Preview} */
  let seen;
  try {
    seen = { answer: await post('/v1/routing/conditions/preview', drawnBody(draft)) };
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    seen = { problem };
  }
  const now = store.state.roadDraft;
  if (mine === asked && now?.key === draft.key && now.preview?.waiting) store.set({ roadDraft: { ...now, preview: seen } });
}, PREVIEW_MS);

/** Whether everything needed is there. @param {RoadDraft} draft */
export function complete(draft) {
  const seen = draft.preview?.answer;
  const ends_ms = expires_ms(draft);
  return !draft.drawing && !draft.sending && seen !== undefined && !draft.preview?.waiting && seen.roads > 0 && !seen.missing_areas.length
    && ends_ms > starts_ms(draft) && draft.structures.length > 0;
}

/** Put it in force. The key stays the same until it is, so that a repeat makes no second one. */
export async function confirmDraft() {
  const draft = store.state.roadDraft;
  if (!draft || !complete(draft)) return;
  changeDraft({ sending: true });
  try {
    const made = await post('/v1/routing/conditions', bodyOf(draft), { key: draft.key });
    if (made.cut_off?.length) noteCutOff(made.condition_id, namesOf(made.cut_off));
    putCondition(made);
    store.set({ roadDraft: null, conditionId: made.condition_id });
    const zone = store.state.city.time_zone;
    const what = code('road.kind', made.kind);
    if (made.cut_off?.length) say(t('road.alert.cut', { names: cutNames(made.cut_off) }), 'bad');
    else if (made.state === 'upcoming') say(t('road.done.planned', { at: shortTime(made.starts_at, zone) }), 'good');
    else say(t('road.done', { what }), 'good');
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    sayProblem(problem);
    // A refused request may be changed and sent again: as another request.
    changeDraft({ sending: false });
    const now = store.state.roadDraft;
    if (!now || problem.temporary) return;
    const large = problem.code === 'condition_too_large';
    store.set({ roadDraft: { ...now, key: newKey(), preview: large ? { ...now.preview, large } : now.preview } });
  }
}

/** @param {import('../../types.d.ts').CutOffView[]} places @returns {string[]} */
const namesOf = (places) => places.map((place) => (language() === 'zh' && place.name_zh) || place.name || '–');

/** @param {import('../../types.d.ts').CutOffView[]} places */
export const cutNames = (places) => namesOf(places).join(language() === 'zh' ? '、' : ', ');
