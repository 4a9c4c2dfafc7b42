"""Nothing that was written into an incident's log is ever lost but by erasing the person."""

from uuid import uuid4

import pytest

from dispatch.errors import RemarkNotFoundError
from dispatch.incidents.calls import NewCall, note_call, take_call
from dispatch.incidents.log import EntryKind, read_log, remark
from dispatch.incidents.outcomes import cancel, read_caller
from dispatch.incidents.retention.service import forget_incident
from dispatch.model import CallSource
from gis.access import SYSTEM

pytestmark = pytest.mark.database


@pytest.fixture
def call(database, dispatcher, city):
    """Return a call in whose words something was written."""
    with database.unit_of_work(dispatcher) as uow:
        new = NewCall(city.city_id, CallSource.PHONE, words="he fell", caller_number="600 100")
        return take_call(uow, new)


def log(database, dispatcher, call):
    with database.unit_of_work(dispatcher) as uow:
        return read_log(uow, call.incident.incident_id, reason="test")


def test_a_second_change_of_the_words_erases_nothing(database, dispatcher, call):
    for words in ("he fell from a ladder", "she fell", "she jumped"):
        with database.unit_of_work(dispatcher) as uow:
            note_call(uow, call.call_id, words=words, caller_number=None)
    told = [
        (entry.text, entry.current, entry.author)
        for entry in log(database, dispatcher, call)
        if entry.kind is EntryKind.WORDS
    ]
    # What only went on with the first words holds them.
    author = dispatcher.label
    assert told == [
        ("he fell from a ladder", False, author),
        ("she fell", False, author),
        ("she jumped", True, author),
    ]
    with database.unit_of_work(dispatcher) as uow:
        shown = read_caller(uow, call.incident.incident_id, reason="test")
    assert shown == {call.call_id: {"words": "she jumped", "caller_number": "600 100"}}


def test_a_remark_is_corrected_by_a_new_one_also_after_the_end(database, dispatcher, call):
    incident_id = call.incident.incident_id
    with database.unit_of_work(dispatcher) as uow:
        first = remark(uow, incident_id, text="third floor")
        cancel(uow, incident_id, reason="test", expected_version=None)
    with database.unit_of_work(dispatcher) as uow:
        remark(uow, incident_id, text="fourth floor", corrects=first.remark_id)
        with pytest.raises(RemarkNotFoundError):
            remark(uow, incident_id, text="?", corrects=uuid4())
    told = [
        (entry.text, entry.current, entry.corrects)
        for entry in log(database, dispatcher, call)
        if entry.kind is EntryKind.REMARK
    ]
    assert told == [("third floor", False, None), ("fourth floor", True, first.remark_id)]


def test_erasing_the_incident_erases_every_version_and_remark(database, dispatcher, call):
    incident_id = call.incident.incident_id
    with database.unit_of_work(dispatcher) as uow:
        remark(uow, incident_id, text="third floor")
        note_call(uow, call.call_id, words="she fell", caller_number=None)
        cancel(uow, incident_id, reason="test", expected_version=None)
    with database.unit_of_work(SYSTEM) as uow:
        forget_incident(uow, str(incident_id))
    assert [entry.text for entry in log(database, dispatcher, call)] == [None]
