/** Metres on the ground, and the map programs of a phone. */

import { t } from '../kit/i18n.js';

/** @typedef {{lon: number, lat: number}} Point */

const EARTH_RADIUS_M = 6_371_008.8;
const radians = Math.PI / 180;

/** The straight line between two points in metres (haversine). @param {Point} a @param {Point} b */
export function straightLine(a, b) {
  const half = Math.sin(((b.lat - a.lat) * radians) / 2) ** 2
    + Math.cos(a.lat * radians) * Math.cos(b.lat * radians) * Math.sin(((b.lon - a.lon) * radians) / 2) ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.sqrt(half));
}

/**
 * The device in the programs of a phone; each is told the place in the datum that it takes.
 * @param {import('../types.d.ts').NearAed} aed @param {string} name @returns {{word: string, href: string}[]}
 */
export function mapApps(aed, name) {
  const label = encodeURIComponent(name);
  const apple = /iPhone|iPad|Macintosh/.test(navigator.userAgent);
  const apps = [apple
    ? { word: t('aed.app.apple'), href: `maps://?daddr=${aed.lat},${aed.lon}&dirflg=w` }
    : { word: t('aed.app.any'), href: `geo:${aed.lat},${aed.lon}?q=${aed.lat},${aed.lon}(${label})` }];
  if (aed.gcj02) {
    const [lon, lat] = aed.gcj02;
    const start = apple ? 'iosamap' : 'androidamap';
    apps.push({ word: t('aed.app.amap'), href: `${start}://viewMap?sourceApplication=GoldenHour&poiname=${label}&lat=${lat}&lon=${lon}&dev=0` });
  }
  if (aed.bd09) {
    const [lon, lat] = aed.bd09;
    apps.push({ word: t('aed.app.baidu'), href: `baidumap://map/marker?location=${lat},${lon}&title=${label}&content=AED&coord_type=bd09ll&src=GoldenHour` });
  }
  return apps;
}
