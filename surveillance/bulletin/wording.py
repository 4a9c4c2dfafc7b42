"""Words of the bulletin that stand in several places or in none of its sentences.

No I/O.
"""

from gis.disclosure.model import Rhythm
from gis.words import Words

UNKNOWN = Words(en="unknown", zh="未知")


ALL = Words(en="All diseases", zh="合计")


RATE = Words(en="Per 100,000", zh="发病率/10万")


INTERVALS = Words(
    en="Below each rate, its 95 % interval (exact Poisson); districts of unknown residents have "
    "none.",
    zh="各率下方为95%置信区间（泊松精确法）；人口未知的区无发病率。",
)


UP = Words(en="{percent} % more than {what} ({base})", zh="较{what}（{base}例）上升{percent}%")


DOWN = Words(en="{percent} % fewer than {what} ({base})", zh="较{what}（{base}例）下降{percent}%")


SAME = Words(en="as many as {what} ({base})", zh="与{what}（{base}例）持平")


NONE_THEN = Words(en="{what} had none", zh="{what}为0例")


NONE_BOTH = Words(en="none either in {what}", zh="{what}同为0例")


NOT_COMPARED = Words(en="not compared with {what} ({why})", zh="与{what}无法比较（{why}）")


MORE = Words(en="and others", zh="等")


NO_EXPECTED = Words(en="by rule", zh="按规则")


NO_SIGNALS = Words(
    en="No signal stood on the days that were judged.", zh="已判断的日期内没有预警信号。"
)


NOT_JUDGED = Words(
    en="No day of the period was judged, so whether anything was unusual is not known.",
    zh="本期没有任何一天作过判断，是否异常未知。",
)


SIGNAL_IS = Words(
    en="A signal says that a count is unusual, not that there is an outbreak.",
    zh="预警信号表示病例数异常，并不等于暴发。",
)


NO_CLUSTERS = Words(
    en="No cluster run: clusters in space and time are not told.",
    zh="未运行聚集性扫描，不报告时空聚集。",
)


NONE_FOUND = Words(
    en="The scan of {day} found no cluster to be told.", zh="{day}的扫描未发现需报告的聚集。"
)


BY_CHANCE = Words(
    en="“Once in days”: how seldom chance alone would show so strong a cluster, were every day "
    "scanned.",
    zh="“多少天一遇”：若每天扫描，仅由偶然出现如此强聚集的间隔。",
)


NO_QUALITY = Words(
    en="Completeness and delays are told in the bulletin of disease control.",
    zh="完整性与及时性见疾控内部版。",
)


SIGNED = Words(
    en="Compiled: ______________\u2003\u2003Reviewed: ______________\u2003\u2003"
    "Issued: ______________",
    zh="编制：______________\u3000\u3000审核：______________\u3000\u3000签发：______________",
)


STATES = {
    "new": Words(en="new", zh="新"),
    "acknowledged": Words(en="being verified", zh="核实中"),
    "explained": Words(en="explained", zh="已解释"),
    "muted": Words(en="muted", zh="已静默"),
    "ended": Words(en="over", zh="已结束"),
}


FIELDS = {
    "onset_on": Words(en="day of onset", zh="发病日期"),
    "diagnosed_on": Words(en="day of diagnosis", zh="诊断日期"),
    "residence_area": Words(en="area of residence", zh="现住址地区"),
    "age_years": Words(en="age", zh="年龄"),
    "sex": Words(en="sex", zh="性别"),
    "final_review": Words(en="final review", zh="终审"),
}


HEADS = {
    Rhythm.WEEK: (
        Words(en="Week before", zh="上周"), Words(en="Same week last year", zh="去年同周")
    ),
    Rhythm.MONTH: (
        Words(en="Month before", zh="上月"), Words(en="Same month last year", zh="去年同月")
    ),
}  # fmt: skip


COMPARED = {
    Rhythm.WEEK: Words(
        en="Week before: {before}. Same week last year: {year_before}. Change is on the count to "
        "its left.",
        zh="上周：{before}；去年同周：{year_before}。环比、同比均与其左侧数字比较。",
    ),
    Rhythm.MONTH: Words(
        en="Month before: {before}. Same month last year: {year_before}. Change is on the count "
        "to its left.",
        zh="上月：{before}；去年同月：{year_before}。环比、同比均与其左侧数字比较。",
    ),
}
