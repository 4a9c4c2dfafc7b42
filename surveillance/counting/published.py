"""Counts of cases as they are published: ordinary diseases by week and district."""

from gis.disclosure.model import CountedGroup, PublishedCount, Rhythm, Sensitivity
from gis.words import Words
from surveillance.diseases.model import Sensitive
from surveillance.diseases.table import disease_table
from surveillance.permissions import SURVEILLANCE_READ

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
    groups=tuple(
        CountedGroup(disease.code, disease.words)
        for disease in disease_table()
        if disease.sensitive is Sensitive.ORDINARY
    ),
    rhythm=Rhythm.WEEK,
    permission=SURVEILLANCE_READ,
)
PUBLISHED = (CASES,)
