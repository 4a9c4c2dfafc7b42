/** The medical emergency number of a place, by its time zone; none is better than a wrong one. */

/** @type {[RegExp, string][]} */
const NUMBERS = [
  [/^Asia\/(Shanghai|Urumqi|Chongqing|Harbin|Kashgar)$/, '120'],
  [/^America\/(Santiago|Punta_Arenas|Coyhaique)$/, '131'],
  [/^Europe\/(Vaduz|Zurich)$/, '144'],
  [/^Europe\/(Berlin|Helsinki|Paris|Madrid|Rome|Vienna|Amsterdam|Brussels|Copenhagen|Stockholm|Dublin|Lisbon|Warsaw|Prague|Athens)$/, '112'],
  [/^Pacific\/Auckland$/, '111'],
  [/^Asia\/Taipei$/, '119'],
  [/^America\/(New_York|Chicago|Denver|Los_Angeles|Toronto|Vancouver)$/, '911'],
];

/** @param {string|undefined} timeZone @returns {string|null} */
export const emergencyNumber = (timeZone) => NUMBERS.find(([zone]) => zone.test(timeZone ?? ''))?.[1] ?? null;
