"""Turn the words of one register row into the values of our columns, or say why not."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from data.osm.facilities import AED_ACCESS, COMMUNITY_NAME
from data.search_text import has_han
from gis.opening_hours import InvalidOpeningHoursError, validate
from gis.text_fold import fold

Row = Mapping[str, Any]
"""Field → the row's own value, None where missing."""


class RowRefused(Exception):  # noqa: N818 (not an error of the program: it ends one row)
    """This row cannot be used; the text says why and what to change."""


YES_NO = {
    "yes": True, "y": True, "true": True, "t": True, "1": True, "是": True, "有": True,
    "室内": True, "ja": True, "sí": True, "si": True, "designated": True, "indoor": True,
    "no": False, "n": False, "false": False, "f": False, "0": False, "否": False, "无": False,
    "室外": False, "nein": False, "outdoor": False,
}  # fmt: skip

ALWAYS_OPEN = frozenset(
    {"24h", "24小时", "24小时开放", "全天", "全天候", "全天开放", "24 hours", "always",
     "24 stunden", "0:00-24:00", "00:00-24:00"}
)  # fmt: skip

CHINESE_ACCESS = {
    "公共": "public", "公开": "public", "对外开放": "public", "所有人": "public", "开放": "public",
    "public": "public", "顾客": "customers", "客户": "customers", "访客": "customers",
    "内部": "private", "不开放": "private", "私人": "private", "仅限内部": "private",
}  # fmt: skip

FACILITY_KINDS = {
    "hospital": "hospital", "医院": "hospital", "krankenhaus": "hospital",
    "综合医院": "hospital", "专科医院": "hospital", "中医院": "hospital",
    "clinic": "clinic", "诊所": "clinic", "门诊部": "clinic", "doctors": "clinic",
    "community health centre": "community_health_centre",
    "community health center": "community_health_centre",
    "社康": "community_health_centre", "社康中心": "community_health_centre",
    "社区健康服务中心": "community_health_centre", "社区卫生服务中心": "community_health_centre",
    "社区卫生服务站": "community_health_centre",
}  # fmt: skip
HOSPITAL_NAME = re.compile(r"医院|hospital|krankenhaus|\bklinikum\b", re.IGNORECASE)
CLINIC_NAME = re.compile(r"诊所|门诊|clinic\b|\bclínica\b", re.IGNORECASE)

DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%d.%m.%Y", "%Y%m%d")
MAX_FACILITY_BEDS, MAX_STATION_UNITS = 20_000, 500


def text(value: Any) -> str | None:
    """Return the value as text without outer blanks; None if nothing is left."""
    if value is None or value != value:  # noqa: PLR0124 (NaN is missing)
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip() or None


def number(value: Any, *, what: str) -> float | None:
    """Return a finite number, None for a missing one. A decimal comma is understood.

    Raises `RowRefused` for anything else, `what` naming the field.
    """
    written = text(value)
    if written is None:
        return None
    if "," in written and "." not in written and written.count(",") == 1:
        written = written.replace(",", ".")
    try:
        parsed = float(written)
    except ValueError:
        raise RowRefused(f"{what} “{written}” is not a number") from None
    if not math.isfinite(parsed):
        return None
    return parsed


def whole_number(value: Any, *, what: str, most: int) -> int | None:
    """Return a whole number from 0 to `most`, None for a missing one."""
    parsed = number(value, what=what)
    if parsed is None:
        return None
    if not parsed.is_integer() or not 0 <= parsed <= most:
        raise RowRefused(f"{what} “{text(value)}” is not a whole number from 0 to {most}")
    return int(parsed)


def yes_no(value: Any) -> bool | None:
    """Return what the value says; None for unknown words."""
    written = text(value)
    return None if written is None else YES_NO.get(written.casefold())


def opening_hours(value: Any) -> str | None:
    """Return an expression in OSM syntax; some common words for “always” are understood."""
    written = text(value)
    if written is None:
        return None
    if written.casefold() in ALWAYS_OPEN:
        return "24/7"
    try:
        return validate(written)
    except InvalidOpeningHoursError as problem:
        raise RowRefused(str(problem)) from None


def day(value: Any, *, what: str) -> datetime | None:
    """Return a day or moment as aware UTC; what carries no zone is taken as UTC."""
    if isinstance(value, date) and not isinstance(value, datetime):
        value = value.isoformat()
    written = text(value)
    if written is None:
        return None
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        for form in DATE_FORMATS:
            try:
                moment = datetime.strptime(written, form).replace(tzinfo=UTC)
                break
            except ValueError:
                continue
        else:
            raise RowRefused(f"{what} “{written}” is not a date; write YYYY-MM-DD") from None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def capabilities(value: Any) -> list[tuple[str, int | None]]:
    """Return `trauma:2; pci` as [("trauma", 2), ("pci", None)]."""
    found: list[tuple[str, int | None]] = []
    for part in re.split(r"[;,，；、|]", text(value) or ""):
        name, _, level = (piece.strip() for piece in part.partition(":"))
        if name:
            grade = whole_number(level or None, what=f"the level of {name}", most=9)
            found.append((name.casefold().replace(" ", "_"), grade))
    return found


