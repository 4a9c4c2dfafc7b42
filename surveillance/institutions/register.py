"""The register of personal fields of institutions: who said what of a name."""

from gis.rooms.personal import PersonalField
from gis.words import Words

FIELDS = (
    PersonalField(
        name="institution_names.decided_by", table="institution_names",
        columns=("decided_by", "name", "institution_key", "same_as_key"),
        what=Words(
            en="which school or worksite is called what, and who said so",
            zh="学校与单位的规范名称及认定人",
        ),
        purpose=Words(en="count a cluster in one place", zh="按单位识别聚集性病例"),
        legal_basis="GDPR 6(1)(c)(e); PIPL 13(3)(4)",
        readers=Words(en="`cases_read` in the city", zh="本市`cases_read`"),
        otherwise=Words(
            en="as long as the history of cases, which tells what was known when",
            zh="与病例历史同期保存，以说明何时已知何事",
        ),
    ),
)  # fmt: skip
