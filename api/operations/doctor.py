"""`goldenhour doctor`: is everything here, and if not, what to do."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from gis.errors import GoldenHourError
from gis.settings import PROJECT_FOLDER, Settings
from gis.words import Words, alike

_LIBRARIES = ("fastapi", "sqlalchemy", "geoalchemy2", "psycopg", "shapely", "geopandas", "numba")
_FOLDERS = ("gis", "data", "routing", "dispatch", "surveillance", "planning", "referral", "maps",
            "api")  # fmt: skip
_LEAST_FREE_BYTES = 2 * 1024**3
_PYTHON = alike("Python")
_FOLDERS_HERE = Words(en="folders", zh="文件夹")
_DISK = Words(en="disk", zh="磁盘")
_POSTGRESQL = alike("PostgreSQL")
_DATABASE_OF = {
    "live": Words(en="live database", zh="正式数据库"),
    "simulation": Words(en="simulation database", zh="模拟数据库"),
}
_LOCALE_OF = {
    "live": Words(en="live locale", zh="正式数据库的语言环境"),
    "simulation": Words(en="simulation locale", zh="模拟数据库的语言环境"),
}
_TRIGRAMS_WORK = Words(
    en="{locale}; Chinese trigrams work", zh="{locale}；中文三元组检索正常"
)  # fmt: skip
_TRIGRAMS_EMPTY = Words(
    en="{locale}; Chinese trigrams are empty: recreate it as C.UTF-8",
    zh="{locale}；中文三元组为空：请以 C.UTF-8 重建数据库",
)
_NOT_RUNNING = Words(
    en="is not running; `goldenhour db up` starts it", zh="未运行；用 `goldenhour db up` 启动"
)
_LEARNED = Words(en="learned speeds", zh="车速学习")
_PAGES = Words(en="pages", zh="页面")
_USER = Words(en="user", zh="运行用户")


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: ✓ fine, ! worth knowing, ✗ does not work until mended.

    code : of the error that the check ended with, for pages that have words for it
    """

    mark: str
    subject: Words
    words: Words
    code: str | None = None


def examine(settings: Settings) -> list[Finding]:
    """Run every check; one that fails never hides the others."""
    findings: list[Finding] = []
    for subject, check in _CHECKS:
        try:
            findings.extend(check(settings))
        except GoldenHourError as error:
            findings.append(Finding("✗", subject, alike(str(error)), error.code))
        except OSError as error:
            findings.append(Finding("✗", subject, alike(str(error))))
    return findings


def _python(_settings: Settings) -> Iterator[Finding]:
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    yield Finding(
        "✓", _PYTHON,
        Words(en="{version} with {libraries}", zh="{version}，含{libraries}").filled(
            version=sys.version.split()[0], libraries=libraries
        ),
    )  # fmt: skip


def _folders(_settings: Settings) -> Iterator[Finding]:
    for name in _FOLDERS:
        found = Path(str(import_module(name).__file__)).resolve().parent
        if found != PROJECT_FOLDER / name:
            yield Finding(
                "✗", Words(en="package {name}", zh="程序包 {name}").filled(name=name),
                Words(
                    en="is imported from {found}, not from here; install GoldenHour into an "
                    "environment of its own",
                    zh="载入自{found}，而非本目录；请将 GoldenHour 安装到独立环境中",
                ).filled(found=str(found)),
            )  # fmt: skip
    yield Finding(
        "✓", _FOLDERS_HERE,
        Words(en="all imported from {folder}", zh="全部载入自{folder}").filled(
            folder=str(PROJECT_FOLDER)
        ),
    )  # fmt: skip


def _disk(settings: Settings) -> Iterator[Finding]:
    folder = settings.state_folder
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    mark = "✓" if free >= _LEAST_FREE_BYTES else "✗"
    yield Finding(
        mark, _DISK,
        Words(en="{free} GB free at {folder}", zh="{folder}剩余{free} GB").filled(
            free=f"{free / 1e9:.1f}", folder=str(settings.state_folder)
        ),
    )  # fmt: skip


def _postgresql(settings: Settings) -> Iterator[Finding]:
    from gis.cluster import find_installation

    if settings.database_url is not None:
        yield Finding(
            "✓", _POSTGRESQL,
            Words(
                en="GOLDENHOUR_DATABASE_URL is set and used as it is",
                zh="已设置 GOLDENHOUR_DATABASE_URL，按其连接",
            ),
        )  # fmt: skip
        return
    found = find_installation()
    yield Finding(
        "✓", _POSTGRESQL,
        Words(en="version {version} in {folder}", zh="版本{version}，位于{folder}").filled(
            version=found.major_version, folder=str(found.bin_folder)
        ),
    )  # fmt: skip


