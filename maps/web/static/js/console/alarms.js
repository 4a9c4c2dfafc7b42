/** Alarms as the server's table and the queue give them: begun by a need, silenced for every desk, ended with the need. */

import { now_ms } from '../kit/clock.js';
import { alarmKinds } from '../kit/lifecycle.js';
import { may, stepOf } from './state.js';

/** @typedef {import('./state.js').Incident} Incident */
/** @typedef {import('../types.d.ts').AlarmView} AlarmView */
/** @typedef {{incidentId: string, need: string, category: string, since: string, repeat_s: number|null, stored: AlarmView|null, mine: boolean}} Alarm  mine: this desk hears it */

/** The alarms of an incident now. @param {Incident} incident @returns {Alarm[]} */
export function alarmsOf(incident) {
  const category = incident.category ?? 'uncoded';
  return (stepOf(incident)?.needs ?? []).flatMap(({ need, since }) => {
    const kind = alarmKinds().find((one) => one.need === need);
    const after_s = kind?.after_s[category];
    if (!kind || after_s === undefined || Date.parse(since) + after_s * 1000 > now_ms()) return [];
    const stored = incident.alarms.find((one) => one.need === need && one.category === category && Date.parse(one.since) === Date.parse(since)) ?? null;
    const mine = may(kind.owner) || (stored?.escalated_at != null && may(kind.escalates_to));
    return [{ incidentId: incident.incident_id, need, category, since, repeat_s: kind.repeat_s[category] ?? null, stored, mine }];
  });
}

/** Whether somebody silenced it, at whatever desk. @param {Alarm} alarm */
export const isSilenced = (alarm) => alarm.stored?.acknowledged_at != null;
