"""What measures say of themselves to the house."""

from dispatch.kpis.files import FIELDS
from dispatch.permissions import KPIS_READ
from gis.rooms.exports import ExportKind
from gis.rooms.model import Page, Report, Right
from gis.words import Words

KPI_RIGHT = Right(KPIS_READ, Words(en="see response times by standards", zh="查看响应时间指标"))

KPI_EXPORT = ExportKind(
    "kpis", Words(en="response times by area and standard", zh="各区响应时间与达标情况"),
    ("city", *FIELDS), KPIS_READ, build="dispatch.kpis.exports:kpis", persons=False,
    about=Words(
        en="profile and period, such as nhs_arp 2026-W48", zh="标准与时段，如 nhs_arp 2026-W48"
    ),
)  # fmt: skip

KPI_REPORT = Report(
    name="response_times", words=Words(en="Response times", zh="响应时间报告"),
    says=Words(
        en="Every interval of a week or month with mean, median and 90th percentile, what was left "
        "out and why, and which standards were met",
        zh="一周或一月各时间区间的平均、中位数与第90百分位，未计入记录及原因，各标准达标情况",
    ),
    permission=KPIS_READ, build="dispatch.kpis.report:build", of_periods=True,
)  # fmt: skip

KPI_PAGE = Page(
    "/kpis", Words(en="Response times", zh="响应指标"), "kpis/main.js",
    Words(
        en="How long help took, by standard, area, hour and vulnerability, and what was left out.",
        zh="按标准、区域、时段与脆弱性查看响应时间，以及未计入的记录。",
    ),
    permission=(KPIS_READ,), order=310, styles=("kpis.css",),
)  # fmt: skip
