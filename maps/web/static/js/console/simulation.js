/** The simulated city's controls: speed, calls, automatic dispatch. */

import { get, patch, Problem } from '../kit/api.js';
import { fill, h } from '../kit/dom.js';
import { t } from '../kit/i18n.js';
import { sayProblem } from '../kit/messages.js';

/** Slider stops; the server takes anything up to 60. */
const SPEEDS = [1, 2, 5, 10, 20, 30, 60];

/** @returns {HTMLElement} */
export function simulationControl() {
  const label = h('summary', { 'data-testid': 'simulation' }, t('simulation.title'));
  const body = h('div', { class: 'popover-body' });
  const root = h('details', { class: 'popover' }, label, body);

  /** @param {import('../types.d.ts').SimulationView} control */
  function draw(control) {
    fill(label, `${t('simulation.title')} ×${control.speed_factor}`);
    const nearest = SPEEDS.findIndex((speed) => speed >= control.speed_factor);
    const speed = h('output', {}, `×${control.speed_factor}`);
    fill(body,
      h('label', {}, t('simulation.speed'), ' ', speed,
        h('input', {
          type: 'range', min: 0, max: SPEEDS.length - 1, step: 1, value: nearest < 0 ? SPEEDS.length - 1 : nearest, 'data-testid': 'simulation-speed',
          oninput: (/** @type {import('../kit/dom.js').FieldEvent} */ event) => { speed.textContent = `×${SPEEDS[event.target.valueAsNumber]}`; },
          onchange: (/** @type {import('../kit/dom.js').FieldEvent} */ event) => change({ speed_factor: SPEEDS[event.target.valueAsNumber] }),
        })),
      h('label', {}, t('simulation.calls'),
        h('input', { type: 'number', min: 0, max: 3600, value: control.calls_per_hour, 'data-testid': 'simulation-calls', onchange: (/** @type {import('../kit/dom.js').FieldEvent} */ event) => change({ calls_per_hour: Number(event.target.value) }) })),
      h('label', { class: 'check' },
        h('input', { type: 'checkbox', checked: control.auto_dispatch, 'data-testid': 'auto-dispatch', onchange: (/** @type {import('../kit/dom.js').FieldEvent} */ event) => change({ auto_dispatch: event.target.checked }) }),
        t('simulation.auto')),
      h('p', { class: 'faint small' }, t('simulation.hint')));
  }

  /** @param {import('../types.d.ts').SimulationIn} body_ */
  async function change(body_) {
    try {
      draw(await patch('/v1/simulation', body_));
    } catch (problem) {
      if (problem instanceof Problem) sayProblem(problem);
      await load();
    }
  }

  async function load() {
    try {
      draw(await get('/v1/simulation'));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      root.hidden = true;
    }
  }
  void load();
  return root;
}
