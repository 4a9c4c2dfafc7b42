/** Every change a dispatcher makes: sent with the version it was decided on, refused in words. */

import { get, post, Problem, put, request } from '../../kit/api.js';
import { duration } from '../../kit/clock.js';
import { code, t } from '../../kit/i18n.js';
import { openIncident, putIncident, reload } from '../feed.js';
import { assignmentState } from '../../kit/lifecycle.js';
import { say, sayProblem } from '../../kit/messages.js';
import { atSecondPress } from '../confirm.js';
import { fromHere } from '../focus.js';
import { chooseMine, PLACE, TRIAGE } from './conflict.js';
import { offerUndo } from './undo.js';
import { selected, store } from '../state.js';

const STALE = new Set([409, 412]);

/** The last change of each incident that is still under way. @type {Map<string, Promise<unknown>>} */
const underWay = new Map();

/**
 * Run one's own changes of an incident one after the other, so that a quick second press is not
 * refused for the version that the first is just making.
 * @template T
 * @param {string} incidentId @param {() => Promise<T>} change @returns {Promise<T|null>}
 */
function attempt(incidentId, change) {
  const mine = (underWay.get(incidentId) ?? Promise.resolve()).then(() => tryChange(incidentId, change));
  const settled = mine.catch(() => undefined).then(() => {
    if (underWay.get(incidentId) === settled) underWay.delete(incidentId);
  });
  underWay.set(incidentId, settled);
  return mine;
}

/**
 * Run a change; on refusal say why and read the incident anew, so that the next press decides on
 * what is true now.
 * @template T
 * @param {string} incidentId @param {() => Promise<T>} change @returns {Promise<T|null>}
 */
async function tryChange(incidentId, change) {
  try {
    return await change();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    sayProblem(problem);
    if (STALE.has(problem.status)) await reload(incidentId).then(refreshRecommendation, () => undefined);
    return null;
  }
}

/** @param {string} incidentId */
const versionOf = (incidentId) => store.state.incidents.get(incidentId)?.version;

/** @typedef {import('../state.js').Incident} Incident */

/** @param {Incident} opened  as the form opened on it @param {import('../../types.d.ts').PlaceIn} body */
export const setPlace = (opened, body) =>
  attempt(opened.incident_id, async () => {
    const label = body.label ?? '';
    const { incident, kept } = await sendOpened(opened, PLACE, label, (version) => put(`/v1/incidents/${opened.incident_id}/place`, body, { version }));
    putIncident(incident);
    if (incident.incident_id === store.state.incidentId) {
      store.set({ places: [], picking: null });
      say(t(kept ? 'done.kept' : 'done.place'), 'good');
    } else if (!kept) say(t('done.place_of', { number: incident.number, place: incident.place_label ?? '' }), 'good');
    await refreshRecommendation();
    return incident;
  });

/** @param {Incident} opened  as the form opened on it @param {import('../../types.d.ts').TriageIn} body @param {string} words  what is sent, in words */
export const setTriage = (opened, body, words) =>
  attempt(opened.incident_id, async () => {
    const { incident, kept } = await sendOpened(opened, TRIAGE, words, (version) => put(`/v1/incidents/${opened.incident_id}/triage`, body, { version }));
    putIncident(incident);
    say(t(kept ? 'done.kept' : 'done.triage', { category: incident.category ?? '–' }), 'good');
    await refreshRecommendation();
    return incident;
  });

/**
 * Send what a form holds with the version that the form opened on. Where only other things have
 * changed since, it is sent with the newest version; where the form's own have, both are shown and one is chosen.
 * @param {Incident} opened @param {import('./conflict.js').Subject} subject @param {string} mine  what is sent, in words
 * @param {(version: number) => Promise<Incident>} send @returns {Promise<{incident: Incident, kept: boolean}>}  as it is stored afterwards; kept: what somebody else stored was left
 */
async function sendOpened(opened, subject, mine, send) {
  const known = store.state.incidents.get(opened.incident_id);
  let base = known && subject.same(opened, known) ? known : opened;
  for (;;) {
    try {
      return { incident: await send(base.version), kept: false };
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.status !== 412) throw problem;
      const now = await reload(opened.incident_id);
      if (!subject.same(base, now) && !(await chooseMine(subject, now, mine))) return { incident: now, kept: true };
      base = now;
    }
  }
}

