"""Every column that can hold a name, a number or a login is in the register, or stands here."""

from typing import Any

import pytest
from sqlalchemy import Column, String

from api.rooms import HOUSE
from gis.tables import Base

NO_PERSON = {
    "aed_photos": "licence",
    "aed_reports": "area_code kind decision",
    "aed_states": "state",
    "aed_claims": "ended_why",
    "arrest_bundles": "ended_why",
    "volunteer_alerts": "state route recall_heard",
    "aeds": (
        "source source_ref name name_zh location location_zh access opening_hours floor entrance"
        " phone"
    ),
    "agencies_told": "agency",
    "aid_requests": "state",
    "alarms": "need category",
    "areas": "code level name name_zh name_en source",
    "assignment_stamps": "state etimes source",
    "assignments": (
        "state predicted_by topology_id conditions_id prediction_fault shown_by destination_reason"
    ),
    "bed_pools": "kind",
    "bed_promises": "state for_kind for_id",
    "break_glass": "permission jurisdiction verdict",
    "calls": "source declared_datum",
    "caller_digests": "key_id",
    "caller_fixes": "source method faults",
    "case_erasures": "disease person_key",
    "case_counts": "disease area_code date_basis place_basis sex classification",
    "case_doubles": "decision",
    "case_findings": "problem decision",
    "case_rejects": "field",
    "case_sources": "name kind",
    "case_versions": "place_source person_key",
    "cities": "key name name_zh source attribution time_zone",
    "cluster_runs": "date_basis area_level topology_id",
    "clusters": "disease sensitive model shape centre change",
    "deadlines": "kind state",
    "consumer_cursors": "consumer reason",
    "corrections": "subject_kind field",
    "crew_orders_heard": "order_kind heard",
    "disclosure_cells": "area_code group_code",
    "disclosure_releases": "subject sensitivity",
    "erasures": "subject_kind",
    "dispatch_advisories": "area_code",
    "coverage_rules": "standard",
    "coverage_voids": "area_code standard",
    "diversions": "state answered_from",
    "moveups": "state standard declined_because ended_because",
    "remaining_times": "state",
    "events": "subject_kind subject_id type area_code",
    "exports": "kind format legal_basis decision",
    "facilities": "kind name name_zh name_en phone",
    "facility_capabilities": "capability source",
    "facility_kinds": "kind",
    "facility_sources": ("source source_ref kind name name_zh name_en phone same_source same_ref"),
    "hospital_status": "divert_reason",
    "idempotency_keys": "key",
    "identity_links": "first_key_id second_key_id",
    "mass_casualties": "method",
    "incidents": (
        "number state area_code declared_datum place_source protocol_version determinant"
    ),
    "indicator_latest": "indicator subject_kind subject_id source unit",
    "indicator_values": "indicator subject_kind subject_id source unit",
    "inspections": "kind declared_datum area_code outcome source",
    "installation": "purpose",
    "jobs": "name queue state area_code error_code error",
    "legal_holds": "subject_kind",
    "parked_events": "consumer event_type subject_kind subject_id reason",
    "personal_access": "subject_kind area_code",
    "personal_access_reviews": "verdict",
    "personal_values": "subject_kind subject_id field area_code purpose",
    "places": ("source source_ref kind name name_zh name_en house_number street search_text"),
    "premise_hazards": "area_code declared_datum",
    "population_cells": "source source_ref time_of_day",
    "populations": "sex base source",
    "report_files": "format",
    "recorded_responses": "source unit_class district station declared_datum area_code",
    "reporting_frame": "disease area_code institution_key rhythm",
    "reports": "name language provenance period",
    "retention_periods": "rule",
    "retention_runs": "rule",
    "road_conditions": (
        "area_code kind drawn direction reason_zh reason_en authority_permission legal_basis source"
    ),
    "road_metrics": "profile topology_id metric_id conditions_id folder state",
    "road_nodes": "kind",
    "road_segments": "highway drive_access walk_access name name_zh name_en ref",
    "road_speeds": "source",
    "role_permissions": "role permission",
    "roles": "role",
    "scene_safety": "answer kinds",
    "stations": "source source_ref kind name name_zh name_en",
    "stream_heads": "key_id",
    "studies": "name kind digest",
    "surges": "reason",
    "surveillance_runs": "date_basis area_level",
    "surveillance_series": "date_basis disease area_code age_group sensitive",
    "surveillance_signals": "disease area_code age_group sensitive state lead kind",
    "syndromic_calls": "area_code complaint_code determinant category ended_as",
    "turn_restrictions": "kind",
    "telephone_calls": ("exchange exchange_ref state transferred_to recording_ref call_back"),
    "trackers": "ref datum",
    "unit_latest_positions": "source declared_datum",
    "unit_positions": "source declared_datum flags",
    "units": "call_sign level area_code out_of_service_reason",
    "user_roles": "role jurisdiction",
    "users": "language",
    "water_bodies": "name",
    "vulnerability_indices": "level",
    "vulnerability_ranks": "area_code",
}
"""Of each table, the columns of text that tell nothing of a person."""
MACHINES = {("assignments", "predicted_by"), ("assignments", "shown_by")}
"""Models and pages, not people."""
WHO = {"actor", "author", "recipient"}
COLUMNS = [column for table in Base.metadata.sorted_tables for column in table.columns]


def registered() -> set[tuple[str, str]]:
    return {
        (field.table, column)
        for field in HOUSE.personal_fields.values()
        for column in field.columns
    }


@pytest.mark.parametrize("column", COLUMNS, ids=str)
def test_a_column_of_text_is_personal_or_said_not_to_be(column: Column[Any]) -> None:
    where = (column.table.name, column.name)
    said_not_to_be = column.name in NO_PERSON.get(column.table.name, "").split()
    if isinstance(column.type, String):
        assert (where in registered()) != said_not_to_be, (
            f"{column}: add it to a room's register of personal fields, or here"
        )
    if (column.name in WHO or column.name.endswith("_by")) and where not in MACHINES:
        assert where in registered(), f"{column} says who did something"


def test_what_is_said_to_be_no_person_exists() -> None:
    there = {(column.table.name, column.name) for column in COLUMNS}
    named = {(table, name) for table, names in NO_PERSON.items() for name in names.split()}
    assert named <= there
