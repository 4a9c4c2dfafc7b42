"""Bundles of FHIR R4: conditions, positive observations and encounters as rows of a line list.

Source: HL7 FHIR R4 (4.0.1), resources Condition, Observation, Encounter, Patient, Location.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from gis.intake.encodings import recognise
from gis.intake.model import RawTable, ReadingNotes
from surveillance.intake.errors import BundleRefusedError

COLUMNS = (
    "source_key", "disease", "classification", "onset", "diagnosed", "entered", "corrected",
    "deleted", "died", "reporting_unit", "residence_area", "address", "lon", "lat", "datum", "name",
    "phone", "id_number", "sex", "born", "age", "outcome",
)  # fmt: skip
BUNDLE = "FHIR R4 bundle"
"""What the notes of such a file say."""
ICD_10 = ("http://hl7.org/fhir/sid/icd-10", "http://hl7.org/fhir/sid/icd-10-cm")
GEOLOCATION = "http://hl7.org/fhir/StructureDefinition/geolocation"
POSITIVE_CODES = frozenset({"POS", "DET", "10828004", "260373001", "LA6576-8", "LA11882-0"})
"""HL7 interpretation codes, SNOMED CT positive and detected, LOINC answers of the same meaning."""
NOT_OURS = frozenset({"entered-in-error", "cancelled"})

Resource = Mapping[str, Any]


def is_bundle(path: Path) -> bool:
    """Return whether a file's first bytes are those of JSON that names a Bundle."""
    with path.open("rb") as file:
        head = file.read(4096)
    return head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{") and b'"Bundle"' in head


def read_bundle(path: Path) -> RawTable:
    """Read the conditions, positive observations and encounters of a bundle as rows.

    `row_number` is the place of the entry in the bundle, from 1. A report that was entered in
    error comes with its deletion.

    Raises
    ------
    BundleRefusedError
    """
    encoded = recognise(path.read_bytes(), path=path, encoding="utf-8")
    try:
        bundle = json.loads(encoded.text())
    except (json.JSONDecodeError, RecursionError):
        raise BundleRefusedError(path, "it is not JSON") from None
    entries = bundle.get("entry") if isinstance(bundle, dict) else None
    if not isinstance(entries, list) or bundle.get("resourceType") != "Bundle":
        raise BundleRefusedError(path, "it has no entries")
    resources = [_mapping(_mapping(entry).get("resource")) for entry in entries]
    known = _by_reference(entries, resources)
    rows: list[dict[str, Any]] = []
    numbers: list[int] = []
    for number, resource in enumerate(resources, 1):
        reader = READERS.get(str(resource.get("resourceType")))
        for row in reader(resource, known) if reader else ():
            rows.append(row)
            numbers.append(number)
    if not rows:
        raise BundleRefusedError(path, "no entry is a Condition, a positive Observation or an"
                                 " Encounter with a diagnosis")  # fmt: skip
    columns = {}
    for name in COLUMNS:
        cells = np.empty(len(rows), dtype=object)
        cells[:] = [row.get(name) for row in rows]
        columns[name] = cells
    notes = ReadingNotes(BUNDLE, encoded.encoding)
    return RawTable(columns, np.array(numbers, dtype=np.int64), notes)


def _condition(resource: Resource, known: Mapping[str, Resource]) -> Iterator[dict[str, Any]]:
    status = _code(resource.get("verificationStatus"))
    yield {
        **_about(resource, known),
        "disease": _disease(resource.get("code")),
        "classification": None if status == "entered-in-error" else status,
        "deleted": _updated(resource) if status == "entered-in-error" else None,
        "onset": resource.get("onsetDateTime")
        or _mapping(resource.get("onsetPeriod")).get("start"),
        "diagnosed": resource.get("recordedDate"),
        "entered": resource.get("recordedDate") or _updated(resource),
        "age": _age(resource.get("onsetAge")),
    }


def _observation(resource: Resource, known: Mapping[str, Resource]) -> Iterator[dict[str, Any]]:
    status = str(resource.get("status"))
    answers = {
        str(coding.get("code"))
        for concept in (*_list(resource.get("interpretation")),
                        resource.get("valueCodeableConcept"))
        for coding in _codings(concept)
    }  # fmt: skip
    if not answers & POSITIVE_CODES and resource.get("valueBoolean") is not True:
        return
    yield {
        **_about(resource, known),
        "disease": _disease(resource.get("code")),
        "classification": "positive",
        "deleted": _updated(resource) if status in NOT_OURS else None,
        "diagnosed": resource.get("effectiveDateTime"),
        "entered": resource.get("issued") or _updated(resource),
    }


def _encounter(resource: Resource, known: Mapping[str, Resource]) -> Iterator[dict[str, Any]]:
    status = str(resource.get("status"))
    for place, concept in enumerate(_list(resource.get("reasonCode"))):
        about = _about(resource, known)
        yield {
            **about,
            "source_key": f"{about['source_key']}#{place + 1}",
            "disease": _disease(concept),
            "classification": "suspect",
            "deleted": _updated(resource) if status in NOT_OURS else None,
            "diagnosed": _mapping(resource.get("period")).get("start"),
            "entered": _updated(resource) or _mapping(resource.get("period")).get("start"),
            "outcome": _text(_mapping(resource.get("hospitalization")).get("dischargeDisposition")),
        }


READERS = {"Condition": _condition, "Observation": _observation, "Encounter": _encounter}
"""Type of resource → what it says as rows."""


def _about(resource: Resource, known: Mapping[str, Resource]) -> dict[str, Any]:
    """Return what the row takes from the resource's own id, its patient and its encounter."""
    patient = _referred(resource.get("subject"), known)
    encounter = (
        resource if resource.get("resourceType") == "Encounter"
        else _referred(resource.get("encounter"), known)
    )  # fmt: skip
    identifiers = [_mapping(one).get("value") for one in _list(resource.get("identifier"))]
    of_patient = [_mapping(one).get("value") for one in _list(patient.get("identifier"))]
    address = _mapping(next(iter(_list(patient.get("address"))), None))
    telecoms = [_mapping(one) for one in _list(patient.get("telecom"))]
    lon, lat = _point(address)
    died = patient.get("deceasedDateTime")
    key = next((str(one) for one in identifiers if one), None) or resource.get("id")
    return {
        "source_key": None if key is None else f"{resource.get('resourceType')}/{key}",
        "corrected": _updated(resource),
        "reporting_unit": _mapping(encounter.get("serviceProvider")).get("display"),
        "residence_area": address.get("postalCode") or address.get("district"),
        "address": address.get("text")
        or " ".join([*map(str, _list(address.get("line"))), str(address.get("city") or "")]).strip()
        or None,
        "lon": lon, "lat": lat, "datum": None if lon is None else "wgs84",
        "name": _name(patient),
        "phone": next((one.get("value") for one in telecoms if one.get("system") == "phone"), None),
        "id_number": next((str(one) for one in of_patient if one), None),
        "sex": patient.get("gender"), "born": patient.get("birthDate"),
        "died": None if died is None else str(died)[:10],
    }  # fmt: skip


def _by_reference(entries: Sequence[Any], resources: Sequence[Resource]) -> dict[str, Resource]:
    known: dict[str, Resource] = {}
    for entry, resource in zip(entries, resources, strict=True):
        known[f"{resource.get('resourceType')}/{resource.get('id')}"] = resource
        if isinstance(entry, dict) and isinstance(entry.get("fullUrl"), str):
            known[entry["fullUrl"]] = resource
    return known


def _referred(reference: Any, known: Mapping[str, Resource]) -> Resource:
    named = str(_mapping(reference).get("reference"))
    return known.get(named) or known.get("/".join(named.split("/")[-2:])) or {}


def _disease(concept: Any) -> str | None:
    """Return the ICD-10 code of a concept, else its first words."""
    codings = _codings(concept)
    coded = [one for one in codings if one.get("system") in ICD_10 and one.get("code")]
    if coded:
        return str(coded[0]["code"])
    return _text(concept) or next((str(one["code"]) for one in codings if one.get("code")), None)


def _text(concept: Any) -> str | None:
    shown = [one.get("display") for one in _codings(concept)]
    return _mapping(concept).get("text") or next((one for one in shown if one), None)


def _code(concept: Any) -> str | None:
    return next((str(one["code"]) for one in _codings(concept) if one.get("code")), None)


def _codings(concept: Any) -> list[Mapping[str, Any]]:
    return [_mapping(one) for one in _list(_mapping(concept).get("coding"))]


def _name(patient: Resource) -> str | None:
    named = _mapping(next(iter(_list(patient.get("name"))), None))
    parts = [str(named.get("family") or ""), *map(str, _list(named.get("given")))]
    if (text := named.get("text")) is not None:
        return str(text)
    apart = " " if "".join(parts).isascii() else ""
    return apart.join(part for part in parts if part) or None


def _age(quantity: Any) -> str | None:
    told = _mapping(quantity)
    if told.get("value") is None:
        return None
    unit = {"a": "y", "mo": "mo", "wk": "w", "d": "d"}.get(str(told.get("code")), "y")
    return f"{told['value']} {unit}"


def _point(address: Mapping[str, Any]) -> tuple[Any, Any]:
    for extension in map(_mapping, _list(address.get("extension"))):
        if extension.get("url") == GEOLOCATION:
            parts = {
                one.get("url"): one.get("valueDecimal")
                for one in map(_mapping, _list(extension.get("extension")))
            }
            return parts.get("longitude"), parts.get("latitude")
    return None, None


def _updated(resource: Resource) -> Any:
    return _mapping(resource.get("meta")).get("lastUpdated")


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
