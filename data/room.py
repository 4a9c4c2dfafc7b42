"""What this room says of itself: cities that were loaded."""

from data.jobs import JOBS
from gis.permissions import MAP_READ_OPERATIONAL
from gis.rooms.model import Event, Room, Subject
from gis.words import Words

ROOM = Room(
    name="data",
    jobs=JOBS,
    subjects=(Subject("city", MAP_READ_OPERATIONAL),),
    events=(
        Event(
            "city.stored", "city", "A city was loaded or refreshed.",
            Words(en="City {key} stored", zh="已载入城市{key}"),
        ),
        Event(
            "city.register_imported", "city", "A register was imported into a city.",
            Words(
                en="{rows} rows of {kind} imported from {source}",
                zh="从{source}导入{kind}{rows}行",
            ),
        ),
    ),
)  # fmt: skip