/** @param {string} incidentId @param {{unit_id: number, call_sign: string, travel_time_s?: number|null}} unit */
export const dispatchUnit = (incidentId, unit) => {
  const body = { unit_id: unit.unit_id, ...shownTime(unit), ...seen(unit.unit_id) };
  const better = fasterShown(unit);
  const on = fromHere();
  // A choice is used up by sending it: an Enter too many while the answer is on its way finds none.
  const { candidateUnit } = store.state;
  store.set({ candidateUnit: null });
  say(t('send.sending', { unit: unit.call_sign }));
  const done = attempt(incidentId, async () => {
    const sent = await stopsSay(unit, () => post(`/v1/incidents/${incidentId}/assignments`, body, { version: versionOf(incidentId) }));
    if (!sent) return null;
    const { faster } = sent;
    if (better) store.set({ deviation: { assignment_id: sent.assignment_id, incident_id: incidentId, unit: unit.call_sign, ...better } });
    if (faster) say(t('done.dispatch_slower', { unit: unit.call_sign, faster: faster.call_sign, gain: duration(faster.gain_s) }), 'info');
    else say(t('done.dispatch', { unit: unit.call_sign }), 'good');
    const incident = await reload(incidentId);
    if (incident.missing.length) on('units');
    else on('queue');
    await refreshRecommendation();
    return true;
  });
  // What was not sent stays chosen for the next press, unless another was chosen meanwhile.
  void done.then((sent) => {
    if (!sent && store.state.incidentId === incidentId) store.set({ candidateUnit: store.state.candidateUnit ?? candidateUnit });
  });
  return done;
};

/** Ask a crew to leave its call for this one; nobody is sent yet. @param {string} incidentId @param {{unit_id: number, call_sign: string, diversion?: {replacement_unit_id: number|null}|null}} unit */
export const askDiversion = (incidentId, unit) =>
  attempt(incidentId, async () => {
    await post(`/v1/incidents/${incidentId}/diversions`, { unit_id: unit.unit_id, unreplaced: unit.diversion?.replacement_unit_id === null }, { version: versionOf(incidentId) });
    store.set({ candidateUnit: null });
    await reload(incidentId);
    return true;
  });

/** What the crew says, heard by voice: it stands at once, so it is pressed twice. @param {import('../../types.d.ts').OfferView} offer @param {'accepted'|'declined'} answer */
export const answerDiversion = (offer, answer) =>
  atSecondPress(`${answer} ${offer.diversion_id}`, t(`confirm.${answer}`, { unit: offer.call_sign }), () =>
    attempt(offer.incident_id, async () => {
      await post(`/v1/diversions/${offer.diversion_id}/answer`, { answer, source: 'console' });
      await Promise.all([reload(offer.incident_id), reload(offer.losing_incident_id)]);
      await refreshRecommendation();
      return true;
    }));

/** @param {import('../../types.d.ts').OfferView} offer */
export const withdrawDiversion = (offer) =>
  attempt(offer.incident_id, async () => {
    await post(`/v1/diversions/${offer.diversion_id}/withdraw`);
    await reload(offer.incident_id);
    return true;
  });

/** The best unit on the screen. */
const bestShown = () => store.state.recommendation?.units.find((one) => one.eligible && one.travel_time_s !== null);

/** From this on it is asked why the nearer unit was not sent. */
const DEVIATES_S = 30;

/** The unit on the screen that would be there clearly sooner than this one. @param {{unit_id: number, travel_time_s?: number|null}} unit */
function fasterShown(unit) {
  const best = bestShown();
  if (!best || best.travel_time_s === null || best.unit_id === unit.unit_id) return null;
  const loss_s = (unit.travel_time_s ?? Infinity) - best.travel_time_s;
  return loss_s >= DEVIATES_S && Number.isFinite(loss_s) ? { better: best.call_sign, loss_s } : null;
}

/** Write down why, and ask no more. @param {NonNullable<typeof store.state.deviation>} deviation @param {import('../../types.d.ts').Deviation} reason */
export const explainDeviation = (deviation, reason) =>
  attempt(deviation.incident_id, async () => {
    await post(`/v1/assignments/${deviation.assignment_id}/deviation`, { deviation: reason });
    if (store.state.deviation === deviation) store.set({ deviation: null });
    say(t('deviation.done'), 'good');
    return true;
  });

/** How the unit stood in the list as one pressed: the server stops the dispatch only for what got worse since.
 * @param {number} unitId @returns {Partial<import('../../types.d.ts').AssignmentIn>} */
