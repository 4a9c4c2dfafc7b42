"""What safety writes into the log of an incident, and of hazards of places."""

from gis.rooms.model import Event
from gis.words import Words

SAFETY_EVENTS = (
    Event(
        "incident.danger_changed", "incident",
        "Whether a danger is known at the scene, and which, is another than before.",
        Words(en="Danger: {answer} {kinds}", zh="现场危险：{answer} {kinds}"),
    ),
    Event(
        "incident.staged", "incident",
        "Crews were ordered to wait at a distance until the scene is released.",
        Words(en="Crews wait until the scene is released", zh="车组待命，等待现场解除危险"),
    ),
    Event(
        "incident.released", "incident", "Crews may go to the patient.",
        Words(en="Scene released", zh="现场已解除危险，可进入"),
    ),
    Event(
        "incident.order_heard", "incident", "A crew confirmed an order about the scene's safety.",
        Words(
            en="{call_sign} confirmed: {order} ({heard})",
            zh="{call_sign}已确认：{order}（{heard}）",
        ),
    ),
    Event(
        "incident.agency_told", "incident",
        "Somebody wrote down that an agency outside was told of the incident.",
        Words(en="Told: {agency}", zh="已通知：{agency}"),
    ),
    Event(
        "hazard.added", "hazard", "A hazard of a place was written down; where stands in no event.",
        Words(en="Hazard of a place: {kind}", zh="新增场所危险：{kind}"),
    ),
    Event(
        "hazard.ended", "hazard", "A hazard of a place was taken away before it expired.",
        Words(en="Hazard of a place taken away: {kind}", zh="已解除场所危险：{kind}"),
    ),
)  # fmt: skip
