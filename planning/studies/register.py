"""The register of personal fields of studies: who made one."""

from gis.rooms.personal import PersonalField
from gis.words import Words

FIELDS = (
    PersonalField(
        name="studies.made_by", table="studies", columns=("made_by",),
        what=Words(en="who made a planning study", zh="创建规划方案的人"),
        purpose=Words(
            en="show each their own studies, account for steps", zh="显示本人方案，责任追溯"
        ),
        legal_basis="GDPR 6(1)(b)(e); PIPL 13(2)",
        readers=Words(
            en="its maker, administrators, and once it is shared whoever may read there",
            zh="创建者、管理员；共享后为该辖区有权者",
        ),
        otherwise=Words(en="until the study is removed", zh="直至方案被删除"),
    ),
)  # fmt: skip
