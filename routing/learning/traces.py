"""What the vehicles of a city drove in a stretch of time, read and matched unit after unit."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gis.access import Identity
from gis.database import Database
from gis.errors import GoldenHourError
from gis.jobs.running import Stop
from routing.learning import repository_traces
from routing.learning.errors import TracesRefusedError
from routing.learning.learn import LegDrives
from routing.learning.trip_model import EARLIEST_S, Positions, Stamps
from routing.learning.trips import LONGEST_SILENCE_S, LONGEST_STAMP_S, Trip, trips
from routing.live.city_roads import CityRoads
from routing.live.errors import StraightLineOnlyError
from routing.live.loading import Layer
from routing.matching.match import Matcher
from routing.roads.model import Profile

SENT_TWICE_S = 600.0
"""So long back it is looked whether a report came before."""
FEW_REFUSED, REFUSED_SHARE = 5, 0.05
"""More refused trips than both are no accident."""
_NOT_MATCHED = (GoldenHourError, ValueError, LookupError, ArithmeticError)


@dataclass(frozen=True, slots=True)
class Window:
    """Reports received from `begin` to before `end`; after the `final` one none are waited for."""

    begin: datetime
    end: datetime
    final: bool


class Collector:
    """Reads a city's reports window after window; counts what it read since it was made.

    positions : reports; untimely : those whose device time cannot be; trips : matched
    reasons : trips that could not be matched, by error code or kind
    """

    def __init__(
        self,
        database: Database,
        city: CityRoads,
        units: Sequence[int],
        *,
        identity: Identity,
        stop: Stop | None,
    ) -> None:
        self._database, self._identity, self._stop = database, identity, stop
        self._city_id = city.network.version.city_id
        self._units = units
        self._segments = city.network.segments
        self._time_zone = city.snapshot.time_zone
        plain, lights = _layer(city, Profile.AMBULANCE), _layer(city, Profile.AMBULANCE_LIGHTS)
        self._plane = plain.snapper.plane
        self._matchers = {
            siren: Matcher(layer.graph, snapper=layer.snapper)
            for siren, layer in ((False, plain), (True, lights))
        }
        self._carried: dict[int, Positions] = {}
        self.positions = self.untimely = self.trips = 0
        self.reasons: Counter[str] = Counter()

    def is_waiting(self) -> bool:
        """Whether trips were under way at the end of the last window."""
        return bool(self._carried)

    def is_stopped(self) -> bool:
        """Whether to stop was asked for."""
        return self._stop is not None and self._stop.is_set()

    def collect(
        self, window: Window, progress: Callable[[float], None]
    ) -> dict[bool, LegDrives] | None:
        """Return what was driven with lights (True) and without, None if it was stopped.

        Trips under way at the end are kept for the next window.

        Raises
        ------
        TracesRefusedError
            Too many trips cannot be matched.
        """
        with self._database.read(self._identity) as uow:
            stamps = repository_traces.read_stamps(
                uow.session, self._city_id,
                from_at=window.begin - timedelta(seconds=EARLIEST_S + LONGEST_STAMP_S),
                to_at=window.end,
            )  # fmt: skip
        before, refused_before = self.trips, self.reasons.copy()
        nothing = LegDrives.of([], self._segments, time_zone=self._time_zone)
        parts = {False: [nothing], True: [nothing]}
        for number, unit_id in enumerate(self._units):
            if self.is_stopped():
                return None
            for siren, drives in self._unit(unit_id, window, stamps).items():
                if drives:
                    parts[siren].append(LegDrives.joined(drives))
            progress((number + 1) / len(self._units))
        refused = self.reasons - refused_before
        n_trips = self.trips - before + refused.total()
        if refused.total() > max(FEW_REFUSED, REFUSED_SHARE * n_trips):
            raise TracesRefusedError(refused, n_trips=n_trips)
        return {siren: LegDrives.joined(some) for siren, some in parts.items()}

    def _unit(
        self, unit_id: int, window: Window, stamps: Stamps
    ) -> dict[bool, list[LegDrives]]:  # fmt: skip
        with self._database.read(self._identity) as uow:
            received = repository_traces.read_positions(
                uow.session, unit_id, from_at=window.begin, to_at=window.end,
                known_from_at=window.begin - timedelta(seconds=SENT_TWICE_S),
            )  # fmt: skip
        new, untimely = received.believed()
        self.positions += int(received.new.sum())
        self.untimely += untimely
        reports = self._carried.pop(unit_id, Positions.none()).with_more(new)
        found, under_way = trips(reports, stamps, unit_id=unit_id, plane=self._plane)
        if window.final or self._was_silent(reports, window):
            under_way = reports.at_s.size
        elif under_way < reports.at_s.size:
            self._carried[unit_id] = reports.take(reports.at_s >= reports.at_s[under_way])
        driven: dict[bool, list[LegDrives]] = {False: [], True: []}
        for trip in found:
            if trip.first < under_way:
                driven[trip.siren] += self._matched(trip, reports)
        return driven

    def _was_silent(self, reports: Positions, window: Window) -> bool:
        if not reports.at_s.size:
            return True
        return bool(window.end.timestamp() - reports.at_s[-1] > LONGEST_SILENCE_S)

    def _matched(self, trip: Trip, reports: Positions) -> list[LegDrives]:
        """Match a trip; one that cannot be is counted, and does not keep others from teaching."""
        try:
            matched = self._matchers[trip.siren].match(trip.trace(reports))
            drives = LegDrives.of([matched], self._segments, time_zone=self._time_zone)
        except _NOT_MATCHED as error:
            named = error.code if isinstance(error, GoldenHourError) else type(error).__name__
            self.reasons[named] += 1
            return []
        self.trips += 1
        return [drives]


def _layer(city: CityRoads, profile: Profile) -> Layer:
    layer = city.network.layers.get(profile)
    if layer is None:
        raise StraightLineOnlyError(city.network.version.city_id)
    return layer
