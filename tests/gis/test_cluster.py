"""The private cluster: made once, started under a lock, stale leftovers survived."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from gis.cluster import PrivateCluster, find_installation
from gis.cluster_errors import DatabaseNotReadyError, DatabaseUnreachableError, PostgisMissingError
from gis.database import Database
from gis.provision import address_of, bring_up
from gis.schema import check_ready, create_database_if_absent, migrate
from gis.settings import PROJECT_FOLDER, Settings
from tests.conftest import admin_connection, in_memory

pytestmark = pytest.mark.database


@pytest.fixture
def folder() -> Iterator[Path]:
    """A state folder that the cluster's own user can reach."""
    path = in_memory("test-cluster")
    rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    yield path
    PrivateCluster(path, ephemeral=True).destroy()
    rmtree(path, ignore_errors=True)


@pytest.fixture
def new_url(cluster: PrivateCluster) -> Iterator[str]:
    """The URL of a database that is not there yet; what a test makes of it is dropped."""
    name = f"test_{uuid4().hex[:12]}"
    yield cluster.url(name)
    with admin_connection(cluster) as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))


def test_up_twice_starts_once_and_down_stops(folder: Path) -> None:
    cluster = PrivateCluster(folder, ephemeral=True)
    assert cluster.up() is True
    assert cluster.up() is False
    assert cluster.socket_folder.stat().st_mode & 0o777 == 0o700
    assert len(str(cluster.socket_folder / ".s.PGSQL.5432")) < 107
    assert cluster.down() is True
    assert cluster.down() is False


def test_ten_processes_at_once_start_it_once(folder: Path) -> None:
    started: list[bool] = []
    threads = [
        threading.Thread(target=lambda: started.append(PrivateCluster(folder, ephemeral=True).up()))
        for _ in range(10)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(started) == [False] * 9 + [True]


def test_a_killed_server_leaves_a_stale_pid_file_and_starts_again(folder: Path) -> None:
    cluster = PrivateCluster(folder, ephemeral=True)
    cluster.up()
    create_database_if_absent(make_url(cluster.url("postgres")), "kept")
    pid_file = cluster.data_folder / "postmaster.pid"
    pid = int(pid_file.read_text().splitlines()[0])
    subprocess.run(["kill", f"-{signal.SIGKILL.value}", str(pid)], check=True)
    while Path(f"/proc/{pid}/stat").exists() and " Z " not in Path(f"/proc/{pid}/stat").read_text():
        pass
    assert pid_file.exists()
    assert cluster.up() is True
    assert create_database_if_absent(make_url(cluster.url("postgres")), "kept") is False


def test_an_interrupted_initialisation_is_begun_again(folder: Path) -> None:
    unfinished = folder / "pgdata.unfinished"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("15")
    cluster = PrivateCluster(folder, ephemeral=True)
    assert cluster.up() is True
    assert not unfinished.exists()


def test_a_given_database_is_never_initialised_over(
    cluster: PrivateCluster, new_url: str, tmp_path: Path
) -> None:
    create_database_if_absent(make_url(cluster.url("postgres")), str(make_url(new_url).database))
    engine = create_engine(new_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE theirs (a int)"))
        connection.execute(text("INSERT INTO theirs VALUES (1)"))
    settings = Settings(database_url=new_url, state_folder=tmp_path / "never")
    assert address_of(settings).cluster is None
    bring_up(settings)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT a FROM theirs")).scalar_one() == 1
    assert not (tmp_path / "never").exists()
    database = Database(new_url)
    check_ready(database.engine)
    database.close()
    engine.dispose()


def test_a_live_database_is_never_turned_into_a_simulation(
    cluster: PrivateCluster, live_database: Database
) -> None:
    with pytest.raises(DatabaseNotReadyError, match="for 'live', not for 'simulation'"):
        migrate(cluster.url(str(live_database.url.database)), purpose="simulation")


def test_a_locale_without_chinese_trigrams_is_refused(
    cluster: PrivateCluster, new_url: str
) -> None:
    name = make_url(new_url).database
    with admin_connection(cluster) as connection:
        connection.execute(text(f"CREATE DATABASE \"{name}\" TEMPLATE template0 LOCALE 'C'"))
    with pytest.raises(DatabaseNotReadyError, match=r"C\.UTF-8"):
        migrate(new_url, purpose="live")


def test_an_unmigrated_database_is_named_as_such(cluster: PrivateCluster, new_url: str) -> None:
    create_database_if_absent(make_url(cluster.url("postgres")), str(make_url(new_url).database))
    engine = create_engine(new_url)
    with pytest.raises(DatabaseNotReadyError, match="goldenhour db up"):
        check_ready(engine)
    engine.dispose()


def test_a_database_that_is_away_is_one_sentence() -> None:
    database = Database("postgresql+psycopg://nobody@/none?host=/nonexistent")
    with pytest.raises(DatabaseUnreachableError, match="goldenhour db up"):
        database.check_reachable()
    database.close()


def test_without_postgis_the_install_line_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gis.cluster._candidate_folders", lambda: iter(()))
    with pytest.raises(PostgisMissingError, match=r"apt-get install|brew install|conda install"):
        find_installation()


def test_help_answers_without_importing_the_world() -> None:
    heavy = {"numpy", "sqlalchemy", "fastapi", "geopandas", "shapely", "pandas", "osmnx"}
    shown = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "api.cli", "--help"],
        capture_output=True, text=True, check=True, cwd=PROJECT_FOLDER,
    )  # fmt: skip
    imported = {line.split("|")[-1].strip().split(".")[0] for line in shown.stderr.splitlines()}
    assert "city" in shown.stdout
    assert not heavy & imported
