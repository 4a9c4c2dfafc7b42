"""Counts of cases and deaths as they are published: ordinary diseases by week and district."""

from gis.disclosure.model import CountedGroup, PublishedCount, Rhythm, Sensitivity
from gis.words import Words
from surveillance.diseases.model import Sensitive
from surveillance.diseases.table import disease_table
from surveillance.permissions import SURVEILLANCE_READ

_GROUPS = tuple(
    CountedGroup(disease.code, disease.words)
    for disease in disease_table()
    if disease.sensitive is Sensitive.ORDINARY
)
CASES = PublishedCount(
    name="surveillance.cases",
    words=Words(en="Reported cases by disease", zh="各病种报告病例数"),
    description=Words(
        en="Cases (confirmed, clinical, probable, not classified) by the week of their report and "
        "the district of residence. Sensitive diseases are not published.",
        zh="按报告周与居住区统计的病例数（确诊、临床诊断、可能、未分类）。敏感病种不发布。",
    ),
    sensitivity=Sensitivity.HEALTH,
    counts="surveillance.counting.publishing:cases_of_period",
    area_level="district",
    groups=_GROUPS,
    rhythm=Rhythm.WEEK,
    permission=SURVEILLANCE_READ,
)
DEATHS = PublishedCount(
    name="surveillance.deaths",
    words=Words(en="Reported deaths by disease", zh="各病种报告死亡数"),
    description=Words(
        en="Deaths of reported cases by the week of death and the district of residence, counted "
        "nine days after the week's end, when hospitals have had a week to report them. Sensitive "
        "diseases are not published.",
        zh="按死亡周与居住区统计的报告病例死亡数，于该周结束九天后统计（医院有一周时间补报）。"
        "敏感病种不发布。",
    ),
    sensitivity=Sensitivity.HEALTH,
    counts="surveillance.counting.publishing:deaths_of_period",
    area_level="district",
    groups=_GROUPS,
    rhythm=Rhythm.WEEK,
    permission=SURVEILLANCE_READ,
    delay_days=9,
)
"""Cells of their own: what is told of deaths says nothing of the cells of cases, nor they of it."""
PUBLISHED = (CASES, DEATHS)
