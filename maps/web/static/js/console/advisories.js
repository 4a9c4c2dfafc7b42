/** What others advise the desk to mind: a line each above the panes, until its last day; acknowledged it is quiet. */

import { get, post, Problem } from '../kit/api.js';
import { byId, fill, h } from '../kit/dom.js';
import { onAppearance, pick, t } from '../kit/i18n.js';
import { sayProblem } from '../kit/messages.js';
import { may, store } from './state.js';

/** @typedef {import('../types.d.ts').AdvisoryView} AdvisoryView */

/** @type {readonly AdvisoryView[]} */
let shown = [];

/** Read them anew, at the start and whenever the stream says that one came or was seen. */
export async function readAdvisories() {
  const { city_id } = store.state.city;
  try {
    const { advisories } = await get(`/v1/advisories?city_id=${city_id}`);
    if (store.state.city.city_id === city_id) shown = advisories;
  } catch (problem) {
    // The banner says that the server is away; the next resync reads them.
    if (!(problem instanceof Problem)) throw problem;
  }
  draw();
}

/** @param {AdvisoryView} one */
async function acknowledge(one) {
  try {
    await post(`/v1/advisories/${one.advisory_id}/acknowledge`, undefined);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    sayProblem(problem);
  }
  await readAdvisories();
}

/** @param {AdvisoryView} one */
const line = (one) => h('div', { class: one.acknowledged_at ? 'advisory seen' : 'advisory', 'data-testid': 'advisory' },
  h('b', {}, t('advisory.title')), ' ',
  t(one.cases === null ? 'advisory.says' : 'advisory.says.calls', { what: pick(one.what), place: pick(one.place), since: one.since, until: one.until, n: one.cases ?? 0 }),
  one.acknowledged_by
    ? h('span', { class: 'by' }, t('advisory.seen', { who: one.acknowledged_by.replace(/^user:/, '') }))
    : may('incident_write') && h('button', { 'data-testid': 'advisory-seen', onclick: () => void acknowledge(one) }, t('advisory.acknowledge')));

function draw() {
  const box = byId('advisories');
  box.hidden = shown.length === 0;
  fill(box, ...shown.map(line));
}

export function startAdvisories() {
  store.on(['city'], () => {
    shown = [];
    draw();
  });
  onAppearance(draw);
}
