"""The rows as they are now that go along with streamed events."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from api.live.repository import StreamedEvent
from gis.database import UnitOfWork
from gis.rooms.house import resolve
from gis.rooms.model import View


def read_views(
    uow: UnitOfWork, events: Sequence[StreamedEvent]
) -> Sequence[Mapping[str, View]]:  # fmt: skip
    """Return for each event its subject's current view, each row read once for all events."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for event in events:
        wanted[event.subject_kind].add(event.subject_id)
    found = {kind: _read_kind(uow, kind, ids) for kind, ids in wanted.items()}
    views: list[Mapping[str, View]] = []
    for event in events:
        view = found[event.subject_kind].get(event.subject_id)
        views.append({} if view is None else {event.subject_kind: view})
    return views


def _read_kind(uow: UnitOfWork, kind: str, ids: set[str]) -> Mapping[str, View]:
    subject = uow.house.subjects.get(kind)
    if subject is None or subject.views is None:
        return {}
    found: Mapping[str, View] = resolve(subject.views)(uow, ids)
    return found
