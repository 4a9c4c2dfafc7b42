/** What the caller says: typed here for a call taken here, else read on request, which is recorded. */

import { patch, post, Problem } from '../../kit/api.js';
import { fill, h } from '../../kit/dom.js';
import { t } from '../../kit/i18n.js';
import { shortcut } from '../commands.js';
import { onEnter } from '../focus.js';
import { draftOf, lettered, typeInto } from './drafts.js';
import { say, sayProblem } from '../../kit/messages.js';
import { may } from '../state.js';

/**
 * @param {import('./drafts.js').Draft|null} [taken]  the call shown before it has an incident
 * @returns {{root: HTMLElement, update: (incident: import('../state.js').Incident|null) => void}}
 */
export function callSection(taken = null) {
  const body = h('div');
  const root = h('section', { class: 'block' }, body);
  const saved = h('span', { class: 'faint small', role: 'status' });
  let drawn = '';

  /** @param {import('./drafts.js').Draft} draft */
  function form(draft) {
    const fault = h('span', { id: 'call-number-fault', class: 'fault small', role: 'alert', 'data-testid': 'call-number-fault' });
    const check = (/** @type {string} */ typed) => { fault.textContent = lettered(typed) ? t('call.number.letters') : ''; };
    const number = (/** @type {import('../../kit/dom.js').FieldEvent} */ event) => {
      typeInto(draft, { caller_number: event.target.value });
      check(event.target.value);
    };
    const input = (/** @type {import('../../kit/dom.js').FieldEvent} */ event) => typeInto(draft, { [event.target.name]: event.target.value });
    fill(body,
      h('h3', {}, t('call.title'), ' ', saved),
      h('div', { class: 'call-form' },
        h('label', { for: 'call-words' }, t('call.words')),
        h('label', { for: 'call-number' }, t('call.number')),
        h('textarea', { id: 'call-words', name: 'words', rows: '2', ...shortcut('call'), 'data-testid': 'call-words', value: draft.words, oninput: input }),
        h('input', { id: 'call-number', name: 'caller_number', type: 'tel', autocomplete: 'off', 'data-testid': 'call-number', 'aria-describedby': 'call-number-fault', value: draft.caller_number, oninput: number }),
        h('span', {}), fault),
      h('div', { class: 'call-form more' },
        h('label', { for: 'call-access' }, t('call.access')),
        h('label', { for: 'call-name' }, t('call.name')),
        h('input', { id: 'call-access', name: 'access', autocomplete: 'off', maxlength: '5000', 'data-testid': 'call-access', value: draft.access ?? '', oninput: input }),
        h('input', { id: 'call-name', name: 'caller_name', autocomplete: 'off', maxlength: '500', 'data-testid': 'call-name', value: draft.caller_name ?? '', oninput: input })));
    check(draft.caller_number);
  }

  /** @param {import('../state.js').Incident} incident */
  function readButton(incident) {
    fill(body, h('p', { class: 'row' },
      h('button', { class: 'quiet', 'data-testid': 'read-caller', ...shortcut('call'), onclick: () => read(incident) }, t('call.read')),
      h('span', { class: 'faint small' }, t('call.read.hint'))));
  }

  /** @param {import('../state.js').Incident} incident */
  async function read(incident) {
    try {
      const { calls } = await post(`/v1/incidents/${incident.incident_id}/caller`, { reason: `handling ${incident.number}` });
      fill(body, h('h3', {}, t('call.title')), calls.map((call) => told(incident, call)));
    } catch (problem) {
      if (problem instanceof Problem) sayProblem(problem);
    }
  }

  /** One caller's words, to be added to and corrected by whoever has the right: the log keeps each version.
   * @param {import('../state.js').Incident} incident @param {import('../../types.d.ts').CallerView} call */
  function told(incident, call) {
    const something = call.words || call.caller_number || call.caller_name || call.access;
    const line = h('div', { class: 'caller-line' }, something
      ? h('p', { class: 'words', 'data-testid': 'caller' }, call.words ? `“${call.words}” ` : '',
        h('span', { class: 'faint' }, [call.access, call.caller_name, call.caller_number].filter(Boolean).join(' · ')))
      : h('p', { class: 'faint' }, t('call.read.none')),
    may('incident_write') && h('button', { class: 'quiet', 'data-testid': 'call-correct', onclick: edit }, t(something ? 'call.correct' : 'call.first')));

    function edit() {
      const words = h('textarea', { rows: '3', 'data-testid': 'correct-words', 'aria-label': t('call.words'), value: call.words ?? '' });
      const number = h('input', { type: 'tel', autocomplete: 'off', 'data-testid': 'correct-number', 'aria-label': t('call.number'), placeholder: t('call.number'), value: call.caller_number ?? '' });
      const save = async () => {
        const changed = {
          ...(words.value !== (call.words ?? '') && { words: words.value }),
          ...(number.value !== (call.caller_number ?? '') && { caller_number: number.value }),
        };
        try {
          if (Object.keys(changed).length) await patch(`/v1/calls/${call.call_id}`, changed);
        } catch (problem) {
          if (!(problem instanceof Problem)) throw problem;
          // The text stays in its field.
          return void sayProblem(problem);
        }
        say(t('call.kept'), 'good');
        line.replaceWith(told(incident, { ...call, ...changed }));
      };
      fill(line, h('div', { class: 'call-correct' }, words, number, h('div', { class: 'row' },
        h('button', { class: 'primary', 'data-testid': 'correct-save', onclick: save }, t('call.save')),
        h('button', { class: 'quiet', onclick: () => line.replaceWith(told(incident, call)) }, t('cancel')))));
      words.focus();
      words.setSelectionRange(words.value.length, words.value.length);
    }
    return line;
  }

  onEnter('call', () => {
    const field = /** @type {HTMLElement|null} */ (body.querySelector('textarea, button'));
    field?.focus();
    return field !== null;
  });

  return {
    root,
    update(incident) {
      const draft = incident ? draftOf(incident.incident_id) : taken;
      const kind = draft ? 'form' : may('personal_read') ? 'read' : 'none';
      root.hidden = kind === 'none';
      if (draft) saved.textContent = draft.refused ? `${t('call.unsaved')}: ${draft.refused}` : t(draft.dirty ? 'call.saving' : 'call.saved');
      if (kind === drawn) return;
      drawn = kind;
      if (draft) form(draft);
      else if (incident && kind === 'read') readButton(incident);
    },
  };
}
