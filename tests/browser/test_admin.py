"""The page of administration: tabs by right, accounts, tokens, periods, exports, one backup."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import downloaded, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.database]

OF_ADMINISTRATOR = (
    "accounts", "roles", "logins", "reads", "glass", "retention", "jobs", "health",
)  # fmt: skip
OF_OFFICER = ("reads", "glass", "retention")


def tabs(page: Page) -> list[str]:
    """Return the keys of the tabs that are there."""
    expect(page.get_by_role("tab").first).to_be_visible()
    return [str(one.get_attribute("data-key")) for one in page.get_by_role("tab").all()]


def open_tab(page: Page, key: str) -> None:
    """Choose a tab and wait until it shows what it read."""
    page.locator(f'[role=tab][data-key="{key}"]').click()
    expect(page.locator(".loading")).to_have_count(0)
    expect(page.get_by_test_id("error-state")).to_have_count(0)
    assert page.get_by_role("tabpanel").inner_text().strip()


def open_exports(page: Page) -> None:
    """Go to the page of exports and wait until it shows what it read."""
    page.locator('nav a[href="/exports"]').click()
    expect(page.locator(".table-body [role=row], [data-testid=empty]").first).to_be_visible()


def fits(page: Page) -> bool:
    """Whether nothing is wider than the screen."""
    return bool(
        page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
    )


def open_row(page: Page, text: str) -> None:
    """Open the row of a table that holds a text."""
    page.locator(".table-body [role=row]").filter(has_text=text).first.click()


def test_an_administrator_finds_everything(open_page, screenshot):
    watched = open_page(locale="zh-CN", width=1366, height=768, color_scheme="light")
    page = sign_in(watched, "admin", to="/admin")
    assert tabs(page) == list(OF_ADMINISTRATOR)
    for key in OF_ADMINISTRATOR:
        open_tab(page, key)
        assert fits(page)
        screenshot(page, f"admin-{key}-zh-light-1366")
    assert watched.faults == []


def test_two_administrators_at_one_account(open_page, screenshot):
    watched = open_page(locale="zh-CN", width=1366, height=768, color_scheme="light")
    page = sign_in(watched, "admin", to="/admin")
    expect(page.get_by_test_id("new-account")).to_be_enabled()
    page.get_by_test_id("new-account").press("Enter")
    page.get_by_test_id("make-account").press("Enter")
    expect(page.locator(".problem")).to_have_count(2)
    page.get_by_test_id("username").fill("weber")
    page.get_by_test_id("password").fill("a-long-password")
    page.get_by_test_id("grant-role").select_option("planner")
    screenshot(page, "admin-account-new-zh-light-1366")
    page.get_by_test_id("make-account").press("Enter")
    expect(page.locator("[data-testid=account-new][open]")).to_have_count(0)

    open_row(page, "weber")
    expect(page.get_by_test_id("display-name")).to_have_value("weber")
    # Another administrator is quicker.
    account = next(
        one for one in page.request.get("/v1/admin/accounts").json()["accounts"]
        if one["username"] == "weber"
    )  # fmt: skip
    changed = page.request.patch(
        f"/v1/admin/accounts/{account['user_id']}", data={"display_name": "Karl Weber"},
        headers={"If-Match": f'"{account["version"]}"', "Sec-Fetch-Site": "same-origin"},
    )  # fmt: skip
    assert changed.ok
    page.get_by_test_id("display-name").fill("K. Weber")
    page.get_by_test_id("save-account").click()
    expect(page.get_by_test_id("stale")).to_contain_text("另一位管理员")
    screenshot(page, "admin-account-stale-zh-light-1366")
    page.get_by_test_id("reload").click()
    expect(page.get_by_test_id("display-name")).to_have_value("Karl Weber")
    page.get_by_test_id("display-name").fill("K. Weber")
    page.get_by_test_id("save-account").click()
    expect(page.get_by_test_id("toasts")).to_contain_text("已保存")
    page.get_by_test_id("disable").click()
    page.get_by_test_id("confirm").click()
    expect(page.get_by_test_id("enable")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".table-body [role=row]").filter(has_text="weber")).to_contain_text("停用")
    assert watched.faults == []


def test_a_token_is_shown_once_and_a_backup_is_made(open_page, screenshot):
    watched = open_page(locale="zh-CN", width=1366, height=768, color_scheme="light")
    page = sign_in(watched, "admin", to="/admin")
    open_tab(page, "logins")
    page.get_by_test_id("new-token").click()
    page.get_by_test_id("token-account").select_option(label="planner")
    page.get_by_test_id("token-name").fill("地图")
    page.get_by_test_id("make-token").click()
    token = page.get_by_test_id("token-text").inner_text()
    assert token
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("token-text")).to_have_count(0)
    open_row(page, "地图")
    expect(page.get_by_test_id("withdraw-token")).to_be_visible()
    assert token not in page.content()
    page.keyboard.press("Escape")

    open_tab(page, "health")
    page.get_by_test_id("make-backup").click()
    backup = page.locator(".table-body [role=row]").filter(has_text="完整")
    expect(backup).to_have_count(1, timeout=40_000)
    screenshot(page, "admin-backup-zh-light-1366")
    assert watched.faults == []


def test_an_officer_sees_what_is_hers_on_a_phone(open_page, screenshot):
    watched = open_page(locale="en-GB", width=390, height=844, color_scheme="dark")
    page = sign_in(watched, "privacy", to="/admin")
    assert tabs(page) == list(OF_OFFICER)
    for key in OF_OFFICER:
        open_tab(page, key)
        assert fits(page)
        screenshot(page, f"admin-{key}-en-dark-390")

    open_tab(page, "retention")
    page.locator(".table-scroll").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    screenshot(page, "admin-rule-en-dark-390")
    page.keyboard.press("Escape")
    assert watched.faults == []


def test_a_second_person_reviews_and_approves(open_page, screenshot):
    watched = open_page(locale="zh-CN", width=1366, height=768, color_scheme="light")
    page = sign_in(watched, "admin", to="/admin")
    open_exports(page)
    page.get_by_test_id("new-export").click()
    page.get_by_test_id("export-kind").select_option("personal_access")
    page.get_by_test_id("ask-export").click()
    expect(page.locator(".problem")).to_have_count(3)
    page.get_by_test_id("export-recipient").fill("市卫健委")
    page.get_by_test_id("export-basis").fill("个人信息保护法第13条")
    page.get_by_test_id("export-purpose").fill("年度个人信息读取审计")
    screenshot(page, "admin-export-new-zh-light-1366")
    page.get_by_test_id("ask-export").click()
    open_row(page, "市卫健委")
    expect(page.get_by_test_id("export-dialog")).to_contain_text("另一人批准")
    expect(page.get_by_test_id("decide")).to_have_count(0)
    page.keyboard.press("Escape")

    supervisor = open_page()
    desk = sign_in(supervisor, "supervisor", to="/exports")
    expect(desk.get_by_test_id("new-export")).to_be_visible()
    pages = desk.locator("nav a").evaluate_all("all => all.map((a) => new URL(a.href).pathname)")
    assert "/exports" in pages
    assert "/admin" not in pages
    opened = supervisor.page.request.post(
        "/v1/break-glass", data={"jurisdiction": "", "reason": "patient taken across the border"},
        headers={"Idempotency-Key": "across-the-border", "Sec-Fetch-Site": "same-origin"},
    )  # fmt: skip
    assert opened.ok

    officer = open_page(locale="en-GB", width=390, height=844, color_scheme="dark")
    phone = sign_in(officer, "privacy", to="/admin")
    open_tab(phone, "glass")
    open_row(phone, "supervisor")
    phone.get_by_test_id("verdict").select_option("questioned")
    phone.get_by_test_id("note").fill("asked the supervisor")
    screenshot(phone, "admin-glass-review-en-dark-390")
    phone.get_by_test_id("save-review").press("Enter")
    expect(phone.locator(".table-body [role=row]")).to_contain_text("questioned")
    open_exports(phone)
    open_row(phone, "admin")
    screenshot(phone, "admin-export-decide-en-dark-390")
    phone.get_by_test_id("decide").click()
    expect(phone.locator(".table-body [role=row]").first).to_contain_text("ready")

    open_exports(page)
    open_row(page, "市卫健委")
    with page.expect_download() as fetched:
        page.get_by_test_id("download-export").click()
    assert "年度个人信息读取审计" in downloaded(fetched.value).decode("utf-8-sig")
    assert watched.faults == officer.faults == []


@pytest.mark.acceptance
def test_an_officer_corrects_a_name_on_request(open_page, screenshot):
    watched = open_page(locale="zh-CN", width=1366, height=768, color_scheme="light")
    page = sign_in(watched, "supervisor", to="/exports")
    expect(page.get_by_test_id("new-export")).to_be_visible()
    city = page.request.get("/v1/cities").json()["cities"][0]
    number = "13912345678"
    taken = page.request.post(
        "/v1/calls",
        data={"city_id": city["city_id"], "source": "phone", "caller_number": number,
              "caller_name": "王方"},
        headers={"Idempotency-Key": "a-name-misspelt", "Sec-Fetch-Site": "same-origin"},
    )  # fmt: skip
    assert taken.ok
    officer = open_page(locale="zh-CN", width=390, height=844, color_scheme="dark")
    phone = sign_in(officer, "privacy", to="/admin")
    open_tab(phone, "retention")
    phone.get_by_test_id("new-correction").click()
    phone.get_by_test_id("look").press("Enter")
    expect(phone.locator(".problem")).to_have_count(2)
    phone.get_by_test_id("correct-whom").fill("13900000000")
    phone.get_by_test_id("correct-reason").fill("本人出示身份证")
    phone.get_by_test_id("look").click()
    expect(phone.get_by_test_id("refused")).to_contain_text("至少10个字")
    phone.get_by_test_id("correct-whom").fill(number)
    phone.get_by_test_id("correct-reason").fill("本人到场出示身份证件")
    phone.get_by_test_id("look").click()
    phone.get_by_test_id("correct-which").select_option(label="来电人姓名: 王方")
    phone.get_by_test_id("correct-right").fill("王芳")
    screenshot(phone, "admin-correct-zh-dark-390")
    phone.get_by_test_id("correct").press("Enter")
    expect(phone.get_by_test_id("toasts")).to_contain_text("已更正")
    open_row(phone, "来电人姓名")
    expect(phone.get_by_test_id("correction-dialog")).to_contain_text("保留至期满")
    expect(phone.get_by_test_id("correction-dialog")).not_to_contain_text("王")
    phone.keyboard.press("Escape")
    incident = taken.json()["incident"]["incident_id"]
    version = page.request.get(f"/v1/incidents/{incident}").json()["version"]
    cancelled = page.request.post(
        f"/v1/incidents/{incident}/cancel", data={"reason": "test of a correction"},
        headers={"If-Match": f'"{version}"', "Sec-Fetch-Site": "same-origin"},
    )  # fmt: skip
    assert cancelled.ok
    # Chromium itself notes the answer to a reason that was too short.
    assert watched.faults == [one for one in officer.faults if "422" not in one] == []
