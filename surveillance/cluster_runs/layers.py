"""The map layer of clusters: their areas, and what changed since the day before."""

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
        "surveillance_clusters", Words(en="Clusters of cases", zh="病例聚集"),
        Words(
            en="Areas in which the newest scan found more cases together than chance would bring.",
            zh="最近一次扫描发现病例聚集超出偶然的区域。",
        ),
        "polygon", 5,
        (
            *AREA_FIELDS,
            Field("clusters", "integer", Words(en="clusters", zh="聚集数")),
            Field("change", "string", Words(en="since the day before", zh="与前一日相比")),
            Field("since", "string", Words(en="first day", zh="起始日")),
            Field("modelled", "boolean", Words(en="modelled, not surveyed", zh="模型生成，非实测")),
        ),
        Sql(rows="surveillance:sql/clusters.sql"),
        Group.SURVEILLANCE,
        as_of="surveillance.cluster_runs.service:scanned_on",
        empty=Words(en="No cluster was found.", zh="未发现聚集。"),
        licence=Licence.OF_THE_INSTALLATION,
        live=True,
        operational=True,
        classes=Categories(
            "change",
            (
                Category("new", Words(en="new", zh="新发现"), OKABE_ITO["vermilion"], "fill, N"),
                Category("grown", Words(en="grown", zh="扩大"), OKABE_ITO["orange"], "fill, +"),
                Category("shrunk", Words(en="shrunk", zh="缩小"), OKABE_ITO["sky_blue"],
                         "fill, −"),
                Category("same", Words(en="unchanged", zh="不变"), OKABE_ITO["blue"], "fill, ="),
            ),
        ),
        opacity=0.6,
        permission=CASES_READ,
        area_field="code",
        privacy=Privacy.PERSONAL,
    ),
)  # fmt: skip
