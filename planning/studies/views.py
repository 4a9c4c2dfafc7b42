"""What is shown of studies: dataclasses whose fields are the JSON, and are stored as it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from gis.geojson import Polygon
from gis.words import Words
from planning.coverage.views import PlaceName


@dataclass(frozen=True, slots=True)
class KindView:
    """One kind of study; `schema` is the JSON Schema of its parameters, with words for a form."""

    code: str
    words: Words
    says: Words
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class KindsView:
    """All kinds of studies."""

    kinds: tuple[KindView, ...]


@dataclass(frozen=True, slots=True)
class MeasureView:
    """What value and bound count: in `unit`, `most` or `least` is best; `limit_s` of the study."""

    code: str
    words: Words
    unit: str
    sense: str
    limit_s: float


@dataclass(frozen=True, slots=True)
class SiteView:
    """One site; `new`: nothing stands there today; `units_before`: today.

    share_chosen: of the bootstraps, None where none were asked for
    """

    key: str
    name: str | None
    name_zh: str | None
    name_en: str | None
    lon: float
    lat: float
    new: bool
    units: int
    units_before: int
    share_chosen: float | None = None


@dataclass(frozen=True, slots=True)
class TraceView:
    """What was known after so many seconds of processor time; None: nothing yet."""

    seconds: float
    value: float | None
    bound: float | None


@dataclass(frozen=True, slots=True)
class ProgressView:
    """The best so far; `sites` None where the model has no plan before its end."""

    seconds: float
    value: float | None
    bound: float | None
    gap: float | None
    trace: tuple[TraceView, ...]
    sites: tuple[SiteView, ...] | None


@dataclass(frozen=True, slots=True)
class DistrictRow:
    """People of one district, before and after, within the study's limit.

    `part`: `city`, `district` or `outside`. gains, loses: people who come within it, or expected
    people; quicker, slower: those whose nearest takes a minute less or longer and who do not cross
    it. Shares and means are of people whose time is known; means of those who are reached.
    """

    part: str
    district: PlaceName
    people: int
    known: int
    before: int
    after: int
    share_before: float | None
    share_after: float | None
    gains: int
    loses: int
    quicker: int
    slower: int
    mean_before_s: float | None
    mean_after_s: float | None


@dataclass(frozen=True, slots=True)
class FrontView:
    """One plan of a Pareto front: people within reach against the worst-off district's share.

    `tail_s`: of a front against the tenth of the people served worst, their mean seconds to the
    nearest; null otherwise.
    """

    value: float
    bound: float
    worst_share: float
    worst_district: PlaceName
    sites: tuple[SiteView, ...]
    tail_s: float | None = None


@dataclass(frozen=True, slots=True)
class PlanView:
    """Another plan beside the answer, with its own bound; `sites`: those it adds.

    code: `alternative`, the next best of as many sites, `number` 1 the best; `phase`, with `number`
    stations more than today and all those of the phase before
    """

    code: str
    number: int
    value: float
    bound: float
    gap: float | None
    sites: tuple[SiteView, ...]


@dataclass(frozen=True, slots=True)
class AnswerView:
    """The answer: no plan can beat `bound`.

    value_before: today's state by the same measure; of: people who are counted; ended: `proven`,
    `gap`, `done`, `time` or `stopped`; repeatable: the same parameters give it again to the digit.
    """

    value: float
    bound: float
    gap: float | None
    value_before: float | None
    of: float
    seconds: float
    solver: str
    seed: int
    ended: str
    repeatable: bool
    sites: tuple[SiteView, ...]
    districts: tuple[DistrictRow, ...]
    front: tuple[FrontView, ...]
    trace: tuple[TraceView, ...]
    sentences: tuple[Words, ...]
    plans: tuple[PlanView, ...] = ()


@dataclass(frozen=True, slots=True)
class InputPart:
    """One part of what a study read, by its hash; `version` as its source names it.

    stamp: a name of the rows it was read from, where there is one: the same stamp, the same part
    """

    code: str
    words: Words
    version: str
    digest: str
    stamp: str | None = None


@dataclass(frozen=True, slots=True)
class InputsView:
    """All that a study read; `digest` is of every part and the parameters."""

    digest: str
    seed: int
    parts: tuple[InputPart, ...]


@dataclass(frozen=True, slots=True)
class StudyLine:
    """A study in a list.

    `state`: `waiting`, `running`, `done`, `stopped` or `failed`. Value and bound are the answer's,
    or the best so far. `may_change`: whether the viewer may stop, share and delete it.
    """

    study_id: int
    city_id: int
    name: str
    kind: str
    kind_words: Words
    state: str
    shared: bool
    mine: bool
    may_change: bool
    made_at: datetime
    made_by: str
    finished_at: datetime | None
    value: float | None
    bound: float | None
    gap: float | None
    ended: str | None


@dataclass(frozen=True, slots=True)
class StudiesView:
    """Studies of a city, newest first."""

    studies: tuple[StudyLine, ...]


@dataclass(frozen=True, slots=True)
class StudyView(StudyLine):
    """A study with all that is known of it.

    `changed`: what became another since it was read, one sentence each.
    """

    parameters: Mapping[str, Any]
    job_id: int | None
    started_at: datetime | None
    error: str | None
    measure: MeasureView
    inputs: InputsView | None
    changed: tuple[Words, ...]
    progress: ProgressView | None
    answer: AnswerView | None


@dataclass(frozen=True, slots=True)
class CellProperties:
    """One cell before and after; times None: not reached, or not known (`change` `unknown`)."""

    cell: str
    people: float
    district: str | None
    before_s: int | None
    after_s: int | None
    before: float
    after: float
    change: str


@dataclass(frozen=True, slots=True)
class CellFeature:
    """One cell as GeoJSON."""

    properties: CellProperties
    geometry: Polygon
    type: Literal["Feature"] = "Feature"


@dataclass(frozen=True, slots=True)
class CellCollection:
    """Cells of a study as a GeoJSON FeatureCollection."""

    study_id: int
    features: tuple[CellFeature, ...]
    type: Literal["FeatureCollection"] = "FeatureCollection"


@dataclass(frozen=True, slots=True)
class AddressView:
    """What a study does at one place; `nearest` of the sites it lists, None: another or none."""

    cell: str
    people: float
    district: str | None
    before_s: int | None
    after_s: int | None
    before: float
    after: float
    change: str
    nearest: SiteView | None


@dataclass(frozen=True, slots=True)
class ParameterDifference:
    """A parameter by which two studies differ, None where one does not have it."""

    name: str
    words: Words
    first: Any
    second: Any


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """People of one district within the limit by two plans; gains from the first to the second."""

    part: str
    district: PlaceName
    people: int
    known: int
    first: int
    second: int
    share_first: float | None
    share_second: float | None
    gains: int
    loses: int
    quicker: int
    slower: int


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """Two studies beside one another; sites by their keys. Shares are of the first's measure."""

    first: StudyLine
    second: StudyLine
    measure: MeasureView
    limit_s: float
    same_inputs: bool
    differences: tuple[Words, ...]
    parameters: tuple[ParameterDifference, ...]
    sites_of_both: tuple[SiteView, ...]
    sites_of_first: tuple[SiteView, ...]
    sites_of_second: tuple[SiteView, ...]
    districts: tuple[ComparedRow, ...]
