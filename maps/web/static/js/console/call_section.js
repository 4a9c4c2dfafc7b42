/** What the caller says. Editable for a call taken at this workstation, else read. */

import { fill, h } from '../dom.js';
import { t } from '../i18n.js';
import { draftOf, typeInto } from './drafts.js';

/** @returns {import('./incident_panel.js').Section} */
export function callSection() {
  const body = h('div');
  const root = h('section', { class: 'block' }, body);
  const saved = h('span', { class: 'faint small', role: 'status' });
  let editing = false;
  return {
    root,
    update(incident) {
      const draft = draftOf(incident.incident_id);
      if (draft) {
        if (!editing) {
          editing = true;
          const input = (/** @type {any} */ event) => typeInto(draft, { [event.target.name]: event.target.value });
          fill(body,
            h('h3', {}, t('call.title'), ' ', saved),
            h('div', { class: 'call-form' },
              h('label', { for: 'call-words' }, t('call.words')),
              h('label', { for: 'call-number' }, t('call.number')),
              h('textarea', { id: 'call-words', name: 'words', rows: '2', 'data-testid': 'call-words', value: draft.words, oninput: input }),
              h('input', { id: 'call-number', name: 'caller_number', type: 'tel', autocomplete: 'off', 'data-testid': 'call-number', value: draft.caller_number, oninput: input })));
        }
        saved.textContent = draft.refused ? `${t('call.unsaved')}: ${draft.refused}` : t(draft.dirty ? 'call.saving' : 'call.saved');
        return;
      }
      const calls = (incident.calls ?? []).filter((/** @type {any} */ call) => call.words || call.caller_number);
      root.hidden = calls.length === 0;
      fill(body, h('h3', {}, t('call.title')),
        calls.map((/** @type {any} */ call) => h('p', { class: 'words' },
          call.words ? `“${call.words}”` : '', call.caller_number ? h('span', { class: 'faint' }, ` ${call.caller_number}`) : '')));
    },
  };
}
