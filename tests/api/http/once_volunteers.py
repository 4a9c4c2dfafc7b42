"""Steps of volunteers and arrests for the test that every change takes a key."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update

from dispatch.scene_safety.model import DangerAnswer
from dispatch.scene_safety.service import answer_danger
from gis.access import SYSTEM, Grant
from gis.aeds import set_state
from gis.tables import Incident
from tests.api.conftest import new_key
from tests.cities import corner


def enrolment(scene: Any) -> dict[str, Any]:
    """Return the body that makes a new account a volunteer."""
    name = scene.world.user(Grant("volunteer"))
    return {"city_id": scene.world.city_id, "username": name, "phone": "+86 755 1234"}


def volunteer(scene: Any, *, on_duty: bool = True) -> tuple[str, dict[str, str]]:
    """Return id and headers of a verified volunteer who stands at the arrest."""
    body = enrolment(scene)
    made = scene.post("/v1/volunteers", body)
    with scene.world.database.unit_of_work(SYSTEM) as uow:
        token = scene.world.accounts.create_token(uow, body["username"], name="test")
    headers = {"Authorization": f"Bearer {token}"}
    if on_duty:
        scene.post(f"/v1/volunteers/{made['volunteer_id']}/verification", {})
        for path, said in (("duty", {"on_duty": True}), ("position", position())):
            answer = scene.client.put(
                f"/v1/volunteer/{path}", json=said, headers=headers | new_key()
            )
            assert answer.is_success, answer.text
    return made["volunteer_id"], headers


def position(i: int = 5) -> dict[str, Any]:
    """Return where a volunteer is."""
    lon, lat = corner(i, 5)
    return {
        "point": {"lon": lon, "lat": lat, "datum": "wgs84"}, "at": datetime.now(UTC).isoformat()
    }  # fmt: skip


def arrest(scene: Any, *, begun: bool = True) -> str:
    """Return the path of an incident that is an answered arrest without danger."""
    path, _ = scene.incident()
    incident_id = UUID(path.rsplit("/", 1)[1])
    with scene.world.database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(
            update(Incident)
            .where(Incident.incident_id == incident_id)
            .values(
                category="C1", coded_at=uow.clock.now(), complaint_code="2301021",
                response_plan={
                    "mode": "lights", "capabilities": [], "cardiac_arrest": True,
                    "units": [{"level": "ALS", "count": 1}],
                },
            )
        )  # fmt: skip
        answer_danger(uow, incident_id, answer=DangerAnswer.NONE)
    if begun:
        scene.post(f"{path}/arrest", {})
    return str(path)


def alert(scene: Any) -> tuple[str, dict[str, str], str]:
    """Return path, headers and incident of an alert that a volunteer has."""
    _, headers = volunteer(scene)
    path = arrest(scene)
    own = scene.client.get("/v1/volunteer", headers=headers).json()
    return own["alert"]["alert_id"], headers, path


def recalled(scene: Any) -> str:
    """Return an alert that is being called back."""
    from dispatch.arrest.service import follow_incident

    alert_id, headers, path = alert(scene)
    said = scene.client.post(
        f"/v1/volunteer/alerts/{alert_id}/steps", json={"step": "accepted"},
        headers=headers | new_key(),
    )  # fmt: skip
    assert said.is_success, said.text
    incident_id = path.rsplit("/", 1)[1]
    from types import SimpleNamespace

    with scene.world.database.unit_of_work(SYSTEM) as uow:
        answer_danger(uow, UUID(incident_id), answer=DangerAnswer.UNKNOWN)
        follow_incident(uow, SimpleNamespace(subject_id=incident_id))
    return alert_id


def aed_out(scene: Any) -> int:
    """Return an AED that is out."""
    from gis.tables import Aed

    lon, lat = corner(5, 5)
    with scene.world.database.unit_of_work(SYSTEM) as uow:
        aed_id = uow.session.scalars(
            insert(Aed).returning(Aed.aed_id).values(
                city_id=scene.world.city_id, source="t", source_ref=str(uow.ids.new()),
                access="public", geom=f"SRID=4326;POINT({lon} {lat})",
            )
        ).one()  # fmt: skip
        set_state(uow.session, aed_id, "in_use", at=uow.clock.now(), by="test")
    return int(aed_id)
