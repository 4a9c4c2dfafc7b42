/** The protocol: complaint by typing, answers by buttons, then category and instructions. */

import { post, Problem } from '../../kit/api.js';
import { debounce, fill, h } from '../../kit/dom.js';
import { code, pick, t } from '../../kit/i18n.js';
import { ended } from '../../kit/lifecycle.js';
import { markSvg, PRIORITY } from '../../kit/symbols.js';
import { shortcut } from '../commands.js';
import { fromHere, onEnter } from '../focus.js';
import { setTriage } from './actions.js';
import { triageWords } from './conflict.js';
import { may, selected, store } from '../state.js';

const SHOWN = 6;
const PREVIEW_MS = 150;

/** @typedef {import('../../types.d.ts').NeededUnits} NeededUnits */

/** @param {readonly NeededUnits[]} units */
const unitWords = (units) => units.map((one) => `${one.count} × ${code('level', one.level)}`).join(' + ');

/** What saving would change in the plan, the same the server would then store. @param {import('../../types.d.ts').PlanChanges} changes */
function changeLines({ before, after, more_units, fewer_units, missing, new_instructions, dropped_instructions }) {
  if (!before) return [];
  const lines = [
    before.category !== after.category && h('li', { class: 'preview-category' }, markSvg(PRIORITY[after.category], { size: 18 }), ` ${before.category} → `, h('b', {}, after.category)),
    before.mode !== after.mode && h('li', {}, `${code('mode', before.mode)} → `, h('b', {}, code('mode', after.mode))),
    more_units.length > 0 && h('li', {}, h('b', {}, `+ ${unitWords(more_units)}`)),
    fewer_units.length > 0 && h('li', {}, `− ${unitWords(fewer_units)}`),
    new_instructions.map((one) => h('li', {}, h('b', {}, '+ '), pick(one))),
    dropped_instructions.map((one) => h('li', { class: 'faint' }, '− ', h('s', {}, pick(one)))),
  ].flat().filter(Boolean);
  return [h('b', {}, t(lines.length ? 'triage.changes' : 'triage.same')), h('ul', {}, lines),
    lines.length > 0 && missing.length > 0 && h('p', { class: 'warn' }, t('triage.would_miss', { units: unitWords(missing) }))];
}

