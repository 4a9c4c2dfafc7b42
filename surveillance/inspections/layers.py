"""The map layers of inspections: points of the four weeks up to any day."""

from gis.rooms.layers import (
    OKABE_ITO,
    Categories,
    Category,
    Field,
    Group,
    Layer,
    Licence,
    Moment,
    Privacy,
    Sql,
)
from gis.words import Words
from surveillance.permissions import CASES_READ

_DAY = Field("inspected_on", "string", Words(en="day", zh="日期"))
_CODE = Field("code", "string", Words(en="code of the area", zh="行政区划代码"))
_FOUND = Field("found", "string", Words(en="found", zh="结果"))
_SOURCE = Field("source", "string", Words(en="source", zh="来源"))
_COUNTS = (
    Field("premises", "integer", Words(en="premises inspected", zh="检查户数")),
    Field("premises_positive", "integer", Words(en="premises positive", zh="阳性户数")),
    Field("containers", "integer", Words(en="containers with water", zh="积水容器数")),
    Field("containers_positive", "integer", Words(en="containers positive", zh="阳性容器数")),
)


def _layer(
    name: str, words: Words, says: Words, *, kind: str, fields: tuple[Field, ...],
    entries: tuple[Category, ...],
) -> Layer:  # fmt: skip
    return Layer(
        name, words, says, "point", 5, (_DAY, *fields, _FOUND, _SOURCE, _CODE),
        Sql(
            rows="surveillance.inspections:sql/points.sql", fixed={"kind": kind},
            parameters="surveillance.inspections.asked:on_day",
        ),
        Group.RISKS,
        as_of=f"surveillance.inspections.asked:{kind}_newest_on",
        empty=Words(
            en="No inspection of these four weeks was taken in, or you may see none.",
            zh="近四周没有检查记录，或没有可供您查看的记录。",
        ),
        licence=Licence.OF_THE_INSTALLATION,
        live=True,
        classes=Categories("found", entries),
        time=Moment(),
        permission=CASES_READ,
        area_field="code",
        privacy=Privacy.PERSONAL,
    )  # fmt: skip


LAYERS = (
    _layer(
        "mosquito_inspections", Words(en="Mosquito inspections", zh="蚊媒孳生地检查点"),
        Words(
            en="Premises and containers that were looked into for larvae, four weeks up to now or "
            "to the day that is asked for. A dwelling may be among them.",
            zh="近四周（或截至所选日期前四周）检查蚊幼孳生的住户与容器，其中可能有民宅。",
        ),
        kind="mosquito", fields=_COUNTS,
        entries=(
            Category("positive", Words(en="larvae or pupae found", zh="阳性"),
                     OKABE_ITO["vermilion"], "+"),
            Category("negative", Words(en="none found", zh="阴性"), OKABE_ITO["sky_blue"], "–"),
        ),
    ),
    _layer(
        "inspection_outcomes", Words(en="Inspection outcomes", zh="卫生监督检查点"),
        Words(
            en="How inspections came out, four weeks up to now or to the day that is asked for.",
            zh="近四周（或截至所选日期前四周）卫生监督检查结果。",
        ),
        kind="outcome", fields=(),
        entries=(
            Category("failed", Words(en="failed", zh="不合格"), OKABE_ITO["reddish_purple"], "F"),
            Category("passed", Words(en="passed", zh="合格"), OKABE_ITO["bluish_green"], "P"),
        ),
    ),
)  # fmt: skip
