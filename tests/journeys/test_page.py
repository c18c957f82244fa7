"""The hub's page in a browser: devices that refresh themselves, a log-in, a phone's width, hostile names."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.journeys.browser import Browser, chrome
from tests.journeys.client import Client, MissingClientError
from tests.journeys.conftest import StartHub
from tests.journeys.hub import Hub

Find = Callable[[str], Client]
CONFIG = """
[devices.bench]
driver = "simulated"
kind = "board"
name = "<script>document.title = 'taken'</script>"
obniz = { id = "2345-6789" }
"""
CARDS = "document.querySelectorAll('.device').length"


@pytest.fixture
def browser(client: Find, tmp_path: Path) -> Iterator[Browser]:
    try:
        with chrome(client("chromium"), tmp_path / "profile") as window:
            yield window
    except MissingClientError as error:
        pytest.skip(str(error))


def test_a_newcomer_sees_the_demo_devices_with_a_line_to_copy_for_each_dialect(demo_hub: Hub, browser: Browser) -> None:
    browser.open(f"{demo_hub.http}/")

    browser.wait(f"{CARDS} >= 7")
    text = browser.run("return document.body.innerText")
    for word in ("Demo P1 meter", "Demo board 1", "1234-5678", "ABC-123", "alive", "Tank level"):
        assert word in text
    lines = browser.run("return [...document.querySelectorAll('.line code')].map((line) => line.innerText)")
    for path in ("/obniz/1234-5678/api/1", "/api/v1/data", "/v1/subscribe/ticket"):
        assert any(demo_hub.http + path in line for line in lines)


def test_values_refresh_themselves(demo_hub: Hub, browser: Browser) -> None:
    browser.open(f"{demo_hub.http}/")
    browser.wait(f"{CARDS} >= 7")

    before = browser.run("return window.before = document.getElementById('devices').innerText")
    browser.wait("document.getElementById('devices').innerText !== window.before")

    assert before
    assert browser.run("return document.getElementById('pulse').innerText") == "live"


def test_a_screen_is_seen_and_its_picture_changes_in_place(demo_hub: Hub, browser: Browser) -> None:
    screen = "document.querySelector('img.screen')"
    browser.open(f"{demo_hub.http}/")

    browser.wait(f"{screen} && {screen}.complete && {screen}.naturalWidth === 128 && {screen}.naturalHeight === 64")
    browser.run(f"window.before = {screen}")
    browser.wait(f"{screen}.src.includes('?at=') && {screen}.complete && {screen}.naturalWidth === 128")

    assert browser.run(f"return {screen} === window.before")
    assert browser.run(f"return {screen}.alt").startswith("Screen of Demo board")


@pytest.mark.parametrize("path", ["/", "/login", "/nothing"])
@pytest.mark.parametrize("width", [320, 390])
def test_nothing_is_wider_than_a_phone(demo_hub: Hub, browser: Browser, width: int, path: str) -> None:
    browser.resize(width, 800)
    browser.open(demo_hub.http + path)

    assert browser.run("return document.documentElement.scrollWidth") <= width


def test_the_admin_credential_opens_the_page_and_leaving_closes_it(make_hub: StartHub, browser: Browser) -> None:
    hub = make_hub(demo=False, config=CONFIG)
    token = hub.logged.split("shown this once: ")[1].split()[0]

    browser.open(f"{hub.http}/")
    assert browser.run("return location.pathname") == "/login"
    browser.type("#token", "wrong\n")
    browser.wait("document.querySelector('.trouble')")
    browser.type("#token", f"{token}\n")
    browser.wait(f"{CARDS} === 1")

    assert browser.run("return document.cookie") == ""
    assert browser.run("return document.title") == "Devices · Hardwire"
    assert "<script>" in browser.run("return document.querySelector('h2').innerText")
    browser.run("document.querySelector('header form button').click()")
    browser.wait("location.pathname === '/login'")
    browser.open(f"{hub.http}/")
    assert browser.run("return location.pathname") == "/login"


def test_the_page_works_over_tls_too(make_hub: StartHub, browser: Browser) -> None:
    hub = make_hub(demo=False, config=CONFIG)
    token = hub.logged.split("shown this once: ")[1].split()[0]

    browser.open(f"{hub.https}/")
    browser.type("#token", f"{token}\n")

    browser.wait(f"{CARDS} === 1")


def test_a_page_whose_hub_is_gone_says_so(make_hub: StartHub, browser: Browser) -> None:
    hub = make_hub()
    browser.open(f"{hub.http}/")
    browser.wait(f"{CARDS} >= 7")

    hub.stop()

    browser.wait("document.getElementById('pulse').innerText === 'the hub does not answer'")
