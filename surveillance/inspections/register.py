"""The register of personal fields of inspections: where somebody was, and who took it in."""

from gis.rooms.personal import PersonalField
from gis.words import Words

_READERS = Words(en="`cases_read` in the area", zh="辖区内`cases_read`")

FIELDS = (
    PersonalField(
        name="inspections.geom", table="inspections", columns=("geom", "source_ref"),
        what=Words(
            en="where a dwelling or business was inspected, under the source's number",
            zh="接受检查的住户或单位位置及来源编号",
        ),
        purpose=Words(en="find breeding places and hazards", zh="查找孳生地与隐患"),
        legal_basis="GDPR 6(1)(c)(e); PIPL 13(3)(4)", readers=_READERS,
        otherwise=Words(
            en="as long as seasons are compared; no row holds a name",
            zh="用于逐季比较期间保存；不含姓名",
        ),
    ),
    PersonalField(
        name="inspections.taken_in_by", table="inspections", columns=("taken_in_by",),
        what=Words(en="who took a file of inspections in", zh="导入检查记录的人"),
        purpose=Words(en="account for steps", zh="责任追溯"),
        legal_basis="GDPR 5(2), 6(1)(c); PIPL 51, 54", readers=_READERS,
        otherwise=Words(en="as long as the inspection", zh="与检查记录同期保存"),
    ),
)  # fmt: skip
