/** When a device can be had, in words: from the periods that the server told for a week. */

import { language, t } from '../kit/i18n.js';
import { LANGUAGES } from '../words/languages.js';

/** @typedef {import('../types.d.ts').OpeningPeriod} Period */

/**
 * Whether it can be had at a moment; null: not known. What was told ends at `validUntil_ms`.
 * @param {Period[]} periods @param {number} at_ms @param {number} validUntil_ms @returns {boolean|null}
 */
export function openAt(periods, at_ms, validUntil_ms) {
  if (at_ms >= validUntil_ms) return null;
  return periods.findLast((one) => Date.parse(one.from_at) <= at_ms)?.open ?? null;
}

/** @param {number} at_ms @param {string} timeZone */
const dayOf = (at_ms, timeZone) => new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(at_ms);

const DAY_MS = 86_400_000;

/** A moment as one says it: “22:00 today”. @param {number} moment_ms @param {number} now_ms @param {string} timeZone */
function moment(moment_ms, now_ms, timeZone) {
  const tag = LANGUAGES[language()].tag;
  const time = new Intl.DateTimeFormat(tag, { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(moment_ms);
  if (dayOf(moment_ms, timeZone) === dayOf(now_ms, timeZone)) return t('aed.today', { time });
  if (dayOf(moment_ms, timeZone) === dayOf(now_ms + DAY_MS, timeZone)) return t('aed.tomorrow', { time });
  return t('aed.weekday', { time, day: new Intl.DateTimeFormat(tag, { timeZone, weekday: 'long' }).format(moment_ms) });
}

/**
 * The hours in words; '' where nothing more is known than that it is closed.
 * @param {Period[]} periods @param {number} now_ms @param {number} validUntil_ms @param {string} timeZone
 */
export function hoursInWords(periods, now_ms, validUntil_ms, timeZone) {
  const open = openAt(periods, now_ms, validUntil_ms);
  if (open === null) return '';
  const next = periods.find((one) => Date.parse(one.from_at) > now_ms && one.open !== open);
  if (!next) return open ? t('aed.no_closing') : '';
  const when = moment(Date.parse(next.from_at), now_ms, timeZone);
  if (open) return t('aed.until', { when });
  return next.open ? t('aed.opens', { when }) : '';
}
