"""The register of personal fields of cases: what of whom, why, on what basis, how long."""

from gis.rooms.personal import PersonalField, PersonalSubject
from gis.words import Words

_HEALTH = "GDPR 6(1)(c)(e), 9(2)(i); PIPL 13(3)(4), 28"
_ACCOUNT_FOR = "GDPR 5(2), 6(1)(c); PIPL 51, 54"
_RULES = "surveillance.cases.retention"
_CONTROL = Words(en="find and stop outbreaks, as the law asks", zh="依法发现与控制疫情")
_OWNERS = Words(
    en="`cases_read` in the area that owns the case, each read recorded",
    zh="病例所属辖区内的`cases_read`，每次读取均记录",
)
_READERS = Words(
    en="`cases_read` in the area; sensitive ones `cases_sensitive` besides",
    zh="辖区内`cases_read`；敏感病例另需`cases_sensitive`",
)
_IMPORTERS = Words(en="`cases_import`", zh="`cases_import`")
_WRITTEN = Words(en="writing down", zh="记录时")
_AS_HISTORY = Words(
    en="as long as the history of cases, which tells what was known when",
    zh="与病例历史同期保存，以说明何时已知何事",
)

FIELDS = (
    PersonalField(
        name="cases.person", table="case_persons",
        columns=("name", "guardian", "phone", "address"),
        what=Words(
            en="name, guardian, telephone and address of a reported case",
            zh="报告病例的姓名、监护人、电话与住址",
        ),
        purpose=Words(en="investigate a case", zh="个案调查"), legal_basis=_HEALTH,
        readers=_OWNERS, keep_days=1095, since=_WRITTEN, carry_out=f"{_RULES}:persons_past",
    ),
    PersonalField(
        name="cases.details", table="case_versions",
        columns=("residence", "person_digest", "institution", "institution_key", "occupation",
                 "reporting_unit", "deleted_reason", "transferred_to"),
        what=Words(
            en="of a reported case, place of residence as a point, keyed hash of the person,"
            " school or worksite, occupation, who reported it",
            zh="报告病例的住址坐标、个人加密散列、学校或单位、人群分类与报告单位",
        ),
        purpose=_CONTROL, legal_basis=_HEALTH, readers=_READERS, keep_days=3650,
        since=_WRITTEN, carry_out=f"{_RULES}:details_past",
    ),
    PersonalField(
        name="cases.erased", table="case_erasures", columns=("person_digest",),
        what=Words(
            en="keyed hash of a person whose case was erased",
            zh="已删除个人信息的病例的个人加密散列",
        ),
        purpose=Words(en="not to write the person again", zh="防止再次写入该人信息"),
        legal_basis="GDPR 17, 6(1)(c); PIPL 47", readers=_IMPORTERS, otherwise=_AS_HISTORY,
    ),
    PersonalField(
        name="cases.reported", table="case_versions",
        columns=("disease", "classification", "course", "review_state", "age_years", "sex",
                 "outcome", "sensitive", "residence_area", "reporting_area", "exposure_area",
                 "owned_by_area"),
        what=Words(
            en="disease, how sure, days, age, sex, outcome and areas of a reported case",
            zh="报告病例的病种、分类、日期、年龄、性别、转归与辖区",
        ),
        purpose=_CONTROL, legal_basis=_HEALTH, readers=_READERS,
        otherwise=Words(
            en="for ever, without name, exact place and hash after their periods",
            zh="永久；期满后不再有姓名、精确位置与散列",
        ),
    ),
    PersonalField(
        name="cases.source_key", table="cases", columns=("source_key",),
        what=Words(en="number of a report in its source", zh="来源中的卡片编号"),
        purpose=Words(en="know a report again", zh="识别同一报告"), legal_basis=_HEALTH,
        readers=_READERS, otherwise=_AS_HISTORY,
    ),
    PersonalField(
        name="cases.rejects", table="case_rejects", columns=("cells", "reason"),
        what=Words(en="rows of a file that were refused", zh="导入时被拒绝的行"),
        purpose=Words(en="mend the file", zh="更正文件"), legal_basis=_HEALTH, readers=_IMPORTERS,
        keep_days=30, since=Words(en="import", zh="导入时"), carry_out=f"{_RULES}:rejects_past",
    ),
    PersonalField(
        name="cases.imported_by", table="case_imports", columns=("imported_by", "file_name"),
        what=Words(en="who imported a file, and its name", zh="导入人与文件名"),
        purpose=Words(en="account for steps", zh="责任追溯"), legal_basis=_ACCOUNT_FOR,
        readers=_IMPORTERS, otherwise=_AS_HISTORY,
    ),
    PersonalField(
        name="case_sources.created_by", table="case_sources", columns=("created_by",),
        what=Words(en="who made a source of cases", zh="病例来源的建立人"),
        purpose=Words(en="account for steps", zh="责任追溯"), legal_basis=_ACCOUNT_FOR,
        readers=_IMPORTERS, otherwise=_AS_HISTORY,
    ),
    PersonalField(
        name="case_doubles.decided_by", table="case_doubles", columns=("decided_by",),
        what=Words(en="who said whether two reports are one case", zh="重复报告的判定人"),
        purpose=Words(en="account for steps", zh="责任追溯"), legal_basis=_ACCOUNT_FOR,
        readers=_READERS, otherwise=_AS_HISTORY,
    ),
    PersonalField(
        name="case_findings.decided_by", table="case_findings", columns=("decided_by",),
        what=Words(en="who looked into impossible days of a case", zh="日期矛盾的处理人"),
        purpose=Words(en="account for steps", zh="责任追溯"), legal_basis=_ACCOUNT_FOR,
        readers=_READERS, otherwise=_AS_HISTORY,
    ),
)  # fmt: skip

SUBJECTS = (
    PersonalSubject(
        "case", Words(en="reported case", zh="报告病例"),
        find=f"{_RULES}:find_case", forget=f"{_RULES}:forget_case",
        by_number=f"{_RULES}:cases_of_number", by_name=f"{_RULES}:cases_of_name",
    ),
)  # fmt: skip
