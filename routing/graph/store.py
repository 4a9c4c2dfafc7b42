"""Segments and graphs as folders of .npy files that processes map into memory and share.

A folder is written beside its place, flushed to disk, and renamed. Its header names everything it
was made from; whatever is missing, of another size or made from something else is refused with
`GraphCacheInvalidError`, and the caller builds anew.
"""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from routing.graph.build import Arcs, RoadGraph
from routing.graph.errors import GraphCacheInvalidError
from routing.graph.turns import TurnReport
from routing.roads.errors import InvalidNetworkError
from routing.roads.model import Coded, Profile, Segments
from routing.rules.profiles import PROFILES, ProfileRules

FORMAT_VERSION = 4
"""Raise it with every change of the layout, or of what `build_graph` makes of the same input."""

_HEADER = "header.json"
_LEFT_AFTER_S = 3_600.0
_ARC_SIDES = ("successors", "predecessors")
Arrays = Mapping[str, NDArray[Any]]
BuiltT = TypeVar("BuiltT")


@dataclass(frozen=True, slots=True)
class CacheKey:
    """Whose roads, and in which version (`cities.key`, `cities.network_version`).

    `network_at` (`cities.network_at`) tells apart what two databases, or one before and after a
    restore, call the same. The version must rise with restrictions, signals and barriers too: only
    the segments and the profile's rules are compared by content.
    """

    city_key: str
    network_version: int
    network_at: str = ""


def save_segments(folder: Path, segments: Segments, *, key: CacheKey) -> None:
    """Write `segments` to `folder`, replacing what is there."""
    arrays: dict[str, NDArray[Any]] = {}
    tables: dict[str, list[str]] = {}
    for field in fields(segments):
        column = getattr(segments, field.name)
        if isinstance(column, Coded):
            tables[field.name] = list(column.table)
            column = column.codes
        arrays[field.name] = column
    header = {**_segments_facts(key), "fingerprint": segments.fingerprint(), "tables": tables}
    _write(folder, arrays, header)


def load_segments(folder: Path, *, key: CacheKey) -> Segments:
    """Map the segments of `key` from `folder`; raises `GraphCacheInvalidError`."""

    def build(arrays: Arrays, header: dict[str, Any]) -> Segments:
        columns: dict[str, Any] = dict(arrays)
        for name, table in header["tables"].items():
            columns[name] = Coded(columns[name], tuple(table))
        segments = Segments(**columns)
        segments.check()
        return segments

    return _read(folder, _segments_facts(key), build)


def save_graph(
    folder: Path,
    graph: RoadGraph,
    *,
    key: CacheKey,
    rules: ProfileRules | None = None,
    fingerprint: str | None = None,
) -> None:
    """Write `graph` without its segments to `folder`; `rules` if not those of `PROFILES`.

    `fingerprint` is that of the segments, where the caller knows it already.
    """
    arrays: dict[str, NDArray[Any]] = {}
    for field in fields(graph):
        value = getattr(graph, field.name)
        if isinstance(value, Arcs):
            arrays |= {
                f"{field.name}.{part.name}": getattr(value, part.name) for part in fields(value)
            }
        elif isinstance(value, np.ndarray):
            arrays[field.name] = value
    facts = graph_facts(
        key,
        fingerprint or graph.segments.fingerprint(),
        rules or PROFILES[graph.profile],
    )
    _write(folder, arrays, {**facts, "turn_report": asdict(graph.turn_report)})


def load_graph(
    folder: Path,
    segments: Segments,
    *,
    key: CacheKey,
    rules: ProfileRules | Profile,
    fingerprint: str | None = None,
) -> RoadGraph:
    """Map the graph that was built from these `segments` under these `rules`.

    Raises
    ------
    GraphCacheInvalidError
        If the folder is missing, half-written, of another format, city, version or rule table.
    """
    rules = PROFILES[rules] if isinstance(rules, Profile) else rules

    def build(arrays: Arrays, header: dict[str, Any]) -> RoadGraph:
        columns: dict[str, Any] = {name: array for name, array in arrays.items() if "." not in name}
        for side in _ARC_SIDES:
            columns[side] = Arcs(*(arrays[f"{side}.{part.name}"] for part in fields(Arcs)))
        return RoadGraph(
            profile=rules.profile,
            segments=segments,
            turn_report=TurnReport(**header["turn_report"]),
            **columns,
        )

    return _read(folder, graph_facts(key, fingerprint or segments.fingerprint(), rules), build)


