"""Maps of areas that tests and the parity table share."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from gis.settings import PROJECT_FOLDER
from surveillance.clusters.neighbours import hot_spots, local_moran
from surveillance.smooth.areas import Areas
from surveillance.smooth.empirical_bayes import global_rates, local_rates
from surveillance.smooth.icar import smooth

GOLDEN = PROJECT_FOLDER / "tests" / "golden" / "smooth"
SCANS = PROJECT_FOLDER / "tests" / "golden" / "scan"


def grid_borders(wide: int, high: int) -> npt.NDArray[np.int64]:
    """Return the pairs of squares that share a side, row by row."""
    node = np.arange(wide * high).reshape(high, wide)
    beside = np.column_stack((node[:, :-1].ravel(), node[:, 1:].ravel()))
    below = np.column_stack((node[:-1].ravel(), node[1:].ravel()))
    return np.vstack((beside, below)).astype(np.int64)


def lattice(wide: int, high: int, *, seed: int, raised: float = 2.0) -> Areas:
    """Return squares with cases by chance; the risk of one corner's nine is `raised`."""
    random = np.random.default_rng(seed)
    size = wide * high
    expected = random.uniform(15, 40, size)
    risk = np.ones((high, wide))
    risk[:3, :3] = raised
    return Areas(cases=random.poisson(expected * risk.ravel()).astype(float), expected=expected,
                 borders=grid_borders(wide, high))  # fmt: skip


@cache
def county_borders() -> npt.NDArray[np.int64]:
    """Return the pairs of counties of North Carolina that border on each other."""
    table = pd.read_csv(SCANS / "nc_sids.csv")
    return np.array(
        [
            (one, int(other) - 1)
            for one, text in enumerate(table["borders"].fillna(""))
            for other in str(text).split()
        ],
        np.int64,
    )


def counties() -> Areas:
    """Return sudden infant deaths in North Carolina, 1974 to 1978, births as expected."""
    table = pd.read_csv(SCANS / "nc_sids.csv")
    return Areas(cases=table["cases"].to_numpy(float), borders=county_borders(),
                 expected=table["population"].to_numpy(float))  # fmt: skip


def mgcv_rows(name: str) -> pd.DataFrame:
    """Return what R's mgcv says of a map."""
    return pd.read_csv(GOLDEN / name)


def mgcv_areas(name: str) -> Areas:
    """Return the map itself."""
    if "nc_sids" in name:
        return counties()
    rows = mgcv_rows(name)
    return Areas(cases=rows["cases"].to_numpy(float), expected=rows["expected"].to_numpy(float),
                 borders=grid_borders(15, 15))  # fmt: skip


def spdep_counties() -> Areas:
    """Return the counties with the neighbours that R's spdep was given (`ncCR85_nb`)."""
    rows = pd.read_csv(GOLDEN / "spdep_nc_sids.csv")
    pairs = [
        (one, int(other) - 1)
        for one, text in enumerate(rows["neighbours"])
        for other in str(text).split()
    ]
    plain = counties()
    return Areas(cases=plain.cases, expected=plain.expected, borders=np.array(pairs, np.int64))


@dataclass(frozen=True, slots=True, kw_only=True)
class MapCase:
    """A map of risk held against another program's numbers."""

    algorithm: str
    call: str
    golden: str
    difference: Callable[[], float]


def of_mgcv(name: str) -> float:
    """Return the largest difference of log risks and standard errors from mgcv's.

    There a risk is by the expected cases given, here by those that add up to all cases.
    """
    rows, areas = mgcv_rows(name), mgcv_areas(name)
    found = smooth(areas)
    level = np.log(rows["expected"].sum() / areas.cases.sum())
    apart = np.abs(found.log_risk - level - rows["log_risk"].to_numpy())
    return float(max(apart.max(), np.abs(found.sd - rows["sd"].to_numpy()).max()))


def of_spdep(column: str) -> float:
    """Return the largest difference of a column from spdep's."""
    rows, areas = pd.read_csv(GOLDEN / "spdep_nc_sids.csv"), spdep_counties()
    found = {
        "eb_global": lambda: global_rates(areas).rate,
        "eb_local": lambda: local_rates(areas).rate,
        "local_moran": lambda: local_moran(areas).statistic,
        "g_star_z": lambda: hot_spots(areas).statistic,
    }[column]()
    return float(np.abs(found - rows[column].to_numpy()).max())


MAPS: tuple[MapCase, ...] = (
    MapCase(algorithm="Empirical Bayes, whole map", call="spdep::EBest",
            golden="spdep_nc_sids.csv", difference=partial(of_spdep, "eb_global")),
    MapCase(algorithm="Empirical Bayes, neighbourhoods", call="spdep::EBlocal",
            golden="spdep_nc_sids.csv", difference=partial(of_spdep, "eb_local")),
    MapCase(algorithm="Local Moran", call="spdep::localmoran",
            golden="spdep_nc_sids.csv", difference=partial(of_spdep, "local_moran")),
    MapCase(algorithm="Gi*", call="spdep::localG",
            golden="spdep_nc_sids.csv", difference=partial(of_spdep, "g_star_z")),
    MapCase(algorithm="Neighbours' risks (ICAR, REML), 100 counties", call="mgcv::gam",
            golden="icar_nc_sids.csv", difference=partial(of_mgcv, "icar_nc_sids.csv")),
    MapCase(algorithm="Neighbours' risks (ICAR, REML), 225 squares", call="mgcv::gam",
            golden="icar_grid.csv", difference=partial(of_mgcv, "icar_grid.csv")),
)  # fmt: skip