/** Complaints whose name in either language, or code, holds every typed word. @param {import('../../types.d.ts').ComplaintView[]} complaints @param {string} typed */
export function matchComplaints(complaints, typed) {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const rank = (/** @type {import('../../types.d.ts').ComplaintView} */ complaint) =>
    ([complaint.name.zh, complaint.name.en].some((name) => name.toLowerCase().startsWith(words[0] ?? '')) ? 0 : 1);
  return complaints
    .filter((complaint) => {
      const text = `${complaint.name.zh} ${complaint.name.en} ${complaint.code}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .sort((a, b) => rank(a) - rank(b));
}

/** A triage that was begun and not saved. @typedef {{opened: import('../state.js').Incident, complaint: import('../../types.d.ts').ComplaintView, answers: Record<string, string>, patients: string}} Begun */

/** By incident: there again when one comes back to it. @type {Map<string, Begun>} */
const begun = new Map();
/** The incident whose triage was shown last. */
let lastShown = '';

/** @returns {import('./panel.js').Section} */
export function triageSection() {
  const body = h('div');
  const root = h('section', { class: 'block', 'data-testid': 'triage-section' }, h('h3', {}, t('triage.title')), body);
  let fresh = true;
  let editing = false;
  let saving = false;
  /** The incident as it was when the form opened. @type {import('../state.js').Incident|null} */
  let opened = null;
  /** @type {import('../../types.d.ts').ComplaintView|null} */
  let complaint = null;
  /** @type {Record<string, string>} */
  let answers = {};
  let patients = '';
  let drawn = '';
  const preview = h('div', { class: 'notice preview', role: 'status', 'data-testid': 'triage-preview', hidden: true });
  let asked = 0;

  const wanted = (/** @type {import('../../types.d.ts').ComplaintView} */ about) => ({
    complaint_code: about.code, answers, patient_count: patients === '' ? undefined : Number(patients),
  });

  /** Asked at each answer: an answer to what was chosen before is dropped. */
  const showChanges = debounce(async () => {
    const incident = selected();
    if (!editing || !complaint || !incident?.coded_at) return;
    asked += 1;
    const mine = asked;
    try {
      const changes = await post(`/v1/incidents/${incident.incident_id}/triage/preview`, wanted(complaint));
      if (mine !== asked || !editing) return;
      preview.hidden = false;
      fill(preview, changeLines(changes));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      // Saving is not held up by what could not be shown before; the refusal is said there.
      if (mine === asked) preview.hidden = true;
    }
  }, PREVIEW_MS);

  /** @param {import('../state.js').Incident} incident */
  function showResult(incident) {
    begun.delete(incident.incident_id);
    const plan = incident.response_plan;
    const category = incident.category ?? 'none';
    const toAsk = plan?.to_ask ?? [];
    fill(body,
      h('div', { class: 'result', 'data-testid': 'triage-result', 'data-category': category },
        markSvg(PRIORITY[category], { size: 26 }),
        h('div', { class: 'grow' },
          h('b', {}, pick(incident.complaint) || incident.complaint_code), ' ',
          h('span', { class: 'faint' }, incident.category ?? ''),
          h('div', { class: 'faint' }, [
            plan ? code('mode', plan.mode) : '',
            ...(plan?.units ?? []).map((unit) => `${unit.count} × ${code('level', unit.level)}`),
          ].filter(Boolean).join(' · '))),
        may('incident_write') && !ended(incident)
          && h('button', { class: 'quiet', onclick: () => edit() }, t('change'))),
      plan && plan.assumed.length > 0 && h('div', { class: 'notice warn', 'data-testid': 'triage-assumed' },
        h('b', {}, t('triage.assumed', { category })), h('ul', {}, plan.assumed.map((one) => h('li', {}, pick(one))))),
      // The plan says so only of answers that somebody gave.
      !ended(incident) && plan?.cardiac_arrest && h('p', { class: 'notice bad' }, t('triage.arrest')),
      !ended(incident) && toAsk.length > 0 && h('div', { class: 'notice bad', role: 'group', 'aria-label': t('triage.ask'), 'data-testid': 'triage-ask' },
        h('b', {}, t('triage.ask')),
        h('ul', {}, toAsk.map((one) => h('li', {}, may('incident_write')
          ? h('button', { 'data-question': one.question, onclick: () => { edit(); focusQuestion(one.question); } }, pick(one)) : pick(one))))),
      !ended(incident) && plan && plan.instructions.length > 0 && h('div', { class: 'instructions' },
        h('h4', {}, t('triage.instructions')),
        h('ol', {}, plan.instructions.map((one) => h('li', {}, pick(one))))));
  }

  function keep() {
    if (opened && complaint) begun.set(opened.incident_id, { opened, complaint, answers, patients });
  }

  /** Go on where one left. A first triage waits for that; one that is made anew only outlives a change of language. @param {import('../state.js').Incident} incident */
  function goOn(incident) {
    const left = begun.get(incident.incident_id);
    const waits = !incident.coded_at || lastShown === incident.incident_id;
    lastShown = incident.incident_id;
    if (!left || !waits || ended(incident) || !may('incident_write')) return false;
    editing = true;
    ({ opened, complaint, answers, patients } = left);
    showForm();
    return true;
  }

  function edit() {
    editing = true;
    const incident = selected();
    opened = incident;
    if (incident) begun.delete(incident.incident_id);
    complaint = store.state.protocol?.complaints.find((one) => one.code === incident?.complaint_code) ?? null;
    answers = { ...(incident?.triage_answers ?? {}) };
    patients = incident?.patient_count ? String(incident.patient_count) : '';
    showForm();
  }

  /** Not awake, and breathing in any way but normally: an arrest, nothing else need be asked first. */
  function isArrest() {
    const vital = store.state.protocol?.vital;
    if (!vital) return false;
    const { [vital.awake]: awake, [vital.breathing]: breathing } = answers;
    return Boolean(awake && breathing) && awake !== vital.awake_option && awake !== 'unknown' && breathing !== vital.normal_option;
  }

  /** The question by its id, else the first without an answer; an Enter still going down there answers nothing. @param {string} [id] */
  function focusQuestion(id) {
    const sets = /** @type {HTMLElement[]} */ ([...body.querySelectorAll('.questions fieldset')]);
    const next = !id && isArrest() ? undefined : sets.find((one) => (id ? one.dataset.question === id : !answers[one.dataset.question ?? '']));
    (next ?? /** @type {HTMLElement|null} */ (body.querySelector('[data-testid="save-triage"]')))?.focus();
  }

  function showForm() {
    const protocol = store.state.protocol;
    if (!protocol) return fill(body, h('p', { class: 'faint' }, t('loading')));
    asked += 1;
    preview.hidden = true;
    showChanges();
    return fill(body, complaint ? questions(protocol, complaint) : chooser(protocol));
  }

  /** @param {import('../../types.d.ts').ProtocolView} protocol */
  function chooser(protocol) {
    const options = h('div', { class: 'options' });
    const list = (/** @type {string} */ typed) => {
      const found = matchComplaints(protocol.complaints, typed);
      fill(options, found.slice(0, typed ? 12 : SHOWN).map((one) => h('button', {
        class: 'option', 'data-testid': 'complaint-option', 'data-code': one.code,
        onclick: () => {
          complaint = one;
          answers = {};
          keep();
          showForm();
          focusQuestion();
        },
      }, pick(one.name))), found.length === 0 && h('p', { class: 'faint' }, t('triage.nothing')),
      !typed && found.length > SHOWN && h('p', { class: 'faint small' }, t('triage.more', { n: found.length - SHOWN })));
    };
    list('');
    return [
      h('input', {
        id: 'complaint-search', ...shortcut('triage'), type: 'search', autocomplete: 'off', 'data-testid': 'complaint-search', placeholder: t('triage.search'), 'aria-label': t('triage.search'),
        oninput: (/** @type {import('../../kit/dom.js').FieldEvent} */ event) => list(event.target.value),
        onkeydown: (/** @type {KeyboardEvent} */ event) => {
          if (event.key === 'Enter') {
            // Its default action would press what gets the focus.
            event.preventDefault();
            const typed = /** @type {HTMLInputElement} */ (event.target).value.trim();
            if (typed && !event.repeat && !event.isComposing) /** @type {HTMLElement|null} */ (options.querySelector('button'))?.click();
          }
          if (event.key === 'ArrowDown') /** @type {HTMLElement|null} */ (options.querySelector('button'))?.focus();
        },
      }),
      options,
    ];
  }

  /** @param {import('../../types.d.ts').ProtocolView} protocol @param {import('../../types.d.ts').ComplaintView} about */
  function questions(protocol, about) {
    const asked = about.questions;
    return [
      h('p', { class: 'summary' }, h('b', {}, pick(about.name)), ' ',
        h('button', { class: 'quiet', onclick: () => { complaint = null; showForm(); /** @type {HTMLElement|null} */ (body.querySelector('input'))?.focus(); } }, t('change'))),
      h('div', { class: 'questions' }, asked.map((question) =>
        h('fieldset', {
          tabindex: '-1', 'data-question': question.id,
          onkeydown: (/** @type {KeyboardEvent & {currentTarget: HTMLElement}} */ event) => {
            const option = /^[1-9]$/.test(event.key) && !event.repeat && !event.altKey && !event.ctrlKey && !event.metaKey
              && event.currentTarget.querySelectorAll('button')[Number(event.key) - 1];
            if (!option) return;
            event.preventDefault();
            event.stopPropagation();
            option.click();
            focusQuestion();
          },
        }, h('legend', {}, pick(question.text)),
          question.options.map((option, index) => h('button', {
            class: 'choice', 'data-testid': 'question-option', 'data-question': question.id, 'data-option': option.id,
            'aria-pressed': String(answers[question.id] === option.id),
            onclick: (/** @type {Event & {currentTarget: HTMLElement}} */ event) => {
              answers[question.id] = option.id;
              keep();
              for (const sibling of event.currentTarget.parentElement?.querySelectorAll('button') ?? []) {
                sibling.setAttribute('aria-pressed', String(sibling === event.currentTarget));
              }
              showChanges();
            },
          }, h('kbd', {}, index + 1), ' ', pick(option.text)))))),
      preview,
      h('div', { class: 'row' },
        h('label', { class: 'inline', for: 'patient-count' }, t('triage.patients')),
        h('input', { id: 'patient-count', type: 'number', min: '0', max: '999', class: 'narrow', value: patients, 'data-testid': 'patient-count', oninput: (/** @type {import('../../kit/dom.js').FieldEvent} */ event) => { patients = event.target.value; keep(); showChanges(); } }),
        h('button', { class: 'primary grow', 'data-testid': 'save-triage', onclick: save }, t('triage.save'))),
      protocol.medically_approved === false && h('p', { class: 'faint small' }, pick(protocol.notice) || t('triage.unapproved')),
    ];
  }

  async function save() {
    if (!opened || !complaint || saving) return;
    saving = true;
    const on = fromHere();
    const done = await setTriage(opened, wanted(complaint), triageWords(complaint.code, answers)).finally(() => { saving = false; });
    if (!done) return;
    editing = false;
    drawn = '';
    showResult(done);
    on('units');
  }

  onEnter('triage', () => {
    const incident = selected();
    if (!incident || !may('incident_write') || ended(incident)) return false;
    if (!editing) edit();
    const field = /** @type {HTMLElement|null} */ (body.querySelector('input[type="search"]'));
    if (field) field.focus();
    else focusQuestion();
    return body.contains(document.activeElement);
  });

  return {
    root,
    update(incident) {
      if (fresh && store.state.protocol) {
        fresh = false;
        if (goOn(incident)) return undefined;
      }
      if (!incident.coded_at && !editing) {
        if (may('incident_write') && !ended(incident)) return edit();
        return fill(body, h('p', { class: 'faint' }, t('queue.uncoded')));
      }
      if (editing) return body.querySelector('input, button') || !store.state.protocol ? undefined : showForm();
      const signature = JSON.stringify([incident.version, incident.response_plan]);
      if (signature !== drawn) showResult(incident);
      drawn = signature;
      return undefined;
    },
  };
}
