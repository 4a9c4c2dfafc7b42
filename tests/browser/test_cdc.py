"""Disease control in the morning: what is unusual, decided on by keys, and a disease's curve."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import delete, update

from gis.access import SYSTEM
from gis.tables.clusters import ClusterRun
from gis.tables.signals import SurveillanceRun, SurveillanceSeries, SurveillanceSignal
from gis.tables.surveillance import CaseSource
from tests.browser.conftest import Site, sign_in
from tests.surveillance.cases.reports import store_institution, store_reporter
from tests.surveillance.cluster_runs.stored import store_cluster, store_cluster_run
from tests.surveillance.signals.stored import DAY, store_run, store_signal

pytestmark = [pytest.mark.browser, pytest.mark.database]

LA_SERENA, COQUIMBO = "04101", "04102"
CENTRE = (-71.2519, -29.9045)
"""Of La Serena."""


@pytest.fixture(scope="module")
def morning(site: Site) -> Iterator[None]:
    """Two signals of dengue and one of mumps; afterwards nothing was ever judged."""
    with site.database.unit_of_work(SYSTEM) as uow:
        run_id = store_run(uow, site.city_id)
        store_signal(uow, site.city_id, area_code=LA_SERENA, run_id=run_id, cases=14, weight=9.0)
        store_signal(uow, site.city_id, area_code=COQUIMBO, run_id=run_id, cases=9, weight=7.0)
        store_signal(
            uow, site.city_id, area_code=COQUIMBO, run_id=run_id, disease="mumps", cases=5,
            weight=5.0, obliged=True,
        )  # fmt: skip
        store_signal(uow, site.city_id, area_code=None, run_id=run_id, told=False, cases=4)
        # As the calls of today have it, and a school as a rule does; a reporter is silent.
        store_signal(
            uow,
            site.city_id,
            area_code=COQUIMBO,
            run_id=run_id,
            disease="respiratory",
            cases=12,
            kind="calls",
            lead="ears_c2",
            recent=[3] * 59 + [12],
            reason={
                "code": "x",
                "en": "Ambulance calls for breathing trouble: 12",
                "zh": "急救呼叫（呼吸道症状）：12",
            },
        )
        store_signal(
            uow,
            site.city_id,
            area_code=LA_SERENA,
            run_id=run_id,
            disease="chickenpox",
            cases=11,
            kind="institution",
            institution="Escuela 1",
            institution_key="escuela 1",
            lead="institution_rule",
            obliged=True,
            weight=3.0,
            recent=[0] * 55 + [1, 2, 3, 2, 3],
        )
        store_reporter(uow, site.city_id, area=COQUIMBO)
        for key, written, cases in (("实验小学", "实验小学三（2）班", 4), ("实小", "实小", 2)):
            store_institution(uow, site.city_id, key=key, name=written, cases=cases)
        # A year of quiet days with an outbreak at their end.
        days = [0, 1, 0, 0, 2] * 377 + [1, None, 0, 1, 0] + [1, 2, 1, 3, 2, 3, 2]
        uow.session.execute(
            update(SurveillanceSeries)
            .where(SurveillanceSeries.city_id == site.city_id)
            .values(cases=days, starts_on=DAY.fromordinal(DAY.toordinal() - len(days) + 1))
        )
        store_cluster_run(uow, site.city_id, DAY - timedelta(days=1))
        found = store_cluster_run(uow, site.city_id)
        store_cluster(
            uow, site.city_id, places=[LA_SERENA], run_id=found, at=CENTRE, shape="road",
            radius_m=None, radius_s=240.0, observed=14,
            reason={"code": "cluster", "en": "Dengue, La Serena: 14 cases", "zh": "登革热14例"},
        )  # fmt: skip
        store_cluster(
            uow, site.city_id, places=[COQUIMBO], run_id=found, at=(-71.34, -29.97),
            disease="mumps", observed=6, change="grown", recurrence_days=180.0,
            joined=[COQUIMBO],
        )  # fmt: skip
    yield
    with site.database.unit_of_work(SYSTEM) as uow:
        for table in (SurveillanceSeries, SurveillanceSignal, SurveillanceRun, ClusterRun):
            uow.session.execute(delete(table).where(table.city_id == site.city_id))
        uow.session.execute(delete(CaseSource).where(CaseSource.name.in_(["sentinels", "schools"])))


@pytest.mark.usefixtures("morning")
def test_a_morning_is_worked_through_by_keys(open_page, screenshot) -> None:
    watched = open_page(locale="en-GB", streets=False)
    page = sign_in(watched, "cdc")
    page.wait_for_url("**/cdc")
    signals = page.get_by_test_id("signals").get_by_test_id("signal")
    expect(signals).to_have_count(4)
    expect(page.get_by_test_id("today-says")).to_contain_text("4 signals, 4 of them new")
    expect(signals.nth(3)).to_contain_text("Chickenpox, Escuela 1, La Serena")
    expect(page.get_by_test_id("calls").get_by_test_id("signal")).to_contain_text(
        "breathing trouble"
    )
    expect(page.get_by_test_id("missing")).to_contain_text("sentinels, Coquimbo")
    expect(signals.nth(0)).to_contain_text("Dengue, La Serena")
    expect(signals.nth(2)).to_contain_text("rule")
    expect(page.locator(".cdc-map canvas")).to_be_visible()
    screenshot(page, "cdc-today")

    signals.nth(0).focus()
    page.keyboard.press("a")
    expect(signals.nth(0)).to_have_attribute("data-state", "acknowledged")
    expect(signals.nth(0).get_by_test_id("signal-by")).to_contain_text("cdc")
    # The focus is where it was: the next key goes on from there.
    expect(signals.nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("m")
    expect(signals.nth(1)).to_have_attribute("data-state", "muted")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("e")
    page.get_by_test_id("reason").fill("backlog of a hospital")
    page.get_by_test_id("confirm").click()
    expect(signals.nth(2)).to_have_attribute("data-state", "explained")
    expect(signals.nth(2)).to_contain_text("backlog of a hospital")
    signals.nth(2).get_by_test_id("opinions").click()
    expect(page.get_by_test_id("opinion-table")).to_contain_text("EARS C1")

    signals.nth(0).get_by_test_id("to-curve").click()
    expect(page.get_by_test_id("disease-says")).to_contain_text("Dengue, La Serena")
    expect(page.locator("[data-chart=curve] svg")).to_be_visible()
    expect(page.locator("[data-chart=seasons] svg")).to_be_visible()
    screenshot(page, "cdc-disease")
    assert watched.faults == []


@pytest.mark.usefixtures("morning")
def test_who_may_see_no_numbers_is_told_a_group_and_a_district(open_page, screenshot) -> None:
    watched = open_page(locale="zh-CN", width=390, height=844, color_scheme="dark", streets=False)
    page = sign_in(watched, "supervisor", to="/cdc")
    signals = page.get_by_test_id("signals").get_by_test_id("signal")
    expect(signals.first).to_contain_text("类传染病")
    text = page.locator("main").inner_text()
    assert "登革热" not in text
    assert "流行性腮腺炎" not in text
    expect(page.get_by_test_id("acknowledge")).to_have_count(0)
    expect(page.get_by_test_id("published-none")).to_be_visible()
    expect(page.get_by_role("tab")).to_have_count(4)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    screenshot(page, "cdc-outline-phone")

    page.locator('[role=tab][data-key="clusters"]').click()
    clusters = page.get_by_test_id("clusters").get_by_test_id("cluster")
    expect(clusters).to_have_count(2)
    expect(clusters.first).to_contain_text("类传染病")
    text = page.locator("main").inner_text()
    assert not any(word in text for word in ("登革热", "流行性腮腺炎", "14", "6例", "0.001"))
    expect(page.get_by_test_id("cluster-map")).to_have_count(0)
    expect(page.get_by_test_id("cluster-members")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    screenshot(page, "cdc-clusters-outline-phone")
    assert watched.faults == []


@pytest.mark.usefixtures("morning")
def test_clusters_are_gone_through_by_keys_and_their_roads_are_drawn(open_page, screenshot) -> None:
    watched = open_page(locale="en-GB", width=1920, height=1080, streets=False)
    page = sign_in(watched, "cdc", to="/cdc")
    page.locator('[role=tab][data-key="clusters"]').click()
    clusters = page.get_by_test_id("clusters").get_by_test_id("cluster")
    expect(clusters).to_have_count(2)
    expect(page.get_by_test_id("clusters-says")).to_contain_text("Clusters: 2, new: 1, gone: 0.")
    expect(clusters.nth(0)).to_contain_text("La Serena")
    expect(clusters.nth(0)).to_contain_text("once in 3 y")
    # The first is shown on the map by itself: its area, the roads of four minutes, its centre.
    shown = page.get_by_test_id("cluster-map")
    first, second = (
        (clusters.nth(number).get_attribute("id") or "").removeprefix("cluster-")
        for number in range(2)
    )
    expect(shown).to_have_attribute("data-zone", first)
    clusters.nth(0).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("member-table")).to_contain_text("La Serena")
    expect(page.get_by_test_id("method-table")).to_contain_text("by residents, circles")
    screenshot(page, "cdc-clusters")
    page.keyboard.press("ArrowDown")
    expect(clusters.nth(1)).to_be_focused()
    expect(shown).to_have_attribute("data-zone", second)
    expect(clusters.nth(1).get_by_test_id("cluster-changed")).to_contain_text("Grown")
    page.keyboard.press("c")
    expect(page.get_by_test_id("disease-says")).to_be_visible()
    assert watched.faults == []


@pytest.mark.acceptance
@pytest.mark.usefixtures("morning")
def test_a_signal_of_calls_is_advised_to_the_console_and_seen_there(open_page, screenshot) -> None:
    watched = open_page(locale="zh-CN", width=1366, height=768, color_scheme="dark", streets=False)
    page = sign_in(watched, "cdc")
    page.wait_for_url("**/cdc")
    page.get_by_test_id("budget").click()
    page.get_by_test_id("budget-number").fill("7")
    page.get_by_test_id("budget-save").click()
    calls = page.get_by_test_id("calls")
    calls.get_by_test_id("advise").click()
    page.get_by_test_id("confirm").click()
    expect(calls.get_by_test_id("advised")).to_be_visible()
    expect(page.get_by_test_id("today-says")).to_contain_text("每日可核实7条")
    screenshot(page, "cdc-calls-zh")
    page.get_by_role("tab", name="数据").click()
    page.get_by_test_id("institutions").get_by_text("实验小学").first.click()
    page.get_by_test_id("institution-name").fill("市实验小学")
    page.get_by_test_id("institution-save").click()
    expect(page.get_by_test_id("institutions")).to_contain_text("市实验小学")
    screenshot(page, "cdc-institutions-zh")
    desk = open_page(locale="zh-CN", width=1366, height=768, color_scheme="dark", streets=False)
    console = sign_in(desk, "dispatcher")
    console.wait_for_url("**/console*")
    line = console.get_by_test_id("advisory")
    expect(line).to_contain_text("呼吸道症状呼叫增多，一日12次")
    screenshot(console, "console-advisory")
    line.get_by_test_id("advisory-seen").click()
    expect(line).to_contain_text("dispatcher已确认")
    assert watched.faults == desk.faults == []
