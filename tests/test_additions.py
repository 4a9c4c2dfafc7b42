"""What it takes to add things: played in a copy of the tree, old files counted.

Each play writes its new files and changes old ones, then a process of its own loads the changed
house, checks every manifest, what the house demands of every addition, and asks for what was added.
Counted are old files that had to change, tests that name what is allowed among them: without any
one of them the check fails. Not counted are what `docs.make_reference` writes, the changelog, and
the words of new files.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gis.settings import PROJECT_FOLDER

FOLDERS = ("gis", "data", "routing", "dispatch", "surveillance", "planning", "referral", "maps",
           "api", "tests")  # fmt: skip
NOT_COPIED = ("vendor", "sample", "golden", "*.png", "*.mvt")


@dataclass
class Play:
    """New files by path; old files with what is put before a line of theirs."""

    new: dict[str, str]
    changed: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    check: str = ""


DETECTOR = Play(
    new={
        "surveillance/detect/records.py": '''
"""More than ever before."""

from dataclasses import dataclass

import numpy as np

from gis.words import Words
from surveillance.detect.judged import judgement
from surveillance.detect.model import Alarms, Judgement, Member, Outcome
from surveillance.series.model import Panel


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Alarms where a count is above every one before it."""

    def judge(self, panel: Panel, *, first: int) -> Judgement:
        """Judge every period from `first` on."""
        most = np.maximum.accumulate(panel.baseline(), axis=1)[:, first - 1 : -1]
        counts = panel.counts[:, first:]
        return judgement(
            panel, first=first, expected=most, threshold=most + 1, p_value=np.full(most.shape, 1.0),
            alarm=counts > most, outcome=np.full(most.shape, Outcome.JUDGED, dtype=np.int8),
        )


MEMBERS = (
    Member(
        name="record", words=Words(en="More than ever", zh="历史最高"), detector=Record(),
        alarms=Alarms.ABOVE, source="the largest count before", oracle="the same, counted by hand",
    ),
)
''',
        "gis/tables/oddities.py": '''
"""Counts above all before. Written by `surveillance`."""

from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base, BigKey, geometry


class Oddity(Base):
    """One unusual count at a place."""

    __tablename__ = "oddities"

    oddity_id: Mapped[BigKey]
    city_id: Mapped[int]
    observed: Mapped[int]
    geom: Mapped[object] = mapped_column(geometry("POINT"))
''',
        "gis/migrations/versions/9999_oddities.py": '"""Oddities."""\n',
        "surveillance/oddities/__init__.py": "",
        "surveillance/oddities/permissions.py": '''
from gis.access import Permission

ODDITY_READ = Permission("oddity_read")
''',
        "surveillance/oddities/views.py": '''
from collections.abc import Collection, Mapping

from gis.database import UnitOfWork
from gis.rooms.model import View


def oddity_views(uow: UnitOfWork, ids: Collection[str]) -> Mapping[str, View]:
    return {one: View(None, {"oddity_id": one}) for one in ids}
''',
        "surveillance/oddities/layers.py": '''
from gis.rooms.layers import OKABE_ITO, Categories, Category, Field, Group, Layer, Sql
from gis.words import Words
from surveillance.oddities.permissions import ODDITY_READ

LAYERS = (
    Layer(
        "oddities", Words(en="Oddities", zh="异常"), Words(en="Unusual counts.", zh="异常计数。"),
        "point", 8, (Field("code", "string", Words(en="area", zh="区划代码")),),
        Sql(rows="surveillance:sql/oddities.sql"), Group.SURVEILLANCE,
        as_of="gis.features:now", empty=Words(en="Nothing is unusual.", zh="没有异常。"),
        classes=Categories(None, (
            Category("odd", Words(en="oddity", zh="异常"), OKABE_ITO["vermilion"], "!"),
        )),
        draw="surveillance.oddities.drawing:draw", permission=ODDITY_READ,
        area_field="code",
    ),
)
''',
        "surveillance/oddities/drawing.py": '''
from gis.cartography import Drawing, Sheet, style_layer


def draw(sheet: Sheet) -> Drawing:
    paint = {"circle-color": sheet.palette.label}
    return Drawing(marks=(style_layer("oddities", "circle", "oddities", paint=paint),))
''',
        "surveillance/sql/oddities.sql": "SELECT area_code AS code, geom FROM oddities;\n",
        "api/doors/surveillance/oddities.py": '''
from typing import Annotated

from fastapi import Depends

from api.http.permissions import reads
from api.http.places import Work
from api.http.router import DoorRouter
from gis.database import ReadingUnitOfWork
from surveillance.oddities.permissions import ODDITY_READ

router = DoorRouter(Work.ORDINARY)
OddityReader = Annotated[ReadingUnitOfWork, Depends(reads(ODDITY_READ), scope="function")]


@router.get("/v1/surveillance/oddities", summary="Unusual counts")
def oddities(uow: OddityReader) -> dict[str, int]:
    """Return the oddities."""
    return {"oddities": 0}

''',
        "maps/web/static/js/oddities/main.js": "export {};\n",
    },
    changed={
        "surveillance/room.py": [
            ("from surveillance.permissions import", '''
