"""What is published of incidents: how many, by week, district and urgency."""

from gis.disclosure.model import CountedGroup, PublishedCount, Rhythm, Sensitivity
from gis.permissions import PUBLISHED_COUNTS_READ
from gis.words import Words

NOT_CODED = "none"

INCIDENTS_BY_WEEK = PublishedCount(
    name="dispatch.incidents",
    words=Words(en="Emergency incidents by week", zh="每周急救事件数"),
    description=Words(
        en="Incidents of a week by district and urgency; repeated calls of one incident and"
        " cancelled ones are not counted.",
        zh="按区和紧急程度统计的每周事件数；同一事件的重复呼救与已取消的事件不计。",
    ),
    sensitivity=Sensitivity.HEALTH,
    counts="dispatch.incidents.counts:incidents_counted",
    area_level="district",
    groups=(
        CountedGroup("C1", Words(en="C1, immediate", zh="C1 立即")),
        CountedGroup("C2", Words(en="C2, urgent", zh="C2 紧急")),
        CountedGroup("C3", Words(en="C3, soon", zh="C3 较急")),
        CountedGroup("C4", Words(en="C4, later", zh="C4 普通")),
        CountedGroup(NOT_CODED, Words(en="not coded", zh="未分级")),
    ),
    rhythm=Rhythm.WEEK,
    permission=PUBLISHED_COUNTS_READ,
)
