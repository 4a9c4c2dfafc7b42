/** What sounds: each class its own tones, a C1 again and again until it is silenced. Always beside what is seen. */

import { post, Problem } from '../kit/api.js';
import { now_ms } from '../kit/clock.js';
import { t } from '../kit/i18n.js';
import { sayProblem } from '../kit/messages.js';
import { appearance, html, render, signal } from '../kit/view.js';
import { alarmsOf, isSilenced } from './alarms.js';
import { putIncident } from './feed.js';
import { may, queueOrder } from './state.js';

/** Tones of each class in Hz, one after the other. @type {Record<string, number[]>} */
const TONES = { distress: [1175, 880, 1175, 880, 1175], C1: [880, 660, 880, 660], C2: [740, 740], uncoded: [740, 550], C3: [520], C4: [440] };
const TONE_S = 0.16;

const audio = new AudioContext();
const running = signal(false);

/** @typedef {import('./alarms.js').Alarm} Alarm */

/** Alarms that nobody silenced. @type {import('../kit/view.js').Signal<Alarm[]>} */
const sounding = signal([]);
/** When each last sounded. @type {Map<string, number>} */
const sounded = new Map();

/** One that is passed on sounds anew. @param {Alarm} one */
const keyOf = (one) => [one.incidentId, one.category, one.need, one.since, one.stored?.escalated_at].join();

/** @param {string} category @param {number} [after_s] @returns {number} seconds until it ends */
function play(category, after_s = 0) {
  TONES[category].forEach((hertz, index) => {
    const begin = audio.currentTime + after_s + index * TONE_S;
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(0.25, begin);
    volume.gain.linearRampToValueAtTime(0, begin + TONE_S);
    tone.connect(volume).connect(audio.destination);
    tone.start(begin);
    tone.stop(begin + TONE_S);
  });
  return after_s + TONES[category].length * TONE_S;
}

/** A crew in distress: as a C1 sounds, and higher. Nothing before the shift has begun: no browser would. */
export function playDistress() {
  if (running.value) play('distress');
}

/** Browsers let nothing sound before a press: the shift begins with one, and hears every class. */
async function startShift() {
  await audio.resume();
  running.value = true;
  let after_s = 0;
  for (const category of Object.keys(TONES)) after_s = play(category, after_s) + 0.3;
}

function tick() {
  const now = queueOrder().flatMap(alarmsOf).filter((one) => one.mine && !isSilenced(one));
  const keys = (/** @type {Alarm[]} */ alarms) => alarms.map(keyOf).join(' ');
  if (keys(now) !== keys(sounding.value)) sounding.value = now;
  const due = now.filter((one) => {
    const last_ms = sounded.get(keyOf(one));
    return last_ms === undefined || (one.repeat_s !== null && now_ms() - last_ms >= one.repeat_s * 1000);
  });
  if (!running.value || !due.length) return;
  // Several at once are one sound, the most urgent one's: a desk is not told twice at a time.
  play(due[0].category);
  for (const one of due) sounded.set(keyOf(one), now_ms());
}

/** Silence what sounds, at every desk: the server keeps it, so that a reload or a colleague's window is as quiet. */
async function silence() {
  const heard = sounding.value;
  try {
    for (const incidentId of new Set(heard.map((one) => one.incidentId))) {
      const named = heard.filter((one) => one.incidentId === incidentId).map(({ need, category, since }) => ({ need, category, since }));
      putIncident(await post(`/v1/incidents/${incidentId}/alarms/acknowledge`, { alarms: named }));
    }
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    sayProblem(problem);
  }
  tick();
}

function Sounds() {
  void appearance.value;
  const n = sounding.value.length;
  return html`${n > 0 && may('incident_write') && html`<button class="primary" data-testid="sound-silence" onClick=${silence}>${t('sound.silence', { n })}</button>`}
    ${!running.value && html`<span class="warn" data-testid="sound-off">${t('sound.off')}</span>`}
    <button data-testid="sound-start" onClick=${startShift}>${t('sound.start')}</button>`;
}

/** @param {HTMLElement} box */
export function startSounds(box) {
  render(html`<${Sounds} />`, box);
  setInterval(tick, 1000);
}
