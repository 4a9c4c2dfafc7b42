/** The list of road conditions in force and coming: the accessible view of what the map shows. */

import { now_ms, shortTime } from '../../kit/clock.js';
import { byId, fill, h, keyedList } from '../../kit/dom.js';
import { code, onAppearance, pick, t } from '../../kit/i18n.js';
import { markSvg, ROAD_MARK } from '../../kit/symbols.js';
import { conditionsFailed, cutOffBy, endCondition, extendCondition, orderedConditions, stateOf } from './conditions.js';
import { beginDraft, endOfDay_ms } from './draft.js';
import { effectOf } from './effect.js';
import { roadForm, streetNames } from './form.js';
import { may, store } from '../state.js';

const KINDS = /** @type {const} */ (['closure', 'flood', 'roadworks']);
const HOUR_MS = 3_600_000;
const SURE_MS = 4000;
/** So many vehicle classes a kind concerns when nobody chose: then they are not listed. */
const USUAL_CLASSES = /** @type {Record<string, number>} */ ({ roadworks: 3, speed: 3, contraflow_permit: 1 });

/** Ending takes two presses: the first asks. @param {import('../../types.d.ts').ConditionShown} condition */
function endButton(condition) {
  const button = h('button', {
    'data-testid': 'road-end',
    onclick: () => {
      if (button.dataset.sure) {
        button.disabled = true;
        void endCondition(condition, t('road.done.end', { what: streetNames(condition) })).finally(() => { button.disabled = false; });
        return;
      }
      button.dataset.sure = 'yes';
      button.textContent = t('road.end.sure');
      setTimeout(() => {
        delete button.dataset.sure;
        button.textContent = t('road.end');
      }, SURE_MS);
    },
  }, t('road.end'));
  return button;
}

/** @param {import('../../types.d.ts').ConditionShown} condition */
function extendChoice(condition) {
  const zone = store.state.city.time_zone;
  const from_ms = Math.max(now_ms(), Date.parse(condition.expires_at));
  const until = /** @type {Record<string, number>} */ ({ '1h': from_ms + HOUR_MS, '4h': from_ms + 4 * HOUR_MS, day: endOfDay_ms(from_ms) });
  return h('select', {
    class: 'extend', 'aria-label': t('road.extend'), 'data-testid': 'road-extend',
    onchange: (/** @type {import('../../kit/dom.js').FieldEvent} */ event) => {
      const until_ms = until[event.target.value];
      event.target.value = '';
      void extendCondition(condition, until_ms, t('road.done.extend', { at: shortTime(new Date(until_ms).toISOString(), zone) }));
    },
  }, h('option', { value: '' }, `${t('road.extend')}…`), Object.keys(until).map((name) =>
    h('option', { value: name }, `${name === 'day' ? '' : '+'}${code('road.ends', name)}`)));
}

