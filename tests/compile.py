"""Compile every kernel before the tests: `python -m tests.compile`, as the servers' own user.

numba keeps the kernels of each folder in a folder of its own, which belongs to whoever imports
them first. Servers run as another user than root's tests: so theirs comes first, everywhere.
"""

import importlib

import numpy as np

from api.processes.kernel_cache import KERNEL_ROOMS
from gis.settings import PROJECT_FOLDER
from planning.accessibility import rational
from planning.accessibility.model import TravelTimes
from planning.siting import warm_up as siting
from routing.graph.build import build_graph
from routing.live import warm_up as roads
from routing.matching.match import Matcher
from routing.matching.model import Trace
from routing.roads.model import Profile, Segments
from surveillance.clusters.neighbours import local_moran
from surveillance.detect import warm_up as detectors
from surveillance.scan import warm_up as scans
from surveillance.smooth.areas import Areas
from surveillance.smooth.icar import smooth


def import_every_kernel() -> None:
    """Import each module of the house that compiles something."""
    for room in KERNEL_ROOMS:
        for path in sorted((PROJECT_FOLDER / room).rglob("*.py")):
            if "compiled" in path.read_text(encoding="utf-8"):
                name = path.relative_to(PROJECT_FOLDER).with_suffix("").as_posix()
                importlib.import_module(name.replace("/", "."))


def match_a_drive() -> None:
    """Match three observations on one street, as learning from positions does."""
    street = Segments.from_columns(
        segment_id=[1],
        from_node=[1],
        to_node=[2],
        length_m=[222.0],
        highway=["residential"],
        coords=[(0.0, 0.0), (0.002, 0.0)],
        offsets=[0, 2],
    )
    seen = Trace.of([(0.0003, 0.0), (0.0009, 0.0), (0.0015, 0.0)], [0.0, 7.0, 14.0])
    Matcher(build_graph(street, Profile.AMBULANCE)).match(seen)


if __name__ == "__main__":
    import_every_kernel()
    roads.prepare_kernels()
    detectors.prepare_kernels()
    scans.prepare_kernels()
    match_a_drive()
    siting.prepare_kernels()
    pairs = np.array([[0, 1], [1, 2], [2, 3]])
    few = Areas(cases=np.arange(1.0, 5.0), expected=np.ones(4), borders=pairs)
    smooth(few)
    local_moran(few, permutations=1)
    one = TravelTimes.of_matrix([[1.0]], demand=["a"], supply=["X"])
    rational.rational(one, {"X": 1}, population={"a": 1})
