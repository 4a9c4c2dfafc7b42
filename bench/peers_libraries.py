"""Routing libraries in their own environment, asked the same questions on the same graph."""

import json
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.peers import has_library, library_python, work_folder

_WORKER = Path(__file__).with_name("peers_worker.py")
_LIMIT_S = 900.0
LIBRARY_NAMES = (
    "scipy", "networkx", "igraph", "rustworkx", "networkit", "pandana", "routingkit_cch",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """One graph and its questions, for peers without parallel edges or turns.

    tail, head, ms, new_ms : (m,) int32, finite; lonlat : (n, 2) float64
    pairs : (p, 2), fleet : (v,), places : (q,), sources : (s,), columns : (t,) nodes; those of
    fleet, sources and columns differ among themselves
    """

    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    ms: NDArray[np.int32]
    new_ms: NDArray[np.int32]
    lonlat: NDArray[np.float64]
    pairs: NDArray[np.int64]
    fleet: NDArray[np.int64]
    places: NDArray[np.int64]
    sources: NDArray[np.int64]
    columns: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What one peer said and what it cost.

    cost_s : CPU seconds of each question by task (build, one_to_one, all_to_one, ball, matrix,
    reweight); matrix_rows : how many sources of the matrix were asked, the rest being scaled up
    said : the answers by task, milliseconds, inf = unreachable
    """

    cost_s: dict[str, list[float]]
    matrix_rows: int
    said: dict[str, NDArray[np.float64]]


def environment() -> dict[str, str]:
    """Return the environment that holds a library to one thread."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS", "NUMBA_NUM_THREADS")
    return {**os.environ, **dict.fromkeys(names, "1")}


def available() -> list[str]:
    """Return the libraries that are there."""
    return [name for name in LIBRARY_NAMES if has_library(name)]


def ask(library: str, problem: Problem) -> Answers | str:
    """Ask one library everything in a process of its own; a text says why there is no answer."""
    python = library_python()
    if python is None:
        return "not there"
    columns = {name: getattr(problem, name) for name in problem.__slots__}
    with tempfile.TemporaryDirectory(dir=work_folder("libraries")) as folder:
        files = [Path(folder) / name for name in ("problem.npz", "answers.npz", "cost.json")]
        np.savez(files[0], **columns)
        try:
            done = subprocess.run(
                [python, _WORKER, library, *files], env=environment(), timeout=_LIMIT_S,
                capture_output=True, text=True, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return f"stopped after {_LIMIT_S:.0f} s"
        if done.returncode != 0:
            return f"failed: {(done.stderr.strip().splitlines() or [str(done.returncode)])[-1]}"
        cost: dict[str, Any] = json.loads(files[2].read_text())
        with np.load(files[1]) as stored:
            said = {name: stored[name].astype(np.float64) for name in stored.files}
    rows = int(cost.pop("matrix_rows_asked"))
    return Answers(cost_s=cost, matrix_rows=rows, said=said)


def parquet_columns(folder: Path, *files: str) -> dict[str, NDArray[Any]] | None:
    """Read Parquet files by columns FILE.COLUMN, None where no reader is there."""
    python = library_python()
    if python is None or not has_library("pyarrow"):
        return None
    target = work_folder(folder.name) / f"{'-'.join(files)}.npz"
    if not target.exists():
        subprocess.run(
            [python, _WORKER, "parquet", folder, target, *files], check=True, timeout=120
        )
    with np.load(target) as stored:
        return dict(stored)