function seen(unitId) {
  const unit = store.state.recommendation?.units.find((one) => one.unit_id === unitId);
  if (!unit) return {};
  const loss_s = (unit.travel_time_s ?? 0) - (bestShown()?.travel_time_s ?? 0);
  return { seen: { eligible: unit.eligible, loss_s: Math.min(86_400, Math.max(0, loss_s)) } };
}

/**
 * A dispatch that was stopped because somebody is faster says who, from the list read anew: the next
 * press is made with it in sight.
 * @template T
 * @param {{unit_id: number, call_sign: string}} unit @param {() => Promise<T>} send @returns {Promise<T|null>}
 */
async function stopsSay(unit, send) {
  try {
    return await send();
  } catch (problem) {
    if (!(problem instanceof Problem) || problem.code !== 'faster_unit') throw problem;
    await refreshRecommendation();
    const best = bestShown();
    const mine = store.state.recommendation?.units.find((one) => one.unit_id === unit.unit_id);
    if (!best || best.travel_time_s === null || !mine || mine.travel_time_s === null || best.unit_id === unit.unit_id) throw problem;
    say(t('send.stopped', { unit: unit.call_sign, faster: best.call_sign, time: duration(best.travel_time_s), gain: duration(mine.travel_time_s - best.travel_time_s) }), 'bad');
    return null;
  }
}

/** What is on the screen as one presses, not what a later answer says.
 * @param {{travel_time_s?: number|null}} unit @returns {Partial<import('../../types.d.ts').AssignmentIn>} */
const shownTime = (unit) => (unit.travel_time_s === null || unit.travel_time_s === undefined
  ? {}
  : { predicted_travel_time_s: unit.travel_time_s, predicted_by: store.state.recommendation?.basis ?? undefined });

/** @param {import('../../types.d.ts').AssignmentView} assignment @param {import('../../types.d.ts').AssignmentState} state */
export const stamp = (assignment, state) => {
  // A diversion tells another crew's patient: it is no slip of one stamp.
  if (state === 'diverted') return atSecondPress(`diverted ${assignment.assignment_id}`, t('confirm.diverted', { unit: assignment.call_sign }), () => stampNow(assignment, state));
  return stampNow(assignment, state);
};

/** @param {import('../../types.d.ts').AssignmentView} assignment @param {import('../../types.d.ts').AssignmentState} state */
const stampNow = (assignment, state) =>
  attempt(assignment.incident_id, async () => {
    await post(`/v1/assignments/${assignment.assignment_id}/stamps`, { state, source: 'console' });
    const told = t('done.stamp', { unit: assignment.call_sign, state: code('stamp', state) });
    if (state === 'diverted') say(told, 'good');
    else offerUndo(told, () => undoStamp(assignment, state));
    await reload(assignment.incident_id);
    return true;
  });

/** The crew has the place as it is now, as the dispatcher heard it. @param {import('../state.js').Incident} incident @param {import('../../types.d.ts').AssignmentView} assignment */
export const placeHeard = (incident, assignment) =>
  attempt(incident.incident_id, async () => {
    await post(`/v1/assignments/${assignment.assignment_id}/place/acknowledge`, { place_changed_at: incident.place_changed_at ?? '', heard: 'voice' });
    say(t('done.place_heard', { unit: assignment.call_sign }), 'good');
    await reload(incident.incident_id);
    return true;
  });

/** @param {import('../../types.d.ts').AssignmentView} assignment @param {import('../../types.d.ts').AssignmentState} state */
const undoStamp = (assignment, state) =>
  attempt(assignment.incident_id, async () => {
    await post(`/v1/assignments/${assignment.assignment_id}/undo-stamp`, { state });
    say(t(state === 'cancelled' ? 'undo.notified' : 'undo.stamp', { unit: assignment.call_sign, state: code('stamp', state) }), 'good');
    await reload(assignment.incident_id);
    await refreshRecommendation();
    return true;
  });

/** @param {import('../../types.d.ts').AssignmentView} assignment @param {import('../../types.d.ts').DestinationView} facility @param {string} [reason] */
export const setDestination = (assignment, facility, reason) =>
  attempt(assignment.incident_id, async () => {
    await put(`/v1/assignments/${assignment.assignment_id}/destination`, { facility_id: facility.facility_id, reason });
    say(t('done.destination', { unit: assignment.call_sign }), 'good');
    await reload(assignment.incident_id);
    return true;
  });

