"""What deadlines write into an incident's story."""

from collections.abc import Mapping

from gis.words import Words

WAITING_EVENTS: Mapping[str, tuple[str, Words]] = {
    "incident.call_back_set": (
        "A waiting patient is to be called again by then.",
        Words(en="Call back by {due_at}", zh="应于{due_at}前回访"),
    ),
    "incident.deadline_due": (
        "A call-back, or a crew's answer, was not done in time.",
        Words(en="Overdue: {deadline}", zh="逾期：{deadline}"),
    ),
    "incident.deadline_escalated": (
        "What was overdue is still not done; the supervisor is told.",
        Words(en="Passed on to the supervisor: {deadline}", zh="已上报值班主任：{deadline}"),
    ),
    "incident.next_unit_offered": (
        "A crew has not answered; the next unit is offered to the dispatcher.",
        Words(
            en="{instead_of} has not answered; next is {call_sign}",
            zh="{instead_of}未答复，下一车组为{call_sign}",
        ),
    ),
    "incident.called_back": (
        "A waiting patient was called again, or could not be reached.",
        Words(en="Called back: {result}", zh="回访：{result}"),
    ),
    "incident.recategorised": (
        "A call-back changed the category.",
        Words(en="Category {from_category} → {category}", zh="级别{from_category} → {category}"),
    ),
}
"""Event, what it says, its words."""

SURGE_EVENTS: Mapping[str, tuple[str, Words]] = {
    "surge.began": (
        "A supervisor says that there is more demand than fleet.",
        Words(en="Surge mode: {reason}", zh="高峰模式：{reason}"),
    ),
    "surge.ended": (
        "A supervisor ended the surge mode.", Words(en="Surge mode ended", zh="高峰模式结束"),
    ),
}  # fmt: skip

WATCHED = (
    "incident.call_received", "incident.coded", "incident.queued", "incident.assigned",
    "incident.closed", "incident.cancelled", "incident.reopened", "incident.end_undone",
    "incident.merged", "incident.merged_into", "incident.merge_undone",
    "incident.diversion_away_accepted", "incident.recategorised", "incident.called_back",
    "assignment.undone", "assignment.acknowledged", "assignment.en_route", "assignment.staging",
    "assignment.on_scene", "assignment.at_patient", "assignment.cancelled", "assignment.diverted",
    "assignment.no_transport", "assignment.handed_over", "assignment.available",
    "assignment.notified",
)  # fmt: skip
"""Events after which an incident's deadlines are looked at anew."""
