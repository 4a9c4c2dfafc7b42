"""What can go wrong on the road network."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from gis.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    PermissionDeniedError,
    UnavailableError,
)


class InvalidNetworkError(InvalidInputError):
    """The road segments handed over contradict themselves or leave nothing to drive on."""

    code = "road_network_invalid"


class InvalidJurisdictionError(InvalidInputError):
    """A jurisdiction, or the file of their rules, names what is unknown or absurd."""

    code = "road_rules_invalid"


class InvalidPointError(InvalidInputError):
    """A place is not a longitude and latitude in degrees."""

    code = "point_invalid"


class InvalidTraceError(InvalidInputError):
    """The observations of a trace contradict themselves."""

    code = "trace_invalid"


class LearnedMeanwhileError(ConflictError):
    """Another process learns this city's speeds, or did meanwhile; counting twice is refused."""

    code = "learned_meanwhile"

    def __init__(self) -> None:
        super().__init__(
            "Another process is learning this city's speeds, or has learned them meanwhile, from "
            "the same positions. What is not stored yet is learned the next time: run it again "
            "later."
        )


class LearningPeriodError(InvalidInputError):
    """A period to learn from ends too near to now, or before it begins."""

    code = "learning_period_invalid"

    def __init__(self, *, from_at: datetime | None, to_at: datetime, latest_at: datetime) -> None:
        self.from_at, self.to_at, self.latest_at = from_at, to_at, latest_at
        begin = "" if from_at is None else f"from {from_at.isoformat()} "
        super().__init__(
            f"Speeds cannot be learned {begin}to {to_at.isoformat()}: positions received after "
            f"{latest_at.isoformat()} may not all be stored yet, and what is counted once is not "
            "looked at again. End the period at that time or earlier, and after it begins."
        )


class LearnedOnOldMapError(ConflictError):
    """The city's road map was replaced while speeds were learned on the one before."""

    code = "learned_on_old_map"

    def __init__(self, city_id: int) -> None:
        self.city_id = city_id
        super().__init__(
            f"The road map of city {city_id} is newer than the one its positions were matched to. "
            "What was not stored by then is not lost: run it again once the new roads are loaded, "
            "in a minute or two."
        )


class TracesRefusedError(InvalidInputError):
    """So many trips cannot be matched that something is wrong with the positions."""

    code = "traces_refused"

    def __init__(self, reasons: Mapping[str, int], *, n_trips: int) -> None:
        self.reasons, self.n_trips = dict(reasons), n_trips
        named = ", ".join(f"{code} {count}" for code, count in sorted(self.reasons.items()))
        super().__init__(
            f"{sum(self.reasons.values())} of {n_trips} trips cannot be matched to roads "
            f"({named}). Nothing was learned from that day. Look at what the vehicles send, "
            "or leave the day out with a later --from."
        )


class EtaRecordsInvalidError(InvalidInputError):
    """Predicted and actual times cannot be compared."""

    code = "eta_records_invalid"

    def __init__(self) -> None:
        super().__init__(
            "Every trip needs a predicted and an actual time, an hour from 0 to 23 and a distance, "
            "all finite and not below 0; leave out trips that never arrived."
        )


class NoRoadNearbyError(InvalidInputError):
    """The nearest usable road lies beyond the limit.

    `index` is the position in the points asked for; `distance_m` the distance to that road.
    """

    code = "no_road_nearby"

    def __init__(self, index: int, *, distance_m: float, max_distance_m: float) -> None:
        self.index = index
        self.distance_m = distance_m
        self.max_distance_m = max_distance_m
        super().__init__(
            f"The nearest usable road is {distance_m:.0f} m away, the limit is "
            f"{max_distance_m:.0f} m: check the place and its datum, or allow a larger distance."
        )


class NoRouteError(NotFoundError):
    """No drivable or walkable way joins the two places. `reason` is a key of `REASONS`."""

    code = "no_route"

    REASONS = {  # noqa: RUF012 - a constant table beside its only reader
        "origin_closed": "the road at the start is closed; start from another road",
        "destination_closed": "the road at the destination is closed; name another access",
        "not_connected": "every connection is missing, one-way against the trip or closed; "
        "try another destination or another means of travel",
    }

    def __init__(self, reason: str, *, profile: str) -> None:
        self.reason = reason
        self.profile = profile
        super().__init__(f"There is no way for profile '{profile}': {self.REASONS[reason]}.")


