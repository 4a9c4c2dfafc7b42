/**
 * Many texts in the order of a language, quicker than by comparing them in pairs.
 *
 * A collator first compares texts by the primary weights of their characters, one after the other.
 * For the characters of PLAIN these weights are one each, so it is enough to ask the collator once
 * for the order of the characters that occur; texts are then sorted by numbers that hold a few
 * weights each. What has the same primary weights (`a` and `A`), and texts of other characters
 * (combining marks, ligatures, scripts that are read in another order than they are written), are
 * compared by the collator itself.
 */

const PLAIN = /^[\p{Unified_Ideograph}\u0020-\u007e·—、。，：；（）《》áéíóúüñÁÉÍÓÚÜÑ]$/u;
const UNSEEN = -1;
const NOT_PLAIN = -2;

/** @param {readonly string[]} texts  different ones @param {string} language @returns {string[]} in order */
export function inOrder(texts, language) {
  const collator = new Intl.Collator(language);
  const { plain, others, places, starts, characters } = read(texts);
  if (plain.length < others.length) return [...texts].sort(collator.compare);
  const weightOf = primaryWeights(characters, language, collator);
  for (let index = 0; index < places.length; index += 1) places[index] = weightOf[places[index]];
  return merged(plainInOrder(plain, places, starts, collator), others.sort(collator.compare), collator);
}

/**
 * The texts of plain characters, with the places of these among `characters` one text after the other.
 * @param {readonly string[]} texts
 */
function read(texts) {
  let length = 0;
  for (const text of texts) length += text.length;
  const all = new Uint32Array(length);
  const placeOf = new Int32Array(0x10000).fill(UNSEEN);
  /** @type {string[]} */
  const characters = [];
  /** @type {string[]} */
  const plain = [];
  /** @type {string[]} */
  const others = [];
  const starts = [0];
  let at = 0;
  for (const text of texts) {
    const from = at;
    for (let n = 0; n < text.length; n += 1) {
      const unit = text.charCodeAt(n);
      let place = placeOf[unit];
      if (place === UNSEEN) {
        place = PLAIN.test(text[n]) ? characters.push(text[n]) - 1 : NOT_PLAIN;
        placeOf[unit] = place;
      }
      if (place === NOT_PLAIN) break;
      all[at] = place;
      at += 1;
    }
    if (at - from === text.length) {
      plain.push(text);
      starts.push(at);
    } else {
      others.push(text);
      at = from;
    }
  }
  return { plain, others, places: all.subarray(0, at), starts: Uint32Array.from(starts), characters };
}

/** The primary weight of each character, from 1 up. @param {string[]} characters @param {string} language @param {Intl.Collator} collator */
function primaryWeights(characters, language, collator) {
  const primary = new Intl.Collator(language, { sensitivity: 'base' });
  const found = new Uint32Array(characters.length);
  let weight = 0;
  let before = -1;
  for (const place of characters.map((_, index) => index).sort((a, b) => collator.compare(characters[a], characters[b]))) {
    if (before < 0 || primary.compare(characters[before], characters[place]) !== 0) weight += 1;
    found[place] = weight;
    before = place;
  }
  return found;
}

/** @param {string[]} texts @param {Uint32Array} weights @param {Uint32Array} starts @param {Intl.Collator} collator */
function plainInOrder(texts, weights, starts, collator) {
  let most = 0;
  for (const weight of weights) if (weight > most) most = weight;
  const base = Math.max(2, most + 1);
  // A number holds some weights and, in its last digits, whose they are: all of it exact.
  const count = Math.max(2, texts.length);
  let held = 1;
  while (base ** (held + 1) * count <= Number.MAX_SAFE_INTEGER) held += 1;
  const order = Uint32Array.from(texts, (_, index) => index);
  const waiting = [{ from: 0, until: texts.length, depth: 0 }];
  for (let range = waiting.pop(); range; range = waiting.pop()) {
    const { from, until, depth } = range;
    const keys = new Float64Array(until - from);
    let longer = false;
    for (let n = from; n < until; n += 1) {
      const start = starts[order[n]];
      const length = starts[order[n] + 1] - start;
      let key = 0;
      for (let place = depth; place < depth + held; place += 1) key = key * base + (place < length ? weights[start + place] : 0);
      keys[n - from] = key * count + order[n];
      if (length > depth) longer = true;
    }
    if (!longer) {
      const same = Array.from(order.subarray(from, until)).sort((one, other) => collator.compare(texts[one], texts[other]));
      order.set(same, from);
      continue;
    }
    keys.sort();
    let begun = from;
    let before = -1;
    for (let n = from; n < until; n += 1) {
      const key = Math.floor(keys[n - from] / count);
      order[n] = keys[n - from] - key * count;
      if (key !== before) {
        if (n - begun > 1) waiting.push({ from: begun, until: n, depth: depth + held });
        begun = n;
        before = key;
      }
    }
    if (until - begun > 1) waiting.push({ from: begun, until, depth: depth + held });
  }
  return Array.from(order, (index) => texts[index]);
}

/** Two ordered lists as one; the second is the shorter. @param {string[]} many @param {string[]} few @param {Intl.Collator} collator */
function merged(many, few, collator) {
  /** @type {string[]} */
  const found = [];
  let from = 0;
  for (const text of few) {
    let low = from;
    let high = many.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (collator.compare(many[middle], text) < 0) low = middle + 1;
      else high = middle;
    }
    for (; from < low; from += 1) found.push(many[from]);
    found.push(text);
  }
  for (; from < many.length; from += 1) found.push(many[from]);
  return found;
}
