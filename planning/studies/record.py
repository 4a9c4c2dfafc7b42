"""A study and its cells as they are stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Self

import numpy as np

from planning.studies.model import FloatArray


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who sees studies: its own, and those shared within the areas of `reach` (None: all)."""

    label: str
    reach: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class StudyRecord:
    """One row, and where its job stands (None: the job is not kept any more)."""

    study_id: int
    city_id: int
    name: str
    kind: str
    parameters: Mapping[str, Any]
    areas: Sequence[str]
    shared: bool
    made_at: datetime
    made_by: str
    job_id: int | None
    stop_asked_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    digest: str | None
    inputs: Mapping[str, Any] | None
    progress: Mapping[str, Any] | None
    answer: Mapping[str, Any] | None
    job_state: str | None
    job_error: str | None

    @property
    def state(self) -> str:
        """Return where the study stands: by its own end, else by its job's."""
        if self.finished_at is not None:
            stopped = self.answer is None or self.answer["ended"] == "stopped"
            return "stopped" if stopped else "done"
        states = {"waiting": "waiting", "running": "running", "cancelled": "stopped"}
        return states.get(self.job_state or "", "failed")


@dataclass(frozen=True, slots=True, eq=False)
class CellsRecord:
    """n cells of a study's answer; arrays as in `gis.tables.studies.StudyCells`."""

    cells: Sequence[str]
    lon: FloatArray
    lat: FloatArray
    people: FloatArray
    district: Sequence[str | None]
    before_s: FloatArray
    after_s: FloatArray
    before: FloatArray
    after: FloatArray
    nearest: Sequence[str | None]
    shapes: Sequence[bytes]

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return its columns in order."""
        return tuple(one.name for one in fields(cls))

    @classmethod
    def of(cls, *columns: Sequence[Any]) -> Self:
        """Return what stands in the columns, in the order of `names`."""
        numbers = {"lon", "lat", "people", "before_s", "after_s", "before", "after"}
        given: dict[str, Any] = {
            name: np.array(column, np.float64) if name in numbers else column
            for name, column in zip(cls.names(), columns, strict=True)
        }
        return cls(**given)

    def columns(self) -> dict[str, list[Any]]:
        """Return column → n values, as the table takes them."""
        return {
            name: value.tolist() if isinstance(value, np.ndarray) else list(value)
            for name, value in ((name, getattr(self, name)) for name in self.names())
        }
