/** Where each vehicle is drawn now: between its last two reports, so that it glides. */

const GLIDE_MIN_MS = 300;
const GLIDE_MAX_MS = 4000;
/** A jump longer than this is no movement: it is drawn at once. */
const JUMP_DEG = 0.05;

/**
 * @typedef {object} Glide
 * @property {number} fromLon @property {number} fromLat
 * @property {number} lon @property {number} lat
 * @property {number} start_ms @property {number} duration_ms
 */

export class Motion {
  constructor() {
    /** @type {Map<number, Glide>} */
    this.glides = new Map();
    this.lastMoved_ms = 0;
  }

  /** @param {number} unitId @param {number} lon @param {number} lat @param {number} now_ms */
  report(unitId, lon, lat, now_ms) {
    const old = this.glides.get(unitId);
    if (!old) {
      this.glides.set(unitId, { fromLon: lon, fromLat: lat, lon, lat, start_ms: now_ms, duration_ms: 0 });
      this.lastMoved_ms = now_ms;
      return;
    }
    if (old.lon === lon && old.lat === lat) return;
    const [fromLon, fromLat] = this.at(unitId, now_ms) ?? [lon, lat];
    const jump = Math.abs(fromLon - lon) > JUMP_DEG || Math.abs(fromLat - lat) > JUMP_DEG;
    const duration_ms = jump ? 0 : Math.min(GLIDE_MAX_MS, Math.max(GLIDE_MIN_MS, now_ms - old.start_ms));
    this.glides.set(unitId, { fromLon, fromLat, lon, lat, start_ms: now_ms, duration_ms });
    this.lastMoved_ms = Math.max(this.lastMoved_ms, now_ms + duration_ms);
  }

  /** @param {number} unitId @param {number} now_ms @returns {[number, number]|null} */
  at(unitId, now_ms) {
    const glide = this.glides.get(unitId);
    if (!glide) return null;
    const share = glide.duration_ms ? Math.min(1, (now_ms - glide.start_ms) / glide.duration_ms) : 1;
    return [
      glide.fromLon + (glide.lon - glide.fromLon) * share,
      glide.fromLat + (glide.lat - glide.fromLat) * share,
    ];
  }

  /** Whether anything still moves at `now_ms`. @param {number} now_ms */
  moving(now_ms) {
    return now_ms <= this.lastMoved_ms + 300;
  }

  clear() {
    this.glides.clear();
  }
}
