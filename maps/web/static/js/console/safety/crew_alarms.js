/** Crews in distress and crews that were not heard of: a red line at every desk of the city, sounding until a desk acknowledges it. */

import { get, post, Problem } from '../../kit/api.js';
import { clockTime } from '../../kit/clock.js';
import { byId, fill, h } from '../../kit/dom.js';
import { onAppearance, t } from '../../kit/i18n.js';
import { sayProblem } from '../../kit/messages.js';
import { may, store } from '../state.js';

/** @typedef {import('../../types.d.ts').CrewAlarms} CrewAlarms */

const EVERY_MS = 5000;

/** @type {CrewAlarms} */
let known = { distress: [], welfare: [] };

/** Read them anew: every five seconds, and whenever the stream says that something happened to a unit. */
export async function readCrewAlarms() {
  const { city_id } = store.state.city;
  try {
    const found = await get(`/v1/crew-alarms?city_id=${city_id}`);
    if (store.state.city.city_id === city_id) known = found;
  } catch (problem) {
    // The banner says that the server is away; the next time reads them.
    if (!(problem instanceof Problem)) throw problem;
  }
  draw();
}

/** @param {() => Promise<unknown>} step */
async function doing(step) {
  try {
    await step();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    sayProblem(problem);
  }
  await readCrewAlarms();
}

/** @param {CrewAlarms['distress'][number]} one */
const distressLine = (one) => h('div', { class: one.state === 'sounding' ? 'distress' : 'distress seen', 'data-testid': 'distress', 'data-state': one.state },
  h('b', {}, t('distress.title', { unit: one.call_sign })), ' ',
  t('distress.says', { at: clockTime(one.pressed_at, store.state.city.time_zone), n: one.presses }), ' ',
  one.acknowledged_by && h('span', { class: 'by' }, t('advisory.seen', { who: one.acknowledged_by.replace(/^user:/, '') })),
  may('incident_write') && (one.state === 'sounding'
    ? h('button', { 'data-testid': 'distress-seen', onclick: () => void doing(() => post(`/v1/distress/${one.distress_id}/acknowledge`, { presses: one.presses })) }, t('distress.acknowledge'))
    : h('button', { 'data-testid': 'distress-end', onclick: () => void doing(() => post(`/v1/distress/${one.distress_id}/end`, undefined)) }, t('distress.end'))));

/** @param {CrewAlarms['welfare'][number]} one */
const welfareLine = (one) => h('div', { class: 'distress', 'data-testid': 'welfare-missed' },
  h('b', {}, t('welfare.missed', { unit: one.call_sign })), ' ',
  t('welfare.says', { at: clockTime(one.due_at, store.state.city.time_zone) }),
  may('unit_status_write') && h('button', { 'data-testid': 'welfare-well', onclick: () => void doing(() => post(`/v1/units/${one.unit_id}/welfare/well`, { heard: 'voice' })) }, t('welfare.well')));

const missed = () => known.welfare.filter((one) => one.state === 'missed');

function draw() {
  const box = byId('crew-alarms');
  const late = missed();
  box.hidden = known.distress.length + late.length === 0;
  fill(box, ...known.distress.map(distressLine), ...late.map(welfareLine));
}

/** Sounds are loaded by who hears them: lists are read without a loudspeaker too. */
async function tick() {
  if (known.distress.some((one) => one.state === 'sounding') || missed().length) (await import('../sounds.js')).playDistress();
}

export function startCrewAlarms() {
  store.on(['city'], () => {
    known = { distress: [], welfare: [] };
    draw();
  });
  onAppearance(draw);
  setInterval(() => void readCrewAlarms(), EVERY_MS);
  setInterval(() => void tick(), 2000);
}
