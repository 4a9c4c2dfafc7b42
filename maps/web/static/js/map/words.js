/** Words of maps that are fed by the layer catalogue. */

/** @satisfies {import('../words/languages.js').StaffWords} */
export const WORDS = {
  'catalogue.layers': { zh: '图层', en: 'Layers' },
  'catalogue.none': { zh: '没有您可以查看的图层。', en: 'There is no layer that you may see.' },
  'catalogue.legend': { zh: '图例', en: 'Legend' },
  'catalogue.opacity': { zh: '{layer}：不透明度', en: '{layer}: opacity' },
  'catalogue.time': { zh: '{layer}：时间', en: '{layer}: time' },
  'catalogue.now': { zh: '现在', en: 'now' },
  'catalogue.as_of': { zh: '截至 {at}', en: 'as of {at}' },
  'catalogue.people': { zh: '{base}，{year}年', en: '{base}, {year}' },
  'catalogue.people.unknown': { zh: '{base}，年份不详', en: '{base}, year not stated' },
  'catalogue.zoom_in': { zh: '放大地图后显示', en: 'shown after zooming in' },
  'catalogue.compare': { zh: '左右对比', en: 'Compare' },
  'catalogue.compare.hint': { zh: '分界线右侧只显示：', en: 'Right of the line only:' },
  'catalogue.compare.none': { zh: '不对比', en: 'no comparison' },
  'catalogue.compare.line': { zh: '分界线位置', en: 'Place of the dividing line' },
  'catalogue.export': { zh: '下载', en: 'Download' },
  'catalogue.export.png': { zh: '图片 PNG', en: 'Picture, PNG' },
  'catalogue.export.view': { zh: '仅当前视野', en: 'Only what is in view' },
  'catalogue.feature': { zh: '要素', en: 'Feature' },
  'catalogue.map': { zh: '地图。按 Enter 查看中心处的要素', en: 'Map. Enter shows what is at its centre' },
  'catalogue.attribution': { zh: '来源', en: 'Source' },
  'catalogue.yes': { zh: '是', en: 'yes' },
  'catalogue.no': { zh: '否', en: 'no' },
};
