/** What was typed about an incident and not sent yet: it is there again when one comes back to it. As long as the page is open, and nowhere else. */

/** @type {Map<string, string>} */
const texts = new Map();

/** @param {string} id  of the incident or call @param {string} field */
const name = (id, field) => `${id} ${field}`;

/** @param {string} id @param {string} field */
export const keptText = (id, field) => texts.get(name(id, field)) ?? '';

/** @param {string} id @param {string} field @param {string} text */
export function keepText(id, field, text) {
  if (text) texts.set(name(id, field), text);
  else texts.delete(name(id, field));
}
