"""The dispatcher's questions asked of a real server process over loopback."""

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from api.processes.supervisor import listen
from gis.access import SYSTEM, Grant
from gis.database import Database
from gis.identity import Accounts
from gis.settings import PROJECT_FOLDER, Settings

_START_WITHIN_S = 180.0


@contextmanager
def serving(
    settings: Settings,
    *,
    checkout: Path = PROJECT_FOLDER,
    python: str = sys.executable,
    module: str = "api.processes.server",
) -> Iterator[int]:
    """Run one API process of `checkout` over the database and graphs of `settings`; have its port.

    Raises
    ------
    TimeoutError
        It does not answer within three minutes.
    """
    given = {
        f"GOLDENHOUR_{name.upper()}": str(getattr(settings, name))
        for name in ("state_folder", "purpose")
    }
    if settings.database_url is not None:
        given["GOLDENHOUR_DATABASE_URL"] = settings.database_url.get_secret_value()
    with listen(settings.model_copy(update={"host": "127.0.0.1", "port": 0})) as listening:
        port = int(listening.getsockname()[1])
        process = subprocess.Popen(
            [python, "-m", module, str(listening.fileno())],
            cwd=checkout, env=os.environ | given, pass_fds=[listening.fileno()],
        )  # fmt: skip
    try:
        _wait_until_healthy(port)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _wait_until_healthy(port: int) -> None:
    deadline = time.monotonic() + _START_WITHIN_S
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_START_WITHIN_S)
        try:
            connection.request("GET", "/v1/session")
            if connection.getresponse().status == 401:
                return
        except OSError:
            time.sleep(0.2)
        finally:
            connection.close()
    raise TimeoutError(f"no answer on port {port}")


class Desk:
    """A dispatcher with a token and one kept connection."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def ask(
        self, method: str, path: str, body: object = None, *, version: int | None = None
    ) -> dict[str, object]:
        """Return the answer to one request.

        Raises
        ------
        AssertionError
            The server refuses it.
        """
        headers = self._headers | {"Idempotency-Key": str(uuid4())}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        self._connection.request(
            method, path, None if body is None else json.dumps(body), headers
        )  # fmt: skip
        answer = self._connection.getresponse()
        content = answer.read()
        assert answer.status < 300, content[:300]
        return json.loads(content)  # type: ignore[no-any-return]

    def incidents(
        self, city_id: int, sites: Sequence[tuple[float, float]], *, complaint_code: str
    ) -> list[str]:
        """Take and code a call at each of `sites` (lon, lat); return the incidents' ids."""
        ids = []
        for lon, lat in sites:
            point = {"lon": lon, "lat": lat, "datum": "wgs84"}
            call = {"city_id": city_id, "source": "phone", "point": point}
            incident = self.ask("POST", "/v1/calls", call)["incident"]
            assert isinstance(incident, dict)
            self.ask(
                "PUT", f"/v1/incidents/{incident['incident_id']}/triage",
                {"complaint_code": complaint_code, "answers": {}}, version=incident["version"],
            )  # fmt: skip
            ids.append(str(incident["incident_id"]))
        return ids

    def recommendation_s(self, incident_id: str, query: str = "") -> float:
        """Return the seconds from the question to the read answer, decoding left out."""
        path = f"/v1/incidents/{incident_id}/recommendation{query}"
        began = time.perf_counter()
        try:
            self._connection.request("GET", path, headers=self._headers)
            answer = self._connection.getresponse()
        except http.client.RemoteDisconnected:
            # The server closes a connection that was idle for five seconds.
            self._connection.close()
            return self.recommendation_s(incident_id, query)
        answer.read()
        took = time.perf_counter() - began
        assert answer.status == 200
        return took


def dispatcher_token(database: Database) -> str:
    """Make an account of a dispatcher for everywhere and return a token of it."""
    accounts, name = Accounts(), f"bench-{uuid4().hex[:8]}"
    with database.unit_of_work(SYSTEM) as uow:
        accounts.create_user(
            uow, name, password=uuid4().hex, grants=[Grant("dispatcher")]
        )  # fmt: skip
        return accounts.create_token(uow, name, name="bench")
