"""The page of reports: the form, a report that is there looked at, its charts under our policy."""

import pytest
from playwright.sync_api import expect

from gis.access import SYSTEM
from maps.reports import html_file
from maps.reports.model import Format
from maps.reports.pictures import draw
from maps.reports.rendering import specifications
from maps.reports.repository_made import insert_report
from maps.reports.service import KEPT_FOR
from maps.resources.report import build
from maps.resources.repository import read_resources
from tests.browser.conftest import sign_in
from tests.reports import ground

pytestmark = [pytest.mark.browser, pytest.mark.database]


@pytest.mark.parametrize(
    ("locale", "width"), [("zh-CN", 1366), pytest.param("en-GB", 390, marks=pytest.mark.acceptance)]
)
def test_a_report_is_looked_at_and_its_charts_answer(open_page, screenshot, site, locale, width):
    with site.database.unit_of_work(SYSTEM) as uow:
        document = build(uow, site.city_id)
        shown = ground(read_resources(uow.session, site.city_id))
        files = {
            Format.HTML: html_file.make(document, draw(document, {"map": shown}, "zh")),
            Format.CHARTS: specifications(document, "zh"),
        }
        insert_report(
            uow.session, document, language="zh", files=files, requested_by="test",
            expires_at=document.as_of + KEPT_FOR, areas=[""],
        )  # fmt: skip
    watched = open_page(locale=locale, width=width, height=844)
    page = sign_in(watched, "planner")
    page.goto(f"{site.url}/reports")
    expect(page.get_by_test_id("make")).to_be_enabled()
    for made_as in ("pdf", "html", "docx", "xlsx", "folium"):
        page.get_by_test_id(f"format-{made_as}").uncheck()
    page.get_by_test_id("make").click()
    expect(
        page.get_by_role("alert").filter(has_text="格式" if width > 400 else "format")
    ).to_have_count(1)
    screenshot(page, f"reports-{locale}-{width}")
    page.get_by_test_id("preview").first.click()
    expect(page.frame_locator(".reports-page").get_by_text("急救资源报告")).to_be_visible()
    page.get_by_role("tab").nth(1).click()
    expect(page.get_by_test_id("chart").locator("svg").first).to_be_visible()
    expect(page.get_by_test_id("chart").first).to_contain_text("演示数据")
    screenshot(page, f"reports-charts-{locale}-{width}")
    assert watched.faults == []