class GraphCacheInvalidError(UnavailableError):
    """A stored graph is missing, half-written or of another version; build it again."""

    code = "graph_cache_invalid"


class ConditionsIdInvalidError(InvalidInputError):
    """A text is not the name of road conditions, or names those of another city."""

    code = "conditions_id_invalid"

    def __init__(self, text: str) -> None:
        super().__init__(
            f"'{text[:100]}' does not name this city's road conditions. Send back a conditions_id "
            "as an answer gave it, or leave it out."
        )


class ConditionsOutdatedError(UnavailableError):
    """Road conditions were read too long ago for the moment asked for."""

    code = "conditions_outdated"

    def __init__(self) -> None:
        super().__init__(
            "The road conditions in memory are older than asked for; repeat the question in a "
            "second."
        )


class RoadConditionNotFoundError(NotFoundError):
    """There is no such closure, flood, roadworks, set speed or permit."""

    code = "road_condition_not_found"

    def __init__(self, condition_id: object) -> None:
        super().__init__(
            f"There is no road condition {condition_id}. Read the list of conditions again."
        )


class RoadConditionOverError(ConflictError):
    """It has already been ended, or has expired."""

    code = "road_condition_over"

    def __init__(self, *, ended_by: str | None, over_at: datetime) -> None:
        self.ended_by, self.over_at = ended_by, over_at
        how = "expired" if ended_by is None else f"was ended by {ended_by}"
        super().__init__(
            f"This {how} at {over_at:%Y-%m-%d %H:%M:%S}Z. Nothing is left to change; set a new "
            "one where it is needed."
        )


class RoadConditionStaleError(ConflictError):
    """Somebody changed it since it was read (HTTP 412)."""

    code = "road_condition_stale"

    def __init__(self, given: int, current: int) -> None:
        self.given, self.current = given, current
        super().__init__(
            f"This was changed meanwhile: you hold version {given}, the current one is {current}. "
            "Look at the newer state and decide again."
        )


class RoadCityUnknownError(NotFoundError):
    """Road conditions were asked of a city that is not loaded."""

    code = "road_city_unknown"

    def __init__(self, city_id: int) -> None:
        super().__init__(f"There is no city {city_id}. Ask for the list of cities.")


class RoadAuthorityError(PermissionDeniedError):
    """The viewer's right does not reach every area that the roads lie in."""

    code = "road_authority_missing"

    def __init__(self, permission: str, areas: Sequence[str]) -> None:
        self.areas = tuple(areas)
        super().__init__(
            f"You do not hold '{permission}' in {_listed(areas)}. Draw only within your "
            "jurisdiction, or ask who is responsible there."
        )


class DrawingInvalidError(InvalidInputError):
    """What was drawn is empty, crosses itself, lies elsewhere or is of the wrong kind."""

    code = "drawing_invalid"


class NoRoadHitError(InvalidInputError):
    """No road lies within or along what was drawn."""

    code = "no_road_hit"

    def __init__(self) -> None:
        super().__init__(
            "No road lies within or along what you drew, with the layers and structures you "
            "chose. Draw it again, or confirm that it shall hold for roads mapped later."
        )


class ConditionTooLargeError(InvalidInputError):
    """What was drawn is so large that it may be a slip of the hand."""

    code = "condition_too_large"

    def __init__(self, *, area_km2: float, roads: int, share: float) -> None:
        self.area_km2, self.roads, self.share = area_km2, roads, share
        super().__init__(
            f"This covers {area_km2:.1f} km² and {roads} roads, {100 * share:.0f} % of the city's. "
            "Draw a smaller one, or confirm that it is meant."
        )


class UnknownRoadsError(InvalidInputError):
    """Edges are named that the road network does not have. `ids` are all of them."""

    code = "roads_unknown"

    def __init__(self, ids: Sequence[int], *, network_version: int) -> None:
        self.ids = tuple(ids)
        super().__init__(
            f"{len(ids)} roads are not in network version {network_version}: {_listed(ids)}. "
            "Read the roads of this version and send the request again; nothing was stored."
        )


