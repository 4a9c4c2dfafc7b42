"""The cells of a study for a map, one address of them, and the cells of two studies."""

import json
from collections.abc import Sequence

import numpy as np
import shapely

from gis.database import UnitOfWork
from planning.studies.errors import StudyPlaceUnknownError
from planning.studies.model import FloatArray, changes
from planning.studies.record import CellsRecord
from planning.studies.service import cells_of, compared_cells, read_study, require_study
from planning.studies.views import AddressView, CellCollection, CellFeature, CellProperties


def cells_view(uow: UnitOfWork, study_id: int) -> CellCollection:
    """Return the cells of a study before and after it.

    Raises
    ------
    StudyUnknownError, StudyNotFinishedError
    """
    cells = cells_of(uow, require_study(uow, study_id))
    return _collection(
        study_id, cells, (cells.before_s, cells.after_s), (cells.before, cells.after)
    )


def compared_view(uow: UnitOfWork, first_id: int, second_id: int) -> CellCollection:
    """Return the cells by the first plan (`before…`) and by the second (`after…`).

    Raises
    ------
    StudyUnknownError, StudyNotFinishedError, StudiesNotComparableError
    """
    first, second = compared_cells(
        uow, require_study(uow, first_id), require_study(uow, second_id)
    )  # fmt: skip
    return _collection(
        second_id, second, (first.after_s, second.after_s), (first.after, second.after)
    )


def address_view(uow: UnitOfWork, study_id: int, *, lon: float, lat: float) -> AddressView:
    """Return the cell of a study that holds a point (WGS-84), and its nearest site after.

    Raises
    ------
    StudyUnknownError, StudyNotFinishedError
    StudyPlaceUnknownError
        No cell holds it.
    """
    cells = cells_of(uow, require_study(uow, study_id))
    shapes = shapely.from_wkb([bytes(one) for one in cells.shapes])
    inside = np.flatnonzero(shapely.covers(shapes, shapely.points(lon, lat)))
    if not inside.size:
        raise StudyPlaceUnknownError
    row = int(inside[0])
    one = _properties(cells, (cells.before_s, cells.after_s), (cells.before, cells.after))[row]
    answer = read_study(uow, study_id).answer
    sites = {} if answer is None else {site.key: site for site in answer.sites}
    return AddressView(
        one.cell, one.people, one.district, one.before_s, one.after_s, one.before, one.after,
        one.change, sites.get(cells.nearest[row] or ""),
    )  # fmt: skip


def _collection(
    study_id: int,
    cells: CellsRecord,
    seconds: tuple[FloatArray, FloatArray],
    shares: tuple[FloatArray, FloatArray],
) -> CellCollection:
    shapes = shapely.set_precision(shapely.from_wkb([bytes(one) for one in cells.shapes]), 1e-6)
    return CellCollection(
        study_id,
        tuple(
            CellFeature(properties, json.loads(shape))
            for properties, shape in zip(
                _properties(cells, seconds, shares), shapely.to_geojson(shapes), strict=True
            )
        ),
    )


def _properties(
    cells: CellsRecord,
    seconds: tuple[FloatArray, FloatArray],
    shares: tuple[FloatArray, FloatArray],
) -> list[CellProperties]:
    change = changes(*seconds, *shares).tolist()
    people, before, after = (
        np.round(one, digits).tolist()
        for one, digits in ((cells.people, 1), (shares[0], 4), (shares[1], 4))
    )
    columns = zip(
        cells.cells, people, cells.district, _told(seconds[0]), _told(seconds[1]), before, after,
        change, strict=True,
    )  # fmt: skip
    return [CellProperties(*one) for one in columns]


def _told(seconds: FloatArray) -> Sequence[int | None]:
    return [round(one) if np.isfinite(one) else None for one in seconds.tolist()]
