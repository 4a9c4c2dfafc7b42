"""Rules of the road by jurisdiction: the file, its checks, and a profile's rules under it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from routing.roads.model import Profile
from routing.rules.checks import MATCHERS, check_entry
from routing.rules.defaults import PROFILES
from routing.rules.errors import InvalidJurisdictionError
from routing.rules.model import DrivingSide, ProfileRules, TurnCosts

BUILT_IN = Path(__file__).with_name("jurisdictions.yaml")
VERSION = 1
DEFAULT_KEY = "default"
SUPPORTED_UPLIFT = (1.1, 1.25)
"""Gains with lights and siren that published measurements support for a city."""

_BANS_PENALTY_S = 10.0


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """One checked entry of the file, `default` already merged in.

    `values` holds the fields that the file describes; `cautions` are sentences about values that
    are allowed and lie outside what the sources support.
    """

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    cautions: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """English name, else the key."""
        return str(self.values.get("name", self.key))


@dataclass(frozen=True, slots=True)
class Jurisdictions:
    """All entries of the built-in file and of the one laid over it."""

    by_key: Mapping[str, Jurisdiction]

    def get(self, key: str) -> Jurisdiction:
        """Return the entry `key`, or raise `InvalidJurisdictionError`."""
        if key not in self.by_key:
            known = ", ".join(sorted(self.by_key))
            raise InvalidJurisdictionError(f"There is no jurisdiction '{key}'; known are {known}.")
        return self.by_key[key]

    def of_city(
        self, city_key: str, *, area_codes: Sequence[str] = (), time_zone: str | None = None
    ) -> Jurisdiction:
        """Return the entry of a city: by its key, else area code, else time zone, else default.

        area_codes : codes of the city's administrative areas. Each speaks for the entry with its
        longest prefix, and most of them decide: an extract reaches over its city's border.
        Countries use the same numbers, so a code counts only in the time zones of its entry
        (`area_code_zones`, else `time_zones`), or where the city's is not given.
        """
        entries = self.by_key.values()
        for entry in entries:
            if city_key in entry.values.get("city_keys", ()):
                return entry
        spoken = Counter(
            key for code in area_codes if (key := self._of_code(code, time_zone)) is not None
        )
        if spoken:
            return self.by_key[spoken.most_common(1)[0][0]]
        for entry in entries:
            if time_zone is not None and time_zone in entry.values.get("time_zones", ()):
                return entry
        return self.by_key[DEFAULT_KEY]

    def _of_code(self, code: str, time_zone: str | None) -> str | None:
        """Key of the entry with the longest prefix of an area code, None if there is none."""
        prefixes = [
            (len(prefix), key)
            for key, entry in self.by_key.items()
            if _in_zones(entry, time_zone)
            for prefix in entry.values.get("area_codes", ())
            if code.startswith(prefix)
        ]
        return max(prefixes)[1] if prefixes else None


@cache
def built_in_jurisdictions() -> Jurisdictions:
    """Return the entries that come with the software."""
    return Jurisdictions(_merged(_read(BUILT_IN)))


def load_jurisdictions(path: Path | None = None) -> Jurisdictions:
    """Return the built-in entries with those of the file at `path` laid over them.

    An entry of the same key is amended field by field; tables are amended key by key.

    Raises
    ------
    InvalidJurisdictionError
        If the file cannot be read, has another version, or names an unknown field, class or
        profile, or an absurd value. The sentence names entry, field and what is allowed.
    """
    if path is None:
        return built_in_jurisdictions()
    entries = _read(BUILT_IN)
    for key, own in _read(path).items():
        entries[key] = _over(entries.get(key, {}), own)
    return Jurisdictions(_merged(entries))


def rules_for(profile: Profile, jurisdiction: Jurisdiction | str | None = None) -> ProfileRules:
    """Return the rules of `profile` where `jurisdiction` holds; None is the built-in default.

    Raises `InvalidJurisdictionError` for a key that the built-in file does not have.
    """
    if not isinstance(jurisdiction, Jurisdiction):
        jurisdiction = built_in_jurisdictions().get(jurisdiction or DEFAULT_KEY)
    rules, values = PROFILES[profile], jurisdiction.values
    changes: dict[str, Any] = {}
    if "driving_side" in values:
        changes["driving_side"] = DrivingSide(values["driving_side"])
    if "walking_speed_m_s" in values:
        changes["walk_speed_m_s"] = float(values["walking_speed_m_s"])
    if "ferry_wait_s" in values:
        changes["ferry_wait_s"] = float(values["ferry_wait_s"])
    if profile in values.get("signal_delay_s", {}):
        changes["signal_delay_s"] = float(values["signal_delay_s"][profile])
    if profile in values.get("turn_delay_s", {}):
        changes["turn"] = TurnCosts(**{k: float(v) for k, v in
                                       values["turn_delay_s"][profile].items()})  # fmt: skip
    if profile not in {Profile.WALK, Profile.BICYCLE}:
        changes |= _of_motor_vehicles(rules, values)
    return replace(rules, **changes)


def _of_motor_vehicles(rules: ProfileRules, values: Mapping[str, Any]) -> dict[str, Any]:
    changes: dict[str, Any] = {
        name: {**getattr(rules, name), **values[name]}
        for name in ("class_speed_kmh", "free_flow_factor", "barrier_wait_s")
        if name in values
    }
    if rules.uplift != 1.0 and "siren_uplift" in values:
        changes["uplift"] = float(values["siren_uplift"])
    if rules.profile is Profile.CAR:
        return changes
    if not values.get("bus_lanes_for_ambulances", True):
        changes["access"] = rules.access - {"bus"}
        changes["oneway_columns"] = tuple(c for c in rules.oneway_columns if c != "oneway_bus")
    if rules.profile is Profile.AMBULANCE_LIGHTS:
        if not values.get("bans_bind_with_lights", True):
            changes["ban_penalty_s"] = float(values.get("ban_penalty_s", _BANS_PENALTY_S))
        if rules.contraflow is not None and "contraflow" in values:
            given = dict(values["contraflow"])
            if "classes" in given:
                given["classes"] = frozenset(given["classes"])
            changes["contraflow"] = replace(rules.contraflow, **given)
    return changes


def _read(path: Path) -> dict[str, dict[str, Any]]:
    """Return the entries of a file, each checked alone."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        msg = f"The jurisdictions file {path.name} cannot be read: {error}"
        raise InvalidJurisdictionError(msg) from error
    if not isinstance(content, dict) or set(content) != {"version", "jurisdictions"}:
        msg = f"{path.name} needs exactly the fields 'version' and 'jurisdictions'."
        raise InvalidJurisdictionError(msg)
    if content["version"] != VERSION:
        msg = f"{path.name} has version {content['version']!r}; this software reads {VERSION}."
        raise InvalidJurisdictionError(msg)
    entries = content["jurisdictions"]
    if not isinstance(entries, dict) or not all(isinstance(e, dict) for e in entries.values()):
        raise InvalidJurisdictionError(
            f"{path.name}: every jurisdiction needs fields below its key."
        )
    for key, values in entries.items():
        check_entry(str(key), values)
    return {str(key): dict(values) for key, values in entries.items()}


def _merged(entries: Mapping[str, dict[str, Any]]) -> dict[str, Jurisdiction]:
    default = {k: v for k, v in entries[DEFAULT_KEY].items() if k not in MATCHERS}
    merged = {}
    for key, own in entries.items():
        values = _over(default, own)
        cautions = []
        low, high = SUPPORTED_UPLIFT
        if not low <= values.get("siren_uplift", low) <= high:
            cautions.append(
                f"Jurisdiction '{key}': siren_uplift {values['siren_uplift']} lies outside "
                f"{low}-{high}, the range that published measurements support; calibrate it "
                "with own trips before relying on arrival times."
            )
        merged[key] = Jurisdiction(key, values, tuple(cautions))
    return merged


def _over(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Lay `own` over `base`; mappings are amended, all else is replaced."""
    both = {
        k: _over(base[k], v) if isinstance(v, Mapping) and isinstance(base.get(k), Mapping) else v
        for k, v in own.items()
    }
    return {**base, **both}


def _in_zones(entry: Jurisdiction, time_zone: str | None) -> bool:
    zones = entry.values.get("area_code_zones", entry.values.get("time_zones", ()))
    return time_zone is None or time_zone in zones