from surveillance.oddities.layers import LAYERS as ODDITY_LAYERS
from surveillance.oddities.permissions import ODDITY_READ
'''),
            ("        Right(SIGNALS_WORK", '''
        Right(ODDITY_READ, Words(en="see oddities", zh="查看异常"), held_by=("cdc",)),
'''),
            ('        Subject("surveillance_run"', '''
        Subject("oddity", ODDITY_READ, "surveillance.oddities.views:oddity_views"),
'''),
            ("        *SIGNAL_EVENTS,", '''
        Event("oddity.found", "oddity", "A count was odd.", Words(en="Odd count", zh="异常计数")),
'''),
            ("*CLUSTER_LAYERS,", "*ODDITY_LAYERS, "),
            ('        Page(\n            "/cdc"', '''        Page(
            "/oddities", Words(en="Oddities", zh="异常"), "oddities/main.js",
            Words(en="What is odd.", zh="异常情况。"), (ODDITY_READ,),
        ),
'''),
        ],
        "surveillance/detect/registry.py": [
            ("from surveillance.detect import cidars", "from surveillance.detect import records\n"),
            ("mem.MEMBERS, rare.MEMBERS", "records.MEMBERS, "),
        ],
    },
    check='''
from surveillance.detect.registry import DETECTORS

assert DETECTORS["record"].words.zh == "历史最高"
assert "oddities" in Base.metadata.tables
assert HOUSE.layers["oddities"].permission == "oddity_read"
assert "oddity_read" in HOUSE.holdings["cdc"]
assert HOUSE.permission_to_see("oddity.found", "oddity") == "oddity_read"
assert routes["/v1/surveillance/oddities"] == "oddity_read" and routes["/oddities"] == "everybody"
''',
)  # fmt: skip

PAGE_WITH_A_ROLE = Play(
    new={
        "maps/web/static/js/beds/main.js": "export {};\n",
    },
    changed={
        "referral/room.py": [
            ("from gis.rooms.model", "from gis.permissions import RESOURCE_READ\n"),
            ("from gis.rooms.model", "from gis.rooms.model import Page\n"),
            ("    roles=(", '''    pages=(
        Page("/beds", Words(en="Beds", zh="床位"), "beds/main.js",
             Words(en="Free beds.", zh="空床位。"), (RESOURCE_READ,), landing_for=("bed_manager",)),
    ),
'''),
            ('        Role("clinic"',
             '        Role("bed_manager", Words(en="beds", zh="床位"), (RESOURCE_READ,)),\n'),
        ],
    },
    check='''
assert HOUSE.holdings["bed_manager"] == {"resource_read"}
assert HOUSE.landing_for(["bed_manager"], ["resource_read"]) == "/beds"
assert routes["/beds"] == "everybody"
''',
)  # fmt: skip

KPI = Play(
    new={
        "dispatch/arrivals/turnout.py": '''
"""Median seconds from the dispatch to the first wheel turn."""


