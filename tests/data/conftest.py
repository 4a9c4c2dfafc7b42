"""Small OpenStreetMap files by hand, in OPL (one object a line)."""

from collections.abc import Callable
from pathlib import Path

import pytest

Node = tuple[int, float, float, dict[str, str]]
Way = tuple[int, list[int], dict[str, str]]
Relation = tuple[int, list[str], dict[str, str]]
WriteOsm = Callable[..., Path]


def _tags(tags: dict[str, str]) -> str:
    return ",".join(f"{_escape(k)}={_escape(v)}" for k, v in tags.items())


def _escape(text: str) -> str:
    return "".join(c if c.isalnum() or c in "_:-;./" else f"%{ord(c):x}%" for c in text)


@pytest.fixture
def write_osm(tmp_path: Path) -> WriteOsm:
    """Write nodes (id, lon, lat, tags), ways (id, node ids, tags), relations (id, members, tags).

    A relation's members are written like `w1@from`.
    """

    def write(nodes: list[Node], ways: list[Way], relations: list[Relation] | None = None) -> Path:
        lines = [f"n{i} v1 x{lon} y{lat} T{_tags(tags)}" for i, lon, lat, tags in sorted(nodes)]
        lines += [
            f"w{i} v1 T{_tags(tags)} N{','.join(f'n{ref}' for ref in refs)}"
            for i, refs, tags in sorted(ways)
        ]
        lines += [
            f"r{i} v1 T{_tags(tags)} M{','.join(members)}" for i, members, tags in relations or []
        ]
        path = tmp_path / "hand.opl"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write
