"""The simulated exchange: reports of calls told to a server by HTTP, at their time."""

import json
import time
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen
from uuid import uuid4

from dispatch.calls.simulated import SimulatedReport, simulated_calls
from gis.errors import InvalidInputError, UnavailableError

TIMEOUT_S = 20.0
TRIES = 3


class ServerAddressError(InvalidInputError):
    """The address is none of a web server."""

    code = "server_address_invalid"

    def __init__(self) -> None:
        super().__init__("Give the server's address as http://127.0.0.1:8000.")


class ServerAwayError(UnavailableError):
    """No answer, several times."""

    code = "server_away"

    def __init__(self, server: str) -> None:
        super().__init__(f"{server} does not answer. Start it, or correct the address.")


def simulate_exchange(
    server: str,
    city_id: int,
    *,
    token_file: str,
    calls: int,
    calls_a_minute: float,
    speed: float,
    seed: int,
) -> tuple[int, int]:
    """Tell a server of simulated calls; return how many reports it took and refused.

    Raises
    ------
    ServerAddressError, ServerAwayError
    """
    if not server.startswith(("http://", "https://")):
        raise ServerAddressError
    token = Path(token_file).read_text(encoding="utf-8").strip()
    run, began = uuid4().hex[:8], time.monotonic()
    told = refused = 0
    for report in simulated_calls(seed, calls=calls, calls_a_minute=calls_a_minute):
        time.sleep(max(0.0, report.after_s / speed - (time.monotonic() - began)))
        if _tell(server, token, _body(report, city_id, run=run)):
            told += 1
        else:
            refused += 1
    return told, refused


def _body(report: SimulatedReport, city_id: int, *, run: str) -> dict[str, Any]:
    body: dict[str, Any] = {
        "city_id": city_id, "exchange": "simulated", "said": report.said.value,
        "exchange_ref": f"{run}-{report.exchange_ref}", "simulated": True,
    }  # fmt: skip
    return body if report.number is None else body | {"number": report.number}


def _tell(server: str, token: str, body: dict[str, Any]) -> bool:
    """Tell one report, again under the same key where no answer came; returns whether it counts."""
    headers = {
        "Authorization": f"Bearer {token}", "Content-Type": "application/json",
        "Idempotency-Key": str(uuid4()),
    }  # fmt: skip
    request = Request(  # noqa: S310 (http or https, looked at before)
        f"{server.rstrip('/')}/v1/telephony/calls", data=json.dumps(body).encode(),
        headers=headers, method="POST",
    )  # fmt: skip
    for _ in range(TRIES):
        try:
            with urlopen(request, timeout=TIMEOUT_S):  # noqa: S310
                return True
        except HTTPError:
            return False
        except (URLError, TimeoutError):
            continue
    raise ServerAwayError(server)
