"""The kinds of studies: a frozen registry in which a kind is its form and its words."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from gis.words import Words
from planning.studies.errors import StudyKindUnknownError, StudyParametersError
from planning.studies.parameters import (
    AedsForm,
    AnyForm,
    BudgetForm,
    CoverageForm,
    SitingForm,
    SitingModel,
    UnitsForm,
)

MOST_FAULTS_TOLD = 8
SITING, UNITS, BUDGET, COVERAGE, AEDS = "siting", "units", "budget", "coverage", "aeds"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of study."""

    code: str
    words: Words
    says: Words
    form: type[AnyForm]


@dataclass(frozen=True, slots=True)
class MeasureWords:
    """What the value of an answer counts: `unit`, and whether `most` or `least` is best."""

    code: str
    words: Words
    unit: str
    sense: str


KINDS: Mapping[str, Kind] = MappingProxyType({
    one.code: one
    for one in (
        Kind(
            SITING,
            Words(en="Where the next stations go", zh="新急救站选址"),
            Words(
                en="Chooses sites for stations, beside those that stand or anew, by one model.",
                zh="按所选模型，在现有站点之外（或重新）选择急救站址。",
            ),
            SitingForm,
        ),
        Kind(
            UNITS,
            Words(en="Where more ambulances stand", zh="新增救护车驻点"),
            Words(
                en="Adds units so that most people can expect a free one within reach (MEXCLP).",
                zh="新增车辆，使预期可获空闲车辆的人口最多（MEXCLP）。",
            ),
            UnitsForm,
        ),
        Kind(
            BUDGET,
            Words(en="What a budget buys", zh="预算效益方案"),
            Words(
                en="Builds stations and adds units so that most people are served for the money.",
                zh="在预算内新建站点、增配车辆，使服务人口最多。",
            ),
            BudgetForm,
        ),
        Kind(
            COVERAGE,
            Words(en="Before and after a change", zh="变更前后对比"),
            Words(
                en="What closed and new stations do to people; nothing is sought.",
                zh="评估关闭或新增急救站对居民的影响，不做优化。",
            ),
            CoverageForm,
        ),
        Kind(
            AEDS,
            Words(en="Where AEDs go", zh="AED选址"),
            Words(
                en="Places AEDs so that most people have one within reach on foot (MCLP).",
                zh="布设AED，使步行可达的人口最多（MCLP）。",
            ),
            AedsForm,
        ),
    )
})  # fmt: skip

PEOPLE_WITHIN = MeasureWords(
    "people_within", Words(en="people within reach", zh="时限内覆盖人口"), "people", "most"
)
MEASURES: Mapping[str, MeasureWords] = MappingProxyType({
    SitingModel.MCLP: PEOPLE_WITHIN,
    SitingModel.FAIR_MCLP: PEOPLE_WITHIN,
    SitingModel.FAIR_TAIL: PEOPLE_WITHIN,
    SitingModel.P_MEDIAN: MeasureWords(
        "person_minutes", Words(en="person-minutes to the nearest", zh="到最近站点的人·分钟"),
        "person_minutes", "least",
    ),
    SitingModel.P_CENTER: MeasureWords(
        "farthest_s", Words(en="seconds to the farthest people", zh="最远居民所需秒数"),
        "seconds", "least",
    ),
    SitingModel.LSCP: MeasureWords(
        "sites", Words(en="stations that reach everybody", zh="全覆盖所需站点数"), "sites", "least"
    ),
})  # fmt: skip
EXPECTED_PEOPLE = MeasureWords(
    "expected_people",
    Words(en="people expected to find a free unit within reach", zh="预期可获空闲车辆的人口"),
    "people", "most",
)  # fmt: skip


PEOPLE_SERVED = MeasureWords(
    "people_served",
    Words(en="people within reach of a unit that has room for them", zh="时限内且容量可及的人口"),
    "people", "most",
)  # fmt: skip


def kind_of(code: str) -> Kind:
    """Return a kind; `StudyKindUnknownError` if there is none."""
    found = KINDS.get(code)
    if found is None:
        raise StudyKindUnknownError(code, tuple(KINDS))
    return found


def form_of(kind: str, parameters: Mapping[str, Any]) -> AnyForm:
    """Return what is asked, with what was left out; `StudyParametersError` names what is wrong."""
    asked = kind_of(kind).form
    try:
        return asked.model_validate(dict(parameters))
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False)
        told = [
            f"{'.'.join(map(str, one['loc'])) or 'the study'}: {one['msg'].rstrip('.')}."
            for one in faults[:MOST_FAULTS_TOLD]
        ]
        more = len(faults) - len(told)
        rest = f" ({more} more are wrong.)" if more else ""
        raise StudyParametersError(f"{' '.join(told)}{rest}") from None


def measure_of(kind: str, form: AnyForm) -> MeasureWords:
    """Return what the value of a study counts."""
    if isinstance(form, SitingForm):
        return MEASURES[form.model]
    if isinstance(form, BudgetForm):
        return PEOPLE_SERVED
    return EXPECTED_PEOPLE if kind == UNITS else PEOPLE_WITHIN
