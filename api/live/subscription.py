"""One reader of the live stream: its bounded queue, its filter, its pending positions."""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from api.http.answers import json_text
from api.live.frames import VehiclePosition
from api.live.repository import LatestPosition, StreamedEvent
from dispatch.permissions import INCIDENT_READ
from gis.access import Identity
from gis.identity import Credential
from gis.jobs.model import JobKinds, JobRecord, JobView
from gis.jobs.service import may_see, view
from gis.permissions import RESOURCE_READ
from gis.rooms.current import current_house
from gis.rooms.house import House
from gis.rooms.model import View

QUEUE_LENGTH = 1000


@dataclass(slots=True)
class Notice:
    """One event ready to be sent; the text is made once per set of views a reader may see."""

    event: StreamedEvent
    views: Mapping[str, View]
    house: House = field(default_factory=current_house)
    _texts: dict[tuple[str, ...], str] = field(default_factory=dict)

    def visible_to(self, identity: Identity, city_id: int | None) -> bool:
        """Return whether a reader of `city_id` (None: of all) may have the event."""
        event = self.event
        if city_id is not None and event.city_id not in {None, city_id}:
            return False
        permission = self.house.permission_to_see(event.type, event.subject_kind)
        return permission is not None and identity.allows(permission, event.area_code)

    def reaches(self, identity: Identity, city_id: int | None) -> bool:
        """Return whether a reader is told of it: the event, or that its row is gone."""
        return self.visible_to(identity, city_id) or self.gone_for(identity, city_id)

    def gone_for(self, identity: Identity, city_id: int | None) -> bool:
        """Return whether the row has just left what a reader may see."""
        event = self.event
        if "previous_area_code" not in event.payload or self.visible_to(identity, city_id):
            return False
        if city_id is not None and event.city_id not in {None, city_id}:
            return False
        permission = self.house.permission_to_see(event.type, event.subject_kind)
        before = event.payload["previous_area_code"]
        return permission is not None and identity.allows(permission, before)

    def text_for(self, identity: Identity) -> str:
        """Return the event's JSON with the views that `identity` may see."""
        shown = tuple(
            name for name, view in self.views.items()
            if identity.allows(self.house.subjects[name].permission, view.area_code)
        )  # fmt: skip
        text = self._texts.get(shown)
        if text is None:
            event = self.event
            text = self._texts[shown] = json_text({
                "position": event.position,
                "type": event.type,
                "subject_kind": event.subject_kind,
                "subject_id": event.subject_id,
                "occurred_at": event.occurred_at,
                "actor": event.actor,
                "payload": event.payload,
                **{name: self.views[name].content for name in shown},
            })  # fmt: skip
        return text


@dataclass(frozen=True, slots=True)
class PresenceNotice:
    """Somebody opened or left an incident."""

    incident_id: str
    city_id: int
    area_code: str | None


@dataclass(slots=True)
class PositionNotice:
    """Where one vehicle is, ready to be sent; the text is made once for all readers."""

    position: LatestPosition
    _text: str | None = None

    @property
    def text(self) -> str:
        """The position's JSON."""
        if self._text is None:
            at = self.position
            shown: VehiclePosition = {
                "unit_id": at.unit_id, "lon": at.lon, "lat": at.lat,
                "heading_deg": at.heading_deg, "speed_kmh": at.speed_kmh,
                "device_at": at.device_at, "received_at": at.received_at,
            }  # fmt: skip
            self._text = json_text(shown)
        return self._text


class Subscription:
    """What waits for one reader. Used from the event loop only."""

    def __init__(
        self,
        identity: Identity,
        city_id: int | None,
        position: int,
        *,
        credential: Credential | None = None,
        length: int = QUEUE_LENGTH,
    ) -> None:
        self.identity = identity
        self.city_id = city_id
        self.credential = credential
        self.start = self.position = position
        self.lost = False
        self.restored = False
        self.logged_out = False
        self._length = length
        self._notices: deque[Notice] = deque()
        self._positions: dict[int, PositionNotice] = {}
        self._jobs: dict[int, JobView] = {}
        self._presence: set[str] = set()
        self._wake = asyncio.Event()

    def offer(self, notices: Sequence[Notice], position: int) -> None:
        """Queue those of `notices` the reader may have; all up to `position` are now dealt with."""
        if self.lost or self.logged_out:
            return
        self._notices.extend(
            notice for notice in notices
            if notice.event.position > self.position
            and notice.reaches(self.identity, self.city_id)
        )  # fmt: skip
        self.position = max(self.position, position)
        if len(self._notices) > self._length:
            self.lost = True
            self._notices.clear()
            self._positions.clear()
        self._wake.set()

    def start_anew(self, position: int) -> None:
        """Forget what waits: the database was restored, and goes on after `position`."""
        self.lost = self.restored = True
        self.position = position
        self._notices.clear()
        self._positions.clear()
        self._wake.set()

    def offer_positions(self, notices: Sequence[PositionNotice]) -> None:
        """Keep the newest position of each unit until the reader takes it."""
        for notice in notices:
            position = notice.position
            if self.city_id in {None, position.city_id} and self.identity.allows(
                RESOURCE_READ, position.area_code
            ):
                self._positions[position.unit_id] = notice
        if self._positions:
            self._wake.set()

    def take(self) -> tuple[list[Notice], list[PositionNotice]]:
        """Return and forget everything that waits."""
        notices, positions = list(self._notices), list(self._positions.values())
        self._notices.clear()
        self._positions.clear()
        self._wake.clear()
        return notices, positions

    def log_out(self) -> None:
        """Say that the login holds no more: nothing that waits is sent."""
        self.logged_out = True
        self._notices.clear()
        self._positions.clear()
        self._jobs.clear()
        self._presence.clear()
        self._wake.set()

    def offer_jobs(self, jobs: Sequence[JobRecord], kinds: JobKinds) -> None:
        """Keep the newest state of each job the reader may see until the reader takes it."""
        for job in jobs:
            if self.city_id in {None, job.city_id} and may_see(self.identity, job, kinds):
                self._jobs[job.job_id] = view(job, kinds, self.identity)
        if self._jobs:
            self._wake.set()

    def take_jobs(self) -> list[JobView]:
        """Return and forget the jobs that wait."""
        jobs = list(self._jobs.values())
        self._jobs.clear()
        return jobs

    def offer_presence(self, notice: PresenceNotice) -> None:
        """Keep that somebody came or went, if the reader may see the incident."""
        if self.city_id in {None, notice.city_id} and self.identity.allows(
            INCIDENT_READ, notice.area_code
        ):
            self._presence.add(notice.incident_id)
            self._wake.set()

    def take_presence(self) -> list[str]:
        """Return and forget the incidents at which somebody came or went."""
        found = sorted(self._presence)
        self._presence.clear()
        return found

    async def wait(self, timeout_s: float) -> None:
        """Sleep until something waits, at most `timeout_s`."""
        if timeout_s <= 0:
            return
        try:
            async with asyncio.timeout(timeout_s):
                await self._wake.wait()
        except TimeoutError:
            return