class ConditionTimesError(InvalidInputError):
    """Start and end of a condition are missing, past, exchanged or too far apart."""

    code = "condition_times_invalid"


class SpeedInvalidError(InvalidInputError):
    """A speed, factor, depth or confidence is not a number in its range. `rows` are all such."""

    code = "speed_invalid"

    def __init__(self, sentence: str, *, rows: Sequence[int] = ()) -> None:
        self.rows = tuple(rows)
        super().__init__(sentence)


class ConditionWordInvalidError(InvalidInputError):
    """A vehicle class, direction, structure, kind or filter is none of those there are."""

    code = "condition_word_invalid"

    def __init__(self, what: str, given: str, *, known: Sequence[str]) -> None:
        super().__init__(f"'{given[:50]}' is no {what}. Use one of: {', '.join(known)}.")


class ReasonMissingError(InvalidInputError):
    """A condition came without a reason."""

    code = "condition_reason_missing"

    def __init__(self) -> None:
        super().__init__("Give the reason in Chinese or English: the next dispatcher relies on it.")


class LegalBasisMissingError(InvalidInputError):
    """A contraflow permit came without what it is based on."""

    code = "legal_basis_missing"

    def __init__(self) -> None:
        super().__init__(
            "Name the law, order or agreement under which driving against one-way roads is "
            "permitted here."
        )


class AreaTooLargeError(InvalidInputError):
    """An isochrone or service area would need more grid nodes than memory allows."""

    code = "area_too_large"

    def __init__(self, *, cell_m: float, n_nodes: int) -> None:
        super().__init__(
            f"The area needs {n_nodes:,} grid nodes at {cell_m:g} m: ask for shorter times, or "
            "for larger cells and a larger buffer."
        )


_SHOWN = 20


def _listed(things: Sequence[object]) -> str:
    """Return the first things, and how many more there are."""
    shown = ", ".join(str(thing) for thing in things[:_SHOWN])
    return shown if len(things) <= _SHOWN else f"{shown} and {len(things) - _SHOWN} more"


class SpeedsRejectedError(InvalidInputError):
    """Rows of a batch of speeds cannot be used; none was stored. `rejected`: (row, sentence)."""

    code = "speeds_rejected"

    def __init__(self, rejected: Sequence[tuple[int, str]]) -> None:
        self.rejected = tuple(rejected)
        first = "; ".join(f"row {row}: {sentence}" for row, sentence in self.rejected[:_SHOWN])
        more = len(self.rejected) - _SHOWN
        super().__init__(
            f"{len(self.rejected)} rows cannot be used, and nothing was stored. {first}"
            + (f" And {more} more." if more > 0 else "")
        )


class SpeedBatchShapeError(InvalidInputError):
    """The columns of a batch of speeds differ in length, or the batch is too long."""

    code = "speed_batch_shape"


class StraightLineOnlyError(UnavailableError):
    """The city has no usable road graph, so that only straight lines could be told."""

    code = "roads_unavailable"

    def __init__(self, city_id: int) -> None:
        self.city_id = city_id
        super().__init__(
            f"The roads of city {city_id} are not loaded for this means of travel. If the city "
            "was added just now, repeat the question in a minute; else add its roads with "
            "'goldenhour city add'."
        )


class DepartureInvalidError(InvalidInputError):
    """A departure is past, or so far ahead that nothing is known of it."""

    code = "departure_invalid"

    def __init__(self, depart_at: datetime, *, now: datetime) -> None:
        self.depart_at = depart_at
        super().__init__(
            f"A trip cannot leave at {depart_at.isoformat()}: it is now {now.isoformat()}. Give a "
            "time from now to seven days ahead, with its zone, or leave it out for now."
        )


class MatrixTooLargeError(InvalidInputError):
    """More times were asked for than one request may."""

    code = "matrix_too_large"

    def __init__(self, n_origins: int, n_destinations: int, *, limit: int) -> None:
        super().__init__(
            f"{n_origins:,} origins by {n_destinations:,} destinations are more than the "
            f"{limit:,} times that one request may ask for: ask for fewer rows at a time."
        )
