/** What sounds: each class its own tones, a C1 again and again until it is silenced. Always beside what is seen. */

import { now_ms } from '../kit/clock.js';
import { t } from '../kit/i18n.js';
import { alarmKinds } from '../kit/lifecycle.js';
import { appearance, html, render, signal } from '../kit/view.js';
import { queueOrder, stepOf } from './state.js';

/** Tones of each class in Hz, one after the other. @type {Record<string, number[]>} */
const TONES = { C1: [880, 660, 880, 660], C2: [740, 740], none: [740, 550], C3: [520], C4: [440] };
const TONE_S = 0.16;

const audio = new AudioContext();
const running = signal(false);

/** @typedef {{key: string, category: string, repeat_s: number|null}} Sounding */

/** Alarms that may still sound here. @type {import('../kit/view.js').Signal<Sounding[]>} */
const sounding = signal([]);
/** When each last sounded. @type {Map<string, number>} */
const sounded = new Map();
/** @type {Set<string>} */
const silenced = new Set();

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

/** Browsers let nothing sound before a press: the shift begins with one, and hears every class. */
async function startShift() {
  await audio.resume();
  running.value = true;
  let after_s = 0;
  for (const category of Object.keys(TONES)) after_s = play(category, after_s) + 0.3;
}

/** The alarms of the queue as it stands, the most urgent first. @returns {Sounding[]} */
function alarms() {
  const kinds = new Map(alarmKinds().map((kind) => [kind.need, kind]));
  return queueOrder().flatMap((incident) => (stepOf(incident)?.needs ?? []).flatMap((need) => {
    const kind = kinds.get(need.need);
    const category = incident.category ?? 'none';
    return kind ? [{ key: [incident.incident_id, category, need.need, need.since].join(), category, repeat_s: kind.repeat_s[category] ?? null }] : [];
  }));
}

function tick() {
  const now = alarms();
  const loud = now.filter((one) => one.repeat_s !== null && !silenced.has(one.key));
  if (loud.map((one) => one.key).join(' ') !== sounding.value.map((one) => one.key).join(' ')) sounding.value = loud;
  const due = now.filter((one) => {
    const last_ms = sounded.get(one.key);
    if (last_ms === undefined) return true;
    return one.repeat_s !== null && !silenced.has(one.key) && now_ms() - last_ms >= one.repeat_s * 1000;
  });
  if (!running.value || !due.length) return;
  // Several at once are one sound, the most urgent one's: a desk is not told twice at a time.
  play(due[0].category);
  for (const one of due) sounded.set(one.key, now_ms());
}

function silence() {
  for (const one of sounding.value) silenced.add(one.key);
  tick();
}

function Sounds() {
  void appearance.value;
  const n = sounding.value.length;
  return html`${n > 0 && html`<button class="primary" data-testid="sound-silence" onClick=${silence}>${t('sound.silence', { n })}</button>`}
    ${!running.value && html`<span class="warn" data-testid="sound-off">${t('sound.off')}</span>`}
    <button data-testid="sound-start" onClick=${startShift}>${t('sound.start')}</button>`;
}

/** @param {HTMLElement} box */
export function startSounds(box) {
  render(html`<${Sounds} />`, box);
  setInterval(tick, 1000);
}
