"""The night's work of one city: learn its speeds from what was received until a given time."""

import logging
import time
from datetime import datetime

from gis.access import SYSTEM
from gis.jobs.errors import JobCancelledError
from gis.jobs.running import Run
from gis.words import Words
from routing.learning.due import due_cities
from routing.learning.errors import LearnedMeanwhileError
from routing.learning.repository_nightly import only_learner
from routing.learning.service import learn
from routing.live.routing import Routing
from routing.roads.model import Profile

_log = logging.getLogger("goldenhour.learning")


def learn_night(run: Run) -> None:
    """Learn one city's speeds, day by day; what was learned of a day stays.

    A try that begins when the night is over does nothing: the next night takes over.

    Raises
    ------
    LearnedMeanwhileError
        Somebody else learns the same city; tried again later.
    JobCancelledError
        It was asked to stop: the day under way is not stored, and learned the next time.
    """
    began_s = time.monotonic()
    city_id, to_at = int(run.arguments["city_id"]), datetime.fromisoformat(run.arguments["to_at"])
    with run.database.read(SYSTEM) as uow:
        due = {state.city_id: until for state, until in due_cities(uow, run.settings)}
    if due.get(city_id) != to_at:
        run.report(Words(en="learned, or left to the next night", zh="已学习，或留待下一夜"), 1.0)
        return
    with only_learner(run.database.engine, city_id) as alone:
        if not alone:
            raise LearnedMeanwhileError
        routing = Routing(
            run.database, run.settings.graph_cache_folder,
            profiles=(Profile.AMBULANCE, Profile.AMBULANCE_LIGHTS),
            jurisdictions_file=run.settings.jurisdictions_file,
        )  # fmt: skip
        routing.refresh()
        learned = learn(
            run.database, routing, city_id, to_at=to_at, stop=run.stop, progress=run.step
        )
    if learned is None:
        raise JobCancelledError
    _log.info(
        "city %s, received before %s: %d positions, %d trips, %d drives, %d speeds known, %.0f s",
        city_id, to_at.isoformat(), learned.positions, learned.trips, learned.drives,
        learned.cells, time.monotonic() - began_s,
    )  # fmt: skip
    with run.database.unit_of_work(SYSTEM) as done:
        run.give(done, {
            "positions": learned.positions, "trips": learned.trips, "refused": learned.refused,
            "drives": learned.drives, "speeds": learned.cells,
        })  # fmt: skip
