"""Checks of one entry of a jurisdictions file: known fields, values that are not absurd."""

from collections.abc import Collection, Mapping
from typing import Any

from routing.roads.model import Profile
from routing.rules.defaults import CLASS_SPEED_KMH
from routing.rules.errors import InvalidJurisdictionError
from routing.rules.model import DrivingSide
from routing.rules.profiles import NEVER_AGAINST

MATCHERS = ("city_keys", "area_codes", "area_code_zones", "time_zones")
_TEXTS = ("name", "name_zh")
_SIGNALLED = frozenset(str(profile) for profile in Profile)
_TURN_PARTS = frozenset({"near_s", "far_s", "u_turn_s"})
# field: least and greatest value that is not absurd
_NUMBERS: dict[str, tuple[float, float]] = {
    "siren_uplift": (0.8, 2.0),
    "ferry_wait_s": (0.0, 7_200.0),
    "walking_speed_m_s": (0.3, 3.0),
    "ban_penalty_s": (0.0, 600.0),
}
_TABLES: dict[str, tuple[float, float]] = {
    "class_speed_kmh": (3.0, 150.0),
    "free_flow_factor": (0.1, 1.2),
    "signal_delay_s": (0.0, 180.0),
    "barrier_wait_s": (0.0, 3_600.0),
}
_FLAGS = ("bus_lanes_for_ambulances", "bans_bind_with_lights")
_TURN_RANGE = (0.0, 180.0)
_CONTRAFLOW_PARTS: dict[str, tuple[float, float]] = {
    "max_block_m": (10.0, 1_000.0),
    "factor": (1.0, 10.0),
}
_FIELDS = frozenset(
    {*MATCHERS, *_TEXTS, *_NUMBERS, *_TABLES, *_FLAGS, "driving_side", "turn_delay_s",
     "contraflow", "sources"}
)  # fmt: skip


def check_entry(key: str, values: Mapping[str, Any]) -> None:
    """Raise `InvalidJurisdictionError` for the first field that is unknown or absurd."""
    where = f"Jurisdiction '{key}'"
    if unknown := sorted(str(name) for name in values if name not in _FIELDS):
        allowed = ", ".join(sorted(_FIELDS))
        raise InvalidJurisdictionError(
            f"{where} has an unknown field '{unknown[0]}'; allowed are {allowed}."
        )
    _check_texts(where, values)
    if "driving_side" in values and values["driving_side"] not in tuple(DrivingSide):
        raise InvalidJurisdictionError(f"{where}: 'driving_side' must be right or left.")
    for name in _FLAGS:
        if not isinstance(values.get(name, True), bool):
            raise InvalidJurisdictionError(f"{where}: '{name}' must be true or false.")
    for name, bounds in _NUMBERS.items():
        if name in values:
            _check_number(f"{where}: '{name}'", values[name], bounds)
    for name, bounds in _TABLES.items():
        known = {"class_speed_kmh": CLASS_SPEED_KMH, "free_flow_factor": CLASS_SPEED_KMH,
                 "signal_delay_s": _SIGNALLED}.get(name)  # fmt: skip
        _check_table(f"{where}: '{name}'", values.get(name, {}), bounds, known=known)
    _check_turns(where, values)
    _check_contraflow(where, values.get("contraflow", {}))


def _check_texts(where: str, values: Mapping[str, Any]) -> None:
    for name in (*MATCHERS, "sources"):
        texts = values.get(name, [])
        if not isinstance(texts, list) or not all(isinstance(t, str) and t for t in texts):
            raise InvalidJurisdictionError(
                f"{where}: '{name}' must be a list of texts; write codes in quotes."
            )


def _check_turns(where: str, values: Mapping[str, Any]) -> None:
    turns = values.get("turn_delay_s", {})
    _check_keys(f"{where}: 'turn_delay_s'", turns, known=_SIGNALLED)
    for profile, parts in turns.items():
        label = f"{where}: 'turn_delay_s' of {profile}"
        _check_table(label, parts, _TURN_RANGE, known=_TURN_PARTS)


def _check_contraflow(where: str, contraflow: Any) -> None:
    _check_keys(f"{where}: 'contraflow'", contraflow, known={"classes", *_CONTRAFLOW_PARTS})
    for name, bounds in _CONTRAFLOW_PARTS.items():
        if name in contraflow:
            _check_number(f"{where}: contraflow '{name}'", contraflow[name], bounds)
    classes = contraflow.get("classes", [])
    if not isinstance(classes, list):
        raise InvalidJurisdictionError(f"{where}: contraflow 'classes' must be a list.")
    allowed_classes = set(CLASS_SPEED_KMH) - NEVER_AGAINST
    if wrong := [str(one) for one in classes if str(one) not in allowed_classes]:
        raise InvalidJurisdictionError(
            f"{where}: '{wrong[0]}' is never driven against its direction; allowed are "
            f"{', '.join(sorted(allowed_classes))}."
        )


def _check_table(
    label: str, table: Any, bounds: tuple[float, float], *, known: Collection[str] | None = None
) -> None:
    _check_keys(label, table, known=known)
    for name, value in table.items():
        _check_number(f"{label} {name}", value, bounds)


def _check_keys(label: str, table: Any, *, known: Collection[str] | None) -> None:
    if not isinstance(table, dict):
        raise InvalidJurisdictionError(f"{label} must be a table of names and values.")
    if known is not None and (wrong := [one for one in table if one not in known]):
        raise InvalidJurisdictionError(
            f"{label} does not know '{wrong[0]}'; known are {', '.join(sorted(known))}."
        )


def _check_number(label: str, value: Any, bounds: tuple[float, float]) -> None:
    low, high = bounds
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not low <= value <= high:
        raise InvalidJurisdictionError(
            f"{label} is {value!r}; a number from {low:g} to {high:g} is needed."
        )