/** @param {import('../../types.d.ts').ConditionShown} condition */
function row(condition) {
  const zone = store.state.city.time_zone;
  const planned = stateOf(condition) === 'upcoming';
  const chosen = condition.condition_id === store.state.conditionId;
  const reason = pick({ zh: condition.reason_zh, en: condition.reason_en });
  const lost = cutOffBy(condition.condition_id);
  const everyone = USUAL_CLASSES[condition.kind] ?? 5;
  const only = [
    ...(condition.structures?.length && condition.structures.length < 3 ? condition.structures.map((/** @type {string} */ one) => code('road.structure', one)) : []),
    ...((condition.vehicle_classes ?? []).length < everyone ? condition.vehicle_classes : []).map((/** @type {string} */ one) => code('road.class', one)),
  ];
  return h('li', { class: `road-row${chosen ? ' chosen' : ''}`, 'data-testid': 'road-row', 'data-condition-id': condition.condition_id, 'data-kind': condition.kind, 'data-state': stateOf(condition) },
    h('button', {
      class: 'road-main', 'aria-current': chosen ? 'true' : null, title: t('road.show'),
      onclick: () => store.set({ conditionId: condition.condition_id }),
    },
    markSvg(ROAD_MARK[condition.kind] ?? ROAD_MARK.closure, { size: 26, title: code('road.kind', condition.kind), hollow: planned }),
    h('span', { class: 'grow' },
      h('span', { class: 'line' }, h('b', {}, streetNames(condition)), h('span', { class: 'faint small' }, t('road.pieces', { n: condition.roads ?? 0 }))),
      h('span', { class: 'reasons' },
        h('span', { class: 'reason' }, code('road.kind', condition.kind)),
        effectOf(condition) && h('span', { class: 'reason' }, effectOf(condition)),
        reason && reason !== code('road.kind', condition.kind) && h('span', { class: 'reason' }, reason),
        only.length > 0 && h('span', { class: 'reason' }, t('road.only', { classes: only.join(' · ') }))),
      h('span', { class: 'reasons' },
        h('span', { class: 'reason' }, t(planned ? 'road.from' : 'road.since', { at: shortTime(condition.starts_at, zone) })),
        h('span', { class: 'reason' }, t('road.until', { at: shortTime(condition.expires_at, zone) })),
        h('span', { class: 'reason' }, String(condition.author ?? '').replace(/^user:/, ''))),
      lost.length > 0 && h('span', { class: 'cut' }, t('road.alert.cut', { names: lost.join(' · ') })))),
    may('road_conditions_write') && h('div', { class: 'row road-buttons' }, endButton(condition), extendChoice(condition)));
}

export function startRoadsPanel() {
  const panel = byId('roads-panel');
  const form = roadForm();
  const news = h('div', { class: 'row road-new' });
  const failed = h('p', { class: 'notice warn', role: 'status' });
  const list = h('ul', { class: 'road-list' });
  fill(panel, news, form.root, failed, list);

  function draw() {
    if (store.state.tab !== 'roads') return;
    const { roadDraft } = store.state;
    const writes = may('road_conditions_write');
    fill(news, writes && !roadDraft && [
      h('span', { class: 'faint' }, t('road.new')),
      ...KINDS.map((kind) => h('button', { class: 'road-kind', 'data-testid': `road-new-${kind}`, onclick: () => beginDraft(kind) }, markSvg(ROAD_MARK[kind], { size: 18 }), code('road.kind', kind))),
    ]);
    form.root.hidden = !roadDraft;
    failed.hidden = !conditionsFailed();
    failed.textContent = t('road.unavailable');
    const rows = orderedConditions();
    const lang = document.documentElement.lang;
    /** @typedef {{title: string, count: number, condition?: import('../../types.d.ts').ConditionShown}} Line  of the list: a heading or a condition */
    const titled = ['active', 'upcoming'].flatMap((state) => {
      const those = rows.filter((one) => stateOf(one) === state);
      /** @type {Line} */
      const title = { title: state, count: those.length };
      return those.length ? [title, ...those.map((condition) => ({ title: '', count: 0, condition }))] : [];
    });
    keyedList(list, titled.length ? titled : [{ title: 'none', count: 0 }], {
      key: (one) => one.condition?.condition_id ?? one.title,
      signature: ({ count, condition }) => JSON.stringify(condition
        ? [condition.version, stateOf(condition), condition.condition_id === store.state.conditionId, cutOffBy(condition.condition_id), lang]
        : [count, lang]),
      render: (one) => {
        if (one.condition) return row(one.condition);
        if (one.title === 'none') return h('li', { class: 'faint empty-side' }, t('road.none'));
        return h('li', {}, h('h3', { class: 'road-group' }, `${code('road.group', one.title)} ${one.count}`));
      },
    });
  }

  store.on(['conditions', 'conditionId', 'tab', 'city'], draw);
  store.on(['roadDraft'], () => {
    if (store.state.roadDraft) form.update(store.state.roadDraft);
    draw();
  });
  onAppearance(() => {
    if (store.state.roadDraft) form.update(store.state.roadDraft);
    draw();
  });
  if (store.state.roadDraft) form.update(store.state.roadDraft);
  draw();
}
