"""pgRouting in a private PostgreSQL cluster of its own, on the same node graph as the libraries."""

import contextlib
import io
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import psycopg
from numpy.typing import NDArray

from bench.peers import work_folder
from bench.peers_http import Spent, process_cpu_s
from bench.peers_libraries import Problem
from gis.cluster import PrivateCluster

_LIMIT_MS = 180_000
_EDGES = "SELECT id, source, target, cost FROM edges"


@dataclass(frozen=True, slots=True)
class Session:
    """A connection to the database that holds the graph, and its server process."""

    connection: psycopg.Connection
    pid: int

    def ask(self, query: str, *values: object) -> tuple[list[tuple[object, ...]], Spent]:
        """Run one statement: its rows, the server's CPU seconds and those on the wall."""
        cpu_s, began = process_cpu_s(self.pid), time.perf_counter()
        cursor = self.connection.execute(query, values or None)
        rows = cursor.fetchall() if cursor.description else []
        return rows, Spent(process_cpu_s(self.pid) - cpu_s, time.perf_counter() - began)


@contextlib.contextmanager
def loaded(problem: Problem) -> Iterator[tuple[Session, Spent]]:
    """Have a cluster with the graph in a table for the block; it is removed afterwards."""
    cluster = PrivateCluster(work_folder("pgrouting"), ephemeral=True)
    cluster.up()
    address = f"host={cluster.socket_folder} user=goldenhour_owner dbname=postgres"
    try:
        with psycopg.connect(address, autocommit=True) as connection:
            session = Session(connection, connection.info.backend_pid)
            began, cpu_s = time.perf_counter(), process_cpu_s(session.pid)
            _load(connection, problem)
            spent = Spent(process_cpu_s(session.pid) - cpu_s, time.perf_counter() - began)
            connection.execute(f"SET statement_timeout = {_LIMIT_MS}")
            yield session, spent
    finally:
        cluster.destroy()
        shutil.rmtree(cluster.folder, ignore_errors=True)


def _load(connection: psycopg.Connection, problem: Problem) -> None:
    connection.execute("CREATE EXTENSION pgrouting CASCADE")
    connection.execute(
        "CREATE TABLE edges (id bigint, source bigint, target bigint, cost float8, fresh float8)"
    )
    rows = io.StringIO()
    columns = (problem.tail, problem.head, problem.ms, problem.new_ms)
    table = np.column_stack((np.arange(problem.tail.size), *columns))
    np.savetxt(rows, table, fmt="%d", delimiter="\t")
    with connection.cursor().copy("COPY edges FROM STDIN") as copy:
        copy.write(rows.getvalue())
    connection.execute("ALTER TABLE edges ADD PRIMARY KEY (id)")
    connection.execute("ANALYZE edges")


def one_to_one_ms(session: Session, source: int, goal: int) -> tuple[float, Spent]:
    """Milliseconds from `source` to `goal`, inf = unreachable."""
    rows, spent = session.ask(
        "SELECT agg_cost FROM pgr_dijkstraCost(%s, %s::bigint, %s::bigint, true)",
        _EDGES, source, goal,
    )  # fmt: skip
    return (float(rows[0][0]) if rows else np.inf), spent


def all_to_one_ms(
    session: Session, fleet: NDArray[np.int64], goal: int
) -> tuple[NDArray[np.float64], Spent]:
    """Milliseconds (v,) from each of `fleet` to `goal`, asked the way the manual says."""
    rows, spent = session.ask(
        "SELECT start_vid, agg_cost FROM pgr_dijkstraCost(%s, %s::bigint[], %s::bigint, true)",
        _EDGES, fleet.tolist(), goal,
    )  # fmt: skip
    found = {goal: 0.0, **dict(rows)}
    return np.array([found.get(node, np.inf) for node in fleet.tolist()], dtype=np.float64), spent


def ball_size(session: Session, source: int, *, limit_ms: int) -> tuple[int, Spent]:
    """Count the nodes reached within `limit_ms`."""
    rows, spent = session.ask(
        "SELECT count(*) FROM pgr_drivingDistance(%s, %s::bigint, %s::float8, true)",
        _EDGES, source, limit_ms,
    )  # fmt: skip
    return int(str(rows[0][0])), spent


def reweight(session: Session) -> Spent:
    """Give every edge its new time."""
    _, spent = session.ask("UPDATE edges SET cost = fresh, fresh = cost")
    return spent
