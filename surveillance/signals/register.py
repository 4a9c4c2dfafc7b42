"""The register of personal fields of signals: who ran, who decided, and what they wrote."""

from gis.rooms.personal import PersonalField
from gis.words import Words

_ACCOUNT_FOR = "GDPR 5(2), 6(1)(c); PIPL 51, 54"
_PURPOSE = Words(en="account for steps", zh="责任追溯")
_READERS = Words(en="`cases_read` in the area", zh="辖区内`cases_read`")
_AS_HISTORY = Words(
    en="as long as the signal, which tells what was done about it",
    zh="与信号同期保存，以说明处置经过",
)

FIELDS = (
    PersonalField(
        name="alarm_budgets.set_by", table="alarm_budgets", columns=("set_by",),
        what=Words(en="who said how many alarms can be verified", zh="设定每日核实数量的人"),
        purpose=_PURPOSE, legal_basis=_ACCOUNT_FOR, readers=_READERS, otherwise=_AS_HISTORY,
    ),
    PersonalField(
        name="surveillance_runs.made_by", table="surveillance_runs", columns=("made_by",),
        what=Words(en="who had a day judged", zh="执行监测的人"), purpose=_PURPOSE,
        legal_basis=_ACCOUNT_FOR, readers=_READERS, otherwise=_AS_HISTORY,
    ),
    PersonalField(
        name="surveillance_signals.institution", table="surveillance_signals",
        columns=("institution", "institution_key"),
        what=Words(
            en="school or worksite in which several cases were, or unit that reports too little",
            zh="出现聚集性病例的学校或单位，或报告骤降的单位",
        ),
        purpose=Words(en="find and stop outbreaks, as the law asks", zh="依法发现与控制疫情"),
        legal_basis="GDPR 6(1)(c)(e), 9(2)(i); PIPL 13(3)(4), 28", readers=_READERS,
        otherwise=_AS_HISTORY,
    ),
    PersonalField(
        name="surveillance_signals.state_by", table="surveillance_signals",
        columns=("state_by", "note"),
        what=Words(en="who decided on a signal, and why", zh="信号处理人及说明"), purpose=_PURPOSE,
        legal_basis=_ACCOUNT_FOR, readers=_READERS, otherwise=_AS_HISTORY,
    ),
)  # fmt: skip
