"""The map layer of signals: areas in which something is unusual, without numbers of cases."""

from gis.rooms.layers import (
    AREA_FIELDS,
    OKABE_ITO,
    Categories,
    Category,
    Field,
    Group,
    Layer,
    Licence,
    Privacy,
    Sql,
)
from gis.words import Words
from surveillance.permissions import CASES_READ

LAYERS = (
    Layer(
        "surveillance_signals", Words(en="Signals", zh="预警信号"),
        Words(
            en="Areas in which the newest run found a disease more frequent than usual.",
            zh="最近一次监测发现疾病高于平常水平的区域。",
        ),
        "polygon", 5,
        (
            *AREA_FIELDS,
            Field("signals", "integer", Words(en="signals", zh="信号数")),
            Field("state", "string", Words(en="state", zh="状态")),
            Field("modelled", "boolean", Words(en="modelled, not surveyed", zh="模型生成，非实测")),
        ),
        Sql(rows="surveillance:sql/signals.sql"),
        Group.SURVEILLANCE,
        as_of="surveillance.signals.today:judged_on",
        empty=Words(en="No signal is open.", zh="目前没有信号。"),
        licence=Licence.OF_THE_INSTALLATION,
        live=True,
        operational=True,
        classes=Categories(
            "state",
            (
                Category("new", Words(en="new", zh="新信号"), OKABE_ITO["vermilion"], "fill, N"),
                Category("known", Words(en="acknowledged, explained or muted",
                                        zh="已确认、已解释或已静默"), OKABE_ITO["blue"],
                         "fill, K"),
            ),
        ),
        opacity=0.6,
        permission=CASES_READ,
        area_field="code",
        privacy=Privacy.PERSONAL,
    ),
)  # fmt: skip
