"""What registers say is stored once, dated, and comes to one facility with one id."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from gis.access import SYSTEM, Grant, Identity
from gis.clock import FixedClock
from gis.database import Database
from gis.errors import FacilityUnknownError, PermissionDeniedError
from gis.facilities.errors import FacilityKindUnknownError
from gis.facilities.service import record_facilities
from gis.facilities.views import facility_history, list_facilities
from gis.permissions import HOSPITAL_STATUS_WRITE
from gis.promises import beds, status
from gis.promises.errors import BedPoolFullError
from tests.areas import add_areas
from tests.facilities import record
from tests.seeds import NOW

pytestmark = pytest.mark.database


@pytest.fixture
def city_id(database: Database) -> int:
    database.clock = FixedClock(NOW)
    with database.unit_of_work(SYSTEM) as uow:
        return add_areas(uow, {"440305": None})


def put(database: Database, city_id: int, *records, whole=(), days=1):
    """Store records a day later; return the facilities by name."""
    if isinstance(database.clock, FixedClock):
        database.clock.advance(days * 86_400)
    with database.unit_of_work(SYSTEM) as uow:
        record_facilities(uow, city_id, records, whole=whole)
    return shown(database, city_id)


def shown(database: Database, city_id: int):
    with database.read(SYSTEM) as uow:
        return {one.name: one for one, _ in list_facilities(uow.session, city_id, kind=None)}


def rows(database: Database, statement: str):
    with database.read(SYSTEM) as uow:
        return [tuple(row) for row in uow.session.execute(text(statement))]


KINDS = "SELECT kind, valid_from, valid_until FROM facility_kinds ORDER BY facility_id, valid_from"
CAPABILITIES = """SELECT capability, level, source, valid_from, valid_until
    FROM facility_capabilities ORDER BY capability, valid_from"""
EVERYTHING = """
    SELECT 'f', xmin::text, facility_id::text, kind, name FROM facilities
    UNION ALL SELECT 'k', xmin::text, facility_id::text, kind, valid_from::text FROM facility_kinds
    UNION ALL SELECT 'c', xmin::text, facility_id::text, capability, valid_from::text
    FROM facility_capabilities ORDER BY 1, 3, 4, 5"""


def day(number: int):
    return NOW + timedelta(days=number)


def test_the_same_again_writes_nothing_but_when_it_was_seen(database: Database, city_id: int):
    one = record("A", capabilities={"pci": None, "trauma": 2}, tags={"grade": "3"})
    put(database, city_id, one)
    before = rows(database, EVERYTHING)
    put(database, city_id, one)
    assert rows(database, EVERYTHING) == before
    seen = rows(database, "SELECT first_seen_at, changed_at, last_seen_at FROM facility_sources")
    assert seen == [(day(1), day(1), day(2))]


def test_a_changed_kind_closes_one_period_and_opens_another(database: Database, city_id: int):
    first = put(database, city_id, record("A", kind="clinic", capabilities={"pci": 1}))["A"]
    after = put(database, city_id, record("A", kind="fever_clinic", capabilities={"pci": 2}))["A"]
    assert (after.facility_id, after.kind) == (first.facility_id, "fever_clinic")
    assert after.capability_levels == {"pci": 2}
    assert rows(database, KINDS) == [("clinic", day(1), day(2)), ("fever_clinic", day(2), None)]
    assert rows(database, CAPABILITIES) == [
        ("pci", 1, "test", day(1), day(2)), ("pci", 2, "test", day(2), None),
    ]  # fmt: skip


def test_what_a_whole_register_lacks_ends_and_comes_back_as_it_was(
    database: Database, city_id: int
):
    two = record("A", capabilities={"pci": None}), record("B")
    ids = {name: one.facility_id for name, one in put(database, city_id, *two).items()}
    with database.unit_of_work(SYSTEM) as uow:
        beds.report_beds(uow, ids["A"], kind="icu", capacity=2, occupied=0)
    assert set(put(database, city_id, two[1])) == {"A", "B"}
    assert set(put(database, city_id, record("C", source="other"), whole={"other"})) == {
        "A", "B", "C",
    }  # fmt: skip
    assert set(put(database, city_id, two[1], whole={"test"})) == {"B", "C"}
    assert rows(database, "SELECT name, kind FROM facilities ORDER BY 1") == [
        ("A", None), ("B", "hospital"), ("C", "hospital"),
    ]  # fmt: skip
    with database.read(SYSTEM) as uow:
        assert [pool.capacity for pool in beds.pools(uow, ids["A"])] == [2]
    back = put(database, city_id, two[0])["A"]
    assert (back.facility_id, list(back.capabilities)) == (ids["A"], ["pci"])
    assert [row[3:] for row in rows(database, CAPABILITIES)] == [
        (day(1), day(4)), (day(5), None),
    ]  # fmt: skip


def test_two_registers_that_name_one_another_are_one_facility(database: Database, city_id: int):
    osm = record(
        "node/1", source="osm", name="OSM", phone="1", has_emergency_department=False,
        capabilities={"trauma": None, "ct": None},
    )  # fmt: skip
    register = record(
        "7", source="board", name="Board", bed_count=5, has_emergency_department=True,
        capabilities={"trauma": 2}, same_as=("osm", "node/1"),
    )  # fmt: skip
    put(database, city_id, register)
    for given_now in ((osm,), (osm, register), (register,)):
        (one,) = put(database, city_id, *given_now).values()
        assert (one.name, one.phone, one.bed_count) == ("Board", "1", 5)
        assert one.has_emergency_department is True
        assert one.capabilities == ["ct", "trauma"]
        assert one.capability_levels == {"trauma": 2}
    # Unknown in both stays unknown.
    assert put(database, city_id, record("X"))["X"].has_emergency_department is None


def test_facilities_that_turn_out_to_be_one_keep_the_older_id(database: Database, city_id: int):
    osm = record("node/1", source="osm", name="OSM")
    ids = [one.facility_id for one in put(database, city_id, osm, record("7")).values()]
    (one,) = put(database, city_id, record("7", same_as=("osm", "node/1"))).values()
    assert (one.facility_id, one.name) == (min(ids), "7")
    merged = "SELECT facility_id, merged_into_id FROM facilities WHERE kind IS NULL"
    assert rows(database, merged) == [(max(ids), min(ids))]
    parted = put(database, city_id, record("7"))
    assert parted["OSM"].facility_id == min(ids)
    assert set(parted) == {"OSM", "7"}


def test_what_was_reported_goes_on_where_a_facility_turns_out_to_be_another(
    database: Database, city_id: int
):
    osm = record("node/1", source="osm", name="OSM")
    ids = sorted(one.facility_id for one in put(database, city_id, osm, record("7")).values())
    first, second = ids
    with database.unit_of_work(SYSTEM) as uow:
        status.set_hospital_status(uow, first, diverting=False, emergency_beds_free=9)
        beds.report_beds(uow, first, kind="icu", capacity=4, occupied=1)
    database.clock.advance(60)  # type: ignore[attr-defined]
    with database.unit_of_work(SYSTEM) as uow:
        status.set_hospital_status(uow, second, diverting=True, divert_reason="CT is down")
        beds.report_beds(uow, second, kind="icu", capacity=2, occupied=2)
        beds.report_beds(uow, second, kind="burns", capacity=3, occupied=0)
        held = beds.promise_bed(
            uow, second, kind="burns", for_kind="assignment", for_id="a", valid_for_s=1e9
        )
    put(database, city_id, record("7", same_as=("osm", "node/1")))
    with database.unit_of_work(SYSTEM) as uow:
        for asked in ids:
            now = status.hospital_status(uow, asked)
            assert (now.facility_id, now.diverting, now.divert_reason) == (
                first,
                True,
                "CT is down",
            )
            assert [(one.kind, one.capacity, one.promised) for one in beds.pools(uow, asked)] == [
                ("burns", 3, 1), ("icu", 4, 0),
            ]  # fmt: skip
        # Under the old id it is still the same hospital, which has one free burns bed fewer.
        for name in ("b", "c"):
            given = beds.promise_bed(
                uow, second, kind="burns", for_kind="assignment", for_id=name, valid_for_s=600
            )
            assert given.facility_id == first
    with database.unit_of_work(SYSTEM) as uow, pytest.raises(BedPoolFullError):
        beds.promise_bed(
            uow, first, kind="burns", for_kind="assignment", for_id="d", valid_for_s=600
        )
    with database.unit_of_work(SYSTEM) as uow:
        assert beds.keep_promise(uow, held.promise_id).facility_id == first


def test_an_account_of_the_old_id_speaks_for_the_facility_it_turned_out_to_be(
    database: Database, city_id: int
):
    osm = record("node/1", source="osm", name="OSM")
    ids = sorted(one.facility_id for one in put(database, city_id, osm, record("7")).values())
    put(database, city_id, record("7", same_as=("osm", "node/1")))
    for own, refused in ((ids[1], False), (ids[0], False), (10**6, True)):
        grant = Grant("hospital", facility_id=own, permissions=frozenset({HOSPITAL_STATUS_WRITE}))
        me = Identity(None, "user:hospital", "Hospital", grants=(grant,))
        with database.unit_of_work(me) as uow:
            if refused:
                with pytest.raises(PermissionDeniedError):
                    status.set_hospital_status(uow, ids[1], diverting=True)
            else:
                assert status.set_hospital_status(uow, ids[1], diverting=True).facility_id == ids[0]


def test_its_history_says_who_said_what_and_what_held_when(database: Database, city_id: int):
    osm = record("node/1", source="osm", name="OSM", capabilities={"ct": None})
    ids = sorted(
        one.facility_id
        for one in put(database, city_id, osm, record("7", kind="clinic", bed_count=5)).values()
    )
    put(database, city_id, record("7", same_as=("osm", "node/1"), capabilities={"pci": 2}))
    with database.read(SYSTEM) as uow:
        one = facility_history(uow, ids[0])
        other = facility_history(uow, ids[1])
        with pytest.raises(FacilityUnknownError):
            facility_history(uow, 10**6)
    assert (one.merged_into_id, one.known_before_as) == (None, [ids[1]])
    assert [(said.source, said.bed_count, said.lon, said.lat) for said in one.records] == [
        ("test", None, 0.5, 0.5), ("osm", None, 0.5, 0.5),
    ]  # fmt: skip
    assert [(can.capability, can.level, can.valid_from) for can in one.capabilities] == [
        ("ct", None, day(1)), ("pci", 2, day(2)),
    ]  # fmt: skip
    assert (other.merged_into_id, other.records) == (ids[0], [])
    assert [(was.kind, was.valid_from, was.valid_until) for was in other.kinds] == [
        ("clinic", day(1), day(2)),
    ]  # fmt: skip


def test_a_clock_that_went_back_breaks_nothing(database: Database, city_id: int):
    put(database, city_id, record("A", kind="clinic"))
    put(database, city_id, record("A", kind="hospital"), days=0)
    assert rows(database, KINDS) == [("hospital", day(1), None)]
    put(database, city_id, record("A", kind="clinic"), days=3)
    put(database, city_id, record("A", kind="blood_bank"), days=-2)
    assert rows(database, KINDS) == [("hospital", day(1), day(4)), ("blood_bank", day(4), None)]


def test_an_unknown_kind_is_refused_with_the_known_ones(database: Database, city_id: int):
    with pytest.raises(FacilityKindUnknownError, match="hospital, maternity_hospital"):
        put(database, city_id, record("A", kind="bookshop"))


@pytest.mark.parametrize(
    "statement",
    [
        """INSERT INTO facility_kinds
           SELECT facility_id, valid_from + interval '1 h', NULL, 'clinic' FROM facility_kinds""",
        """INSERT INTO facility_capabilities (facility_id, capability, valid_from, source)
           SELECT facility_id, capability, valid_from - interval '1 h', source
           FROM facility_capabilities""",
    ],
)
def test_no_two_periods_overlap_whoever_writes(database: Database, city_id: int, statement: str):
    put(database, city_id, record("A", capabilities={"pci": None}))
    with pytest.raises(IntegrityError, match="ex_facility"), database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(text(statement))


def test_the_kind_of_now_is_kept_whoever_writes(database: Database, city_id: int):
    put(database, city_id, record("A"))
    now = "SELECT kind FROM facilities"
    for statement, kind in (
        ("UPDATE facility_kinds SET kind = 'clinic'", "clinic"),
        ("UPDATE facility_kinds SET valid_until = valid_from + interval '1 h'", None),
        ("UPDATE facility_kinds SET valid_until = NULL", "clinic"),
        ("DELETE FROM facility_kinds", None),
    ):
        with database.unit_of_work(SYSTEM) as uow:
            uow.session.execute(text(statement))
        assert rows(database, now) == [(kind,)]


def test_two_imports_at_once_make_each_facility_once(database: Database, city_id: int):
    kinds = ("hospital", "clinic")

    def load(number: int):
        many = [
            record(str(ref), kind=kinds[(ref + number) % 2], capabilities={"pci": number})
            for ref in range(60)
        ]
        with database.unit_of_work(SYSTEM) as uow:
            record_facilities(uow, city_id, many[:: 1 if number % 2 else -1], whole={"test"})

    database.clock = FixedClock(NOW)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(load, range(8)))
    counted = "SELECT count(*), count(DISTINCT facility_id) FROM "
    assert rows(database, f"{counted} facilities") == [(60, 60)]
    for table in ("facility_kinds", "facility_capabilities"):
        assert rows(database, f"{counted} {table} WHERE valid_until IS NULL") == [(60, 60)]
    levels = rows(database, "SELECT DISTINCT level FROM facility_capabilities"
                            " WHERE valid_until IS NULL")  # fmt: skip
    assert len(levels) == 1


said = st.builds(
    record,
    st.sampled_from("123"),
    source=st.sampled_from(["osm", "board", "city"]),
    kind=st.sampled_from(["hospital", "clinic", "blood_bank"]),
    has_emergency_department=st.none() | st.booleans(),
    capabilities=st.dictionaries(
        st.sampled_from(["pci", "ct"]), st.none() | st.integers(0, 2)
    ),
    same_as=st.none() | st.tuples(st.sampled_from(["osm", "board"]), st.sampled_from("123")),
)  # fmt: skip
imports = st.lists(
    st.tuples(st.lists(said, max_size=4), st.sets(st.sampled_from(["osm", "board"])),
              st.integers(-1, 2)),
    max_size=6,
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(imports)
def test_after_any_imports_what_stands_is_what_the_records_say(
    database: Database, city_id: int, imports
):
    with database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(text("DELETE FROM facilities"))
    last: dict[tuple[str, str], object] = {}
    for records, whole, days in imports:
        put(database, city_id, *records, whole=whole, days=days)
        given_now = {one.entry: one for one in records}
        last = {entry: one for entry, one in last.items()
                if entry[0] not in whole or entry in given_now} | given_now  # fmt: skip
    live = "SELECT source, source_ref, facility_id FROM facility_sources WHERE ended_at IS NULL"
    facility_of = {(source, ref): facility for source, ref, facility in rows(database, live)}
    assert set(facility_of) == set(last)
    now = rows(database, "SELECT facility_id, kind, has_emergency_department FROM facilities"
                         " WHERE kind IS NOT NULL")  # fmt: skip
    assert {facility for facility, *_ in now} == set(facility_of.values())
    for facility, kind, emergency in now:
        own = [one for entry, one in last.items() if facility_of[entry] == facility]
        assert kind in {one.kind for one in own}
        words = {one.has_emergency_department for one in own} - {None}
        assert emergency in words if words else emergency is None
        held = rows(database, "SELECT capability FROM facility_capabilities WHERE valid_until"
                              f" IS NULL AND facility_id = {facility}")  # fmt: skip
        assert {name for (name,) in held} == {name for one in own for name in one.capabilities}
