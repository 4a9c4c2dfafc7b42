"""The tab of data: a file of report cards is checked, its columns set right, taken in, decided."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from gis.access import SYSTEM
from tests.browser.conftest import sign_in
from tests.surveillance.intake.files import report_cards

pytestmark = [pytest.mark.browser, pytest.mark.database]

CARDS = (
    {"现住地址国标": ".", "报告单位地区编码": "."},
    {"卡片ID": "2", "现住地址国标": ".", "报告单位地区编码": ".", "报告单位": "测试市第二医院",
     "报告卡录入时间": "2026/3/4 16:30:00"},
    {"卡片ID": "3", "有效证件号": ".", "患者姓名": "李娜", "联系电话": ".", "发病日期": "2026/3/3",
     "现住地址国标": ".", "报告单位地区编码": "."},
    {"卡片ID": "4", "疾病名称": "怪病"},
)  # fmt: skip
"""Two of one person, days in an impossible order, a disease that is none."""


@pytest.mark.parametrize("locale", ["zh-CN", pytest.param("en-GB", marks=pytest.mark.acceptance)])
def test_a_file_is_checked_taken_in_and_looked_through(
    open_page, screenshot, site, tmp_path, locale
):
    watched = open_page(locale=locale)
    page = sign_in(watched, "cdc")
    page.goto(f"{site.url}/cdc#data")
    page.get_by_test_id("import").click()
    page.get_by_test_id("file").set_input_files(report_cards(tmp_path / "cards.csv", *CARDS))
    page.get_by_test_id("source").fill(f"report cards {locale}")
    page.get_by_test_id("look").click()
    expect(page.get_by_test_id("understood")).to_contain_text(re.compile("4.*3.*1"))
    expect(page.get_by_test_id("map-source_key")).to_have_value("卡片ID")
    screenshot(page, f"cdc-wizard-{locale}")
    page.get_by_test_id("map-occupation").select_option("")
    page.get_by_test_id("look").click()
    expect(page.get_by_test_id("look")).to_be_enabled()
    page.get_by_test_id("take").click()
    expect(page.get_by_test_id("double")).to_have_count(1, timeout=90_000)
    expect(page.get_by_test_id("finding").first).to_be_visible()
    screenshot(page, f"cdc-data-{locale}")
    page.get_by_test_id("same").click()
    expect(page.get_by_test_id("double")).to_have_count(0)
    page.get_by_text("cards.csv").first.click()
    expect(page.get_by_test_id("import-opened")).to_contain_text("怪病")
    with site.database.unit_of_work(SYSTEM) as uow:
        kept = uow.session.execute(text("SELECT count(occupation), count(*) FROM case_versions"))
        assert tuple(kept.one()) == (0, 3)
        uow.session.execute(text("DELETE FROM case_sources"))
    assert watched.faults == []
