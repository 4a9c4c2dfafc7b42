/** Words of charts, wherever they stand. */

/** @satisfies {import('../words/languages.js').StaffWords} */
export const WORDS = {
  'chart.failed': { zh: '图表未能显示。', en: 'The chart could not be drawn.' },
};