def names(row: Row) -> dict[str, str | None]:
    """Return name, name_zh and name_en; a Chinese main name is the Chinese name too."""
    name_zh, name_en = text(row.get("name_zh")), text(row.get("name_en"))
    name = text(row.get("name")) or name_zh or name_en
    if name_zh is None and name is not None and has_han(name):
        name_zh = name
    return {"name": name, "name_zh": name_zh, "name_en": name_en}


def aed(row: Row) -> dict[str, Any]:
    """Return the columns of an AED."""
    called = names(row)
    place = ", ".join(
        part for part in (text(row.get("location")), text(row.get("address"))) if part
    )
    place_zh = text(row.get("location_zh"))
    access = (text(row.get("access")) or "").casefold()
    return {
        "name": called["name"],
        "name_zh": called["name_zh"],
        "location": place or place_zh,
        "location_zh": place_zh or (place if has_han(place) else None),
        "access": CHINESE_ACCESS.get(access) or AED_ACCESS.get(access, "unknown"),
        "opening_hours": opening_hours(row.get("opening_hours")),
        "indoor": yes_no(row.get("indoor")),
        "floor": text(row.get("floor")),
        "phone": text(row.get("phone")),
        "last_checked_at": day(row.get("last_checked_at"), what="the day of the last check"),
    }


def facility(row: Row) -> dict[str, Any]:
    """Return the columns of a hospital, clinic or community health centre."""
    called = names(row)
    tags = {
        "opening_hours": opening_hours(row.get("opening_hours")),
        "addr:full": text(row.get("address")),
        "grade": text(row.get("grade")),
    }
    can = capabilities(row.get("capabilities"))
    emergency = yes_no(row.get("has_emergency_department"))
    return _named(called) | {
        "kind": _facility_kind(text(row.get("kind")), called["name"] or ""),
        "has_emergency_department": bool(emergency)
        or any(name == "emergency_department" for name, _ in can),
        "bed_count": whole_number(row.get("bed_count"), what="beds", most=MAX_FACILITY_BEDS),
        "phone": text(row.get("phone")),
        "tags": {key: value for key, value in tags.items() if value is not None},
        "capabilities": can,
    }


def station(row: Row) -> dict[str, Any]:
    """Return the columns of a station; its kind is `ambulance` where none is given."""
    units = whole_number(
        row.get("unit_count_planned"), what="number of vehicles", most=MAX_STATION_UNITS
    )
    kind = text(row.get("kind")) or "ambulance"
    known = kind.casefold() not in {"ambulance_station", "急救站", "120急救站"}
    return _named(names(row)) | {
        "kind": kind if known else "ambulance",
        "unit_count_planned": units,
    }


def population_cell(row: Row) -> dict[str, Any]:
    """Return the columns of a population cell; `age_bands` comes as a mapping of raw values."""
    people = number(row.get("population"), what="population")
    if people is None:
        raise RowRefused("the population is missing")
    bands = {
        band: number(value, what=f"population aged {band}")
        for band, value in (row.get("age_bands") or {}).items()
    }
    if people < 0 or any(count is not None and count < 0 for count in bands.values()):
        raise RowRefused("a population is negative")
    return {
        "population": people,
        "age_bands": {band: count for band, count in bands.items() if count is not None},
        "risk_values": {},
    }


def _named(called: dict[str, str | None]) -> dict[str, Any]:
    if called["name"] is None:
        raise RowRefused("the name is missing")
    return dict(called)


def _facility_kind(written: str | None, name: str) -> str:
    if written is not None and (kind := FACILITY_KINDS.get(fold(written))):
        return kind
    for pattern, kind in (
        (COMMUNITY_NAME, "community_health_centre"),
        (HOSPITAL_NAME, "hospital"),
        (CLINIC_NAME, "clinic"),
    ):
        if pattern.search(name):
            return kind
    raise RowRefused(
        f"the kind “{written or ''}” is not known; "
        "write hospital, clinic or community_health_centre"
    )


PARSERS: Mapping[str, Callable[[Row], dict[str, Any]]] = {
    "aeds": aed,
    "facilities": facility,
    "stations": station,
    "population": population_cell,
}
"""Kind of register → parser of one row."""
