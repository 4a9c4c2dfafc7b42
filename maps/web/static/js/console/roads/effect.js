/** What a road condition does to traffic, in a few words. */

import { t } from '../../kit/i18n.js';

/** @param {import('../../types.d.ts').ConditionShown} condition */
export function effectOf(condition) {
  if (condition.depth_m) return t('road.depth', { depth: Math.round(condition.depth_m * 100) });
  if (condition.speed_kmh) return t('road.speed', { speed: Math.round(condition.speed_kmh) });
  if (condition.speed_factor) return t('road.factor', { share: Math.round(condition.speed_factor * 100) });
  return '';
}
