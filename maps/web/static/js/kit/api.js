/** The only door to the server: JSON over fetch, problems as errors. */

import { noteServerTime } from './clock.js';

/** A problem+json answer, or no answer at all (`code` network_lost). */
export class Problem extends Error {
  /** @param {{status: number, code: string, detail?: string, errors?: import('../types.d.ts').FieldProblem[]}} problem */
  constructor({ status, code, detail, errors }) {
    super(detail ?? code);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.detail = detail ?? '';
    this.errors = errors;
  }

  /** Whether the same request may be sent again later, with the same key. */
  get temporary() {
    return this.status === 0 || this.status >= 500;
  }
}

/** A key that makes a repeated create harmless. `randomUUID` exists on HTTPS and localhost only. */
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Who wants to hear that an answer was refused because nobody is signed in any more. @type {Set<() => void>} */
const loginListeners = new Set();
/** @param {() => void} listener */
export const onLoginEnded = (listener) => loginListeners.add(listener);

const REPEATED_WITHIN_MS = 120_000;

/**
 * Changes that got no answer, with the key they went under. The server may have made them: made
 * again, they must be known as the same. Not for ever: the same words may be meant anew.
 * @type {Map<string, {key: string, at_ms: number}>}
 */
const unanswered = new Map();

/** @param {string} change */
function keyFor(change) {
  const before = unanswered.get(change);
  return before && performance.now() - before.at_ms < REPEATED_WITHIN_MS ? before.key : newKey();
}

/**
 * @typedef {{body?: unknown, key?: string, version?: number|null, signal?: AbortSignal, keepalive?: boolean}} Options
 * `key`: Idempotency-Key, made here for a change that names none; `version`: If-Match; `keepalive`: sent
 * also by a page that is just going.
 */

/**
 * @param {string} method @param {string} path @param {Options} [options]
 * @returns {Promise<{data: any, headers: Headers}>}  `data` as `get` and the others know it
 */
export async function request(method, path, options = {}) {
  if (method === 'GET' || options.key) return send(method, path, options);
  const change = `${method} ${path} ${JSON.stringify(options.body)}`;
  const key = keyFor(change);
  try {
    const answer = await send(method, path, { ...options, key });
    unanswered.delete(change);
    return answer;
  } catch (error) {
    if (!(error instanceof Problem && error.temporary)) unanswered.delete(change);
    else unanswered.set(change, { key, at_ms: performance.now() });
    throw error;
  }
}

/**
 * @param {string} method @param {string} path @param {Options} options
 * @returns {ReturnType<typeof request>}
 */
async function send(method, path, { body, key, version, signal, keepalive }) {
  /** @type {Record<string, string>} */
  const headers = { Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (key) headers['Idempotency-Key'] = key;
  if (version !== undefined && version !== null) headers['If-Match'] = `"${version}"`;
  let response;
  try {
    response = await fetch(path, {
      method, headers, signal, keepalive, credentials: 'same-origin',
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem({ status: 0, code: 'network_lost' });
  }
  noteServerTime(response.headers.get('Date'));
  const text = response.status === 204 ? '' : await response.text();
  let data = null;
  try {
    data = text ? JSON.parse(text) : null;
  } catch {
    if (response.ok) throw new Problem({ status: response.status, code: 'unreadable_answer' });
  }
  if (response.ok) return { data, headers: response.headers };
  throw refusal(response.status, data);
}

/** @param {number} status @param {any} data  what came with it */
function refusal(status, data) {
  // A wrong password is refused too: it says nothing about a login that was there.
  if (status === 401 && data?.code !== 'bad_credentials') for (const listener of loginListeners) listener();
  return new Problem({
    status,
    code: data?.code ?? `http_${status}`,
    detail: typeof data?.detail === 'string' ? data.detail : (data?.title ?? ''),
    errors: data?.errors,
  });
}

/**
 * A file that the server makes, with the name it gives it. A link would show a refusal as a broken
 * download, without its sentence.
 * @param {string} path @returns {Promise<{name: string, blob: Blob}>}
 */
export async function takeFile(path) {
  let response;
  try {
    response = await fetch(path, { credentials: 'same-origin' });
    if (response.ok) {
      const name = /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '')?.[1];
      return { name: name ?? 'download', blob: await response.blob() };
    }
  } catch {
    throw new Problem({ status: 0, code: 'network_lost' });
  }
  throw refusal(response.status, await response.json().catch(() => null));
}

/** @typedef {{key?: string, version?: number|null, signal?: AbortSignal}} Asking  without the body */

/**
 * What a path answers and takes is known from its address: see types.d.ts. An address that is none
 * of the server's answers `never`.
 * @template {string} P
 * @param {P} path @param {Asking} [options]
 * @returns {Promise<import('../types.d.ts').Get<P>>}
 */
export const get = async (path, options) => (await request('GET', path, options)).data;
/**
 * @template {string} P
 * @param {P} path @param {import('../types.d.ts').PostBody<P>} [body] @param {Asking} [options]
 * @returns {Promise<import('../types.d.ts').Post<P>>}
 */
export const post = async (path, body, options = {}) =>
  (await request('POST', path, { ...options, body: body ?? {} })).data;
/**
 * @template {string} P
 * @param {P} path @param {import('../types.d.ts').PutBody<P>} body @param {Asking} [options]
 * @returns {Promise<import('../types.d.ts').Put<P>>}
 */
export const put = async (path, body, options = {}) =>
  (await request('PUT', path, { ...options, body })).data;
/**
 * @template {string} P
 * @param {P} path @param {import('../types.d.ts').PatchBody<P>} body @param {Asking} [options]
 * @returns {Promise<import('../types.d.ts').Patch<P>>}
 */
export const patch = async (path, body, options = {}) =>
  (await request('PATCH', path, { ...options, body })).data;
