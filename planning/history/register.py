"""The register of personal fields of recorded responses: where a call was, and who took it in."""

from gis.rooms.personal import PersonalField
from gis.words import Words

_READERS = Words(
    en="nobody: only medians and counts of ten or more are told",
    zh="无人可读：仅提供10次及以上的中位数与计数",
)

FIELDS = (
    PersonalField(
        name="recorded_responses.geom", table="recorded_responses",
        columns=("geom", "call_ref", "unit_ref", "determinant", "priority"),
        what=Words(
            en="place of an earlier call to about 100 m, what it was, its number and its units in "
            "their source",
            zh="历史呼叫的位置（约100米）、类别、来源编号及车辆",
        ),
        purpose=Words(en="plan stations and units by what was", zh="按历史情况规划站点与车辆"),
        legal_basis="GDPR 6(1)(e), 9(2)(h); PIPL 13(3)(4), 28", readers=_READERS,
        otherwise=Words(
            en="as long as plans rest on it; no row holds a name, a number to call or an address",
            zh="规划使用期间保存；不含姓名、电话或地址",
        ),
    ),
    PersonalField(
        name="recorded_responses.taken_in_by", table="recorded_responses",
        columns=("taken_in_by",),
        what=Words(en="who took a file of responses in", zh="导入历史出车记录的人"),
        purpose=Words(en="account for steps", zh="责任追溯"),
        legal_basis="GDPR 5(2), 6(1)(c); PIPL 51, 54", readers=Words(en="nobody", zh="无人可读"),
        otherwise=Words(en="as long as the response", zh="与记录同期保存"),
    ),
)  # fmt: skip