def median_turnout_s(turnouts_s: list[float]) -> float:
    return sorted(turnouts_s)[len(turnouts_s) // 2]
''',
        "api/doors/dispatch/turnout.py": '''
from api.http.permissions import DispatchReader
from api.http.places import Work
from api.http.router import DoorRouter
from dispatch.arrivals.turnout import median_turnout_s

router = DoorRouter(Work.ORDINARY)


@router.get("/v1/kpis/turnout", summary="Turnout")
def turnout(uow: DispatchReader) -> dict[str, float]:
    """Return the median turnout."""
    return {"median_turnout_s": median_turnout_s([60.0])}
''',
        "api/cli/dispatch/kpi.py": '''
import typer

app = typer.Typer(help="Indicators.")


@app.command("turnout")
def turnout() -> None:
    """Print the median turnout."""
''',
    },
    check="""
assert routes["/v1/kpis/turnout"] == "dispatch"
assert "kpi" in commands
""",
)

UNIT_STATUS = Play(
    new={"gis/migrations/versions/9999_decontaminating.py": '"""A state more."""\n'},
    changed={
        "dispatch/model.py": [
            ('    AVAILABLE = "available"', '    DECONTAMINATING = "decontaminating"\n'),
            ('    AssignmentState.AVAILABLE: Words(',
             '    AssignmentState.DECONTAMINATING: Words(en="decontaminating", zh="洗消"),\n'),
            ('    "available": "The unit is back in service',
             '    "decontaminating": "The unit is being cleaned.",\n'),
        ],
        "dispatch/incidents/lifecycle.py": [
            ("    _A.ON_SCENE, _A.AT_PATIENT, _A.LEFT_SCENE, _A.AT_DESTINATION, _A.TRANSFERRED,",
             "    _A.DECONTAMINATING,\n"),
            ("    _A.AVAILABLE: (_A.HOME,),", "    _A.DECONTAMINATING: (_A.AVAILABLE,),\n"),
            ("    {_A.TRANSFERRED, _A.AVAILABLE, _A.HOME,", "    {_A.DECONTAMINATING} |\n"),
        ],
        "gis/tables/incidents.py": [
            ("            \"'home','cancelled','diverted'", "            \"'decontaminating',\"\n"),
        ],
        "maps/web/static/js/console/words.js": [
            ("  'stamp.available':",
             "  'stamp.decontaminating': { zh: '洗消', en: 'decontaminating' },\n"),
        ],
    },
    check='''
assert HOUSE.events["assignment.decontaminating"].words.zh.endswith("洗消")
from dispatch.incidents.lifecycle import next_states
assert next_states("decontaminating") == ("available",)
''',
)  # fmt: skip

CHECK = """
import typer.main

from pathlib import Path

from sqlalchemy import CheckConstraint

from api.cli.main import app as command_line
from api.http.routes_table import described_routes
from api.rooms import HOUSE
from dispatch.model import AssignmentState
from gis.rooms.house import check_references
from gis.tables import Base
from tests.api.http.test_permissions import PUBLIC

check_references(HOUSE)
described = described_routes()
routes = {route.path: route.permission for route in described}
public = {f"{route.method} {route.path}" for route in described if route.permission == "everybody"}
assert public <= PUBLIC, public - PUBLIC
stored = [str(rule.sqltext) for rule in Base.metadata.tables["assignments"].constraints
          if isinstance(rule, CheckConstraint)]
said = Path("maps/web/static/js/console/words.js").read_text(encoding="utf-8")
for state in AssignmentState:
    assert any(f"'{state.value}'" in rule for rule in stored), state
    assert f"'stamp.{state.value}':" in said, state
commands = typer.main.get_command(command_line).commands
"""


CHECKER = """
import json, os, sys

import api.cli.main, api.http.routes_table  # and with them what is not of this tree, for all forks

sys.dont_write_bytecode = True
for name in [one for one in sys.modules if one.split(".")[0] in FOLDERS]:
    del sys.modules[name]
print("ready", flush=True)
for line in sys.stdin:
    request = json.loads(line)
    if not (pid := os.fork()):
        os.dup2(os.open(request["said"], os.O_CREAT | os.O_TRUNC | os.O_WRONLY), 2)
        exec(request["code"], {"__name__": "__main__"})
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
""".replace("FOLDERS", repr(FOLDERS))
"""Imports the libraries once; each check loads the tree as it stands in a fork of its own."""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("tree") / "tree"
    for folder in FOLDERS:
        shutil.copytree(
            PROJECT_FOLDER / folder, copy / folder, ignore=shutil.ignore_patterns(*NOT_COPIED)
        )
    shutil.copy(PROJECT_FOLDER / "pyproject.toml", copy)
    return copy


@pytest.fixture(scope="module")
def check(tree: Path) -> Iterator[Callable[[Play], str | None]]:
    """Return a function that says what is wrong with the tree as it stands, None if nothing is."""
    said = tree / "said"
    with subprocess.Popen(
        [sys.executable, "-c", CHECKER], cwd=tree, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as checker:  # fmt: skip
        assert checker.stdout is not None
        assert checker.stdout.readline() == "ready\n"  # what is changed later it has not seen

        def ask(play: Play) -> str | None:
            assert checker.stdin is not None
            assert checker.stdout is not None
            request = json.dumps({"code": CHECK + play.check, "said": str(said)})
            checker.stdin.write(request + "\n")
            checker.stdin.flush()
            status = int(checker.stdout.readline())
            return said.read_text(encoding="utf-8")[-2000:] if status else None

        yield ask
        assert checker.stdin is not None
        checker.stdin.close()


@pytest.mark.parametrize(
    ("play", "most"),
    [
        pytest.param(DETECTOR, 2, id="detector", marks=pytest.mark.acceptance),
        pytest.param(PAGE_WITH_A_ROLE, 1, id="page with a role", marks=pytest.mark.acceptance),
        pytest.param(KPI, 0, id="KPI"),
        pytest.param(UNIT_STATUS, 4, id="unit status", marks=pytest.mark.acceptance),
    ],
)
def test_an_addition_touches_few_old_files(
    tree: Path, check: Callable[[Play], str | None], play: Play, most: int
) -> None:
    before = {path: (tree / path).read_text(encoding="utf-8") for path in play.changed}
    try:
        for name, content in play.new.items():
            path = tree / name
            assert not path.exists(), name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content.lstrip("\n"), encoding="utf-8")
        for name, insertions in play.changed.items():
            text = before[name]
            for line, put_before in insertions:
                assert text.count(line) >= 1, f"{name} no longer has {line!r}"
                text = text.replace(line, put_before + line, 1)
            (tree / name).write_text(text, encoding="utf-8")
        fault = check(play)
        assert fault is None, fault
        needed = []
        for name, content in before.items():
            changed = (tree / name).read_text(encoding="utf-8")
            (tree / name).write_text(content, encoding="utf-8")
            if check(play) is not None:
                needed.append(name)
            (tree / name).write_text(changed, encoding="utf-8")
        assert needed == list(before)
        assert len(needed) == most
    finally:
        for name, content in before.items():
            (tree / name).write_text(content, encoding="utf-8")
        for name in play.new:
            (tree / name).unlink(missing_ok=True)
