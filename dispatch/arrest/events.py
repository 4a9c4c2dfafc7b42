"""What an arrest writes into its incident, and into the AEDs that are fetched. No names."""

from dispatch.volunteers.lifecycle import ALERT_WORDS, AlertState
from gis.rooms.model import Event
from gis.words import Words

_TOLD = (
    AlertState.ALERTED, AlertState.SEEN, AlertState.REJECTED, AlertState.EXPIRED,
    AlertState.ROUTED_DIRECT, AlertState.ROUTED_VIA_AED, AlertState.ON_SCENE,
    AlertState.WITH_PATIENT, AlertState.HAS_AED, AlertState.RECALLED, AlertState.STOOD_DOWN,
)  # fmt: skip
_VOLUNTEER = Words(en="Volunteer: {says}", zh="志愿者：{says}")

ARREST_EVENTS = (
    Event(
        "incident.arrest_begun", "incident",
        "Volunteers are asked to come to a cardiac arrest; crews are suggested.",
        Words(en="Cardiac arrest: volunteers are asked", zh="心脏骤停：开始呼叫志愿者"),
    ),
    Event(
        "incident.arrest_ended", "incident", "Volunteers are asked no longer.",
        Words(en="Volunteers stood down ({why})", zh="志愿者已解除（{why}）"),
    ),
    *(
        Event(
            f"incident.volunteer_{state.value}", "incident",
            f"An alert of a volunteer became “{state.value}”.",
            _VOLUNTEER.filled(says=ALERT_WORDS[state]),
        )
        for state in _TOLD
    ),
    Event(
        "incident.volunteer_recall_unheard", "incident",
        "A volunteer who is called back has not said so: call.",
        Words(en="A volunteer has not heard the recall: call", zh="志愿者未确认召回，请致电"),
    ),
    Event(
        "incident.volunteer_claim_ended", "incident",
        "A volunteer does not fetch the AED any more.",
        Words(en="AED not fetched: {why}", zh="不再取AED：{why}"),
    ),
    Event(
        "aed.taken", "aed", "A volunteer took the AED to a patient: it is out until restocked.",
        Words(en="Taken to a patient", zh="已被取走使用"),
    ),
    Event(
        "aed.restocked", "aed", "The AED is back, complete and in service.",
        Words(en="Restocked", zh="已归位补充"),
    ),
)  # fmt: skip

FOLLOWED = (
    "incident.danger_changed", "incident.coded", "incident.closed", "incident.cancelled",
)  # fmt: skip
"""After each of these it is looked anew whether volunteers may go there."""