def _database(settings: Settings) -> Iterator[Finding]:
    from sqlalchemy import text
    from sqlalchemy.exc import OperationalError

    from gis.provision import open_as_owner
    from gis.schema import check_ready

    for purpose in ("live", "simulation"):
        database = open_as_owner(settings.model_copy(update={"purpose": purpose}))
        try:
            with database.engine.connect() as connection:
                names = ("postgis", "pg_trgm", "btree_gist")
                extensions = connection.execute(
                    text("SELECT extname || ' ' || extversion FROM pg_extension"
                         " WHERE extname = ANY(:names) ORDER BY 1"), {"names": list(names)},
                ).scalars().all()  # fmt: skip
                locale = connection.execute(
                    text("SELECT datctype FROM pg_database WHERE datname = current_database()")
                ).scalar_one()
                trigrams = connection.execute(text("SELECT show_trgm('深圳')")).scalar_one()
            check_ready(database.engine)
            mark = "✓" if len(trigrams) else "✗"
            yield Finding("✓", _DATABASE_OF[purpose], alike(", ".join(extensions)))
            words = _TRIGRAMS_WORK if len(trigrams) else _TRIGRAMS_EMPTY
            yield Finding(mark, _LOCALE_OF[purpose], words.filled(locale=locale))
        except OperationalError:
            yield Finding("!", _DATABASE_OF[purpose], _NOT_RUNNING)
        finally:
            database.close()


def _learning(settings: Settings) -> Iterator[Finding]:
    from datetime import timedelta

    from sqlalchemy.exc import DBAPIError

    from api.operations.road_desk import local_time
    from gis.access import SYSTEM
    from gis.provision import open_database
    from routing.learning.repository_nightly import learning_states

    if not settings.learn_speeds:
        yield Finding(
            "✓", _LEARNED,
            Words(
                en="GOLDENHOUR_LEARN_SPEEDS is off: none are learned",
                zh="GOLDENHOUR_LEARN_SPEEDS 已关闭：不学习车速",
            ),
        )  # fmt: skip
        return
    database = open_database(settings.model_copy(update={"purpose": "live"}))
    late = timedelta(days=settings.position_retention_days) / 2
    try:
        with database.read(SYSTEM) as uow:
            now, states = uow.clock.now(), learning_states(uow.session)
    except DBAPIError:
        return  # said by the check of the database
    finally:
        database.close()
    for state in states:
        subject = Words(en="learned speeds of {city}", zh="{city}的车速学习").filled(
            city=state.city_key
        )
        if state.learned_until is None:
            words = Words(
                en="nothing learned yet; the worker of `goldenhour serve` does it after "
                "{hour}:30 at night",
                zh="尚未学习；`goldenhour serve` 的后台进程将在夜间{hour}:30后进行",
            ).filled(hour=settings.learn_speeds_hour)
            yield Finding("!", subject, words)
        elif now - state.learned_until > late:
            words = Words(
                en="only up to {until}; from {last} on positions are dropped unlearned: see the "
                "worker's log",
                zh="仅学习到{until}；{last}起位置数据将未经学习即被删除，请查看后台进程日志",
            ).filled(
                until=local_time(state.learned_until),
                last=local_time(state.learned_until + 2 * late),
            )
            yield Finding("!", subject, words)
        else:
            yield Finding(
                "✓", subject,
                Words(en="up to {until}", zh="已学习到{until}").filled(
                    until=local_time(state.learned_until)
                ),
            )  # fmt: skip


def _pages(settings: Settings) -> Iterator[Finding]:
    from maps.assets import check_assets

    check_assets()
    scheme = "https" if settings.tls_cert else "http"
    yield Finding(
        "✓", _PAGES,
        Words(en="{address} once served", zh="启动服务后位于{address}").filled(
            address=f"{scheme}://{settings.host}:{settings.port}/"
        ),
    )  # fmt: skip


def _user(_settings: Settings) -> Iterator[Finding]:
    from api.processes.supervisor import runtime_owner

    if os.geteuid() != 0:
        yield Finding("✓", _USER, Words(en="not root", zh="非 root 用户"))
    elif runtime_owner() is None:
        yield Finding(
            "!", _USER,
            Words(
                en="the server will run as root, because the unprivileged user cannot reach "
                "{program} and {folder}",
                zh="服务将以 root 运行，因为普通用户无法访问{program}和{folder}",
            ).filled(program=sys.executable, folder=str(PROJECT_FOLDER)),
        )  # fmt: skip
    else:
        yield Finding(
            "✓", _USER,
            Words(
                en="started by root, the server runs as an unprivileged user",
                zh="由 root 启动，服务以普通用户运行",
            ),
        )  # fmt: skip


_CHECKS: tuple[tuple[Words, Callable[[Settings], Iterator[Finding]]], ...] = (
    (_PYTHON, _python), (_FOLDERS_HERE, _folders), (_DISK, _disk), (_POSTGRESQL, _postgresql),
    (Words(en="database", zh="数据库"), _database), (_LEARNED, _learning), (_PAGES, _pages),
    (_USER, _user),
)  # fmt: skip
