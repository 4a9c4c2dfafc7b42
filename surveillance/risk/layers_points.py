"""The map layer of cases as points; loads no numpy."""

from gis.rooms.layers import (
    OKABE_ITO,
    Categories,
    Category,
    Computed,
    Field,
    Group,
    Layer,
    Licence,
    Moment,
    Privacy,
)
from gis.words import Words
from surveillance.permissions import CASES_READ

_FIELDS = (
    Field("day", "string", Words(en="day", zh="日期")),
    Field("code", "string", Words(en="code of the area it lies in", zh="所在区域代码")),
    Field("area_zh", "string", Words(en="somewhere in (Chinese)", zh="所在区域")),
    Field("area_en", "string", Words(en="somewhere in", zh="所在区域（英文）")),
    Field("standing", "string", Words(en="confirmed or not", zh="是否确诊")),
    Field("classification_zh", "string", Words(en="classification (Chinese)", zh="病例分类")),
    Field("classification_en", "string", Words(en="classification", zh="病例分类（英文）")),
)

LAYERS = (
    Layer(
        "case_points", Words(en="Cases, place drawn at random", zh="病例（位置随机示意）"),
        Words(
            en="Each case once, somewhere in the finest area of 500 residents or more that holds "
            "its home: the place is drawn, never the home. Sensitive diseases have no points.",
            zh="每例一点，随机置于其住处所在、常住人口不少于500的最小区域内，并非住址。敏感病种不显示。",
        ),
        "point", 5, _FIELDS,
        Computed(
            address="/v1/surveillance/maps/points?city_id={city_id}",
            features="surveillance.risk.points:layer_table",
        ),
        Group.SURVEILLANCE,
        as_of="surveillance.signals.today:judged_on",
        empty=Words(
            en="No day of this city was judged yet, or you may see no case of it.",
            zh="该城市尚未监测，或没有可供您查看的病例。",
        ),
        licence=Licence.OF_THE_INSTALLATION,
        live=True,
        operational=True,
        classes=Categories(
            "standing",
            (
                Category("confirmed", Words(en="confirmed", zh="确诊"), OKABE_ITO["black"], "C"),
                Category("other", Words(en="clinical, probable or not classified",
                                        zh="临床诊断、可能或未分类"), OKABE_ITO["orange"], "O"),
            ),
        ),
        time=Moment(),
        permission=CASES_READ,
        area_field="code",
        privacy=Privacy.PERSONAL,
    ),
)  # fmt: skip
