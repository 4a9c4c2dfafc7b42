"""The planner's page: who is covered today, studies asked and answered, two of them compared."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, sign_in, until
from tests.browser.looks import serious_faults

pytestmark = [pytest.mark.browser, pytest.mark.database]


def test_a_planner_reads_coverage_and_closes_a_station_by_keys(open_page, site: Site) -> None:
    watched = open_page(locale="en-GB", streets=False)
    page = sign_in(watched, "planner")
    page.wait_for_url("**/planner")
    says = page.get_by_test_id("coverage-says")
    expect(says).to_contain_text("have a unit within 8 min by road")
    expect(page.get_by_test_id("calibration")).to_contain_text("Uncalibrated")
    sheet = page.get_by_test_id("sheet")
    expect(sheet).to_contain_text("not known")
    # Nobody said what the districts are: no radius is judged until somebody does.
    expect(sheet.get_by_role("columnheader", name="10 to 20 km")).to_have_count(1)
    page.get_by_test_id("setting").get_by_role("button", name="urban").press("Enter")
    expect(sheet.get_by_role("columnheader", name="10 to 20 km")).to_have_count(0)
    station = page.get_by_test_id("stations").get_by_role("checkbox").first
    station.press("Space")
    expect(page.get_by_test_id("coverage-without")).to_contain_text("fall out of the limit")
    expect(page.get_by_role("columnheader", name="After closing")).to_be_visible()
    page.get_by_test_id("limit").get_by_role("button", name="12 min").press("Enter")
    expect(says).to_contain_text("within 12 min by road")
    until(page, "() => document.querySelector('[data-testid=coverage-map]').dataset.places > 1")
    page.get_by_test_id("open-all").press("Enter")
    expect(page.get_by_test_id("coverage-without")).to_have_count(0)
    assert watched.faults == []


@pytest.mark.acceptance
def test_first_aid_by_hour_and_what_was_recorded(open_page, site: Site) -> None:
    watched = open_page(locale="en-GB", streets=False)
    page = sign_in(watched, "planner", to="/planner#circle")
    says = page.get_by_test_id("circle-says")
    expect(says).to_contain_text("of the people within 5 min")
    five = says.inner_text()
    page.get_by_test_id("circle-limit").get_by_role("button", name="10 min").press("Enter")
    expect(says).to_contain_text("of the people within 10 min")
    assert says.inner_text() != five
    page.get_by_test_id("circle-way").get_by_role("button", name="one way").press("Enter")
    expect(page.get_by_test_id("circle")).to_contain_text("one way")
    assert serious_faults(page) == []
    # Nothing was taken in: that is said, and no zeros are shown.
    page.locator('[role=tab][data-key="recorded"]').press("Enter")
    expect(page.get_by_test_id("recorded").get_by_test_id("empty")).to_have_count(3)
    assert serious_faults(page) == []
    assert [one for one in watched.faults if "404" not in one] == []


FORM = r"""async () => {
  const { parametersOf, initialOf, sent, sitesFrom } =
    await import('/static/js/planner/studies/values.js');
  const { kinds } = await (await fetch('/v1/planning/studies/kinds')).json();
  const made = kinds.map(({ code, schema }) => {
    const parameters = parametersOf(schema);
    const values = new Map(parameters.map((one) => [one.name, initialOf(one)]));
    return { code, asked: schema.properties, body: sent(parameters, (name) => values.get(name)),
      units: parameters.filter((one) => one.units).map((one) => one.name) };
  });
  const point = { type: 'Feature', properties: { name: 'C' },
    geometry: { type: 'Point', coordinates: [-71.2, -29.9] } };
  return {
    made,
    plain: sitesFrom('A; -71.2; -29.9\nB; east; 3\n', 'k'),
    headed: sitesFrom(
      '\uFEFF站名,车辆,纬度,经度\r\n"东站",3,-29.9,-71.2\r\n\r\n西站,,-29.8,-71.3', 'k'),
    beyond: sitesFrom('A,-200,1\nB,1,2,0', 'k'),
    geojson: sitesFrom(JSON.stringify({ type: 'FeatureCollection', features: [point] }), 'k'),
    broken: sitesFrom('{', 'k'),
  };
}"""


def test_a_form_untouched_asks_what_the_schema_says_and_lists_are_read(open_page) -> None:
    page = sign_in(open_page(), "planner", to="/reports")
    found = page.evaluate(FORM)
    kinds = {one["code"]: one for one in found["made"]}
    assert {"siting", "units", "coverage", "aeds"} <= set(kinds)
    for one in kinds.values():
        assert one["body"] == {name: told["default"] for name, told in one["asked"].items()}
    assert kinds["coverage"]["units"] == ["sites"]
    assert kinds["siting"]["units"] == []
    assert [one["name"] for one in found["plain"]["sites"]] == ["A"]
    assert found["plain"]["wrong"] == [2]
    east, west = found["headed"]["sites"]
    assert (east["name"], east["lon"], east["lat"], east["units"]) == ("东站", -71.2, -29.9, 3)
    assert (west["name"], west["units"]) == ("西站", 1)
    assert found["beyond"] == {"sites": [], "wrong": [1, 2]}
    assert found["geojson"]["sites"][0]["name"] == "C"
    assert found["broken"] == {"sites": [], "wrong": [1]}


def remove_all(page: Page, city_id: int) -> None:
    """Leave the city without studies, as it was found."""
    listed = page.request.get(f"/v1/planning/studies?city_id={city_id}").json()["studies"]
    for one in listed:
        gone = page.request.delete(
            f"/v1/planning/studies/{one['study_id']}",
            headers={"Sec-Fetch-Site": "same-origin", "Idempotency-Key": str(uuid4())},
        )
        assert gone.ok, gone.text()


def ask_for_two_stations(page: Page) -> None:
    """Be refused 500, ask for two and the next best, and look at that."""
    page.get_by_test_id("p-new_sites").fill("500")
    page.get_by_test_id("study-start").press("Enter")
    expect(page.get_by_test_id("study-form").locator(".problem")).to_contain_text("200")
    page.get_by_test_id("p-new_sites").fill("2")
    page.get_by_test_id("p-reach_min").fill("4")
    page.get_by_test_id("study-form").get_by_text("Settings of the search").press("Enter")
    page.get_by_test_id("p-alternatives").fill("2")
    page.get_by_test_id("study-start").press("Enter")
    expect(
        page.get_by_test_id("study").get_by_role("heading", name="Beyond all sense")
    ).to_be_visible()
    done = page.locator("[data-testid=study][data-state=done]")
    expect(done).to_be_visible(timeout=120_000)
    expect(page.get_by_test_id("convergence")).to_contain_text("bound")
    page.get_by_test_id("others").locator("[role=row]").nth(2).click()
    expect(page.get_by_test_id("plan-shown")).to_contain_text("Best no. 2")
    expect(page.get_by_role("heading", name="Sites new or with more units: 2")).to_be_visible()


def compare_closed_with_imported(page: Page) -> None:
    """Set the two studies that were made side by side, and read what differs."""
    page.locator('[role=tab][data-key="compare"]').press("Enter")
    page.get_by_test_id("compare-first").select_option("")
    expect(page.get_by_test_id("empty")).to_have_text(re.compile("^Choose the two|^请选择"))
    page.get_by_test_id("compare-first").select_option(
        label="Two closed · Before and after a change"
    )
    page.get_by_test_id("compare-second").select_option(
        label="Imported · Before and after a change"
    )
    expect(page.get_by_test_id("compare-says")).to_contain_text("by “Imported”")
    expect(page.get_by_test_id("compare")).to_contain_text("stations closed")
    assert serious_faults(page) == []


@pytest.mark.acceptance
def test_studies_are_asked_by_keys_read_and_compared(open_page, site: Site) -> None:
    watched = open_page(locale="en-GB", streets=False)
    page = sign_in(watched, "planner", to="/planner#studies")
    answered = page.locator("[data-testid=study][data-state=done]")

    def ask(kind: str, name: str) -> None:
        page.get_by_test_id("study-new").press("Enter")
        page.locator(f"[data-kind={kind}]").press("Enter")
        page.get_by_test_id("study-name").fill(name)

    ask("coverage", "Two closed")
    page.get_by_test_id("p-reach_min").fill("4")
    for station in range(2):
        page.locator("[data-station]").nth(station).press("Space")
    expect(page.get_by_test_id("p-closed")).to_contain_text("2 as if closed")
    page.get_by_test_id("study-start").press("Enter")
    expect(answered.get_by_role("heading", name="Two closed")).to_be_visible(timeout=120_000)
    expect(page.get_by_test_id("answer-says")).to_contain_text("fall out")
    until(page, "() => document.querySelector('[data-testid=answer-map]').dataset.cells > 1")
    assert serious_faults(page) == []

    ask("coverage", "Imported")
    page.get_by_test_id("p-reach_min").fill("4")
    page.get_by_test_id("import-sites").press("Enter")
    page.get_by_test_id("import-text").fill("name,lon,lat,units\nNorth,-71.25,somewhere,1")
    page.get_by_test_id("import-take").press("Enter")
    expect(page.get_by_test_id("import-dialog")).to_contain_text("no usable longitude")
    page.get_by_test_id("import-text").fill("name,lon,lat,units\nSouth,-71.2836,-29.977,1")
    page.get_by_test_id("import-take").press("Enter")
    expect(page.get_by_label("Name of place 1")).to_have_value("South")
    assert serious_faults(page) == []
    page.get_by_test_id("study-start").press("Enter")
    expect(answered.get_by_role("heading", name="Imported")).to_be_visible(timeout=120_000)
    expect(page.get_by_test_id("answer-says")).to_contain_text("With South")
    page.get_by_test_id("address-query").fill("-29.977, -71.2836")
    page.get_by_test_id("address-query").press("Enter")
    page.get_by_test_id("map-view").get_by_role("button", name="Before and after").press("Enter")
    page.get_by_test_id("plan-swipe").press("ArrowRight")

    ask("siting", "Beyond all sense")
    ask_for_two_stations(page)
    compare_closed_with_imported(page)
    page.locator('[role=tab][data-key="studies"]').press("Enter")
    page.get_by_test_id("study-delete").press("Enter")
    page.get_by_test_id("confirm").press("Enter")
    expect(page.get_by_test_id("study-delete")).to_have_count(0)
    remove_all(page, site.city_id)
    assert watched.faults == []
