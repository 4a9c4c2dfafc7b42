"""`goldenhour demo`: a simulated city from nothing to a live console."""

import secrets
import socket
import ssl
import threading
import time
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.error import URLError
from urllib.request import urlopen

from sqlalchemy import select, update

from api.demo.studies import ask_for_studies
from api.operations.city_work import load_city
from api.operations.command_jobs import do_as_job
from api.operations.tls import ensure_certificate
from api.processes.supervisor import Supervisor, runtime_owner
from data.jobs import LOAD_CITY
from gis.access import SYSTEM, Grant
from gis.database import Database
from gis.identity import Accounts
from gis.identity_repository import find_credentials
from gis.jobs.service import defer
from gis.provision import bring_up, open_database
from gis.settings import Settings
from gis.tables import City, SimulationControl
from surveillance.signals.jobs import REPLAY, SIMULATE

DEMO_PASSWORD = "golden-hour"  # noqa: S105 (printed, loopback only; --lan makes random ones)
_DRIVER = "simulator"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account the demo makes and prints."""

    username: str
    display_name: str
    roles: tuple[str, ...]
    language: str


ACCOUNTS = (
    DemoAccount("dispatcher", "调度员 Dispatcher", ("dispatcher",), "zh"),
    DemoAccount("supervisor", "值班主任 Supervisor", ("supervisor",), "en"),
    DemoAccount("cdc", "疾控人员 Disease control", ("cdc",), "zh"),
    DemoAccount("planner", "规划人员 Planner", ("planner",), "en"),
    DemoAccount("hospital", "医院 Hospital", ("hospital",), "zh"),
    DemoAccount("admin", "管理员 Administrator", ("administrator",), "en"),
)
_MODEL_SEED = 4403
CALLS_PER_HOUR = {"coquimbo": 14.0, "shenzhen": 240.0}
"""Busy, but not more than the city's modelled units can answer."""
_OTHER_CALLS_PER_HOUR = 10.0


def run_demo(
    settings: Settings,
    *,
    city: str,
    speed_factor: float,
    calls_per_hour: float | None,
    lan: bool,
    open_browser: bool,
    drive: bool,
    say: Callable[[str], None],
) -> None:
    """Bring everything up, print the accounts, serve until stopped."""
    if lan:
        settings = _with_tls(settings, say=say)
    supervisor = Supervisor(settings, say=say)
    bring_up(settings, say=say)
    database = open_database(settings)
    city_id = _ensure_city(settings, database, city, say=say)
    password = secrets.token_urlsafe(9) if lan else DEMO_PASSWORD
    token = _ensure_accounts(database, password)
    _set_control(
        database,
        speed_factor=speed_factor,
        calls_per_hour=calls_per_hour or CALLS_PER_HOUR.get(city, _OTHER_CALLS_PER_HOUR),
    )
    if drive:
        with database.unit_of_work(SYSTEM) as uow:
            defer(uow, REPLAY, key=REPLAY.name)
            defer(uow, SIMULATE, {"city_id": city_id}, key=SIMULATE.name)
    ask_for_studies(database, city, city_id)
    database.close()
    supervisor.start()
    scheme = "https" if settings.tls_cert else "http"
    here = f"{scheme}://127.0.0.1:{supervisor.port}"
    if drive:
        supervisor.add(
            "demo-driver", ["-m", "api.demo.driver", here, city],
            environment={"GOLDENHOUR_DEMO_TOKEN": token},
        )  # fmt: skip
    threading.Thread(
        target=_announce, args=(here, settings, password, city_id),
        kwargs={"open_browser": open_browser, "say": say}, daemon=True,
    ).start()  # fmt: skip
    supervisor.run()


def _ensure_city(
    settings: Settings, database: Database, key: str, *, say: Callable[[str], None]
) -> int:
    with database.read(SYSTEM) as uow:
        found = uow.session.execute(
            select(City.city_id).where(City.key == key)
        ).scalar_one_or_none()
    if found is not None:
        return int(found)
    say(f"Loading the city {key} (once)")
    told: dict[str, float] = {}

    def show(step: str, share: float) -> None:
        if step not in told and share >= max(told.values(), default=0.0):
            told[step] = share
            say(f"  {share:4.0%} {step}")

    loaded = do_as_job(
        settings, LOAD_CITY,
        {"key": key, "name": key, "origin": "model" if key == "shenzhen" else "sample",
         "seed": _MODEL_SEED, "units": True},
        show=show, work=load_city,
    )  # fmt: skip
    return loaded.report.city_id


def _ensure_accounts(database: Database, password: str) -> str:
    """Make the demo's accounts, or give them this password; return the driver's token."""
    accounts = Accounts()
    with database.unit_of_work(SYSTEM) as uow:
        for account in ACCOUNTS:
            if find_credentials(uow.session, account.username) is None:
                accounts.create_user(
                    uow, account.username, password=password, language=account.language,
                    display_name=account.display_name,
                    grants=[Grant(role) for role in account.roles],
                )  # fmt: skip
            else:
                accounts.set_password(uow, account.username, password=password)
        if find_credentials(uow.session, _DRIVER) is None:
            accounts.create_user(
                uow, _DRIVER, password=secrets.token_urlsafe(), display_name="模拟 Simulation",
                grants=[Grant("supervisor"), Grant("responder")],
            )  # fmt: skip
        return accounts.create_token(uow, _DRIVER, name="demo driver", days=7)


def _set_control(database: Database, *, speed_factor: float, calls_per_hour: float) -> None:
    with database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(
            update(SimulationControl).values(
                speed_factor=speed_factor, calls_per_hour=calls_per_hour
            )
        )


def _announce(
    here: str,
    settings: Settings,
    password: str,
    city_id: int,
    *,
    open_browser: bool,
    say: Callable[[str], None],
) -> None:
    """Wait for the first answer, then print where and who, and open the console."""
    unchecked = ssl._create_unverified_context() if settings.tls_cert else None  # noqa: S323
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            with urlopen(f"{here}/healthz", timeout=2, context=unchecked):  # noqa: S310
                break
        except (URLError, OSError):
            time.sleep(0.1)
    say("")
    say(f"  Console      {here}/console")
    say(f"  Nearest AED  {here}/aed")
    say(f"  Outbreak     {here}/cdc")
    say(f"  Other roles  {here}/login")
    if settings.host not in {"127.0.0.1", "localhost"}:
        say(f"  On phones    https://{_own_address()}:{settings.port}/aed")
    say("")
    for account in ACCOUNTS:
        say(f"  {account.username:<11} {password}   ({', '.join(account.roles)})")
    say("")
    say("This is a simulation. Stop it with Ctrl-C.")
    if open_browser:
        webbrowser.open(f"{here}/console?city={city_id}")


def _with_tls(settings: Settings, *, say: Callable[[str], None]) -> Settings:
    folder = settings.state_folder / "tls"
    address = _own_address()
    certificate, key = ensure_certificate(folder, address, owner=runtime_owner())
    say(f"Certificate for {address}: {certificate}. Phones will ask once whether to trust it.")
    return settings.model_copy(
        update={"host": "0.0.0.0", "tls_cert": certificate, "tls_key": key}  # noqa: S104
    )


def _own_address() -> str:
    """Return this machine's address on its network; no packet is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(ip_address(probe.getsockname()[0]))
        except OSError:
            return "127.0.0.1"
