/** The values of a form that is made from a model's schema: what stands in it to begin with, and what is sent. Pure. */

/** @typedef {import('../../types.d.ts').Words} Words */
/** @typedef {'number'|'choice'|'switch'|'sites'|'stations'|'areas'} Widget */
/** @typedef {{key: string, name: string, lon: number, lat: number, units?: number}} SiteValue */
/** @typedef {{type: 'Polygon', coordinates: [number, number][][]}} AreaValue */

/**
 * One parameter of a kind of study.
 * @typedef {object} Parameter
 * @property {string} name
 * @property {Words} words
 * @property {Words|null} help
 * @property {Widget} widget
 * @property {unknown} initial
 * @property {boolean} optional  may be nothing
 * @property {number|undefined} min
 * @property {number|undefined} max
 * @property {{value: string, words: Words}[]} choices
 * @property {boolean} units  its sites have units
 * @property {boolean} advanced
 */

const SIGNED_BOUNDS = /** @type {const} */ ([['minimum', 'exclusiveMinimum'], ['maximum', 'exclusiveMaximum']]);

/** The part of a property that says what it is, where it may also be nothing. @param {Record<string, any>} property */
function meant(property) {
  const choices = /** @type {Record<string, any>[]} */ (property.anyOf ?? []);
  const found = choices.find((one) => one.type !== 'null');
  return { own: { ...found, ...property }, optional: choices.some((one) => one.type === 'null') };
}

/** Whether a list of the schema holds things with units. @param {Record<string, any>} own @param {Record<string, any>} schema */
function withUnits(own, schema) {
  const named = String(own.items?.$ref ?? '').split('/').at(-1) ?? '';
  return 'units' in (own.items?.properties ?? schema.$defs?.[named]?.properties ?? {});
}

/** The parameters of a kind in the order of its form. @param {Record<string, any>} schema  JSON Schema of an object @returns {Parameter[]} */
export function parametersOf(schema) {
  return Object.entries(/** @type {Record<string, Record<string, any>>} */ (schema.properties ?? {})).map(([name, property]) => {
    const { own, optional } = meant(property);
    const [min, max] = SIGNED_BOUNDS.map(([closed, open]) => own[closed] ?? own[open]);
    return {
      name, optional, min, max,
      words: own['x-words'] ?? { en: name.replaceAll('_', ' '), zh: name },
      help: own['x-help'] ?? null,
      widget: own['x-widget'] ?? 'number',
      initial: own.default ?? null,
      choices: Object.entries(/** @type {Record<string, Words>} */ (own['x-choices'] ?? {})).map(([value, words]) => ({ value, words })),
      units: withUnits(own, schema),
      advanced: Boolean(own['x-advanced']),
    };
  });
}

const LISTS = new Set(['sites', 'stations', 'areas']);

/** What stands in a field to begin with. @param {Parameter} parameter @param {Record<string, unknown>} [given]  of a study that is made again */
export function initialOf(parameter, given = {}) {
  const value = given[parameter.name] ?? parameter.initial;
  if (LISTS.has(parameter.widget)) return value ?? [];
  if (parameter.widget === 'choice') return value === null ? '' : String(value);
  return parameter.widget === 'switch' ? Boolean(value) : value;
}

/** What is sent: all that is filled in. @param {Parameter[]} parameters @param {(name: string) => unknown} valueOf */
export function sent(parameters, valueOf) {
  /** @type {Record<string, unknown>} */
  const body = {};
  for (const { name, widget, optional } of parameters) {
    const value = valueOf(name);
    if (value === '' || (value === null && !optional) || Number.isNaN(value)) continue;
    body[name] = widget === 'choice' && /^\d+$/.test(String(value)) ? Number(value) : value;
  }
  return body;
}

const NAMES = /** @type {Record<'name'|'lon'|'lat'|'units', RegExp>} */ ({
  name: /^(name|site|station|名称|站点|站名|地点)$/i, lon: /^(lon|lng|long|longitude|x|经度)$/i, lat: /^(lat|latitude|y|纬度)$/i, units: /^(units|vehicles|ambulances|车辆|车辆数|车数)$/i,
});

/** The cells of a line: by tab, else by semicolon, else by comma. @param {string} line */
const cells = (line) => line.split(line.includes('\t') ? '\t' : line.includes(';') ? ';' : /[,，]/).map((one) => one.trim().replace(/^"(.*)"$/, '$1'));

/**
 * A list of sites as text: one a line as name, longitude, latitude and perhaps units; or with a head
 * that names its columns in any order; or GeoJSON points.
 * @param {string} text @param {string} prefix  of the keys they get @returns {{sites: SiteValue[], wrong: number[]}}  `wrong`: lines, from 1
 */
export function sitesFrom(text, prefix) {
  if (text.trim().startsWith('{')) return pointsFrom(text, prefix);
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  let order = { name: 0, lon: 1, lat: 2, units: 3 };
  /** @type {SiteValue[]} */
  const sites = [];
  const wrong = [];
  let first = true;
  for (const [index, line] of lines.entries()) {
    if (!line.trim()) continue;
    const row = cells(line);
    const place = (/** @type {keyof typeof NAMES} */ one) => row.findIndex((cell) => NAMES[one].test(cell));
    if (first && place('lon') >= 0 && place('lat') >= 0) {
      order = { name: place('name'), lon: place('lon'), lat: place('lat'), units: place('units') };
      first = false;
      continue;
    }
    first = false;
    const [lon, lat] = [number(row[order.lon]), number(row[order.lat])];
    const units = order.units < 0 || !row[order.units] ? 1 : number(row[order.units]);
    if (!onEarth(lon, lat) || !Number.isInteger(units) || units < 1) {
      wrong.push(index + 1);
      continue;
    }
    const key = `${prefix}${sites.length + 1}`;
    sites.push({ key, name: (order.name >= 0 && row[order.name]) || key, lon, lat, units });
  }
  return { sites, wrong };
}

/** @param {string|undefined} text */
const number = (text) => (text === undefined || text === '' ? NaN : Number(text));
const onEarth = (/** @type {number} */ lon, /** @type {number} */ lat) => Math.abs(lon) <= 180 && Math.abs(lat) <= 90;

/** @param {string} text @param {string} prefix @returns {{sites: SiteValue[], wrong: number[]}} */
function pointsFrom(text, prefix) {
  let features;
  try {
    features = JSON.parse(text).features;
  } catch {
    return { sites: [], wrong: [1] };
  }
  if (!Array.isArray(features)) return { sites: [], wrong: [1] };
  /** @type {SiteValue[]} */
  const sites = [];
  const wrong = [];
  for (const [index, { geometry, properties }] of features.entries()) {
    const [lon, lat] = geometry?.type === 'Point' ? geometry.coordinates : [NaN, NaN];
    if (!onEarth(lon, lat)) {
      wrong.push(index + 1);
      continue;
    }
    const key = `${prefix}${sites.length + 1}`;
    sites.push({ key, name: String(properties?.name ?? key), lon, lat, units: Number(properties?.units ?? 1) });
  }
  return { sites, wrong };
}
