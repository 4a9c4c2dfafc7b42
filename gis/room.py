"""What the spatial core says of itself: facilities and their status."""

from gis.access import Permission
from gis.rooms.model import Event, Room, Subject

ROOM = Room(
    name="gis",
    subjects=(Subject("facility", Permission.RESOURCE_READ),),
    events=(
        Event(
            "hospital.status_changed", "facility",
            "A hospital reported diversion or free beds.",
            {"en": "{name}: status reported", "zh": "{name}：上报状态"},
        ),
    ),
)  # fmt: skip