def save_arrays(folder: Path, arrays: Arrays, *, facts: Mapping[str, Any]) -> None:
    """Write named arrays to `folder`; `facts` say what they were made from."""
    _write(folder, arrays, {"format": FORMAT_VERSION, **facts})


def load_arrays(folder: Path, *, facts: Mapping[str, Any]) -> Arrays:
    """Map the arrays that were made from just these `facts`; or raise `GraphCacheInvalidError`."""
    return _read(folder, {"format": FORMAT_VERSION, **facts}, lambda arrays, _: arrays)


def topology_id(key: CacheKey, fingerprint: str, rules: ProfileRules) -> str:
    """Return a short digest of everything that a graph's states and turns were made from."""
    facts = json.dumps(graph_facts(key, fingerprint, rules), sort_keys=True)
    return blake2b(facts.encode(), digest_size=8).hexdigest()


def _segments_facts(key: CacheKey) -> dict[str, Any]:
    return {"format": FORMAT_VERSION, "content": "segments", **asdict(key)}


def graph_facts(key: CacheKey, fingerprint: str, rules: ProfileRules) -> dict[str, Any]:
    """Return what a graph over segments of this `fingerprint` was made from."""
    return {
        "format": FORMAT_VERSION,
        "content": "graph",
        **asdict(key),
        "profile": rules.profile.value,
        "rules": rules.fingerprint(),
        "segments": fingerprint,
    }


def _write(folder: Path, arrays: Arrays, header: Mapping[str, Any]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    remove_older(folder.parent.glob(f".{folder.name}.*"))
    temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        fresh = temporary / "new"
        fresh.mkdir()
        sizes = {}
        for name, array in arrays.items():
            with (fresh / f"{name}.npy").open("wb") as file:
                np.save(file, array, allow_pickle=False)
                sizes[name] = file.tell()
                _flush(file.fileno())
        with (fresh / _HEADER).open("w", encoding="utf-8") as file:
            json.dump({**header, "bytes": sizes}, file, ensure_ascii=False)
            file.flush()
            _flush(file.fileno())
        _flush_folder(fresh)
        if folder.exists():
            folder.rename(temporary / "old")
        fresh.rename(folder)
        _flush_folder(folder.parent)
    finally:
        shutil.rmtree(temporary)


def remove_older(folders: Iterable[Path]) -> None:
    """Remove folders that nobody has written to for an hour: what a killed process left behind."""
    before = time.time() - _LEFT_AFTER_S
    for folder in folders:
        try:
            if folder.stat().st_mtime < before:
                shutil.rmtree(folder, ignore_errors=True)
        except FileNotFoundError:
            continue  # another process was first


def _flush(descriptor: int) -> None:
    os.fsync(descriptor)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(
    folder: Path, facts: Mapping[str, Any], build: Callable[[Arrays, dict[str, Any]], BuiltT]
) -> BuiltT:
    try:
        text = (folder / _HEADER).read_text(encoding="utf-8")
        header = json.loads(text)
        different = sorted(name for name in facts if header[name] != facts[name])
        if different:
            raise GraphCacheInvalidError(_refusal(folder, f"other {', '.join(different)}"))
        arrays = {}
        for name, size in header["bytes"].items():
            path = folder / f"{name}.npy"
            if path.stat().st_size != size:
                raise GraphCacheInvalidError(_refusal(folder, f"{path.name} is cut off"))
            arrays[name] = np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
        if (folder / _HEADER).read_text(encoding="utf-8") != text:
            raise GraphCacheInvalidError(_refusal(folder, "it was replaced meanwhile"))
        return build(arrays, header)
    except (OSError, ValueError, KeyError, TypeError, InvalidNetworkError) as error:
        raise GraphCacheInvalidError(_refusal(folder, str(error))) from error


def _refusal(folder: Path, reason: str) -> str:
    return f"The stored road graph '{folder.name}' cannot be used ({reason}); build it again."
