"""Mass casualties by keys alone, and a crew in distress, in both languages."""

from uuid import uuid4

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from gis.access import SYSTEM
from gis.promises.beds import report_beds
from gis.tables import City, Facility, Unit
from tests.browser.conftest import log_in

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.acceptance]


@pytest.mark.parametrize(("locale", "scheme"), [("zh-CN", "light"), ("en-GB", "dark")])
def test_casualties_by_keys_and_distress_on_the_desk(site, open_page, screenshot, locale, scheme):
    watched = open_page(locale=locale, color_scheme=scheme, streets=False)
    page = log_in(watched)
    with site.database.unit_of_work(SYSTEM) as uow:
        hospitals = uow.session.scalars(
            select(Facility.facility_id).where(
                Facility.city_id == site.city_id, Facility.kind == "hospital"
            )
        ).all()
        for colour in ("red", "yellow"):
            report_beds(uow, hospitals[0], kind=f"mci_{colour}", capacity=1, occupied=0)
        unit_id = uow.session.scalars(
            select(Unit.unit_id).where(Unit.city_id == site.city_id).order_by(Unit.unit_id)
        ).first()
        centre = func.ST_Centroid(City.extent)
        lon, lat = uow.session.execute(
            select(func.ST_X(centre), func.ST_Y(centre)).where(City.city_id == site.city_id)
        ).one()
    taken = page.request.post(
        "/v1/calls",
        data={"city_id": site.city_id, "source": "phone",
              "point": {"lon": lon, "lat": lat, "datum": "wgs84"}},
        headers={"Idempotency-Key": str(uuid4()), "Origin": site.url},
    )  # fmt: skip
    assert taken.ok, taken.text()
    number = taken.json()["incident"]["number"]
    page.get_by_text(number).first.click()
    page.keyboard.press("Alt+m")
    dialog = page.locator("#mci-dialog")
    expect(dialog).to_be_visible()
    page.get_by_test_id("mci-declare").press("Enter")
    expect(page.get_by_test_id("mci-counts")).to_be_visible()
    dialog.focus()
    for count, letter in enumerate("rybg", start=1):
        page.get_by_test_id("mci-add").press("n")
        expect(page.get_by_test_id("mci-casualty")).to_have_count(count)
        page.get_by_test_id("mci-add").press(letter)
        expect(page.locator("tr.chosen .mci-unsorted")).to_have_count(0)
    page.get_by_test_id("mci-casualty").first.click()
    page.get_by_test_id("mci-add").press("1")
    expect(page.locator("tr.chosen .mci-bed")).to_be_visible()
    screenshot(page, f"mci-{locale[:2]}-{scheme}")
    page.get_by_test_id("mci-close").press("Enter")
    pressed = page.request.post(f"/v1/units/{unit_id}/distress", headers={"Origin": site.url})
    assert pressed.status == 201, pressed.text()
    expect(page.get_by_test_id("distress")).to_be_visible()
    screenshot(page, f"distress-{locale[:2]}-{scheme}")
    page.get_by_test_id("distress-seen").press("Enter")
    expect(page.get_by_test_id("distress")).to_have_attribute("data-state", "acknowledged")
    page.get_by_test_id("distress-end").press("Enter")
    expect(page.get_by_test_id("distress")).to_have_count(0)
    # Before it is declared the board is asked for, and there is none.
    assert [one for one in watched.faults if "404" not in one] == []