/** Close, cancel, reopen, take over. @param {string} incidentId @param {'close'|'cancel'|'reopen'|'take-over'} step
 * @param {import('../../types.d.ts').CloseIn|import('../../types.d.ts').ReasonIn} [body] */
export const incidentStep = (incidentId, step, body) =>
  attempt(incidentId, async () => {
    const on = fromHere();
    // Which body belongs to which step is the server's to check.
    await request('POST', `/v1/incidents/${incidentId}/${step}`, { body: body ?? {}, version: versionOf(incidentId) });
    const ends = step === 'close' || step === 'cancel';
    if (ends) offerUndo(t(`done.${step}`), () => undoEnd(incidentId));
    else say(t(`done.${step}`), 'good');
    await reload(incidentId);
    if (ends) on('queue');
    return true;
  });

/** Take a close or a cancellation back, and show the incident again. @param {string} incidentId */
const undoEnd = (incidentId) =>
  attempt(incidentId, async () => {
    await request('POST', `/v1/incidents/${incidentId}/undo-end`, { body: undefined, version: versionOf(incidentId) });
    say(t('undo.end'), 'good');
    await reload(incidentId);
    return true;
  });

/** Say that an incident repeats another; both go on. @param {string} incidentId @param {string} of */
export const linkIncident = (incidentId, of) =>
  attempt(incidentId, async () => {
    putIncident(await post(`/v1/incidents/${incidentId}/duplicate`, { of }, { version: versionOf(incidentId) }));
    say(t('done.link'), 'good');
    return true;
  });

/** Let one go on with the other, which is shown then.
 * @param {import('../../types.d.ts').IncidentDetail} merged  as it was compared @param {{incident_id: string, number: string}} into */
export const mergeIncident = (merged, into) =>
  attempt(merged.incident_id, async () => {
    putIncident(await post(`/v1/incidents/${merged.incident_id}/merge`, { into: into.incident_id, same_patient: true }, { version: merged.version }));
    await openIncident(into.incident_id);
    say(t('done.merge', { from: merged.number, into: into.number }), 'good');
    return true;
  });

/** Take a link or merge back. @param {string} incidentId */
export const undoLink = (incidentId) =>
  attempt(incidentId, async () => {
    const { version } = await get(`/v1/incidents/${incidentId}`);
    const incident = await post(`/v1/incidents/${incidentId}/duplicate/undo`, undefined, { version });
    putIncident(incident);
    const shown = store.state.incidentId;
    if (shown && shown !== incidentId) await reload(shown);
    say(t('done.link_undone', { number: incident.number }), 'good');
    return true;
  });

/** @param {string} query @param {{lon: number, lat: number}|null} near */
export const searchPlaces = (query, near) =>
  post('/v1/places/search', {
    city_id: store.state.city.city_id, query, limit: 8, near: near ? { ...near, datum: 'wgs84' } : undefined,
  });

let askedArrivals = 0;

/** Ask when the units under way to the selected incident will be there. */
export async function refreshArrivals() {
  const incident = selected();
  askedArrivals += 1;
  const mine = askedArrivals;
  if (!incident?.assignments.some((one) => assignmentState(one.state)?.approaching)) {
    if (store.state.arrivals) store.set({ arrivals: null });
    return;
  }
  try {
    const arrivals = await get(`/v1/incidents/${incident.incident_id}/arrivals`);
    if (mine === askedArrivals) store.set({ arrivals: { ...arrivals, incidentId: incident.incident_id } });
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    // A time that is not known any more is not shown.
    if (mine === askedArrivals) store.set({ arrivals: null });
  }
}

let asked = 0;

/** Ask again who could go to the selected incident; keeps the highlighted unit highlighted. */
export async function refreshRecommendation() {
  const incident = selected();
  if (!incident) return;
  asked += 1;
  const mine = asked;
  try {
    const recommendation = await get(`/v1/incidents/${incident.incident_id}/recommendation${store.state.wholeList ? '?limit=5000' : ''}`);
    if (mine !== asked || selected()?.incident_id !== incident.incident_id) return;
    const { candidateUnit } = store.state;
    const gone = candidateUnit !== null && !recommendation.units.some((unit) => unit.unit_id === candidateUnit);
    if (gone) say(t('recommend.gone'), 'bad');
    store.set({ recommendation, recommendationProblem: null, candidateUnit: gone ? null : candidateUnit });
  } catch (problem) {
    if (mine !== asked || !(problem instanceof Problem)) return;
    store.set({ recommendation: null, recommendationProblem: problem });
  }
}
