"""What a job of reports does: read, draw, and keep all files in one transaction."""

from gis.access import SYSTEM, system_within
from gis.jobs.running import Run
from gis.words import Words, alike
from maps.reports.errors import ReportUnknownError
from maps.reports.model import Format
from maps.reports.reading import read_report
from maps.reports.repository_made import delete_expired, insert_report
from maps.reports.service import KEPT_FOR

_READING = Words(en="reading", zh="读取数据")
_WRITING = Words(en="writing {format}", zh="生成{format}")


def make_report(run: Run) -> None:
    """Make a report's files and keep them; broken off, nothing of it is kept.

    Raises
    ------
    ReportUnknownError
        No room declares it any more.
    """
    formats = tuple(Format(one) for one in run.arguments["formats"])
    language = run.arguments["language"]
    total = 1.0 + len(formats)
    run.report(_READING, 0.0, total)
    reports = run.database.house.reports
    report = reports.get(run.arguments["name"])
    if report is None:
        raise ReportUnknownError(run.arguments["name"], reports)
    areas = run.arguments["areas"]
    reader = system_within(report.permission, areas, *report.counts_by)
    with run.database.read(reader) as uow:
        found = read_report(
            uow, report, run.arguments["city_id"], period=run.arguments.get("period"),
            number=run.arguments.get("number"),
        )  # fmt: skip
    from maps.reports.fonts import chinese_family, installed_families
    from maps.reports.rendering import render

    files = render(
        found.document, found.grounds, language=language, formats=formats,
        font=chinese_family(installed_families()),
        tell=lambda one: run.report(
            _WRITING.filled(format=alike(one.upper())), 1.0 + formats.index(one), total
        ),
    )  # fmt: skip
    with run.effect() as uow:
        report_id = insert_report(
            uow.session, found.document, language=language, files=files,
            expires_at=found.document.as_of + KEPT_FOR, requested_by=run.record.requested_by,
            areas=areas,
        )  # fmt: skip
        run.give(uow, {"report_id": report_id})


def sweep_reports(run: Run) -> None:
    """Remove the reports that expired, with their files."""
    with run.database.unit_of_work(SYSTEM) as uow:
        delete_expired(uow.session, uow.clock.now())
