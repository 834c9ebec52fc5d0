"""The console in Chromium: nothing on the console, no refusal by the content policy, no scrolling aside."""

import os
import re
import secrets
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from served_apart import port_apart
from small_bank import customer_id

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not Path("/usr/bin/chromium").exists() and "ZHIKE_TEST_REQUIRE_ALL" not in os.environ,
        reason="chromium is not installed",
    ),
]

# A machine that is busy elsewhere fails nothing.
_PATIENT_MS = 60_000
expect.set_options(timeout=_PATIENT_MS)
_PASSWORD = secrets.token_urlsafe(12)
_QUIET = (
    "--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
    "--disable-default-apps", "--disable-domain-reliability",
)  # fmt: skip
_CUSTOMER = f"/customers/{customer_id(0)}/"
_PAGES = (
    "/", "/search/", "/customers/", "/customers/?expression=segment('sleeping')", _CUSTOMER, "/approvals/",
    "/approvals/?list=history", "/approvals/ask/?kind=role_change",
)  # fmt: skip
_NARROW = {"width": 390, "height": 844}
# What a Chinese page writes in Latin letters: currency, the segment language, keys, names that the source gave.
_LATIN_IN_CHINESE = {
    "CNY",
    "and",
    "or",
    "not",
    "in",
    "between",
    "is",
    "null",
    "Enter",
    "small",
    "quoted",
    "purpose",
    "PIPL",
}
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A served bank of its own."""
    port = port_apart()
    home = tmp_path_factory.mktemp("served")
    command = [sys.executable, str(Path(__file__).with_name("served.py")), str(port), _PASSWORD]
    server = subprocess.Popen(command, env={**os.environ, "ZHIKE_HOME": str(home)})
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{url}/login/", server)
        yield url
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(180)


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 400
    while time.monotonic() < until:
        assert server.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.3)
    pytest.fail("the console does not answer")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(_QUIET))
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(_PATIENT_MS)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, address: str) -> Iterator[Page]:
    """Signed in as administrator; whatever the browser complains about fails the test."""
    page = context.new_page()
    complaints: list[str] = []
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda request: None if request.url.startswith((address, "data:")) else complaints.append(request.url),
    )
    _sign_in(page, address, "administrator")
    yield page
    assert complaints == []


def _sign_in(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/login/")
    page.fill("#login", name)
    page.fill("#password", _PASSWORD)
    page.click("button.btn-primary")
    page.wait_for_url(f"{address}/")


def _is_narrower_than_its_window(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("viewport", [{"width": 1440, "height": 900}, _NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page(page: Page, address: str, language: str, theme: str, viewport: dict[str, int]) -> None:
    page.set_viewport_size(viewport)
    cookies = {"zhike-language": language, "zhike-theme": theme}
    page.context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
    for path in _PAGES:
        assert page.goto(address + path).status == 200
        page.wait_for_load_state("networkidle")
        assert _is_narrower_than_its_window(page), path
        words = re.sub(r"\b[k-z]{8}\b", "", page.inner_text("main"))  # without the snapshot's id
        if language == "en":
            shown = _CHINESE.findall(re.sub(r"[张李韩]", "", words))
            assert shown == [], path
        else:
            codes = page.evaluate("[...document.querySelectorAll('main .code, main [lang=en]')].map(e => e.innerText)")
            for code in sorted(filter(None, codes), key=len, reverse=True):
                words = words.replace(code, "")
            assert set(re.findall(r"[A-Za-z]{2,}", words)) <= _LATIN_IN_CHINESE, path


def test_log_in_refuses_and_explains(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.goto(f"{address}/login/")
    page.fill("#login", "auditor")
    page.fill("#password", "wrong")
    page.click("button.btn-primary")
    expect(page.get_by_role("alert")).to_contain_text("用户名或密码不正确")
    assert page.input_value("#login") == "auditor"
    assert page.input_value("#password") == ""


def test_language_is_switched_and_remembered(page: Page, address: str) -> None:
    page.goto(address + _CUSTOMER)
    page.click("button[name=language]")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url == address + _CUSTOMER
    page.goto(address)
    assert page.get_attribute("html", "lang") == "en"


def test_theme_is_switched_and_remembered(page: Page, address: str) -> None:
    page.goto(address + _CUSTOMER)
    surface = "getComputedStyle(document.querySelector('.panel')).backgroundColor"
    light = page.evaluate(surface)
    page.click("summary[aria-label=外观]")
    page.click("button[value=dark]")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    dark = page.evaluate(surface)
    assert dark != light
    page.reload()
    assert page.evaluate(surface) == dark
    page.click("summary[aria-label=外观]")
    page.click("button[value=system]")
    expect(page.locator("html:not([data-theme])")).to_have_count(1)


def test_the_accent_is_one_colour(page: Page, address: str) -> None:
    for theme in ("light", "dark"):
        page.context.add_cookies([{"name": "zhike-theme", "value": theme, "url": address}])
        page.goto(f"{address}/search/")
        button = page.locator("main .btn-primary")
        assert button.evaluate("button => getComputedStyle(button).backgroundColor") == "rgb(36, 86, 230)"


def test_a_reveal_asks_why_shows_and_hides(page: Page, address: str) -> None:
    page.goto(address + _CUSTOMER)
    phone = page.locator("#identity-phone")
    expect(phone).to_contain_text("138****5670")
    phone.get_by_role("button").click()
    page.locator("dialog [type=submit]").click()
    expect(phone).to_contain_text("13812345670")
    expect(page.locator("dialog")).not_to_be_visible()
    phone.get_by_role("button", name="隐藏").click()
    expect(phone).to_contain_text("138****5670")
    assert "13812345670" not in page.content()


def test_the_chart_is_drawn_and_told(page: Page, address: str) -> None:
    page.goto(address + _CUSTOMER)
    expect(page.locator("[data-chart] canvas")).to_be_visible()
    assert page.locator("[data-chart] ~ table tbody tr").count() == 12


def test_a_condition_is_counted_and_faulted_while_it_is_written(page: Page, address: str) -> None:
    page.goto(f"{address}/customers/")
    page.fill("#expression", "stage = 'active'")
    expect(page.locator("#count .figure")).to_have_text("20")
    page.fill("#expression", "stages = 'active'")
    expect(page.locator("#count mark")).to_have_text("stages")
    page.fill("#expression", "")
    expect(page.locator("#count .figure")).to_have_text("30")


def test_keyboard_walks_lists_and_finds_people(page: Page, address: str) -> None:
    page.goto(f"{address}/customers/")
    page.wait_for_load_state("networkidle")
    for key in ("j", "j", "k", "j", "Enter"):
        page.keyboard.press(key)
    page.wait_for_url(f"{address}/customers/{customer_id(1)}/")
    page.keyboard.press("Control+k")
    page.keyboard.type("张小明")
    page.keyboard.press("Enter")
    page.wait_for_url(address + _CUSTOMER)


def test_the_drawer_opens_and_shuts_on_a_narrow_screen(page: Page, address: str) -> None:
    page.set_viewport_size(_NARROW)
    page.goto(address)
    menu = page.get_by_role("navigation")
    expect(menu).not_to_be_visible()
    page.click("header .only-narrow")
    expect(menu).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).not_to_be_visible()


def test_a_role_without_a_right_is_told_so(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    _sign_in(page, address, "executive")
    expect(page.locator("main")).to_contain_text("无查看权限")
    assert page.goto(address + _CUSTOMER).status == 403
    expect(page.locator("main")).to_contain_text("无权访问")


def test_focus_is_always_seen(page: Page, address: str) -> None:
    page.goto(address)
    for _ in range(12):
        page.keyboard.press("Tab")
        ring = page.evaluate(
            "(() => { const style = getComputedStyle(document.activeElement);"
            " return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 })()"
        )
        assert ring, page.evaluate("document.activeElement.outerHTML")
